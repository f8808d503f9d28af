/** What a training warns of, whatever happens to its workers. */
import '#tests/support/quiet.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { JobRun, type TrainerWorld } from '#functions/tasks/trainer/run.ts';
import { ppoHyperparameters, trainingEvent } from '#shared/contracts/training.ts';
import { returnFromDeadWorker } from '#shared/jobs/dead-workers.ts';
import type { TrainingJob } from '#shared/jobs/job.ts';
import { claim, redrive } from '#shared/jobs/lifecycle.ts';
import { wireEvent } from '#shared/realtime/event.ts';
import { recordedSeries } from '#tests/support/recorded-series.ts';
import { type Script, scriptedThread } from '#tests/support/scripted-thread.ts';
import { aTrainer, tinyConfig } from '#tests/support/trainer.ts';

const { base, create, read, eventsOf, s3, bucket, world, stop } = await aTrainer();
afterAll(stop);

/** A KL that blows up in the first iteration only, and troubles that last across a checkpoint and a segment's end. */
const script: Script = {
  iterations: 520,
  checkpointEvery: 260,
  unusual: `(i) => ({
    ...(i === 1 && { 'train/approx_kl': 15.6 }),
    ...(i >= 255 && i < 267 && { 'train/explained_variance': -0.5 }),
    ...(i >= 495 && { 'train/entropy_loss': -0.001 }),
  })`,
};
const expected = [
  { code: 'kl_blowup', step: 256, since_step: 256, value: 15.6 },
  { code: 'value_function_dead', step: 264 * 256, since_step: 255 * 256 },
  { code: 'entropy_collapse', step: 504 * 256, since_step: 495 * 256 },
];

const claimed = async (job: TrainingJob): Promise<TrainingJob> => {
  const mine = await claim(base, await read(job.job_id), 'worker');
  if (!mine) throw new Error('not claimed');
  return mine;
};
const run = async (job: TrainingJob, change: Partial<Script> = {}, more: Partial<TrainerWorld> = {}) =>
  new JobRun(
    { ...world(undefined, scriptedThread({ ...script, ...change })), ...more },
    await claimed(job),
  ).run();

const told = async (job: TrainingJob) => (await eventsOf(job.job_id)).map((event) => wireEvent(event));
const warningsOf = async (job: TrainingJob) => {
  const warned = (await told(job)).filter(({ type }) => type === 'training.warning');
  return warned.map(({ data }) => data);
};
const seriesOf = async (job: TrainingJob) => recordedSeries(s3, bucket, await read(job.job_id));

const whole = await create();
await run(whole);
const wholeSeries = await seriesOf(whole);
const wholeWarnings = await warningsOf(whole);

test('a trouble of one iteration is not missed, however fast the training', async () => {
  expect(wholeWarnings).toMatchObject(expected);
  expect((await read(whole.job_id)).warnings).toEqual(wholeWarnings);
});

test('a warning follows the iteration that shows it', async () => {
  const events = await told(whole);
  for (const [at, event] of events.entries()) {
    expect(trainingEvent.safeParse(event).error).toBeUndefined();
    if (event.type !== 'training.warning') continue;
    expect(events[at - 1]).toMatchObject({ type: 'training.metrics', data: { step: event.data['step'] } });
  }
});

const sameAsWhole = async (job: TrainingJob) => {
  expect((await read(job.job_id)).state).toBe('succeeded');
  expect(await warningsOf(job)).toEqual(wholeWarnings);
  expect(await seriesOf(job)).toEqual(wholeSeries);
};

describe('a training warns of the same at the same steps', () => {
  test.each([1, 259, 263, 264, 500, 503])(
    'when it was stopped after iteration %i and goes on',
    async (stopAfter) => {
      const job = await create();
      expect(await run(job, { stopAfter })).toBe('interrupted');
      expect(await run(job)).toBe('succeeded');
      await sameAsWhole(job);
    },
  );

  test('when it was stopped after every one of some iterations', async () => {
    const job = await create();
    for (const stopAfter of [2, 257, 261, 496, 501])
      expect(await run(job, { stopAfter })).toBe('interrupted');
    expect(await run(job)).toBe('succeeded');
    await sameAsWhole(job);
  });

  test('whichever of its writes its worker dies before', async () => {
    for (let write = 1; ; write++) {
      const job = await create();
      const dying = aDyingWorld(write);
      const outcome = await run(job, {}, dying).catch((error: Error) => error.message);
      if (outcome === 'succeeded') {
        expect(write).toBeGreaterThan(14);
        break;
      }
      expect(outcome).toBe('killed');
      expect(await returnFromDeadWorker(base, await read(job.job_id))).toBeDefined();
      expect(await run(job)).toBe('succeeded');
      await sameAsWhole(job);
    }
  });
});

test('a training that learns too fast warns of the same when it is interrupted on its way', async () => {
  const hyperparameters = ppoHyperparameters.parse({ n_steps: 256, learning_rate: 0.05 });
  const config = { ...tinyConfig, hyperparameters, max_steps: 10_240, save_frequency: 2048 };
  const undisturbed = await create({ config });
  expect(await new JobRun(world(), await claimed(undisturbed)).run()).toBe('succeeded');
  const expected = await warningsOf(undisturbed);
  expect(expected.map(({ code }) => code)).toContain('kl_blowup');

  const job = await create({ config });
  for (const step of [1, 2048, 4096]) {
    const ending = new AbortController();
    const running = new JobRun(world(ending.signal), await claimed(job)).run();
    while ((await read(job.job_id)).checkpoint_step < step && (await read(job.job_id)).progress.step < step)
      await sleep(3);
    ending.abort();
    expect(await running).toBe('interrupted');
  }
  expect(await new JobRun(world(), await claimed(job)).run()).toBe('succeeded');
  expect(await warningsOf(job)).toEqual(expected);
});

/** A world in which nothing is written any more from the n-th write on. */
function aDyingWorld(n: number): Partial<TrainerWorld> {
  let writes = 0;
  const dying = <T extends object>(target: T, names: readonly (keyof T)[]): T =>
    new Proxy(target, {
      get: (object, name) => {
        const member: unknown = Reflect.get(object, name);
        if (typeof member !== 'function') return member;
        if (!names.some((one) => one === name)) return member.bind(object);
        return (...given: unknown[]) => {
          writes += 1;
          if (writes >= n) throw new Error('killed');
          return member.apply(object, given);
        };
      },
    });
  const alive = world();
  return {
    table: dying(alive.table, ['write']),
    series: dying(alive.series, ['saveSegment', 'saveTail', 'keepCheckpoint']),
    artifacts: dying(alive.artifacts, ['saveCheckpoint', 'saveWeights']),
  };
}

test('a training that diverges keeps every iteration before, and run once more goes on from its checkpoint', async () => {
  const job = await create();
  expect(await run(job, { divergeAfter: 511 })).toBe('failed');
  const failed = await read(job.job_id);
  expect(failed).toMatchObject({ error_code: 'training.diverged', checkpoint_step: 260 * 256 });
  expect(failed.error_detail).toContain(`checkpoint is at step ${260 * 256}`);
  expect(await seriesOf(job)).toEqual(wholeSeries.slice(0, 511));
  expect(await warningsOf(job)).toEqual(wholeWarnings);
  expect(await redrive(base, failed)).toBeDefined();
  expect(await run(job)).toBe('succeeded');
  await sameAsWhole(job);
});

test('a training whose series somebody deleted goes on all the same', async () => {
  const job = await create();
  expect(await run(job, { stopAfter: 200 })).toBe('interrupted');
  const { series } = world();
  const nothing = { ...series, loadSegment: async () => [], loadCurve: async () => [] };
  expect(await run(job, {}, { series: nothing })).toBe('succeeded');
  expect((await warningsOf(job)).map(({ code }) => code)).toContain('value_function_dead');
});
