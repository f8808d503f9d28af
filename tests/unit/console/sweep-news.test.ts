import { expect, test } from 'vitest';
import { followedRuns, withStep } from '#functions/console/pages/trainings/sweeps/sweep-news.ts';
import type { Sweep, SweepRun } from '#shared/contracts/training-sweeps.ts';

const run = (session_id: string, status: SweepRun['status'], step = 0): SweepRun => ({
  session_id,
  seed: 1,
  status,
  step,
  best_mean_reward: null,
  final_mean_reward: null,
  last_seq: 1,
});
const sweepOf = (...trials: readonly SweepRun[][]): Sweep => {
  const runs = trials.flat();
  const step = runs.reduce((sum, one) => sum + one.step, 0);
  return {
    sweep_id: 's',
    name: null,
    environment: 'CartPole-v1',
    algorithm: 'ppo',
    status: 'running',
    progress: { ended: 0, failed: 0, total: runs.length, step, max_steps: 1000 * runs.length },
    method: 'grid',
    owner_id: 'mina',
    created_at: '2026-11-20T09:30:00.000Z',
    trials: trials.map((own) => ({
      hyperparameters: {},
      config_hash: 'h',
      session_ids: own.map(({ session_id }) => session_id),
      runs: own,
      reward: null,
    })),
    best_trial: null,
  };
};

test('those that run are followed, then the next ones in their order, a handful at most', () => {
  const ids = (sweep: Sweep) => followedRuns(sweep).map(({ session_id }) => session_id);
  const open = sweepOf(
    [run('a', 'completed', 1000), run('b', 'interrupted')],
    [run('c', 'running'), run('d', 'pending')],
    [run('e', 'cancelled'), run('f', 'running'), run('p', 'paused'), run('g', 'pending')],
  );
  expect(ids(open)).toEqual(['c', 'f', 'b', 'd', 'g']);
  const many = sweepOf(Array.from({ length: 30 }, (_, at) => run(`r${at}`, 'pending')));
  expect(ids(many)).toEqual(['r0', 'r1', 'r2', 'r3', 'r4', 'r5']);
  expect(ids(sweepOf([run('a', 'completed', 1000), run('e', 'failed')]))).toEqual([]);
});

test('news of a run move it and the whole on; older news, and news of another run, move nothing back', () => {
  const sweep = sweepOf([run('a', 'running', 300), run('b', 'running', 100)]);
  const next = withStep(withStep(sweep, 'a', 500), 'b', 600);
  expect(next.trials[0]?.runs.map(({ step }) => step)).toEqual([500, 600]);
  expect(next.progress).toEqual({ ...sweep.progress, step: 1100 });
  expect(withStep(next, 'a', 400)).toBe(next);
  expect(withStep(next, 'another', 400)).toBe(next);
});
