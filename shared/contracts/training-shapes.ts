import * as z from 'zod';
import { id, instant } from './shapes.ts';
import { recordedConfig } from './training-config.ts';
import { trainingWarning } from './training-warning.ts';

export { type TrainingWarning, trainingWarning } from './training-warning.ts';

export const trainingStatus = z
  .enum(['pending', 'running', 'interrupted', 'paused', 'completed', 'failed', 'cancelled'])
  .meta({ id: 'TrainingStatus' });

export const progress = z.object({
  step: z.int(),
  max_steps: z.int(),
  fps: z.number().nullable().meta({ description: 'Environment steps per second' }),
  eta_s: z.number().nullable().meta({ description: 'Seconds left, estimated' }),
});

const finite = z.number().nullable();

export const trainingState = z
  .object({
    session_id: id,
    status: trainingStatus,
    pause_requested: z.boolean().meta({ description: 'It runs, and pauses as soon as its state is saved' }),
    sweep_id: id.nullable().meta({ description: 'The sweep that it is a run of' }),
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
    warnings: z.array(trainingWarning).meta({ description: 'What its metrics tell that goes wrong' }),
  })
  .meta({ id: 'TrainingState' });
export type TrainingState = z.output<typeof trainingState>;
export const trainingSession = z
  .object({
    ...trainingState.shape,
    config: recordedConfig,
    config_hash: z.string().meta({
      description: 'The same for trainings that differ in nothing but seed, name and class: their `group`',
    }),
  })
  .meta({ id: 'TrainingSession' });

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

export const evaluation = z
  .object({ ...trainingEvaluated.shape, at: instant })
  .meta({ id: 'TrainingEvaluation' });

export const checkpoint = z
  .object({
    step: z.int(),
    reasons: z.array(z.enum(['last', 'saved', 'best'])).meta({
      description: 'last: what resuming goes on from; saved: due by save_frequency; best: best evaluation',
    }),
    size_bytes: z.int().nullable(),
    mean_reward: z.number().nullable().meta({ description: 'Of the evaluation at this step' }),
    at: instant.nullable(),
    expires_at: instant.nullable().meta({ description: 'null: kept' }),
  })
  .meta({ id: 'TrainingCheckpoint' });

/** A file: in the reply itself, or where it can be fetched from for some minutes. */
export const trainingFile = z
  .object({
    file_name: z.string(),
    media_type: z.string(),
    base64: z
      .string()
      .nullable()
      .meta({ description: 'The file itself; null when it is too large for a reply' }),
    urls: z
      .array(z.string())
      .meta({ description: 'Where the parts of a large file are: one after the other they are the file' }),
    urls_expire_at: instant.nullable(),
  })
  .meta({ id: 'TrainingFile' });
export type TrainingFile = z.output<typeof trainingFile>;

const eventBase = { topic: z.string(), seq: z.int(), at: instant };
export const trainingEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('training.metrics'), ...eventBase, data: trainingMetrics }),
  z.object({ type: z.literal('training.evaluated'), ...eventBase, data: trainingEvaluated }),
  z.object({ type: z.literal('training.warning'), ...eventBase, data: trainingWarning }),
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

const list = (value: unknown): unknown => (typeof value === 'string' ? value.split(',') : value);

/** Trainings to look at together, comma-separated. */
export const idList = z
  .preprocess(list, z.array(id).min(1).max(20))
  .meta({ description: 'Up to 20 trainings, comma-separated' });

export const metricNames = z
  .preprocess(
    list,
    z
      .array(z.string().regex(/^[a-z0-9_/]{1,64}$/))
      .min(1)
      .max(8),
  )
  .default(['rollout/ep_rew_mean'])
  .meta({ description: 'Up to 8 names, comma-separated' });
