import { uuidv7 } from '#shared/ids.ts';
import { newJobWrites } from '#shared/jobs/advance.ts';
import { type Job, newTraining } from '#shared/jobs/job.ts';
import type { Person } from '#tests/support/school.ts';
import { tinyConfig } from '#tests/support/trainer.ts';
import type { Asked } from './subject.ts';

/**
 * Whose it is: a training, or a policy. `own` is the caller's where the contract says own, else the shared student's. For
 * staff whose reach is their own, the training of a student they teach is another's.
 */
export function ownerOf({ cast, caller, scope, whose }: Asked): Person {
  if (scope !== 'own') return cast.circles[whose].student;
  if (whose === 'own') return caller;
  return whose === 'other' && caller.role !== 'student'
    ? cast.circles.own.student
    : cast.circles[whose].student;
}

/** A training in the table, as it is in `state`. */
export async function aTraining(
  asked: Asked,
  state: 'queued' | 'paused' | 'failed' | 'succeeded',
): Promise<Job> {
  const owner = ownerOf(asked);
  const at = new Date().toISOString();
  const job: Job = {
    ...newTraining(
      {
        job_id: uuidv7(),
        owner_id: owner.user_id,
        owner_name: owner.name,
        org_id: owner.org_id,
        class_id: null,
        config: tinyConfig,
      },
      new Date(),
    ),
    state,
    attempt: 1,
    launch: 1,
    launched_at: at,
    best_mean_reward: 1,
    error_code: state === 'failed' ? 'training.diverged' : null,
    ended_at: state === 'failed' ? at : null,
  };
  const { table } = asked.cast.school;
  await table.write(...newJobWrites({ table, now: () => new Date(), events_days: 30 }, job));
  return job;
}
