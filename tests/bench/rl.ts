import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { createTraining, type TrainingRequest } from '#shared/domain/rl/index.ts';
import { type Figure, quantile } from './measure.ts';

interface Row {
  readonly name: string;
  readonly config: Omit<TrainingRequest, 'max_steps' | 'engine'>;
  /** Environment steps on the fast engine; the reference engine gets a tenth. */
  readonly steps: number;
  /** The same in rl-sb3.py, and how many times Stable-Baselines3's speed it should have at least. */
  readonly beside: { readonly row: string; readonly times: number };
}

const wide = { hidden_sizes: [256, 256] };
const rows: readonly Row[] = [
  {
    name: 'PPO CartPole, defaults',
    config: { algorithm: 'ppo', environment: 'CartPole-v1' },
    steps: 102_400,
    beside: { row: 'ppo', times: 13 },
  },
  {
    name: 'PPO CartPole, n_envs 8',
    config: { algorithm: 'ppo', environment: 'CartPole-v1', hyperparameters: { n_envs: 8, n_steps: 256 } },
    steps: 102_400,
    beside: { row: 'ppo8', times: 8 },
  },
  {
    name: 'PPO CartPole, Zoo',
    config: { algorithm: 'ppo', environment: 'CartPole-v1', preset: 'zoo' },
    steps: 51_200,
    beside: { row: 'ppo-zoo', times: 4 },
  },
  {
    name: 'DQN CartPole, 64², a step for each four',
    config: { algorithm: 'dqn', environment: 'CartPole-v1', hyperparameters: { learning_starts: 100 } },
    steps: 40_000,
    beside: { row: 'dqn', times: 10 },
  },
  {
    name: 'SAC Pendulum, 64²',
    config: {
      algorithm: 'sac',
      environment: 'Pendulum-v1',
      hyperparameters: { learning_starts: 100, hidden_sizes: [64, 64] },
    },
    steps: 4_000,
    beside: { row: 'sac64', times: 2.5 },
  },
  {
    name: 'SAC Pendulum, 256²',
    config: {
      algorithm: 'sac',
      environment: 'Pendulum-v1',
      hyperparameters: { learning_starts: 100, ...wide },
    },
    steps: 1_500,
    beside: { row: 'sac256', times: 1 },
  },
];

/**
 * Environment steps per second of whole trainings, without evaluations: the median over the iterations but for the
 * first two, on both engines in turn. Where LYCEUM_TORCH names a Python with stable_baselines3, it trains the same
 * beside, on one thread.
 */
export async function benchmark(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const { name, config, steps, beside } of rows) {
    const reference = pace({
      ...config,
      engine: 'reference',
      // beyond the steps at random that come before the first update
      max_steps: Math.max(300, Math.ceil(steps / 10)),
    } as TrainingRequest);
    const fast = pace({ ...config, engine: 'fast', max_steps: steps } as TrainingRequest);
    figures.push({ name, value: Math.round(fast), unit: 'steps/s' });
    figures.push({ name: `${name}: times the reference engine`, value: fast / reference, unit: '×' });
    const theirs = stableBaselines(beside.row);
    if (theirs === undefined) continue;
    const ratio = { value: fast / theirs, unit: '×', target: beside.times, atLeast: true };
    figures.push({ name: `${name}: times Stable-Baselines3`, ...ratio });
  }
  return figures;
}

/** Steps per second. */
function stableBaselines(row: string): number | undefined {
  const python = process.env['LYCEUM_TORCH'];
  if (python === undefined) return undefined;
  const env = { ...process.env, OMP_NUM_THREADS: '1', PYTHONWARNINGS: 'ignore' };
  return Number(
    execFileSync(python, [join(import.meta.dirname, 'rl-sb3.py'), row], { encoding: 'utf8', env }),
  );
}

function pace(config: TrainingRequest): number {
  const training = createTraining({ config, seed: 1, now: () => performance.now() });
  const rates: number[] = [];
  while (!training.done) {
    const { step } = training;
    const startedAt = performance.now();
    training.advance();
    rates.push(((training.step - step) / (performance.now() - startedAt)) * 1000);
  }
  return quantile(rates.length > 4 ? rates.slice(2) : rates, 0.5);
}
