import * as z from 'zod';
import { contract } from './operation.ts';
import { decimal, id, instant, page, paging, text } from './shapes.ts';

export const offeredEnvironments = ['CartPole-v1'] as const;

/** A constant, or a value that falls linearly with the progress of the training. */
const rate = (name: string) =>
  z.union(
    [
      decimal().gt(0).lte(1),
      z.strictObject({
        schedule: z.literal('linear'),
        start: decimal().gt(0).lte(1),
        end: decimal().gte(0).lte(1),
      }),
    ],
    `${name} is a number above 0 and at most 1, or {schedule:"linear", start, end}`,
  );

const belongsTo: Readonly<Record<string, string>> = {
  buffer_size: 'dqn and sac',
  exploration_fraction: 'dqn',
  exploration_final_eps: 'dqn',
  target_update_interval: 'dqn',
  learning_starts: 'dqn and sac',
  train_freq: 'dqn and sac',
  gradient_steps: 'dqn and sac',
  tau: 'sac',
};

const unrecognized = (issue: { code?: string | undefined; keys?: unknown }): string | undefined => {
  if (issue.code !== 'unrecognized_keys' || !Array.isArray(issue.keys)) return undefined;
  return issue.keys
    .map((key) => {
      const owner = belongsTo[String(key)];
      return owner ? `${key} belongs to ${owner}, not to ppo` : `ppo has no hyperparameter ${key}`;
    })
    .join('; ');
};

/** Renames the names that Stable-Baselines3 uses to the sources' own; giving both is refused. */
const aliased = <T extends z.ZodType>(names: Readonly<Record<string, string>>, schema: T) =>
  z.preprocess((value, context) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    const entries = Object.entries(value);
    for (const [alias, name] of Object.entries(names)) {
      if (alias in value && name in value)
        context.addIssue({
          code: 'custom',
          path: [alias],
          message: `${alias} and ${name} are the same; give one`,
        });
    }
    return Object.fromEntries(entries.map(([key, given]) => [names[key] ?? key, given]));
  }, schema);

/** PPO's hyperparameters: the sources' names and defaults; Stable-Baselines3's names are accepted too. */
export const ppoHyperparameters = z
  .strictObject(
    {
      learning_rate: rate('learning_rate').default(3e-4).meta({ description: 'Step size of Adam' }),
      n_steps: z
        .int()
        .min(8)
        .max(65_536)
        .default(2048)
        .meta({ description: 'Environment steps per rollout' }),
      batch_size: z
        .int()
        .positive()
        .multipleOf(8)
        .max(65_536)
        .default(64)
        .meta({ description: 'Minibatch size; a multiple of 8 and at most n_steps' }),
      n_epochs: z.int().min(1).max(100).default(10).meta({ description: 'Passes over each rollout' }),
      gamma: decimal().min(0).max(1).default(0.99).meta({ description: 'Discount factor' }),
      gae_lambda: decimal()
        .min(0)
        .max(1)
        .default(0.95)
        .meta({ description: 'Bias–variance trade-off of GAE' }),
      clip_range: rate('clip_range').default(0.2).meta({ description: 'How far the policy ratio may move' }),
      clip_range_vf: decimal()
        .gt(0)
        .lte(1)
        .nullable()
        .default(null)
        .meta({ description: 'Clipping of the value function' }),
      value_coef: decimal()
        .min(0)
        .max(100)
        .default(0.5)
        .meta({ description: 'Weight of the value loss (vf_coef)' }),
      entropy_coef: decimal()
        .min(0)
        .max(100)
        .default(0.01)
        .meta({ description: 'Weight of the entropy bonus (ent_coef)' }),
      max_grad_norm: decimal().gt(0).max(1000).default(0.5).meta({ description: 'Global gradient clipping' }),
      target_kl: decimal()
        .gt(0)
        .nullable()
        .default(null)
        .meta({ description: 'Stop an update early above this KL' }),
    },
    { error: unrecognized },
  )
  .refine((value) => value.batch_size <= value.n_steps, {
    message: 'batch_size must not be larger than n_steps',
    path: ['batch_size'],
  })
  .meta({ id: 'PpoHyperparameters' });
export type PpoHyperparameters = z.output<typeof ppoHyperparameters>;

const runFields = {
  environment: z
    .string()
    .min(1)
    .refine(
      (name) => offeredEnvironments.some((offered) => offered === name),
      `is not offered; there is ${offeredEnvironments.join(', ')}`,
    )
    .meta({ description: 'Gymnasium id', examples: ['CartPole-v1'] }),
  env_kwargs: z.strictObject({}).default({}).meta({ description: 'CartPole-v1 takes none' }),
  max_steps: z
    .int()
    .min(1)
    .max(10_000_000)
    .default(100_000)
    .meta({ description: 'Ends at the first rollout boundary at or after this step (total_timesteps)' }),
  eval_frequency: z
    .int()
    .min(1)
    .max(10_000_000)
    .default(10_000)
    .meta({ description: 'Steps between evaluations' }),
  save_frequency: z
    .int()
    .min(1)
    .max(10_000_000)
    .default(50_000)
    .meta({ description: 'Steps between checkpoints' }),
  seed: z.int().min(0).max(4_294_967_295).optional().meta({ description: 'Drawn and recorded when absent' }),
  engine: z.literal('reference').default('reference').meta({ description: 'Plain float64 engine' }),
  class_id: id.optional().meta({ description: 'Lets the staff of this class see the training' }),
  name: text(100).optional(),
};

const ppoConfig = z.strictObject({
  algorithm: z.literal('ppo'),
  hyperparameters: aliased({ vf_coef: 'value_coef', ent_coef: 'entropy_coef' }, ppoHyperparameters).prefault(
    {},
  ),
  ...runFields,
});

const algorithmError = (issue: { input?: unknown }): string => {
  const input = issue.input;
  const given =
    typeof input === 'object' && input !== null && 'algorithm' in input ? input.algorithm : undefined;
  return given === 'sac' || given === 'dqn'
    ? `${given} is not offered yet; there is ppo`
    : 'algorithm must be ppo (sac and dqn are not offered yet)';
};

/** One schema per algorithm, told apart by `algorithm`. */
export const trainingConfig = aliased(
  { total_timesteps: 'max_steps' },
  z.discriminatedUnion('algorithm', [ppoConfig], { error: algorithmError }),
).meta({ id: 'TrainingConfig' });
export type TrainingConfig = z.output<typeof trainingConfig>;

/** The config as stored and shown: every default filled in, the seed recorded. */
export const recordedConfig = z
  .object({
    algorithm: z.literal('ppo'),
    hyperparameters: ppoHyperparameters,
    environment: z.string(),
    env_kwargs: z.object({}),
    max_steps: z.int(),
    eval_frequency: z.int(),
    save_frequency: z.int(),
    seed: z.int(),
    engine: z.literal('reference'),
    class_id: id.optional(),
    name: z.string().optional(),
  })
  .meta({ id: 'RecordedTrainingConfig' });
export type RecordedConfig = z.output<typeof recordedConfig>;

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
