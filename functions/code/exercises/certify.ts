import type { Exercise } from '#shared/contracts/exercises.ts';
import type { Caller } from '#shared/contracts/operation.ts';
import { conflict, unauthorized } from '#shared/errors.ts';
import { newJobWrites } from '#shared/jobs/advance.ts';
import { type JobOf, newGrading } from '#shared/jobs/job.ts';
import { inTurn } from '#shared/jobs/turn.ts';
import { type ExerciseRecord, versionStates } from '#shared/table/exercise.ts';
import { idempotently } from '#shared/table/idempotency.ts';
import { retried } from '#shared/table/retry.ts';
import { users } from '#shared/table/user.ts';
import { requireGrader } from '../graders.ts';
import type { CodeWorld } from '../world.ts';
import { ownExercise } from './access.ts';
import { settled, stateOf, viewExercise } from './view.ts';

const alreadyRuns = () =>
  conflict('certification.running', 'This version is being certified; wait for the result.');

/** Queues the certification of the newest version: the job, its first event and the mark on the version. */
export function certifyExercise(
  world: CodeWorld,
  caller: Caller,
  exercise_id: string,
  key: string | undefined,
): Promise<Exercise> {
  const { table, settings, now } = world;
  return idempotently(
    table,
    { caller, operation: 'certifyExercise', key, body: { exercise_id }, now: now() },
    (once) =>
      retried(async () => {
        const head = await ownExercise(world, caller, exercise_id);
        const stored = await stateOf(world, exercise_id, head.newest_version);
        if ((await settled(world, stored)).certification.status === 'pending') throw alreadyRuns();
        await requireGrader(world);
        const owner_name = await nameOf(world, caller);
        await inTurn(world, caller.user_id, settings.limits, async (turn) => {
          const job = newCertification(world, caller, owner_name, head, turn.fair_at);
          const { job_id } = job;
          await table.write(
            ...newJobWrites(world, job),
            table.replace(versionStates, stored, {
              ...stored,
              certification: { status: 'pending', job_id, at: null, grader_version: null, problems: [] },
            }),
            turn.write,
            ...once(job_id),
          );
        });
        return viewExercise(world, caller, head);
      }),
    async () => viewExercise(world, caller, await ownExercise(world, caller, exercise_id)),
  );
}

async function nameOf({ table }: CodeWorld, caller: Caller): Promise<string> {
  const owner = await table.get(users, caller);
  if (!owner) throw unauthorized('auth.ended', 'This account no longer exists.');
  return owner.name;
}

function newCertification(
  { newId, now }: CodeWorld,
  caller: Caller,
  owner_name: string,
  head: ExerciseRecord,
  fair_at: string,
): JobOf<'certification'> {
  const given = {
    kind: 'certification',
    job_id: newId(),
    owner_id: caller.user_id,
    owner_name,
    org_id: head.org_id,
    class_id: null,
    exercise_id: head.exercise_id,
    exercise_version: head.newest_version,
  } as const;
  return newGrading(given, fair_at, now());
}
