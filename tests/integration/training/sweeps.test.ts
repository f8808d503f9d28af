/** Searches over hyperparameters: what they make, refuse, count and cancel. */
import { describe, expect, test } from 'vitest';
import { claimNext } from '#functions/tasks/trainer/claim.ts';
import { advance, type JobWorld } from '#shared/jobs/advance.ts';
import { queued } from '#shared/jobs/job.ts';
import { claim } from '#shared/jobs/lifecycle.ts';
import { refusal, refusedWith } from '#tests/support/refusal.ts';
import { aSchool } from '#tests/support/school.ts';
import { jobsOf } from '#tests/support/trainer.ts';

const school = await aSchool();
const world: JobWorld = { table: school.table, now: () => new Date(), events_days: 30 };
const { read } = jobsOf(world);
const config = { algorithm: 'ppo', environment: 'CartPole-v1', max_steps: 10_000, seed: 7 } as const;
const grid = (space: Record<string, number[]>) => ({ method: 'grid' as const, space });

const succeed = async (session_id: string, best_mean_reward: number) => {
  const job = await claim(world, await read(session_id), 'w');
  if (!job) throw new Error('not claimed');
  await advance(world, job, { state: 'succeeded', best_mean_reward, worker: null, lease_until: null });
};

describe('a sweep', () => {
  test('over a grid queues every combination on every seed, as ordinary trainings', async () => {
    const student = await school.person('student');
    const search = grid({ gamma: [0.9, 0.99], learning_rate: [0.001, 0.0003, 0.0001] });
    const sweep = await student.training.startSweep({ body: { name: 'first', config, search, seeds: 2 } });
    expect(sweep).toMatchObject({ status: 'running', best_trial: null, name: 'first', method: 'grid' });
    expect(sweep.progress).toEqual({ ended: 0, failed: 0, total: 12, step: 0, max_steps: 120_000 });
    expect(sweep.trials.map(({ hyperparameters }) => hyperparameters)[1]).toEqual({
      gamma: 0.9,
      learning_rate: 0.0003,
    });
    const [trial] = sweep.trials;
    const runs = await Promise.all(
      (trial?.session_ids ?? []).map((session_id) => student.training.get({ params: { session_id } })),
    );
    expect(runs.map((run) => [run.config.seed, run.config.name, run.sweep_id, run.config_hash])).toEqual(
      [7, 8].map((seed) => [seed, 'first #1', sweep.sweep_id, trial?.config_hash]),
    );
    expect(runs[0]?.config.hyperparameters).toMatchObject({
      gamma: 0.9,
      learning_rate: 0.001,
      n_steps: 2048,
    });
    expect((await student.training.listSweeps({})).items.map(({ sweep_id }) => sweep_id)).toEqual([
      sweep.sweep_id,
    ]);
  });

  test('keeps its runs out of a list of single trainings, page by page, and lists them by itself', async () => {
    const student = await school.person('student');
    const older = await student.training.start({ body: config });
    const search = grid({ gamma: [0.9, 0.95, 0.99] });
    const { sweep_id } = await student.training.startSweep({ body: { config, search, seeds: 2 } });
    const newer = await student.training.start({ body: config });
    const listed = async (query: { sweep_id?: string; limit: number; cursor?: string }) => {
      const { items, next_cursor } = await student.training.list({ query });
      return { ids: items.map(({ session_id }) => session_id), next_cursor };
    };
    const first = await listed({ sweep_id: 'none', limit: 1 });
    expect(first.ids).toEqual([newer.session_id]);
    const second = await listed({ sweep_id: 'none', limit: 1, cursor: first.next_cursor ?? '' });
    expect(second).toEqual({ ids: [older.session_id], next_cursor: null });
    const runs = await student.training.list({ query: { sweep_id } });
    expect(runs.items.map((run) => run.sweep_id)).toEqual(Array(6).fill(sweep_id));
    expect((await listed({ limit: 100 })).ids).toHaveLength(8);
  });

  test('tells how far it is, and the best trial by the mean over its seeds', async () => {
    const student = await school.person('student');
    const search = grid({ gamma: [0.9, 0.99] });
    const { sweep_id, trials } = await student.training.startSweep({ body: { config, search, seeds: 2 } });
    const [[a = '', b = ''] = [], [c = '', d = ''] = []] = trials.map(({ session_ids }) => session_ids);
    for (const [session_id, reward] of [
      [a, 500],
      [b, 100],
      [c, 400],
    ] as const)
      await succeed(session_id, reward);
    const params = { sweep_id };
    const half = await student.training.getSweep({ params });
    expect(half).toMatchObject({ status: 'running', progress: { ended: 3, total: 4 }, best_trial: 1 });
    expect(half.trials.map(({ reward }) => reward?.mean)).toEqual([300, 400]);
    expect(half.trials[1]?.runs).toMatchObject([
      { session_id: c, seed: 7, status: 'completed', best_mean_reward: 400 },
      { session_id: d, seed: 8, status: 'pending', best_mean_reward: null },
    ]);
    expect((await student.training.listSweeps({})).items).toMatchObject([
      {
        sweep_id,
        status: 'running',
        environment: 'CartPole-v1',
        algorithm: 'ppo',
        progress: { ended: 3, total: 4 },
      },
    ]);
    await succeed(d, 0);
    expect(await student.training.getSweep({ params })).toMatchObject({ status: 'completed', best_trial: 0 });
    expect(await refusal(student.training.cancelSweep({ params }))).toBe('409 sweep.ended');
  });

  test('at random draws the same for the same seed, within its ranges and its budget of steps', async () => {
    const search = {
      method: 'random' as const,
      trials: 8,
      seed: 3,
      space: {
        learning_rate: { min: 1e-5, max: 1e-2, scale: 'log' as const },
        n_epochs: { min: 2, max: 20, integer: true },
        gamma: { values: [0.9, 0.95, 0.99] },
      },
    };
    const drawn = async () => {
      const student = await school.person('student');
      return student.training.startSweep({ body: { config, search, max_total_steps: 55_000 } });
    };
    const [one, two] = [await drawn(), await drawn()];
    expect(one.trials).toHaveLength(5);
    expect(two.trials.map(({ hyperparameters }) => hyperparameters)).toEqual(
      one.trials.map(({ hyperparameters }) => hyperparameters),
    );
    for (const { hyperparameters } of one.trials) {
      expect(Number(hyperparameters['learning_rate'])).toBeGreaterThanOrEqual(1e-5);
      expect(Number.isInteger(hyperparameters['n_epochs'])).toBe(true);
      expect([0.9, 0.95, 0.99]).toContain(hyperparameters['gamma']);
    }
  });

  test.each([
    [
      { search: grid({ gamma: [0.9, 1.5] }) },
      ['search', 'space', 'gamma'],
      /gamma must be a number from 0 to 1/,
    ],
    [{ search: grid({ tau: [0.1] }) }, ['search', 'space', 'tau'], /tau belongs to sac, not to ppo/],
    [{ search: grid({ gamma: Array(20).fill(0.9) }), seeds: 2 }, ['search', 'space'], /20 trials of 2 runs/],
    [{ search: grid({ gamma: [0.9] }), max_total_steps: 5000 }, ['max_total_steps'], /one trial takes 10000/],
    [
      {
        search: grid({
          gamma: Array(30).fill(0.9),
          gae_lambda: Array(30).fill(0.9),
          n_epochs: Array(30).fill(5),
        }),
      },
      ['search', 'space'],
      /27000 trials/,
    ],
    [{ search: grid({}) }, ['search', 'space'], /1 to 8/],
    [
      { search: grid({ batch_size: [64] }), config: { ...config, hyperparameters: { n_steps: 32 } } },
      ['search', 'space', 'batch_size'],
      /at most n_steps/,
    ],
  ])('that cannot be is 422 with the field and the rule: %j', async (more, loc, words) => {
    const student = await school.person('student');
    const refused = await refusedWith(student.training.startSweep({ body: { config, ...more } }));
    expect(refused.summary).toBe('422 request.invalid');
    expect(refused.body.detail).toMatchObject([{ loc: ['body', ...loc], msg: expect.stringMatching(words) }]);
  });

  test('asked for a hundred times at once with one key is one', async () => {
    const student = await school.person('student');
    const body = { config, search: grid({ gamma: [0.9, 0.99] }) };
    const all = await Promise.all(
      Array.from({ length: 100 }, () => student.training.startSweep({ body, idempotency_key: 's' })),
    );
    expect(new Set(all.map(({ sweep_id }) => sweep_id)).size).toBe(1);
    expect((await student.training.list({})).items).toHaveLength(2);
  });

  test('is cancelled with all that has not ended, twice the same; another person does not see it', async () => {
    const student = await school.person('student');
    const search = grid({ gamma: [0.9, 0.95, 0.99] });
    const { sweep_id, trials } = await student.training.startSweep({ body: { config, search } });
    await succeed(trials[0]?.session_ids[0] ?? '', 100);
    const params = { sweep_id };
    const stranger = await school.person('student');
    expect(await refusal(stranger.training.getSweep({ params }))).toBe('404 sweep.not_found');
    expect(await refusal(stranger.training.cancelSweep({ params }))).toBe('404 sweep.not_found');
    for (let times = 0; times < 2; times++)
      expect((await student.training.cancelSweep({ params })).status).toBe('cancelled');
    const { items } = await student.training.list({});
    expect(items.map(({ status }) => status).sort()).toEqual(['cancelled', 'cancelled', 'completed']);
  });

  test('leaves the owner’s single trainings their places; a third sweep waits for one to end', async () => {
    const student = await school.person('student');
    const body = { config, search: grid({ gamma: [0.9, 0.95, 0.99] }), seeds: 5 };
    const first = await student.training.startSweep({ body });
    await student.training.startSweep({ body });
    expect(await refusal(student.training.startSweep({ body }))).toBe('429 sweep.limit');
    expect((await student.training.start({ body: config })).status).toBe('pending');
    await student.training.cancelSweep({ params: first });
    expect((await student.training.startSweep({ body })).status).toBe('running');
  });
});

test('a sweep of thirty starves nobody: another student’s training is the next that a free trainer takes', async () => {
  const waiting = await school.table.query(queued.training, { index: 'gsi3', pk: 'jobs#training#waiting' });
  for (const job of waiting.items) await advance(world, job, { state: 'cancelled' });
  const [sweeper, modest] = [await school.person('student'), await school.person('student')];
  await sweeper.training.startSweep({
    body: { config, search: grid({ gamma: [0.9, 0.95, 0.99] }), seeds: 10 },
  });
  const { session_id, queue_position } = await modest.training.start({ body: config });
  expect(queue_position).toBeLessThanOrEqual(2);
  const taken = [await claimNext(world, 'a', 2), await claimNext(world, 'b', 2)];
  expect(taken.map((job) => job?.job_id)).toContain(session_id);
});
