import type { Caller } from '#shared/contracts/operation.ts';
import type { TrainingConfig } from '#shared/contracts/training.ts';
import { isFinal } from '#shared/domain/jobs/states.ts';
import { tooMany, unauthorized, unknownReference } from '#shared/errors.ts';
import { newJobWrites } from '#shared/jobs/advance.ts';
import { classJobs, newTraining, queued, type TrainingJob } from '#shared/jobs/job.ts';
import { reachesClass } from '#shared/reach.ts';
import { classes } from '#shared/table/class.ts';
import { idempotently } from '#shared/table/idempotency.ts';
import { users } from '#shared/table/user.ts';
import { viewSession } from './view.ts';
import type { TrainingWorld } from './world.ts';

/** Queues a training: the job, its first event and the class's reference, in one transaction. */
export async function startTraining(
  world: TrainingWorld,
  caller: Caller,
  config: TrainingConfig,
  key: string | undefined,
) {
  const request = { caller, operation: 'training.start', key, body: config, now: world.now() };
  const job = await idempotently(
    world.table,
    request,
    async (done) => {
      await refuseUnknownClass(world, caller, config.class_id);
      await refuseTooMany(world, caller);
      const job = await newJob(world, caller, config);
      await world.table.write(
        ...newJobWrites(world, job),
        ...classReference(world, job),
        ...done(job.job_id),
      );
      return job;
    },
    async (job_id) => {
      const job = await world.table.get(queued.training, { job_id }, { consistent: true });
      if (!job) throw new Error(`training ${job_id} was recorded but is not there`);
      return job;
    },
  );
  return viewSession(world, job);
}

async function newJob(world: TrainingWorld, caller: Caller, config: TrainingConfig): Promise<TrainingJob> {
  const owner = await world.table.get(users, caller);
  if (!owner) throw unauthorized('auth.ended', 'This account no longer exists.');
  return newTraining(
    {
      job_id: world.newId(),
      owner_id: caller.user_id,
      owner_name: owner.name,
      org_id: caller.org_id,
      class_id: config.class_id ?? null,
      config: { ...config, seed: config.seed ?? world.newSeed() },
    },
    world.now(),
  );
}

const classReference = ({ table }: TrainingWorld, { class_id, job_id, created_at }: TrainingJob) =>
  class_id === null ? [] : [table.insert(classJobs, { class_id, job_id, created_at })];

async function refuseUnknownClass(
  world: TrainingWorld,
  caller: Caller,
  class_id: string | undefined,
): Promise<void> {
  if (class_id === undefined) return;
  const found = await world.table.get(classes, { class_id }, { consistent: true });
  if (!found || !(await reachesClass(world.table, caller, found)))
    throw unknownReference('class.unknown', 'Class not found');
}

/** A person's own limit; a race may let one more in, which costs a place in the queue and nothing else. */
async function refuseTooMany(world: TrainingWorld, caller: Caller): Promise<void> {
  const limit = world.settings.limits.max_trainings_per_student;
  const recent = await world.table.query(queued.training, {
    index: 'gsi1',
    pk: `user#${caller.user_id}#jobs#training`,
    backwards: true,
    limit: 50,
  });
  const active = recent.items.filter(({ state }) => !isFinal(state)).length;
  if (active >= limit)
    throw tooMany(
      'training.limit',
      `You have ${active} trainings waiting or running, and ${limit} is the limit. Cancel one or wait for it to end.`,
      30,
    );
}
