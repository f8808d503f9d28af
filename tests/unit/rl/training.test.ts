import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createEngine,
  createTraining,
  type Engine,
  InvalidTrainingConfig,
  renderState,
  type Snapshot,
  SnapshotMismatch,
  summarise,
  type Training,
  TrainingDiverged,
  type TrainingRequest,
} from '#shared/domain/rl/index.ts';

const small: TrainingRequest = {
  algorithm: 'ppo',
  environment: 'CartPole-v1',
  hyperparameters: { n_steps: 128, batch_size: 32, n_epochs: 2, hidden_sizes: [8, 8] },
  max_steps: 1000,
  eval_frequency: 300,
  save_frequency: 500,
  engine: 'reference',
};

const frozen = () => 0;

function start(config: TrainingRequest = small, seed = 1, poll = () => false): Training {
  return createTraining({ config, seed, now: frozen, poll });
}

function iterate(training: Training, count: number) {
  return Array.from({ length: count }, () => training.advance());
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Hash of both parts. */
const hashOf = ({ state, replay }: Snapshot): string => sha256(state) + (replay ? sha256(replay) : '');

describe('determinism', () => {
  test('the same seed gives the same weights and metrics, another seed others', () => {
    const [a, b, c] = [start(), start(), start(small, 2)];
    expect(iterate(a, 3)).toEqual(iterate(b, 3));
    iterate(c, 3);
    expect(sha256(a.weights())).toBe(sha256(b.weights()));
    expect(sha256(a.weights())).not.toBe(sha256(c.weights()));
  });

  // If this changes, every recorded training changes: on purpose only.
  test('the weights of a short training are pinned', () => {
    const training = start();
    iterate(training, 3);
    expect(sha256(training.weights())).toMatchInlineSnapshot(
      `"cf843293e2b2d0ac86228e6f7cd20abb9c3b2c3c798c8937b5748b91b1df297b"`,
    );
  });

  test('evaluating does not disturb the training, and repeats itself', () => {
    const [plain, evaluated] = [start(), start()];
    iterate(plain, 4);
    iterate(evaluated, 2);
    const first = evaluated.evaluate(3);
    expect(evaluated.evaluate(3)).toEqual(first);
    iterate(evaluated, 2);
    expect(sha256(evaluated.weights())).toBe(sha256(plain.weights()));
  });
});

describe('snapshot and restore', () => {
  const hyperparameters = fc.record({
    n_steps: fc.integer({ min: 20, max: 80 }),
    n_envs: fc.integer({ min: 1, max: 3 }),
    batch_size: fc.integer({ min: 1, max: 20 }),
    norm_obs: fc.boolean(),
    norm_reward: fc.boolean(),
    n_epochs: fc.integer({ min: 1, max: 3 }),
    hidden_sizes: fc.constantFrom([4], [8, 5]),
    learning_rate: fc.constantFrom(3e-4, { schedule: 'linear', start: 1e-2, end: 0 } as const),
    clip_range_vf: fc.constantFrom(null, 0.2),
    target_kl: fc.constantFrom(null, 1e-4),
  });

  test('N + snapshot + restore in a new training + M iterations equal N + M, byte for byte', () => {
    fc.assert(
      fc.property(
        hyperparameters,
        fc.nat(2 ** 32),
        fc.integer({ min: 0, max: 4 }),
        fc.integer({ min: 1, max: 4 }),
        (given, seed, before, after) => {
          const config = { ...small, hyperparameters: given, max_steps: 10_000 };
          const whole = start(config, seed);
          iterate(whole, before);
          const saved = whole.snapshot();
          const resumed = start(config, seed);
          resumed.restore(saved);
          expect(iterate(resumed, after)).toEqual(iterate(whole, after));
          expect(resumed.evaluate(2)).toEqual(whole.evaluate(2));
          expect(hashOf(resumed.snapshot())).toBe(hashOf(whole.snapshot()));
        },
      ),
      { numRuns: 25 },
    );
  });

  test('a snapshot is not changed by what follows', () => {
    const training = start();
    const saved = training.snapshot();
    const kept = hashOf(saved);
    iterate(training, 2);
    expect(hashOf(saved)).toBe(kept);
    expect(hashOf(training.snapshot())).not.toBe(kept);
  });

  test('an evaluation is the best if no mean before is above its own, also those before the restore', () => {
    const training = start();
    let reached = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < 8; i++) {
      const resumed = start();
      training.advance();
      resumed.restore(training.snapshot());
      const evaluation = training.evaluate(3);
      expect(resumed.evaluate(3)).toEqual(evaluation);
      const mean = evaluation?.mean_reward ?? Number.NaN;
      expect(evaluation?.best).toBe(mean >= reached);
      reached = Math.max(reached, mean);
    }
  });

  test.each([
    ['another seed', start(small, 2).snapshot()],
    ['another configuration', start({ ...small, max_steps: 2000 }).snapshot()],
    ['a truncated file', { state: start().snapshot().state.slice(0, -8), replay: null }],
    ['a file that goes on', { state: Uint8Array.of(...start().snapshot().state, 0), replay: null }],
    ['an empty file', { state: new Uint8Array(), replay: null }],
    ['weights only', { state: start().weights(), replay: null }],
    ['a replay buffer too many', { ...start().snapshot(), replay: new Uint8Array(16) }],
  ])('%s is refused, and the training is unchanged', (_, snapshot) => {
    const training = start();
    iterate(training, 1);
    const before = hashOf(training.snapshot());
    expect(() => training.restore(snapshot)).toThrow(SnapshotMismatch);
    expect(hashOf(training.snapshot())).toBe(before);
  });

  test('weights are a safetensors file with the names of Stable-Baselines3', () => {
    const bytes = start().weights();
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
    expect(header['action_net.weight']).toMatchObject({ dtype: 'F64', shape: [2, 8] });
    const [, end] = header['value_net.bias'].data_offsets;
    expect(bytes).toHaveLength(8 + length + end);
    expect(length % 8).toBe(0);
  });
});

describe('stopping', () => {
  /** Says stop at the n-th question. */
  const stopAt = (n: number) => {
    let asked = 0;
    return { poll: () => ++asked === n, asked: () => asked };
  };

  test.each([1, 2, 5, 9])('at question %d the training is back at the boundary, and can go on', (n) => {
    const plain = start();
    iterate(plain, 2);
    const { poll } = stopAt(n);
    const stopped = start(small, 1, poll);
    const results = iterate(stopped, 2);
    expect(results.filter((metrics) => metrics === null)).toHaveLength(1);
    expect(stopped.step).toBe(128);
    iterate(stopped, 1);
    expect(sha256(stopped.weights())).toBe(sha256(plain.weights()));
  });

  test('it is asked every 256 steps and every minibatch', () => {
    const { poll, asked } = stopAt(-1);
    const hyperparameters = { ...small.hyperparameters, n_steps: 600, batch_size: 64, n_epochs: 2 };
    start({ ...small, hyperparameters }, 1, poll).advance();
    expect(asked()).toBe(3 + 2 * 10);
  });

  test('an evaluation stops too', () => {
    expect(start(small, 1, () => true).evaluate(3)).toBeNull();
  });

  test('a poll that throws leaves the training at the boundary', () => {
    const training = start(small, 1, () => {
      throw new Error('the network is down');
    });
    const before = hashOf(training.snapshot());
    expect(() => training.advance()).toThrow('the network is down');
    expect(hashOf(training.snapshot())).toBe(before);
  });
});

describe('the course of a training', () => {
  test('it ends at the first boundary at or after max_steps, and evaluates and saves at boundaries', () => {
    const training = start();
    expect([training.evaluationDue, training.saveDue, training.done]).toEqual([false, false, false]);
    const evaluated: number[] = [];
    const saved: number[] = [];
    while (!training.done) {
      training.advance();
      if (training.evaluationDue) evaluated.push(training.step);
      if (training.saveDue) saved.push(training.step);
    }
    expect(training.step).toBe(1024);
    expect(evaluated).toEqual([384, 640, 1024]); // after 300, 600, 900, and the end
    expect(saved).toEqual([512, 1024]);
    expect(() => training.advance()).toThrow(RangeError);
  });

  test('metrics count steps, iterations and epochs, and follow the schedules', () => {
    const schedule = { schedule: 'linear', start: 1e-3, end: 0 } as const;
    let clock = 0;
    const training = createTraining({
      config: { ...small, hyperparameters: { ...small.hyperparameters, learning_rate: schedule } },
      seed: 1,
      now: () => (clock += 500),
    });
    iterate(training, 1);
    const metrics = training.advance();
    expect(metrics).toMatchObject({
      'time/iterations': 2,
      'time/total_timesteps': 256,
      'train/n_updates': 4,
      'train/clip_range': 0.2,
    });
    expect(metrics?.['train/learning_rate']).toBeCloseTo(1e-3 * (1 - 256 / 1000), 15);
    expect(metrics?.['time/fps']).toBeGreaterThan(0);
    expect(metrics?.['rollout/ep_rew_mean']).toBe(metrics?.['rollout/ep_len_mean']);
    expect(training.progress()).toMatchObject({ step: 256, max_steps: 1000 });
    expect(training.progress().eta_s).toBeGreaterThan(0);
    if (metrics !== null)
      expect(summarise(metrics)).toMatchObject({ step: 256, episode_reward: metrics['rollout/ep_rew_mean'] });
  });

  test('the update stops early past the target KL', () => {
    const hyperparameters = { ...small.hyperparameters, n_epochs: 50, target_kl: 1e-5, learning_rate: 0.01 };
    const metrics = start({ ...small, hyperparameters }).advance();
    expect(metrics?.['train/n_updates']).toBeLessThan(50);
  });

  test('a training that diverges says at which step and what, and stays at the last boundary', () => {
    const reference = createEngine('reference');
    let steps = 0;
    const failing: Engine = {
      ...reference,
      adam(parameters, epsilon) {
        const adam = reference.adam(parameters, epsilon);
        return {
          state: adam.state,
          step: (rate, norm) => (++steps > 12 ? Number.NaN : adam.step(rate, norm)),
        };
      },
    };
    const training = createTraining({ config: small, seed: 1, now: frozen, engine: failing });
    training.advance();
    const before = hashOf(training.snapshot());
    expect(() => training.advance()).toThrow(TrainingDiverged);
    expect(() => training.advance()).toThrow(expect.objectContaining({ step: 256, what: 'gradient' }));
    expect(hashOf(training.snapshot())).toBe(before);
  });

  test('an evaluation counts its episodes and records the best', () => {
    const training = start();
    const evaluation = training.evaluate(7);
    if (evaluation === null) throw new Error('nobody asked to stop');
    const { returns, replay } = evaluation;
    expect(returns).toHaveLength(7);
    expect(new Set(returns).size).toBeGreaterThan(1);
    expect(evaluation.max_reward).toBe(Math.max(...returns));
    expect(evaluation.min_reward).toBe(Math.min(...returns));
    expect(evaluation.mean_reward).toBeCloseTo(returns.reduce((a, b) => a + b) / 7, 12);
    expect(evaluation.mean_ep_length).toBe(evaluation.mean_reward);
    expect(evaluation.success).toBe(false);
    expect(replay.reward).toBe(evaluation.max_reward);
    expect(replay.frames).toHaveLength(replay.length + 1);
    expect(replay.actions).toHaveLength(replay.length);
    expect(renderState(replay.environment, replay.frames[0] ?? []).shapes.length).toBeGreaterThan(0);
  });

  test('an episode of an evaluation does not depend on how many others there are', () => {
    const training = start();
    training.advance();
    const returns = (episodes: number) => training.evaluate(episodes)?.returns;
    expect(returns(25)?.slice(0, 20)).toEqual(returns(20));
    expect(returns(25)?.slice(0, 3)).toEqual(returns(3));
  });

  test('continuous actions are recorded as the environment took them, within their bounds', () => {
    const training = start({ algorithm: 'sac', environment: 'Pendulum-v1', max_steps: 100 });
    const replay = training.evaluate(2)?.replay;
    expect(replay?.length).toBe(200);
    for (const [torque = 9, ...others] of replay?.actions ?? []) {
      expect(Math.abs(torque)).toBeLessThanOrEqual(2);
      expect(others).toEqual([]);
    }
  });

  test('an environment without a limit is evaluated for a thousand steps at most', () => {
    const training = start({ algorithm: 'dqn', environment: 'CliffWalking-v1', max_steps: 100 });
    expect(training.evaluate(2)?.mean_ep_length).toBe(1000);
  });

  test.each([0, -1, 1.5, Number.NaN])('n_steps of %d is refused by name', (n_steps) => {
    expect(() => start({ ...small, hyperparameters: { n_steps } })).toThrow(/n_steps/);
  });

  test('an unknown environment is refused', () => {
    expect(() => start({ ...small, environment: 'Pong' })).toThrow(InvalidTrainingConfig);
  });
});
