import * as z from 'zod';
import { contract } from './operation.ts';
import { id, instant, page, paging } from './shapes.ts';

import { recordedConfig, trainingConfig } from './training-config.ts';

export {
  offeredEnvironments,
  type PpoHyperparameters,
  ppoHyperparameters,
  type RecordedConfig,
  recordedConfig,
  type TrainingConfig,
  trainingConfig,
} from './training-config.ts';

export const trainingStatus = z
  .enum(['pending', 'running', 'interrupted', 'completed', 'failed', 'cancelled'])
  .meta({ id: 'TrainingStatus' });

export const progress = z.object({
  step: z.int(),
  max_steps: z.int(),
  fps: z.number().nullable().meta({ description: 'Environment steps per second' }),
  eta_s: z.number().nullable().meta({ description: 'Seconds left, estimated' }),
});

export const trainingState = z
  .object({
    session_id: id,
    status: trainingStatus,
    progress,
    queue_position: z.int().nullable().meta({ description: '1 is next; null once it runs' }),
    attempt: z.int().meta({ description: 'How many workers have taken it up' }),
    last_seq: z.int().meta({ description: 'Number of the newest event on `job:<session_id>`' }),
    best_mean_reward: z.number().nullable(),
    final_mean_reward: z.number().nullable(),
    created_at: instant,
    started_at: instant.nullable(),
    ended_at: instant.nullable(),
    owner_id: id,
    owner_name: z.string(),
    error_code: z.string().nullable(),
    error_detail: z.string().nullable(),
  })
  .meta({ id: 'TrainingState' });
export type TrainingState = z.output<typeof trainingState>;
export const trainingSession = z
  .object({ ...trainingState.shape, config: recordedConfig })
  .meta({ id: 'TrainingSession' });

const finite = z.number().nullable();
/** The sources' eight fields, and Stable-Baselines3's own names under `metrics`. */
export const trainingMetrics = z
  .object({
    step: z.int(),
    episode_reward: finite.meta({ description: 'Mean return of the last 100 episodes' }),
    episode_length: finite,
    value_loss: finite,
    policy_loss: finite,
    entropy: finite,
    learning_rate: finite,
    fps: finite,
    metrics: z
      .record(z.string(), finite)
      .meta({ description: 'Stable-Baselines3 names, e.g. train/approx_kl' }),
    points: z
      .array(z.record(z.string(), finite))
      .optional()
      .meta({ description: 'The iterations since the event before, oldest first' }),
  })
  .meta({ id: 'TrainingMetrics' });
export type TrainingMetrics = z.output<typeof trainingMetrics>;

export const trainingEvaluated = z
  .object({
    step: z.int(),
    mean_reward: z.number(),
    std_reward: z.number(),
    min_reward: z.number(),
    max_reward: z.number(),
    mean_ep_length: z.number(),
    n_episodes: z.int(),
    success: z.boolean().meta({ description: 'The mean reached the environment’s threshold' }),
    best: z.boolean(),
  })
  .meta({ id: 'TrainingEvaluated' });
export type TrainingEvaluated = z.output<typeof trainingEvaluated>;

const eventBase = { topic: z.string(), seq: z.int(), at: instant };
export const trainingEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('training.metrics'), ...eventBase, data: trainingMetrics }),
  z.object({ type: z.literal('training.evaluated'), ...eventBase, data: trainingEvaluated }),
  z.object({
    type: z.literal('job.status'),
    ...eventBase,
    data: z.object({ status: trainingStatus, attempt: z.int(), error_code: z.string().nullable() }),
  }),
]);

export const replay = z
  .object({
    session_id: id,
    environment: z.string(),
    step: z.int().meta({ description: 'Training step of the evaluation that it was recorded in' }),
    reward: z.number(),
    length: z.int().meta({ description: 'Steps of the episode' }),
    frames: z
      .array(z.array(z.number()))
      .meta({ description: '`length + 1` states, first and last included' }),
    actions: z
      .array(z.number())
      .meta({ description: '`length` actions; action t leads from frame t to t + 1' }),
  })
  .meta({ id: 'Replay', description: 'The best episode of the best evaluation' });
export type Replay = z.output<typeof replay>;

const runners = {
  assistant: 'own',
  teacher: 'own',
  org_admin: 'own',
  platform_admin: 'own',
  student: 'own',
} as const;
const readers = {
  student: 'own',
  guardian: 'linked',
  assistant: 'taught',
  teacher: 'taught',
  org_admin: 'organization',
  platform_admin: 'all',
} as const;
const session = { params: z.object({ session_id: id }) };

export const trainingContract = contract({
  start: {
    method: 'POST',
    path: '/api/training/start',
    summary: 'Start a training',
    description: 'Queues it and answers at once; watch `job:<session_id>` on the WebSocket.',
    access: runners,
    body: trainingConfig,
    status: 202,
    response: trainingSession,
    errors: [400, 409, 429],
  },
  list: {
    method: 'GET',
    path: '/api/training',
    summary: 'List trainings, newest first',
    description:
      'One’s own; staff give `class_id` or `owner_id` for their students’, administrators see the organisation’s.',
    access: readers,
    query: z.strictObject({
      status: trainingStatus.optional(),
      class_id: id.optional(),
      owner_id: id.optional(),
      ...paging,
    }),
    status: 200,
    response: page(trainingSession),
    errors: [404],
  },
  get: {
    method: 'GET',
    path: '/api/training/{session_id}',
    summary: 'Read a training',
    access: readers,
    ...session,
    status: 200,
    response: trainingSession,
    errors: [404],
  },
  status: {
    method: 'GET',
    path: '/api/training/{session_id}/status',
    summary: 'Read the state of a training',
    access: readers,
    ...session,
    status: 200,
    response: trainingState,
    errors: [404],
  },
  metrics: {
    method: 'GET',
    path: '/api/training/{session_id}/metrics',
    summary: 'Read the events of a training',
    description: 'In order of `seq`; what the WebSocket sends, for who missed it.',
    access: readers,
    ...session,
    query: z.strictObject({
      after_seq: z.coerce.number().int().min(0).default(0),
      ...paging,
    }),
    status: 200,
    response: page(trainingEvent),
    errors: [404],
  },
  replay: {
    method: 'GET',
    path: '/api/training/{session_id}/replay',
    summary: 'Read the best evaluated episode, frame by frame',
    access: readers,
    ...session,
    status: 200,
    response: replay,
    errors: [404],
  },
  cancel: {
    method: 'POST',
    path: '/api/training/{session_id}/cancel',
    summary: 'Cancel a training',
    description: 'Cancelling a cancelled one is a success; another final state is 409.',
    access: {
      student: 'own',
      assistant: 'own',
      teacher: 'taught',
      org_admin: 'organization',
      platform_admin: 'all',
    },
    ...session,
    status: 200,
    response: trainingState,
    errors: [404, 409],
  },
  redrive: {
    method: 'POST',
    path: '/api/training/{session_id}/redrive',
    summary: 'Run a failed training once more',
    access: { org_admin: 'organization', platform_admin: 'all' },
    ...session,
    status: 202,
    response: trainingState,
    errors: [404, 409],
  },
});
