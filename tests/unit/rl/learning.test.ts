import { expect, test } from 'vitest';
import { createTraining } from '#shared/domain/rl/index.ts';

test('with the defaults PPO reaches a mean of 475 over 20 deterministic episodes within 100,000 steps', {
  timeout: 180_000,
}, () => {
  const training = createTraining({
    config: { algorithm: 'ppo', environment: 'CartPole-v1', max_steps: 100_000 },
    seed: 1,
    now: () => performance.now(),
  });
  let best = 0;
  while (!training.done && best < 475) {
    training.advance();
    if (training.evaluationDue) best = training.evaluate(20)?.mean_reward ?? 0;
  }
  expect(best).toBeGreaterThanOrEqual(475);
  expect(training.step).toBeLessThanOrEqual(100_352);
});
