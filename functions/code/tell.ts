import { advance, type NewEvent } from '#shared/jobs/advance.ts';
import { type JobOf, jobs } from '#shared/jobs/job.ts';
import type { SubmissionRecord } from '#shared/table/submission.ts';
import type { Write } from '#shared/table/table.ts';
import type { CodeWorld } from './world.ts';

/** The public word that an event carries when a person, not a worker, changed it. */
export const statusTold = (
  { attempt }: JobOf<'submission'>,
  { status }: Pick<SubmissionRecord, 'status'>,
): NewEvent => ({ type: 'job.status', data: { status, attempt, error_code: null } });

/**
 * Commits what a person does to a submission together with the events that tell of it, which its job numbers.
 *
 * @throws ConditionFailed when somebody else was first
 */
export async function tell(
  world: CodeWorld,
  { submission_id }: Pick<SubmissionRecord, 'submission_id'>,
  told: (job: JobOf<'submission'>) => readonly NewEvent[],
  writes: readonly Write[],
  outcome?: JobOf<'submission'>['outcome'],
): Promise<void> {
  const job = await world.table.get(jobs, { job_id: submission_id }, { consistent: true });
  if (job?.kind !== 'submission') throw new Error(`the submission ${submission_id} has no job`);
  // a job that failed stays failed: what a person decided is the submission's
  const change = outcome !== undefined && job.state === 'succeeded' ? { outcome } : {};
  await advance(world, job, change, told(job), writes);
}
