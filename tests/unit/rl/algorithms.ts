import { createHash } from 'node:crypto';
import * as z from 'zod';
import {
  createTraining,
  type EngineName,
  type Snapshot,
  type Training,
  type TrainingRequest,
} from '#shared/domain/rl/index.ts';

/** A training of each kind that takes milliseconds, with updates, resets and full buffers in it. */
export const smallTrainings: readonly {
  readonly name: string;
  readonly config: TrainingRequest;
  /** Beginning of the SHA-256 of the reference engine's weights after three iterations with seed 1. */
  readonly weights: string;
}[] = [
  {
    name: 'PPO',
    weights: '8fc74c4f06768822',
    config: {
      algorithm: 'ppo',
      environment: 'CartPole-v1',
      hyperparameters: {
        n_envs: 2,
        n_steps: 32,
        batch_size: 16,
        n_epochs: 2,
        norm_obs: true,
        norm_reward: true,
        hidden_sizes: [8, 8],
      },
      max_steps: 5000,
    },
  },
  {
    name: 'PPO with gSDE',
    weights: 'a90142f5941c1d95',
    config: {
      algorithm: 'ppo',
      environment: 'Pendulum-v1',
      hyperparameters: {
        n_envs: 2,
        n_steps: 32,
        batch_size: 16,
        n_epochs: 2,
        use_sde: true,
        sde_sample_freq: 4,
        hidden_sizes: [8],
      },
      max_steps: 5000,
    },
  },
  {
    name: 'DQN',
    weights: '5b0ef1fba8daf83d',
    config: {
      algorithm: 'dqn',
      environment: 'CartPole-v1',
      hyperparameters: {
        buffer_size: 120,
        learning_starts: 30,
        batch_size: 8,
        train_freq: 3,
        gradient_steps: 2,
        target_update_interval: 10,
        exploration_fraction: 0.3,
        double_q: true,
        hidden_sizes: [8, 8],
      },
      max_steps: 5000,
    },
  },
  {
    name: 'DQN of discrete observations in two environments',
    weights: '447eb245f9714516',
    config: {
      algorithm: 'dqn',
      environment: 'FrozenLake-v1',
      hyperparameters: {
        n_envs: 2,
        buffer_size: 75,
        learning_starts: 30,
        batch_size: 8,
        gradient_steps: -1,
        hidden_sizes: [8],
      },
      max_steps: 4000,
    },
  },
  {
    name: 'SAC',
    weights: '24cff0478e1e3ca0',
    config: {
      algorithm: 'sac',
      environment: 'Pendulum-v1',
      hyperparameters: {
        buffer_size: 90,
        learning_starts: 20,
        batch_size: 8,
        train_freq: 2,
        gradient_steps: 1,
        hidden_sizes: [8, 8],
      },
      max_steps: 3000,
    },
  },
  {
    name: 'SAC with gSDE',
    weights: 'a965e9c92989b745',
    config: {
      algorithm: 'sac',
      environment: 'MountainCarContinuous-v0',
      hyperparameters: {
        learning_starts: 10,
        batch_size: 8,
        train_freq: 8,
        gradient_steps: -1,
        entropy_coef: 0.1,
        use_sde: true,
        sde_sample_freq: 3,
        hidden_sizes: [8],
      },
      max_steps: 3000,
    },
  },
];

export function start(
  config: TrainingRequest,
  seed = 1,
  poll = () => false,
  engine: EngineName = 'reference',
): Training {
  return createTraining({ config: { ...config, engine }, seed, now: () => 0, poll });
}

export const advance = (training: Training, count: number) =>
  Array.from({ length: count }, () => training.advance());

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Hash of both parts. */
export const hashOf = ({ state, replay }: Snapshot): string => sha256(state) + (replay ? sha256(replay) : '');

const header = z.record(
  z.string(),
  z.object({
    dtype: z.enum(['F32', 'F64']),
    shape: z.array(z.number()),
    data_offsets: z.tuple([z.number(), z.number()]),
  }),
);

/** The tensors of a safetensors file. */
export function tensorsIn(bytes: Uint8Array): Record<string, number[]> {
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const { __metadata__: _, ...tensors } = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  return Object.fromEntries(
    Object.entries(header.parse(tensors)).map(
      ([
        name,
        {
          dtype,
          data_offsets: [from, to],
        },
      ]) => {
        const { buffer } = bytes.slice(8 + length + from, 8 + length + to);
        return [name, Array.from(dtype === 'F32' ? new Float32Array(buffer) : new Float64Array(buffer))];
      },
    ),
  );
}
