import type { TrainingJob } from '#shared/jobs/job.ts';
import type { Person } from '#tests/support/school.ts';
import { aTrainingOf } from '#tests/support/trainer.ts';
import type { Asked, Question } from './subject.ts';

/**
 * Whose it is: a training, or a policy. `own` is the caller's where the contract says own, else the shared student's. For
 * staff whose reach is their own, the training of a student they teach is another's.
 */
export function ownerOf({ cast, caller, scope, whose }: Question): Person {
  if (scope !== 'own') return cast.circles[whose].student;
  if (whose === 'own') return caller;
  return whose === 'other' && caller.role !== 'student'
    ? cast.circles.own.student
    : cast.circles[whose].student;
}

/** A training in the table, as it is in `state`. */
export function aTraining(
  { cast, owner }: Asked,
  state: 'queued' | 'paused' | 'failed' | 'succeeded',
): Promise<TrainingJob> {
  const at = new Date().toISOString();
  return aTrainingOf(owner, cast.school.table, {
    state,
    attempt: 1,
    launch: 1,
    launched_at: at,
    best_mean_reward: 1,
    error_code: state === 'failed' ? 'training.diverged' : null,
    ended_at: state === 'failed' ? at : null,
  });
}
