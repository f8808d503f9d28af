import type * as z from 'zod';
import type { similarityReport } from '#shared/contracts/assignments.ts';
import type { Caller } from '#shared/contracts/operation.ts';
import { isFinal, isWaiting, statusOf } from '#shared/domain/jobs/states.ts';
import { type JobOf, jobs } from '#shared/jobs/job.ts';
import { reportedPairs, type SimilarityRecord, similarities } from '#shared/table/similarity.ts';
import { taughtAssignment } from '../access.ts';
import { queuePosition } from '../queue.ts';
import type { CodeWorld } from '../world.ts';

export type SimilarityReport = z.output<typeof similarityReport>;

export async function getSimilarity(
  world: CodeWorld,
  caller: Caller,
  assignment_id: string,
): Promise<SimilarityReport> {
  await taughtAssignment(world, caller, assignment_id);
  return readReport(world, assignment_id);
}

/** The newest report, and how far the comparison is that was asked for last. */
export async function readReport(world: CodeWorld, assignment_id: string): Promise<SimilarityReport> {
  const seen = await world.table.get(similarities, { assignment_id }, { consistent: true });
  const job = seen && (await comparisonOf(world, seen));
  // the report was committed with the end of its job, perhaps after it was read
  const again =
    job && isFinal(job.state) && (await world.table.get(similarities, seen, { consistent: true }));
  const found = again && again.job_id === job.job_id ? again : seen;
  return {
    assignment_id,
    status: job ? statusOf(job) : 'none',
    job_id: job?.job_id ?? null,
    queue_position: job && isWaiting(job.state) ? await queuePosition(world, job) : null,
    submissions: found?.report?.submissions ?? 0,
    made_at: found?.report?.made_at ?? null,
    pairs: found ? await reportedPairs(world.table, found) : [],
  };
}

export async function comparisonOf(
  world: CodeWorld,
  { job_id }: SimilarityRecord,
): Promise<JobOf<'similarity'> | undefined> {
  const job = await world.table.get(jobs, { job_id }, { consistent: true });
  return job?.kind === 'similarity' ? job : undefined;
}
