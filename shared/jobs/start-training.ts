import type { Caller } from '../contracts/operation.ts';
import type { RecordedConfig } from '../contracts/training.ts';
import type { SchoolSettings } from '../env.ts';
import { invalid, tooMany, unauthorized, unknownReference } from '../errors.ts';
import type { Clock } from '../ids.ts';
import { reachesClass } from '../reach.ts';
import { classes } from '../table/class.ts';
import { idempotently } from '../table/idempotency.ts';
import type { Write } from '../table/table.ts';
import { type UserRecord, users } from '../table/user.ts';
import { type JobWorld, newJobWrites } from './advance.ts';
import { classJobs, newTraining, queued, type TrainingJob } from './job.ts';
import { activeTrainings, turnAfter } from './training-turns.ts';
import { viewSession } from './training-view.ts';

export interface StartWorld extends Clock, JobWorld {
  readonly settings: SchoolSettings;
  /** An unsigned 32-bit integer, for trainings that come without a seed. */
  readonly newSeed: () => number;
}

/** A configuration with every default filled in, but perhaps the seed. */
export type RunConfig = Omit<RecordedConfig, 'seed'> & Partial<Pick<RecordedConfig, 'seed'>>;

export interface StartRequest {
  readonly operation: string;
  readonly key: string | undefined;
  /** What was asked: the same twice with one key is one training. */
  readonly body: unknown;
}

/** Queues a training: the job, its first event and the class's reference, in one transaction. */
export async function startTraining(
  world: StartWorld,
  caller: Caller,
  request: StartRequest,
  config: RunConfig,
) {
  const { table } = world;
  const job = await idempotently(
    table,
    { ...request, caller, now: world.now() },
    async (done) => {
      refuseTooLong(world.settings, config);
      await refuseUnknownClass(world, caller, config.class_id);
      const active = await refuseTooMany(world, caller);
      const owner = await ownerOf(world, caller);
      const job = newRun(world, owner, config, active);
      await table.write(...trainingWrites(world, job), ...done(job.job_id));
      return job;
    },
    async (job_id) => {
      const job = await table.get(queued.training, { job_id }, { consistent: true });
      if (!job) throw new Error(`training ${job_id} was recorded but is not there`);
      return job;
    },
  );
  return viewSession(world, job);
}

/** The writes that make a training. */
export const trainingWrites = (world: JobWorld, job: TrainingJob): Write[] => {
  const { class_id, job_id, created_at } = job;
  return [
    ...newJobWrites(world, job),
    ...(class_id === null ? [] : [world.table.insert(classJobs, { class_id, job_id, created_at })]),
  ];
};

export async function ownerOf({ table }: StartWorld, caller: Caller) {
  const owner = await table.get(users, caller);
  if (!owner) throw unauthorized('auth.ended', 'This account no longer exists.');
  return owner;
}

/** A person's training that comes after so many others of theirs. */
export function newRun(
  world: StartWorld,
  { user_id, name, org_id }: Pick<UserRecord, 'user_id' | 'name' | 'org_id'>,
  config: RunConfig,
  active: number,
  sweep_id: string | null = null,
): TrainingJob {
  const now = world.now();
  return newTraining(
    {
      job_id: world.newId(),
      owner_id: user_id,
      owner_name: name,
      org_id,
      class_id: config.class_id ?? null,
      // a seed was all that it lacked
      config: { ...config, seed: config.seed ?? world.newSeed() } as RecordedConfig,
      turn_at: turnAfter(now, active),
      sweep_id,
    },
    now,
  );
}

/** @throws 422 naming the school's limit */
export function refuseTooLong({ limits }: SchoolSettings, { max_steps, save_frequency }: RunConfig): void {
  const most = limits.max_training_steps;
  if (max_steps > most)
    throw invalid(['body', 'max_steps'], `this school trains at most ${most} steps in one run`, 'too_big');
  const least = Math.ceil(max_steps / mostCheckpoints);
  if (save_frequency < least)
    throw invalid(
      ['body', 'save_frequency'],
      `at most ${mostCheckpoints} checkpoints of a training are kept: with ${max_steps} steps one every ${least}`,
      'too_small',
    );
}
const mostCheckpoints = 200;

export async function refuseUnknownClass(
  world: StartWorld,
  caller: Caller,
  class_id: string | undefined,
): Promise<void> {
  if (class_id === undefined) return;
  const found = await world.table.get(classes, { class_id }, { consistent: true });
  if (!found || !(await reachesClass(world.table, caller, found)))
    throw unknownReference('class.unknown', 'Class not found');
}

/** A person's own limit; a race may let one more in, which costs a place in the queue and nothing else. */
export async function refuseTooMany(
  world: Pick<StartWorld, 'table' | 'settings'>,
  { user_id }: { readonly user_id: string },
): Promise<number> {
  const most = world.settings.limits.max_waiting_trainings_per_student;
  const { single, all } = await activeTrainings(world, user_id);
  if (single >= most)
    throw tooMany(
      'training.limit',
      `You have ${single} trainings waiting or running, and ${most} is the limit. Cancel or pause one, or wait for one to end.`,
      30,
    );
  return all;
}
