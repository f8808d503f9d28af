import { describe, expect, it } from 'vitest';
import { renderState } from '#shared/domain/rl/environments/index.ts';
import {
  estimate,
  evaluateOn,
  longestEpisode,
  policyFromTensors,
  SeededEvaluation,
  studentT95,
} from '#shared/domain/rl/policy/index.ts';
import { balancingTensors } from '#tests/support/policies.ts';
import { ppoTensors } from './world.ts';

const cartPole = { environment: 'CartPole-v1', env_kwargs: {} };
const seeds = Array.from({ length: 20 }, (_, i) => 1000 + i);

describe('Student’s t', () => {
  // scipy.stats.t.ppf(0.975, n)
  it.each([
    [1, 12.706204736432095],
    [2, 4.302652729911275],
    [3, 3.182446305284263],
    [5, 2.570581836614739],
    [9, 2.262157162854099],
    [19, 2.093024054408263],
    [29, 2.045229642132703],
    [99, 1.984216951586276],
    [999, 1.962341461133449],
  ])('has its 97.5 %% quantile for %i degrees of freedom', (n, expected) => {
    expect(Math.abs(studentT95(n) / expected - 1)).toBeLessThan(n < 5 ? 1e-4 : 1e-6);
  });

  it('gives the interval of a mean', () => {
    const { mean, std, ci95 } = estimate([2, 4, 4, 4, 5, 5, 7, 9]);
    expect(mean).toBe(5);
    expect(std).toBeCloseTo(2.13809, 5);
    expect(ci95[0]).toBeCloseTo(3.21251, 4);
    expect(ci95[1]).toBeCloseTo(6.78749, 4);
  });
});

describe('an evaluation on seeds', () => {
  it('of a policy that balances: 500 every time, and the threshold is met', () => {
    const evaluation = evaluateOn(policyFromTensors(cartPole, balancingTensors()), seeds);
    expect(evaluation).toMatchObject({
      n_episodes: 20,
      mean_reward: 500,
      std_reward: 0,
      ci95_reward: [500, 500],
      min_reward: 500,
      max_reward: 500,
      min_ep_length: 500,
      success: true,
    });
    expect(evaluation.best.frames).toHaveLength(501);
    expect(evaluation.best.actions).toHaveLength(500);
  });

  it('of a random one: interval, median and best agree with the episodes', () => {
    const evaluation = evaluateOn(policyFromTensors(cartPole, ppoTensors([4, 8, 2], 5)), seeds);
    const rewards = evaluation.episodes.map(({ reward }) => reward).sort((a, b) => a - b);
    expect(evaluation.success).toBe(false);
    expect(evaluation.median.reward).toBe(rewards[9]);
    expect(evaluation.best.reward).toBe(rewards.at(-1));
    expect(evaluation.ci95_reward[0]).toBeLessThan(evaluation.mean_reward);
    expect(evaluation.median.frames).toHaveLength(evaluation.median.length + 1);
    expect(renderState('CartPole-v1', evaluation.median.frames[0] ?? []).shapes.length).toBeGreaterThan(0);
  });

  it('gives the same again, whatever else ran in between', () => {
    const policy = policyFromTensors(cartPole, ppoTensors([4, 8, 2], 7));
    const one = new SeededEvaluation(policy, seeds);
    const other = new SeededEvaluation(policy, seeds);
    while (!one.done) {
      one.next();
      if (one.count % 3 === 0) other.next();
    }
    while (!other.done) other.next();
    expect(other.result()).toEqual(one.result());
    expect(() => one.next()).toThrow(RangeError);
  });

  it('ends episodes that would never end', () => {
    const settings = { environment: 'CliffWalking-v1', env_kwargs: {} };
    // always up
    const tensors = [
      { name: 'action_net.weight', shape: [4, 48], values: new Float64Array(4 * 48) },
      { name: 'action_net.bias', shape: [4], values: Float64Array.of(1, 0, 0, 0) },
    ];
    const evaluation = evaluateOn(policyFromTensors(settings, tensors), [1, 2]);
    expect(evaluation.max_ep_length).toBe(longestEpisode);
    expect(evaluation.mean_reward).toBe(-longestEpisode);
  });

  it('records continuous actions as they were taken', () => {
    const settings = { environment: 'Pendulum-v1', env_kwargs: {} };
    const policy = policyFromTensors(settings, ppoTensors([3, 8, 1]));
    const { best } = evaluateOn(policy, [1, 2, 3]);
    expect(best.length).toBe(200);
    expect(best.actions.every((action) => Array.isArray(action) && Math.abs(action[0]) <= 2)).toBe(true);
  });
});
