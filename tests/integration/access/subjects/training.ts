import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { Replay, trainingContract } from '#shared/contracts/training.ts';
import { uuidv7 } from '#shared/ids.ts';
import { newJobWrites } from '#shared/jobs/advance.ts';
import { replayKey } from '#shared/jobs/artifacts.ts';
import { type Job, newTraining } from '#shared/jobs/job.ts';
import { sweeps } from '#shared/table/sweep.ts';
import type { Person } from '#tests/support/school.ts';
import { tinyConfig } from '#tests/support/trainer.ts';
import type { Asked, Subjects } from '../subject.ts';

const cartPole = { algorithm: 'ppo', environment: 'CartPole-v1' } as const;

/**
 * Whose training it is. `own` is the caller's where the contract says own, else the shared student's. For
 * staff whose reach is their own, the training of a student they teach is another's.
 */
function ownerOf({ cast, caller, scope, whose }: Asked): Person {
  if (scope !== 'own') return cast.circles[whose].student;
  if (whose === 'own') return caller;
  return whose === 'other' && caller.role !== 'student'
    ? cast.circles.own.student
    : cast.circles[whose].student;
}

async function aTraining(asked: Asked, state: 'queued' | 'paused' | 'failed' | 'succeeded'): Promise<Job> {
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

/** One that has ended, which is in nobody's way. */
const ended = async (asked: Asked) => ({
  params: { session_id: (await aTraining(asked, 'succeeded')).job_id },
});
const queued = async (asked: Asked) => ({
  params: { session_id: (await aTraining(asked, 'queued')).job_id },
});

const aSearch = { config: cartPole, search: { method: 'grid' as const, space: { gamma: [0.9] } } };

/** A sweep of one run. */
const aSweep = (state: 'queued' | 'succeeded') => async (asked: Asked) => {
  const { job_id, owner_id, org_id, class_id, created_at } = await aTraining(asked, state);
  const sweep_id = uuidv7();
  const trials = [{ hyperparameters: { gamma: 0.9 }, config_hash: '', session_ids: [job_id] }];
  const whose = { owner_id, org_id, class_id, created_at };
  const { table } = asked.cast.school;
  const record = { sweep_id, name: null, method: 'grid', trials, cancelled_at: null, version: 1 } as const;
  await table.write(table.insert(sweeps, { ...whose, ...record, trials }));
  return { params: { sweep_id } };
};

export const trainingSubjects: Subjects<typeof trainingContract> = {
  start: {
    reach: 'none',
    request: () => ({ body: cartPole }),
  },
  environments: { reach: 'none', request: () => ({}) },
  startSweep: { reach: 'none', request: () => ({ body: aSearch }) },
  listSweeps: { reach: 'none', request: () => ({}) },
  getSweep: { reach: 'object', request: aSweep('succeeded') },
  cancelSweep: { reach: 'object', refused: [403, 404], request: aSweep('queued') },
  compare: {
    reach: 'object',
    request: async (asked) => ({ query: { ids: [(await aTraining(asked, 'succeeded')).job_id] } }),
  },
  list: {
    reach: 'object',
    request: async (asked) => {
      const { owner_id } = await aTraining(asked, 'succeeded');
      return { query: { owner_id } };
    },
  },
  get: { reach: 'object', request: ended },
  status: { reach: 'object', request: ended },
  metrics: { reach: 'object', request: ended },
  replay: {
    reach: 'object',
    request: async (asked) => {
      const job = await aTraining(asked, 'succeeded');
      const { s3 } = await import('#shared/aws/clients.ts');
      const replay: Replay = {
        session_id: job.job_id,
        environment: 'CartPole-v1',
        step: 2048,
        reward: 1,
        length: 1,
        frames: [
          [0, 0, 0, 0],
          [0, 0.2, 0, -0.3],
        ],
        actions: [1],
      };
      const Bucket = asked.cast.school.bucket;
      await s3().send(new PutObjectCommand({ Bucket, Key: replayKey(job), Body: JSON.stringify(replay) }));
      return { params: { session_id: job.job_id } };
    },
  },
  evaluations: { reach: 'object', request: ended },
  checkpoints: { reach: 'object', request: ended },
  exportMetrics: { reach: 'object', request: ended },
  exportTable: {
    reach: 'object',
    request: async (asked) => ({ query: { ids: [(await aTraining(asked, 'succeeded')).job_id] } }),
  },
  cancel: { reach: 'object', refused: [403, 404], request: queued },
  pause: { reach: 'object', refused: [403, 404], request: queued },
  resume: {
    reach: 'object',
    refused: [403, 404],
    request: async (asked) => ({ params: { session_id: (await aTraining(asked, 'paused')).job_id } }),
  },
  clone: {
    reach: 'object',
    request: async (asked) => ({ ...(await ended(asked)), body: { seed: 8 } }),
  },
  redrive: {
    reach: 'object',
    request: async (asked) => ({ params: { session_id: (await aTraining(asked, 'failed')).job_id } }),
  },
};
