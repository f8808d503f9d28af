import { describe, expect, it } from 'vitest';
import { makeEnvironment } from '#shared/domain/rl/environments/index.ts';
import {
  actorFromTensors,
  createActor,
  InvalidPolicy,
  networkOutput,
  type Policy,
  policyFromTensors,
} from '#shared/domain/rl/policy/index.ts';
import { balancingTensors } from '#tests/support/policies.ts';
import { ppoTensors, randomTensors, recordedPolicies, toTensors } from './world.ts';

const cartPole = { environment: 'CartPole-v1', env_kwargs: {} };
const pendulum = { environment: 'Pendulum-v1', env_kwargs: {} };

function outputs(name: keyof typeof recordedPolicies): number[][] {
  const { tensors, observations } = recordedPolicies[name];
  const { layers } = actorFromTensors({}, toTensors(tensors));
  const policy: Policy = {
    ...cartPole,
    observation: { kind: 'vector', size: observations[0]?.length ?? 0 },
    normalization: null,
    layers,
    head: { kind: 'argmax' },
  };
  return observations.map((observation) => [...networkOutput(policy, observation)]);
}

const farthest = (ours: readonly number[][], theirs: readonly number[][] = []) =>
  Math.max(...ours.flatMap((row, i) => row.map((x, j) => Math.abs(x - (theirs[i]?.[j] ?? Number.NaN)))));

const logSoftmax = (row: readonly number[]) => {
  const total = Math.log(row.reduce((sum, x) => sum + Math.exp(x), 0));
  return row.map((x) => x - total);
};

describe('a policy made of weights computes what Stable-Baselines3 recorded', () => {
  it('PPO, discrete: normalised logits', () => {
    const expected = recordedPolicies.ppo_discrete.log_softmax_logits;
    expect(farthest(outputs('ppo_discrete').map(logSoftmax), expected)).toBeLessThan(1e-12);
  });

  it('PPO, continuous: means', () => {
    expect(farthest(outputs('ppo_continuous'), recordedPolicies.ppo_continuous.mean)).toBeLessThan(1e-12);
  });

  it('DQN: values of the actions', () => {
    expect(farthest(outputs('dqn'), recordedPolicies.dqn.q_values)).toBeLessThan(1e-12);
  });

  it('SAC: means', () => {
    expect(farthest(outputs('sac'), recordedPolicies.sac.mean)).toBeLessThan(1e-12);
  });
});

describe('an action', () => {
  it('is the first of the highest outputs where actions are discrete', () => {
    const act = createActor(policyFromTensors(cartPole, balancingTensors()));
    expect(act(Float64Array.of(0, 0, 0.1, 0))).toBe(1);
    expect(act(Float64Array.of(0, 0, -0.1, 0))).toBe(0);
    expect(act(Float64Array.of(0, 0, 0, 0))).toBe(0);
  });

  it('of PPO is clipped to the bounds', () => {
    const act = createActor(policyFromTensors(pendulum, constantMean('action_net', 7)));
    expect(act(new Float64Array(3))).toEqual(Float64Array.of(2));
  });

  it('of SAC is squashed and scaled to the bounds', () => {
    const tensors = randomTensors([3, 4, 1], 'latent_pi', 'mu');
    const policy = policyFromTensors(pendulum, tensors);
    const observation = Float64Array.of(0.3, -0.4, 2);
    const [mean = 0] = networkOutput(policy, observation);
    expect(policy.head.kind).toBe('squashed');
    expect(Number(createActor(policy)(observation))).toBeCloseTo(2 * Math.tanh(mean), 12);
  });

  it('of SAC with gSDE comes of a mean within ±2', () => {
    const act = createActor(policyFromTensors(pendulum, constantMean('mu.0', 50)));
    expect(Number(act(new Float64Array(3)))).toBeCloseTo(2 * Math.tanh(2), 12);
  });

  it('sees an observation as it was normalised in training', () => {
    const statistics = [
      { name: 'obs_rms.mean', shape: [3], values: Float64Array.of(1, 2, 3) },
      { name: 'obs_rms.var', shape: [3], values: Float64Array.of(4, 1, 1e-9) },
    ];
    const tensors = [...identity('action_net', 3), ...statistics];
    // Pendulum has one action: look at the network's input through its output
    const { layers, statistics: found } = actorFromTensors({}, tensors);
    const policy: Policy = {
      ...pendulum,
      observation: { kind: 'vector', size: 3 },
      normalization: {
        mean: Float64Array.from(found?.mean.values ?? []),
        var: Float64Array.from(found?.var.values ?? []),
        clip: 10,
        epsilon: 1e-8,
      },
      layers,
      head: { kind: 'argmax' },
    };
    const [first, second, third] = networkOutput(policy, [2, 2, 9]);
    expect(first).toBeCloseTo(0.5, 8);
    expect(second).toBe(0);
    expect(third).toBe(10);
  });

  it('takes integers one-hot', () => {
    const policy = policyFromTensors(
      { environment: 'Blackjack-v1', env_kwargs: {} },
      ppoTensors([32 + 11 + 2, 8, 2]),
    );
    expect(policy.observation).toEqual({ kind: 'one_hot', sizes: [32, 11, 2] });
    const environment = makeEnvironment('Blackjack-v1', 3);
    const observation = new Float64Array(environment.observationSize);
    environment.observeFlat(observation);
    expect([0, 1]).toContain(createActor(policy)(observation));
  });

  it('that is no number is refused, not taken', () => {
    const huge = constantMean('action_net', 0).map((tensor) => ({
      ...tensor,
      values: tensor.values.map(() => 1e308),
    }));
    const act = createActor(policyFromTensors(pendulum, huge));
    expect(() => act(Float64Array.of(1, -1, 1e9).map((x) => x * 1e300))).toThrow(InvalidPolicy);
  });
});

describe('weights are refused, by name,', () => {
  const refused = (
    settings: Parameters<typeof policyFromTensors>[0],
    tensors: Parameters<typeof policyFromTensors>[1],
  ) => {
    try {
      policyFromTensors(settings, tensors);
    } catch (error) {
      if (error instanceof InvalidPolicy) return `${error.fault} ${error.message}`;
      throw error;
    }
    return 'accepted';
  };

  it.each([
    ['of another observation', cartPole, ppoTensors([3, 8, 2]), 'shape layer 0: takes 3 numbers'],
    ['of other actions', cartPole, ppoTensors([4, 8, 3]), 'shape the last layer: gives 3 numbers'],
    [
      'of SAC for discrete actions',
      cartPole,
      randomTensors([4, 2], '', 'mu'),
      'shape CartPole-v1: has discrete',
    ],
    [
      'of DQN for continuous ones',
      pendulum,
      randomTensors([3, 1], '', 'q_net.0'),
      'shape Pendulum-v1: has cont',
    ],
    ['of nothing known', cartPole, randomTensors([4, 2], '', 'fc'), 'unsupported the tensors are named'],
    [
      'with a stranger among them',
      cartPole,
      [...ppoTensors([4, 2]), { name: 'features.cnn.weight', shape: [1], values: Float64Array.of(1) }],
      'unsupported features.cnn.weight: is no tensor of PPO',
    ],
    ['without a bias', cartPole, ppoTensors([4, 2]).slice(0, 1), 'shape action_net.bias: is missing'],
    [
      'with layers that do not follow',
      cartPole,
      [...ppoTensors([4, 8, 2]).slice(0, 2), ...ppoTensors([4, 9, 2]).slice(2)],
      'shape layer 1: takes 9 numbers, the layer before gives 8',
    ],
    [
      'with statistics of another observation',
      cartPole,
      [
        ...ppoTensors([4, 2]),
        { name: 'obs_rms.mean', shape: [3], values: new Float64Array(3) },
        { name: 'obs_rms.var', shape: [3], values: new Float64Array(3) },
      ],
      'shape obs_rms.mean: has 3 numbers, an observation has 4',
    ],
  ])('%s', (_, settings, tensors, reason) => {
    expect(refused(settings, tensors)).toContain(reason);
  });
});

function constantMean(name: string, mean: number) {
  return [
    { name: `${name}.weight`, shape: [1, 3], values: new Float64Array(3) },
    { name: `${name}.bias`, shape: [1], values: Float64Array.of(mean) },
  ];
}

function identity(name: string, n: number) {
  const weight = Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
  return [
    { name: `${name}.weight`, shape: [n, n], values: weight },
    { name: `${name}.bias`, shape: [n], values: new Float64Array(n) },
  ];
}
