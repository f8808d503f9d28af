import { createTraining } from '#shared/domain/rl/index.ts';

/**
 * Environment steps per second of a PPO training on CartPole-v1 with the default hyperparameters:
 * the median over its iterations after two to warm up, and the fastest, which other work on the
 * machine disturbs least.
 */
export async function benchmark(): Promise<{ name: string; value: number; unit: string }[]> {
  const training = createTraining({
    config: { algorithm: 'ppo', environment: 'CartPole-v1', max_steps: 40_000 },
    seed: 1,
    now: () => performance.now(),
  });
  const rates: number[] = [];
  while (!training.done) {
    const { step } = training;
    const startedAt = performance.now();
    training.advance();
    rates.push(((training.step - step) / (performance.now() - startedAt)) * 1000);
  }
  const sorted = rates.slice(2).sort((a, b) => a - b);
  return [
    { name: 'rl.ppo_cartpole_median', value: Math.round(sorted[sorted.length >> 1] ?? 0), unit: 'steps/s' },
    { name: 'rl.ppo_cartpole_best', value: Math.round(sorted.at(-1) ?? 0), unit: 'steps/s' },
  ];
}
