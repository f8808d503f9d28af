import { expect, test } from 'vitest';
import { remembered, Watch } from '#functions/tasks/trainer/watch.ts';
import type { MetricsRow } from '#shared/domain/rl/index.ts';

const task = { environment: 'CartPole-v1', env_kwargs: {} } as const;

const row = (iteration: number, more: MetricsRow): MetricsRow => ({
  'rollout/ep_rew_mean': 20,
  'time/iterations': iteration,
  'time/total_timesteps': 100 * iteration,
  ...more,
});
const rows = (count: number, more: (iteration: number) => MetricsRow): MetricsRow[] =>
  Array.from({ length: count }, (_, at) => row(at + 1, more(at + 1)));

/** Entropy and value function fail one after the other; updates blow up three times for a moment. */
const ppo = rows(640, (iteration) => ({
  'train/approx_kl': [250, 251, 400].includes(iteration) ? 0.7 : iteration === 401 ? null : 0.01,
  'train/entropy_loss': iteration >= 590 ? -0.001 : -0.6,
  'train/explained_variance': iteration >= 300 && iteration <= 312 ? null : 0.5,
}));
/** A critic whose losses are high from the start, which is no growth, and a thousand times as high later. */
const dqn = rows(640, (iteration) => ({
  'train/loss': iteration >= 601 ? 3e7 : iteration < 20 ? null : 2e4,
}));

const warned = (watch: Watch, history: readonly MetricsRow[]) => history.flatMap((one) => watch.add(one));

test('a watch warns once of each trouble, with the step of the iteration that shows it', () => {
  const found = warned(new Watch(task), ppo).map(({ code, step, since_step, value }) => ({
    code,
    step,
    since_step,
    value,
  }));
  expect(found).toEqual([
    { code: 'value_function_dead', step: 30_900, since_step: 30_000, value: null },
    { code: 'kl_blowup', step: 40_100, since_step: 40_000, value: null },
    { code: 'entropy_collapse', step: 59_900, since_step: 59_000, value: -0.001 },
  ]);
  const diverged = warned(new Watch(task), dqn);
  expect(diverged).toMatchObject([{ code: 'value_divergence', step: 61_000, since_step: 60_100 }]);
});

test('a watch that begins anywhere in a training, with the first row and the newest, warns of the rest', () => {
  for (const all of [ppo, dqn]) {
    const whole = warned(new Watch(task), all);
    for (let at = 1; at < all.length; at += at < 595 ? 11 : 1) {
      const first = new Watch(task);
      const before = warned(first, all.slice(0, at));
      const kept = [...all.slice(0, 1), ...all.slice(Math.max(1, at - remembered), at)];
      // as they come out of a file
      const read = JSON.parse(JSON.stringify(kept)) as MetricsRow[];
      expect([...before, ...warned(new Watch(task, read, before), all.slice(at))]).toEqual(whole);
    }
  }
});

test('a watch that begins from the start again warns of nothing twice', () => {
  const watch = new Watch(task);
  expect(warned(watch, ppo)).toHaveLength(3);
  watch.restart();
  expect(warned(watch, ppo)).toEqual([]);
});
