import { assignmentOperations } from './assignments.ts';
import { codeContract } from './code.ts';
import { exerciseOperations } from './exercises.ts';
import { regradeOperations } from './regrades.ts';
import { submissionOperations } from './submissions.ts';

/** What the function `code` serves: a file each. */
export const gradingContract = {
  ...codeContract,
  ...exerciseOperations,
  ...assignmentOperations,
  ...submissionOperations,
  ...regradeOperations,
} as const;
