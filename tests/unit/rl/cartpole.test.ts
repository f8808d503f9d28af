import { describe, expect, test } from 'vitest';
import { cartPole } from '#shared/domain/rl/environments/cartpole.ts';
import { environmentIds, makeEnvironment, UnknownEnvironment } from '#shared/domain/rl/environments/index.ts';
import { largestDifference, recordedCartPole } from './recorded.ts';

const recorded = recordedCartPole();

function observationOf(environment: { observe(target: Float64Array): void }): number[] {
  const target = new Float64Array(4);
  environment.observe(target);
  return [...target];
}

test('CartPole-v1 has the limit and threshold of Gymnasium', () => {
  expect(cartPole.id).toBe(recorded.env);
  expect(cartPole.maxEpisodeSteps).toBe(recorded.max_episode_steps);
  expect(cartPole.rewardThreshold).toBe(recorded.reward_threshold);
});

describe.each(recorded.episodes)('recorded episode of seed $seed', (episode) => {
  test('reset(seed) equals Gymnasium bit for bit', () => {
    const environment = makeEnvironment('CartPole-v1', episode.seed);
    expect(environment.frame()).toEqual(episode.initial_state);
    expect(observationOf(environment)).toEqual(episode.initial_observation);
    environment.reset();
    expect(environment.frame()).not.toEqual(episode.initial_state);
    environment.reset(episode.seed);
    expect(environment.frame()).toEqual(episode.initial_state);
  });

  test('every step from the recorded state agrees to 1e-12 and ends where Gymnasium ends', () => {
    const environment = makeEnvironment('CartPole-v1', 0);
    const { random } = environment.getState();
    let state = episode.initial_state;
    episode.actions.forEach((action, t) => {
      environment.setState({ state, elapsedSteps: t, random });
      const outcome = environment.step(action);
      expect(outcome).toEqual({
        reward: episode.rewards[t],
        terminated: episode.terminated[t],
        truncated: episode.truncated[t],
      });
      state = episode.states[t] ?? [];
      expect(largestDifference(environment.frame(), state)).toBeLessThan(1e-12);
      expect(largestDifference(observationOf(environment), episode.observations[t] ?? [])).toBeLessThan(1e-6);
    });
  });
});

test('the observation is the float32 of the state', () => {
  const environment = makeEnvironment('CartPole-v1', 3);
  environment.step(1);
  expect(observationOf(environment)).toEqual(environment.frame().map(Math.fround));
});

test('a saved environment goes on exactly, through JSON and over the next reset', () => {
  const environment = makeEnvironment('CartPole-v1', 11);
  for (let t = 0; t < 7; t++) environment.step(t % 2);
  const copy = makeEnvironment('CartPole-v1', 0);
  copy.setState(JSON.parse(JSON.stringify(environment.getState())));
  const goOn = (e: typeof environment) => {
    e.step(1);
    const moved = e.frame();
    e.reset();
    return [moved, e.frame(), e.elapsedSteps];
  };
  expect(goOn(copy)).toEqual(goOn(environment));
});

test.each([2, -1, 0.5, Number.NaN])('%d is no action', (action) => {
  expect(() => makeEnvironment('CartPole-v1', 0).step(action)).toThrow(RangeError);
});

test('an unknown environment is refused by name, with those that exist', () => {
  expect(() => makeEnvironment('CartPole-v0', 0)).toThrow(UnknownEnvironment);
  expect(() => makeEnvironment('CartPole-v0', 0)).toThrow(/CartPole-v0.*CartPole-v1/);
  expect(environmentIds).toContain('CartPole-v1');
});

test('the drawing follows the state: cart at its position, pole tip over the falling side', () => {
  const { width, shapes } = cartPole.render([1.2, 0, 0.1, 0]);
  const joint = shapes.find((shape) => shape.kind === 'circle');
  const pole = shapes.find((shape) => shape.paint === 'limb');
  expect(joint?.kind === 'circle' && joint.centre[0]).toBeCloseTo(width / 2 + 1.2 * 125);
  const tip = pole?.kind === 'polygon' ? (pole.points[1]?.[0] ?? 0) : 0;
  expect(tip).toBeGreaterThan(width / 2 + 1.2 * 125);
});
