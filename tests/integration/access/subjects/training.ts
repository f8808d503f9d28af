import type { Replay, trainingContract } from '#shared/contracts/training.ts';
import { uuidv7 } from '#shared/ids.ts';
import { replayKey } from '#shared/jobs/artifacts.ts';
import { checkpoints } from '#shared/jobs/training-records.ts';
import { sweeps } from '#shared/table/sweep.ts';
import { aTraining, ownerOf as owner } from '../a-training.ts';
import type { Asked, Subjects } from '../subject.ts';

const cartPole = { algorithm: 'ppo', environment: 'CartPole-v1' } as const;

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
  getSweep: { reach: 'object', owner, request: aSweep('succeeded') },
  cancelSweep: { reach: 'object', owner, refused: [403, 404], request: aSweep('queued') },
  compare: {
    reach: 'object',
    owner,
    request: async (asked) => ({ query: { ids: [(await aTraining(asked, 'succeeded')).job_id] } }),
  },
  list: {
    reach: 'object',
    owner,
    request: async (asked) => {
      const { owner_id } = await aTraining(asked, 'succeeded');
      return { query: { owner_id } };
    },
  },
  get: { reach: 'object', owner, request: ended },
  status: { reach: 'object', owner, request: ended },
  metrics: { reach: 'object', owner, request: ended },
  replay: {
    reach: 'object',
    owner,
    request: async (asked) => {
      const job = await aTraining(asked, 'succeeded');
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
      await asked.cast.school.put(replayKey(job), JSON.stringify(replay));
      return { params: { session_id: job.job_id } };
    },
  },
  evaluations: { reach: 'object', owner, request: ended },
  checkpoints: { reach: 'object', owner, request: ended },
  exportCheckpoint: {
    reach: 'object',
    owner,
    request: async (asked) => {
      const { job_id } = await aTraining(asked, 'succeeded');
      const { table } = asked.cast.school;
      const step = 1000;
      const kept = { reasons: ['saved' as const], size_bytes: 1, mean_reward: null };
      const [at, expires_at] = [new Date().toISOString(), Math.floor(Date.now() / 1000) + 86_400];
      await table.write(table.put(checkpoints, { job_id, step, ...kept, at, expires_at }));
      return { params: { session_id: job_id, step } };
    },
  },
  exportMetrics: { reach: 'object', owner, request: ended },
  exportTable: {
    reach: 'object',
    owner,
    request: async (asked) => ({ query: { ids: [(await aTraining(asked, 'succeeded')).job_id] } }),
  },
  cancel: { reach: 'object', owner, refused: [403, 404], request: queued },
  pause: { reach: 'object', owner, refused: [403, 404], request: queued },
  resume: {
    reach: 'object',
    owner,
    refused: [403, 404],
    request: async (asked) => ({ params: { session_id: (await aTraining(asked, 'paused')).job_id } }),
  },
  clone: {
    reach: 'object',
    owner,
    request: async (asked) => ({ ...(await ended(asked)), body: { seed: 8 } }),
  },
  redrive: {
    reach: 'object',
    owner,
    request: async (asked) => ({ params: { session_id: (await aTraining(asked, 'failed')).job_id } }),
  },
};
