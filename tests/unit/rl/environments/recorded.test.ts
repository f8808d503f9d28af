import { describe, expect, test } from 'vitest';
import { driveEnvironment, environmentModel } from '#shared/domain/rl/index.ts';
import { largestDifference } from '../recorded.ts';
import { blackjackHands, classicEpisodes, kwargsEpisodes, tabularEpisodes } from './episodes.ts';

const numbers = (value: unknown): number[] => {
  if (!Array.isArray(value)) throw new Error('a list of numbers was expected');
  return value.map(Number);
};

/** NumPy 1 and 2 compute the continuous environments in different precision: 1e-6 covers both. */
describe.each([
  ['env_cartpole', 1e-12],
  ['env_acrobot', 1e-12],
  ['env_mountaincar', 1e-12],
  ['env_mountaincarcontinuous', 1e-12],
  ['env_pendulum', 1e-12],
  ['env_mountaincarcontinuous_nep50', 1e-6],
  ['env_pendulum_nep50', 1e-6],
] as const)('%s', (name, tolerance) => {
  const recorded = classicEpisodes(name);

  test('limit and threshold are those of Gymnasium', () => {
    const model = environmentModel(recorded.env, recorded.kwargs);
    expect(model.maxEpisodeSteps).toBe(recorded.max_episode_steps);
    expect(model.rewardThreshold).toBe(recorded.reward_threshold);
  });

  test.each(recorded.episodes)('reset(seed) of seed $seed equals Gymnasium bit for bit', (episode) => {
    const driver = driveEnvironment(recorded.env, recorded.kwargs);
    expect(driver.reset(episode.seed).observation).toEqual(episode.initial_observation);
    expect(driver.state).toEqual(episode.initial_state);
  });

  test.each(recorded.episodes)(`every step of seed $seed ($policy) agrees to ${tolerance}`, (episode) => {
    const driver = driveEnvironment(recorded.env, recorded.kwargs);
    driver.reset(episode.seed);
    let before = episode.initial_state;
    const worst = { state: 0, observation: 0, reward: 0 };
    const flags = episode.actions.map((action, t) => {
      driver.state = before;
      const step = driver.step(action);
      before = episode.states[t] ?? [];
      worst.state = Math.max(worst.state, largestDifference(numbers(driver.state), before));
      const observation = largestDifference(numbers(step.observation), episode.observations[t] ?? []);
      worst.observation = Math.max(worst.observation, observation);
      worst.reward = Math.max(worst.reward, Math.abs(step.reward - (episode.rewards[t] ?? Number.NaN)));
      return [step.terminated, step.truncated];
    });
    expect(flags).toEqual(episode.terminated.map((flag, t) => [flag, episode.truncated[t]]));
    expect(worst.state).toBeLessThanOrEqual(tolerance);
    expect(worst.reward).toBeLessThanOrEqual(tolerance);
    expect(worst.observation).toBeLessThanOrEqual(Math.max(tolerance, 1e-6)); // float32
  });
});

describe.each([
  'env_frozenlake4x4_slippery',
  'env_frozenlake4x4_dry',
  'env_frozenlake8x8_slippery',
  'env_cliffwalking',
  'env_cliffwalking_slippery',
  'env_taxi',
])('%s', (name) => {
  const recorded = tabularEpisodes(name);
  const model = environmentModel(recorded.env, recorded.kwargs);

  test('spaces, limit and every transition are those of Gymnasium', () => {
    expect(model.observationSpace).toEqual({ kind: 'discrete', n: recorded.n_states });
    expect(model.actionSpace).toEqual({ kind: 'discrete', n: recorded.n_actions });
    expect(model.maxEpisodeSteps).toBe(recorded.max_episode_steps);
    expect(model.transitions?.()).toEqual(
      recorded.transitions.map((actions) =>
        actions.map((ways) => ways.map(([p, next, reward, ended]) => [p, next, reward, Boolean(ended)])),
      ),
    );
  });

  test('a reset starts in every state as often as its probability says', () => {
    // The start is the state at which the running sum of probabilities passes the draw.
    let sum = 0;
    recorded.initial_state_distribution.forEach((probability, start) => {
      if (probability === 0) return;
      const state = new Float64Array(model.stateLength);
      const random = () => sum + probability / 2;
      model.start(state, { random, uniform: random, integers: () => 0 });
      expect(state[0]).toBe(start);
      sum += probability;
    });
    expect(sum).toBeCloseTo(1, 12);
  });

  test('whole episodes follow from the seed, and from the recorded draws', () => {
    for (const episode of recorded.episodes) {
      const free = driveEnvironment(recorded.env, recorded.kwargs);
      const scripted = driveEnvironment(recorded.env, recorded.kwargs);
      expect(free.reset(episode.seed)).toMatchObject({
        observation: episode.initial_state,
        info: { prob: 1 },
      });
      scripted.state = episode.initial_state;
      episode.actions.forEach((action, t) => {
        const expected = {
          observation: episode.observations[t],
          reward: episode.rewards[t],
          terminated: episode.terminated[t],
          truncated: episode.truncated[t],
        };
        expect(free.step(action)).toMatchObject(expected);
        expect(scripted.step(action, { random: [episode.uniforms[t] ?? Number.NaN] })).toMatchObject(
          expected,
        );
      });
    }
  });

  test('the action mask is that of Gymnasium in every state', () => {
    const driver = driveEnvironment(recorded.env, recorded.kwargs);
    const masks = Array.from({ length: recorded.n_states }, (_, state) => {
      driver.state = state;
      return driver.environment.info().action_mask;
    });
    expect(masks).toEqual(recorded.action_masks ?? masks.map(() => undefined));
  });
});

describe.each(['env_blackjack_sab', 'env_blackjack_natural'])('%s', (name) => {
  const recorded = blackjackHands(name);

  test.each(recorded.episodes)('the hand of seed $seed follows from the seed, and from its cards', (hand) => {
    const free = driveEnvironment(recorded.env, recorded.kwargs);
    const scripted = driveEnvironment(recorded.env, recorded.kwargs);
    expect(free.reset(hand.seed).observation).toEqual(hand.initial_observation);
    expect(free.state).toEqual({ dealer: hand.dealer, player: hand.player });
    scripted.state = { dealer: hand.dealer, player: hand.player };
    hand.actions.forEach((action, t) => {
      const expected = {
        observation: hand.observations[t],
        reward: hand.rewards[t],
        terminated: hand.terminated[t],
        truncated: false,
        info: {},
      };
      expect(free.step(action)).toEqual(expected);
      const cards = hand.cards_drawn[t] ?? [];
      expect(scripted.step(action, { integers: cards.map((card) => card - 1) })).toEqual(expected);
    });
  });
});

describe.each(kwargsEpisodes())('$env with $kwargs', ({ env, kwargs, episodes }) => {
  test('whole episodes follow from the seed as in Gymnasium', () => {
    for (const episode of episodes) {
      const driver = driveEnvironment(env, kwargs);
      expect(driver.reset(episode.seed).observation).toEqual(episode.initial_observation);
      episode.actions.forEach((action, t) => {
        const step = driver.step(action);
        expect([t, step.observation, step.reward, step.terminated, step.truncated]).toEqual([
          t,
          episode.observations[t],
          episode.rewards[t],
          episode.terminated[t],
          episode.truncated[t],
        ]);
        if (episode.probs !== undefined) expect(step.info.prob).toBe(episode.probs[t]);
      });
    }
  });
});
