import { readFileSync } from 'node:fs';
import * as z from 'zod';

/** Reads and parses one of the recorded references. */
function read<T extends z.ZodType>(name: string, schema: T): z.infer<T> {
  const path = new URL(`../../fixtures/rl/${name}.json`, import.meta.url);
  return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
}

const vector = z.array(z.number());
const matrix = z.array(vector);
const flag = z.union([z.boolean(), z.number()]).transform(Number);
/** Tensors by Stable-Baselines3's name, flattened row by row. */
const tensors = z.record(
  z.string(),
  z.union([vector, matrix]).transform((rows) => rows.flat()),
);

const ppoSchema = z.object({
  hyper: z.object({
    clip_range: z.number(),
    clip_range_vf: z.number().nullable(),
    ent_coef: z.number(),
    vf_coef: z.number(),
    max_grad_norm: z.number(),
    normalize_advantage: z.boolean(),
    learning_rate: z.number(),
    adam: z.object({ betas: z.tuple([z.number(), z.number()]), eps: z.number() }),
  }),
  net: z.object({ obs_dim: z.number(), hidden: vector }),
  params: tensors,
  batch: z.object({
    observations: matrix,
    actions: matrix,
    old_values: vector,
    old_log_prob: vector,
    advantages: vector,
    returns: vector,
  }),
  forward: z.object({
    values: vector,
    log_prob: vector,
    entropy: vector,
    log_softmax_logits: matrix.optional(),
    mean: matrix.optional(),
  }),
  grads_before_clip: tensors,
  grads_after_clip: tensors,
  params_after_step_1: tensors,
  params_after_step_3: tensors,
  steps: z.array(z.object({ metrics: z.record(z.string(), z.number()), grad_norm: z.number() })),
});
export type RecordedPpo = z.infer<typeof ppoSchema>;

export const recordedPpo = (name: string): RecordedPpo => read(name, ppoSchema);

const dqnSchema = z.object({
  hyper: z.object({ gamma: z.number(), learning_rate: z.number(), max_grad_norm: z.number() }),
  net: z.object({ obs_dim: z.number(), hidden: vector, actions: z.number() }),
  params: tensors,
  target_params: tensors,
  batch: z.object({
    observations: matrix,
    actions: vector,
    next_observations: matrix,
    dones: vector,
    rewards: vector,
  }),
  forward: z.object({ q_values: matrix, next_q_values: matrix, targets: vector }),
  grads_before_clip: tensors,
  grad_norm: z.number(),
  params_after_step_1: tensors,
  params_after_step_3: tensors,
  losses: vector,
});
export type RecordedDqn = z.infer<typeof dqnSchema>;

export const recordedDqn = (): RecordedDqn => read('algo_dqn', dqnSchema);

const sacParameters = z.object({
  actor: tensors,
  critic: tensors,
  critic_target: tensors,
  log_ent_coef: z.number(),
});
const sacSchema = sacParameters.extend({
  hyper: z.object({
    gamma: z.number(),
    tau: z.number(),
    learning_rate: z.number(),
    target_entropy: z.number(),
  }),
  net: z.object({ obs_dim: z.number(), action_dim: z.number(), hidden: vector }),
  batch: z.object({
    observations: matrix,
    actions: matrix,
    next_observations: matrix,
    dones: vector,
    rewards: vector,
    noise: matrix,
    next_noise: matrix,
  }),
  forward: z.object({
    actions_pi: matrix,
    log_prob: vector,
    next_actions: matrix,
    next_log_prob: vector,
  }),
  gradients: z.object({ log_ent_coef: z.number(), critic: tensors, actor: tensors }),
  after_step_1: sacParameters,
  after_step_3: sacParameters,
  steps: z.array(z.record(z.string(), z.number())),
});
export type RecordedSac = z.infer<typeof sacSchema>;

export const recordedSac = (): RecordedSac => read('algo_sac', sacSchema);

export const recordedMisc = () =>
  read(
    'algo_gae_misc',
    z.object({
      gae: z.array(
        z.object({
          n_steps: z.number(),
          n_envs: z.number(),
          gamma: z.number(),
          gae_lambda: z.number(),
          rewards: matrix,
          values: matrix,
          episode_starts: matrix,
          last_values: vector,
          dones: z.array(flag),
          advantages: matrix,
          returns: matrix,
          explained_variance: z.number(),
        }),
      ),
      linear_schedule: z.object({
        start: z.number(),
        end: z.number(),
        end_fraction: z.number(),
        points: z.array(z.tuple([z.number(), z.number()])),
      }),
      running_mean_std: z.object({
        epsilon: z.number(),
        updates: z.array(z.object({ batch: matrix, mean: vector, var: vector, count: z.number() })),
      }),
    }),
  );

export const recordedCartPole = () =>
  read(
    'env_cartpole',
    z.object({
      env: z.string(),
      max_episode_steps: z.number(),
      reward_threshold: z.number(),
      episodes: z.array(
        z.object({
          seed: z.number(),
          initial_state: vector,
          initial_observation: vector,
          actions: vector,
          states: matrix,
          observations: matrix,
          rewards: vector,
          terminated: z.array(z.boolean()),
          truncated: z.array(z.boolean()),
        }),
      ),
    }),
  );

export const recordedSeeding = () =>
  read(
    'seeding_pcg64',
    z.object({
      seeds: z.record(
        z.string(),
        z.object({
          seedseq_state_uint64: z.array(z.string()),
          raw_uint64: z.array(z.string()),
          random: vector,
          uniform_m005_p005: vector,
        }),
      ),
    }),
  ).seeds;

/** The largest absolute difference of two vectors; infinite if their lengths differ or one is NaN. */
export function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 0; i < actual.length; i++) {
    const difference = Math.abs((actual[i] ?? 0) - (expected[i] ?? 0));
    if (!(difference <= largest)) largest = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
  }
  return largest;
}
