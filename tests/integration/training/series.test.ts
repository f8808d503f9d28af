/** What a training leaves in files and records, whatever happens to its workers. */
import '#tests/support/quiet.ts';
import { afterAll, describe, expect, test } from 'vitest';
import { JobRun } from '#functions/tasks/trainer/run.ts';
import { ppoHyperparameters } from '#shared/contracts/training.ts';
import type { TrainingJob } from '#shared/jobs/job.ts';
import { claim, pause, resume } from '#shared/jobs/lifecycle.ts';
import { checkpoints, curves, evaluations, recordsKey } from '#shared/jobs/training-records.ts';
import { keptCheckpointKey, seriesKeys } from '#shared/jobs/training-series.ts';
import { objectText, recordedSeries } from '#tests/support/recorded-series.ts';
import { aTrainer, tinyConfig } from '#tests/support/trainer.ts';

const { base, table, create, read, artifacts, s3, bucket, world, stop } = await aTrainer();
afterAll(stop);

// more iterations than a segment has lines
const config = {
  ...tinyConfig,
  max_steps: 8 * 1450,
  eval_frequency: 2000,
  save_frequency: 2500,
  algorithm: 'ppo' as const,
  hyperparameters: ppoHyperparameters.parse({ n_steps: 8, batch_size: 8, n_epochs: 1 }),
};

async function run(
  job: TrainingJob,
  options: { readonly limit_s?: number; readonly ending?: AbortSignal } = {},
) {
  const mine = await claim(base, await read(job.job_id), 'worker');
  if (!mine) throw new Error('not claimed');
  const { limit_s = 3600, ending } = options;
  return new JobRun({ ...world(ending), limit_s }, mine).run();
}

const textOf = (key: string): Promise<string> => objectText(s3, bucket, key);
const lines = async ({ job_id }: TrainingJob) => recordedSeries(s3, bucket, await read(job_id));
const evaluationsOf = async (job: TrainingJob) =>
  (await table.queryAll(evaluations, { pk: recordsKey(job), prefix: 'evaluation#' })).map(
    ({ job_id: _job, at: _at, ...one }) => one,
  );
const checkpointsOf = (job: TrainingJob) =>
  table.queryAll(checkpoints, { pk: recordsKey(job), prefix: 'checkpoint#' });
const curveOf = async (job: TrainingJob) =>
  (await table.get(curves, job, { consistent: true }))?.points.map(({ fps: _fps, ...point }) => point);

const whole = await create({ config });
await run(whole);
const series = await lines(whole);

describe('a training that nothing disturbs', () => {
  test('leaves a line for each iteration, in segments and a tail', async () => {
    expect(series.map(({ step }) => step)).toEqual(Array.from({ length: 1450 }, (_, at) => (at + 1) * 8));
    expect(series.at(-1)).toMatchObject({ 'time/total_timesteps': 11_600, 'train/learning_rate': 3e-4 });
    expect(seriesKeys(await read(whole.job_id))).toHaveLength(3);
  });

  test('leaves its evaluations, and the checkpoints that were due or the best', async () => {
    expect((await evaluationsOf(whole)).map(({ step }) => step)).toEqual([
      2000, 4000, 6000, 8000, 10_000, 11_600,
    ]);
    const kept = await checkpointsOf(whole);
    const due = kept.filter(({ reasons }) => reasons.includes('saved')).map(({ step }) => step);
    expect(due).toEqual([2504, 5000, 7504, 10_000, 11_600]);
    const best = kept.filter(({ reasons }) => reasons.includes('best'));
    const { best_mean_reward } = await read(whole.job_id);
    expect(best.at(-1)?.mean_reward).toBe(best_mean_reward);
    for (const { step, size_bytes } of kept)
      expect((await textOf(keptCheckpointKey(whole, step))).length).toBeGreaterThan(size_bytes / 4);
  });

  test('leaves a curve of few points: the last, and the lowest and highest of what is between', async () => {
    const curve = (await curveOf(whole)) ?? [];
    expect(curve.length).toBeLessThanOrEqual(300);
    expect(curve.at(-1)?.['step']).toBe(11_600);
    const rewards = series.map((one) => one['rollout/ep_rew_mean']).filter((one) => typeof one === 'number');
    const shown = curve.map(({ episode_reward }) => episode_reward).filter((one) => typeof one === 'number');
    expect(Math.max(...shown)).toBeCloseTo(Math.max(...rewards), 3);
    expect(Math.min(...shown)).toBeCloseTo(Math.min(...rewards), 3);
  });
});

const sameAsWhole = async (job: TrainingJob) => {
  const [ended, undisturbed] = [await read(job.job_id), await read(whole.job_id)];
  expect(ended).toMatchObject({ state: 'succeeded', weights_hash: undisturbed.weights_hash });
  expect(await lines(job)).toEqual(series);
  expect(await evaluationsOf(job)).toEqual(await evaluationsOf(whole));
  expect(await curveOf(job)).toEqual(await curveOf(whole));
  expect(await artifacts.loadCheckpoint(ended)).toEqual(await artifacts.loadCheckpoint(undisturbed));
};

/** Pauses as soon as the training has got so far; the worker ends by itself. */
async function pausedAfter(job: TrainingJob, step: number): Promise<TrainingJob> {
  const running = run(job);
  for (;;) {
    const { state, checkpoint_step, evaluated_step, progress } = await read(job.job_id);
    if (state === 'succeeded') throw new Error('it has ended already');
    if (Math.max(checkpoint_step, evaluated_step, progress.step) >= step) break;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await pause(base, job.job_id);
  expect(await running).toBe('paused');
  return read(job.job_id);
}

describe('a training that is paused', () => {
  test('and resumed comes to the same weights, metrics and records, byte for byte', async () => {
    const job = await create({ config });
    for (const step of [1, 4000]) {
      const paused = await pausedAfter(job, step);
      expect(paused).toMatchObject({
        state: 'paused',
        worker: null,
        lease_until: null,
        pause_requested: false,
      });
      expect(await claim(base, paused, 'another')).toBeUndefined();
      expect((await resume(base, job.job_id))?.state).toBe('queued');
    }
    expect(await run(job)).toBe('succeeded');
    await sameAsWhole(job);
  });

  test('before it has begun has nothing to save, and goes on from the start', async () => {
    const job = await create({ config });
    const mine = await claim(base, await read(job.job_id), 'worker');
    if (!mine) throw new Error('not claimed');
    await pause(base, job.job_id);
    expect(await new JobRun(world(AbortSignal.abort()), mine).run()).toBe('paused');
    await resume(base, job.job_id);
    expect(await run(job)).toBe('succeeded');
    await sameAsWhole(job);
  });
});

test('a training whose worker is interrupted, again and again, leaves the same series', async () => {
  const job = await create({ config });
  for (let times = 0; times < 3; times++) {
    const ending = new AbortController();
    const { checkpoint_step } = await read(job.job_id);
    const running = run(job, { ending: ending.signal });
    while ((await read(job.job_id)).evaluated_step < Math.min(4000, checkpoint_step + 1)) {
      if ((await read(job.job_id)).state !== 'running') break;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    ending.abort();
    if ((await running) !== 'interrupted') break;
  }
  if ((await read(job.job_id)).state !== 'succeeded') expect(await run(job)).toBe('succeeded');
  await sameAsWhole(job);
});

test('a training that has had its machine for as long as the school allows fails with the reason and its checkpoint', async () => {
  const job = await create({ config: { ...tinyConfig, max_steps: 5_000_000 }, ran_s: 56 });
  expect(await run(job, { limit_s: 60 })).toBe('failed');
  const after = await read(job.job_id);
  expect(after).toMatchObject({ state: 'timed_out', error_code: 'job.timed_out', worker: null });
  expect(after.error_detail).toMatch(/at most 1 minutes .* step \d+/);
  expect(after.checkpoint_step).toBeGreaterThan(0);
});
