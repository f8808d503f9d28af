import type { policiesContract, VerifiedResult } from '#shared/contracts/training-policies.ts';
import { uuidv7 } from '#shared/ids.ts';
import { newJobWrites } from '#shared/jobs/advance.ts';
import { episodesKey, weightsKey } from '#shared/jobs/artifacts.ts';
import { newVerification } from '#shared/jobs/job.ts';
import { balancing, balancingFile } from '#tests/support/policies.ts';
import { aTraining, ownerOf as owner } from '../a-training.ts';
import type { Asked, Subjects } from '../subject.ts';

const world = ({ cast: { school } }: Asked) => ({
  table: school.table,
  now: () => new Date(),
  events_days: 30,
});

const result: VerifiedResult = {
  n_episodes: 100,
  mean_reward: 500,
  std_reward: 0,
  ci95_low: 500,
  ci95_high: 500,
  min_reward: 500,
  max_reward: 500,
  mean_ep_length: 500,
  success: true,
};

async function aCompletedTraining(asked: Asked): Promise<string> {
  const job = await aTraining(asked, 'succeeded');
  await asked.cast.school.put(weightsKey(job), balancingFile());
  return job.job_id;
}

async function aVerification(asked: Asked) {
  const { owner } = asked;
  const job = {
    ...newVerification(
      {
        job_id: uuidv7(),
        owner_id: owner.user_id,
        owner_name: owner.name,
        org_id: owner.org_id,
        class_id: null,
        environment: 'CartPole-v1',
        env_kwargs: '{}',
        source: 'upload',
        source_id: uuidv7(),
      },
      new Date(),
    ),
    state: 'succeeded' as const,
    outcome: 'verified' as const,
    result,
    ended_at: new Date().toISOString(),
  };
  await asked.cast.school.table.write(...newJobWrites(world(asked), job));
  const episode = {
    environment: 'CartPole-v1',
    env_kwargs: {},
    reward: 1,
    length: 1,
    frames: [
      [0, 0, 0, 0],
      [0, 0.2, 0, -0.3],
    ],
    actions: [1],
  };
  await asked.cast.school.put(episodesKey(job), JSON.stringify({ median: episode, best: episode }));
  return { params: { environment: 'CartPole-v1', entry_id: job.job_id } };
}

export const policySubjects: Subjects<typeof policiesContract> = {
  exportPolicy: {
    reach: 'object',
    owner,
    request: async (asked) => ({
      params: { session_id: await aCompletedTraining(asked) },
      query: { format: 'safetensors' },
    }),
  },
  uploadPolicy: { reach: 'none', request: () => ({ body: balancing() }) },
  leaderboard: {
    reach: 'object',
    request: ({ cast, whose }) => ({
      params: { environment: 'CartPole-v1' },
      query: { class_id: cast.circles[whose].class_id },
    }),
  },
  enter: {
    reach: 'object',
    owner,
    refused: [400],
    request: async (asked) => ({
      params: { environment: 'CartPole-v1' },
      body: { session_id: await aCompletedTraining(asked) },
    }),
  },
  entry: { reach: 'object', owner, request: aVerification },
  entryReplay: { reach: 'object', owner, request: aVerification },
};
