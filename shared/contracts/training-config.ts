import * as z from 'zod';
import { decimal, id, text } from './shapes.ts';

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
