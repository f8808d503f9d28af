import { setImmediate as otherWork } from 'node:timers/promises';
import type { JobWorld } from '#shared/jobs/advance.ts';
import type { JobOf } from '#shared/jobs/job.ts';
import { assignmentStandings, assignments } from '#shared/table/assignment.ts';
import { exercises, exerciseVersions } from '#shared/table/exercise.ts';
import { keepReport, type SimilarPair, similarities } from '#shared/table/similarity.ts';
import { type SubmissionRecord, submissions } from '#shared/table/submission.ts';
import { type SimilarPrograms, similarPrograms } from './similarity/compare.ts';
import { type Walk, walk } from './walk.ts';
import type { Came, GraderWorld } from './world.ts';

const lookEveryMs = 500;
/** It takes seconds and begins anew each time: one that was begun so often is finished, whoever waits. */
const mostBeginnings = 5;

/** Compares the last submissions of all students of an assignment, and keeps the report. */
export const runSimilarity = (world: GraderWorld, job: JobOf<'similarity'>): Promise<Came> =>
  walk(world, job, (walked) => compareAll(world, job, walked));

async function compareAll(world: GraderWorld, job: JobOf<'similarity'>, walked: Walk): Promise<void> {
  const { table } = world;
  const { assignment_id } = job;
  const compared = await lastSubmissions(world, assignment_id);
  const [first] = compared;
  const total = compared.length;
  await walked.progressed(0, total);
  const pause = pausing(walked);
  const found = first
    ? await similarPrograms(
        first.language,
        programsOf(compared),
        await starterOf(world, assignment_id),
        pause,
      )
    : [];
  const seen = await table.get(similarities, { assignment_id }, { consistent: true });
  if (!seen) throw new Error(`the comparison ${job.job_id} has no record`);
  const pairs = found.map((pair) => namedPair(pair, compared));
  const made_at = world.now().toISOString();
  const shown = await keepReport(table, seen, { submissions: total, made_at, pairs });
  await walked.finish('completed', total, [shown]);
}

/** Lets the rest of the process work, and looks now and then whether to give way. */
function pausing(walked: Walk): () => Promise<void> {
  let lookedAt = performance.now();
  return async () => {
    await otherWork();
    walked.stopHere();
    if (performance.now() - lookedAt < lookEveryMs || walked.job.attempt > mostBeginnings) return;
    await walked.giveWay();
    lookedAt = performance.now();
  };
}

async function lastSubmissions(world: JobWorld, assignment_id: string): Promise<SubmissionRecord[]> {
  const { table } = world;
  const standings = await table.queryAll(assignmentStandings, {
    pk: `assignment#${assignment_id}`,
    prefix: 'student#',
  });
  const ids = standings.flatMap(({ last_submission_id }) => last_submission_id ?? []);
  const found = await table.getMany(
    submissions,
    ids.map((submission_id) => ({ submission_id })),
  );
  return found.filter((one) => one !== undefined);
}

const programsOf = (compared: readonly SubmissionRecord[]) =>
  compared.map(({ submission_id, submission_code }) => ({ submission_id, code: submission_code }));

/** What everybody was given: the starter of the published version. */
async function starterOf({ table }: JobWorld, assignment_id: string): Promise<string> {
  const assignment = await table.get(assignments, { assignment_id }, { consistent: true });
  const exercise = assignment && (await table.get(exercises, assignment, { consistent: true }));
  if (!exercise) return '';
  const { exercise_id, published_version, newest_version } = exercise;
  const version_number = published_version ?? newest_version;
  return (await table.get(exerciseVersions, { exercise_id, version_number }))?.starter_code ?? '';
}

function namedPair(pair: SimilarPrograms, compared: readonly SubmissionRecord[]): SimilarPair {
  const side = (id: string) => {
    const found = compared.find(({ submission_id }) => submission_id === id);
    return {
      submission_id: id,
      student_id: found?.student_id ?? '',
      student_name: found?.student_name ?? '',
    };
  };
  const { similarity, longest_fragment, fragments } = pair;
  return {
    left: side(pair.left),
    right: side(pair.right),
    similarity: Math.round(similarity * 1_000) / 1_000,
    longest_fragment,
    fragments: [...fragments],
  };
}
