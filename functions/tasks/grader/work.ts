import { certify } from './certification.ts';
import { runExecution } from './execution.ts';
import { runRegrade } from './regrade.ts';
import { runSimilarity } from './similarity.ts';
import { gradeSubmission } from './submission.ts';
import type { Work } from './world.ts';

/** What this grader does with each kind of job; a kind without an entry does not compile. */
export const work: Work = {
  execution: runExecution,
  submission: gradeSubmission,
  certification: certify,
  regrade: runRegrade,
  similarity: runSimilarity,
};
