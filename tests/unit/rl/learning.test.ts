import { expect, test } from 'vitest';
import type { TrainingRequest } from '#shared/domain/rl/index.ts';
import { start } from './algorithms.ts';

/** Trainings of seconds; `npm run bench:rl` has the long ones, over several seeds. */
const tasks: readonly {
  readonly config: TrainingRequest;
  readonly reaches: number;
  readonly within: number;
}[] = [
  { config: { algorithm: 'ppo', environment: 'CartPole-v1' }, reaches: 475, within: 40_000 },
  {
    config: {
      algorithm: 'ppo',
      environment: 'Pendulum-v1',
      preset: 'zoo', // with gSDE
    },
    reaches: -250,
    within: 60_000,
  },
  {
    config: {
      algorithm: 'dqn',
      environment: 'CartPole-v1',
      preset: 'zoo',
      // smaller than the zoo's: seconds instead of a minute
      hyperparameters: { train_freq: 64, gradient_steps: 32, hidden_sizes: [64, 64] },
      eval_frequency: 2500,
    },
    reaches: 475,
    within: 40_000,
  },
  {
    config: {
      algorithm: 'sac',
      environment: 'Pendulum-v1',
      hyperparameters: { learning_rate: 0.003, batch_size: 64, hidden_sizes: [32, 32] },
      max_steps: 6000,
      eval_frequency: 2000,
    },
    reaches: -250,
    within: 6000,
  },
];

test.each(tasks)(
  '$config.algorithm reaches $reaches in $config.environment within $within steps',
  {
    timeout: 120_000,
  },
  ({ config, reaches, within }) => {
    const training = start(config, 1, () => false, 'fast');
    let best = Number.NEGATIVE_INFINITY;
    while (training.step < within && best < reaches) {
      training.advance();
      if (training.evaluationDue) best = Math.max(best, training.evaluate()?.mean_reward ?? best);
    }
    expect(best).toBeGreaterThanOrEqual(reaches);
  },
);
