import type { Caller } from '../contracts/operation.ts';
import type { RecordedConfig } from '../contracts/training.ts';
import type { SchoolSettings } from '../env.ts';
import { invalid, tooMany, unauthorized, unknownReference } from '../errors.ts';
import type { Clock } from '../ids.ts';
import { reachesClass } from '../reach.ts';
import { classes } from '../table/class.ts';
import { idempotently } from '../table/idempotency.ts';
import type { Write } from '../table/table.ts';
import { users } from '../table/user.ts';
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
      const job = await newJob(world, caller, config, active);
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

async function newJob(
  world: StartWorld,
  caller: Caller,
  config: RunConfig,
  active: number,
): Promise<TrainingJob> {
  const owner = await world.table.get(users, caller);
  if (!owner) throw unauthorized('auth.ended', 'This account no longer exists.');
  const now = world.now();
  return newTraining(
    {
      job_id: world.newId(),
      owner_id: caller.user_id,
      owner_name: owner.name,
      org_id: caller.org_id,
      class_id: config.class_id ?? null,
      config: { ...config, seed: config.seed ?? world.newSeed() },
      turn_at: turnAfter(now, active),
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
  const active = await activeTrainings(world, user_id);
  if (active >= most)
    throw tooMany(
      'training.limit',
      `You have ${active} trainings waiting or running, and ${most} is the limit. Cancel or pause one, or wait for one to end.`,
      30,
    );
  return active;
}
