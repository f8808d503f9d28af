import '#tests/support/quiet.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { JobRun } from '#functions/tasks/trainer/run.ts';
import {
  type RecordedConfig,
  trainingEvaluated,
  trainingEvent,
  trainingMetrics,
} from '#shared/contracts/training.ts';
import { createTraining, resolveTrainingConfig } from '#shared/domain/rl/index.ts';
import { weightsKey } from '#shared/jobs/artifacts.ts';
import type { TrainingJob } from '#shared/jobs/job.ts';
import { cancel, claim, redrive } from '#shared/jobs/lifecycle.ts';
import { logger } from '#shared/observability.ts';
import { wireEvent } from '#shared/realtime/event.ts';
import { aTrainer, tinyConfig } from '#tests/support/trainer.ts';

const { base, create, read, eventsOf, artifacts, world, s3, bucket, stop } = await aTrainer();
afterAll(stop);

const claimed = async (job: TrainingJob, worker = 'worker-1'): Promise<TrainingJob> => {
  const mine = await claim(base, await read(job.job_id), worker);
  if (!mine) throw new Error('not claimed');
  return mine;
};
const run = async (job: TrainingJob, ending?: AbortSignal) =>
  new JobRun(world(ending), await claimed(job)).run();

/** Waits until the job is as told, or fails. */
async function until(job: TrainingJob, reached: (job: TrainingJob) => boolean): Promise<TrainingJob> {
  for (let waited = 0; waited < 20_000; waited += 3) {
    const now = await read(job.job_id);
    if (reached(now)) return now;
    await sleep(3);
  }
  throw new Error('the job never got there');
}

const told = async (job: TrainingJob) => (await eventsOf(job.job_id)).map((event) => wireEvent(event));
/** Every iteration that was told, without what a clock decides. */
const curve = (events: Awaited<ReturnType<typeof told>>) =>
  events
    .filter(({ type }) => type === 'training.metrics')
    .flatMap(({ data }) => trainingMetrics.parse(data).points ?? [])
    .map(({ fps: _fps, ...point }) => point);
const evaluations = (events: Awaited<ReturnType<typeof told>>) =>
  events.filter(({ type }) => type === 'training.evaluated').map(({ data }) => trainingEvaluated.parse(data));
const statuses = (events: Awaited<ReturnType<typeof told>>) =>
  events.filter(({ type }) => type === 'job.status').map(({ data }) => data['status']);

const whole = await create();
const outcome = await run(whole);
const wholeJob = await read(whole.job_id);
const wholeEvents = await told(whole);

describe('a training that nothing disturbs', () => {
  test('succeeds, and leaves its result on the job and its files in the bucket', async () => {
    expect(outcome).toBe('succeeded');
    expect(wholeJob).toMatchObject({
      state: 'succeeded',
      attempt: 1,
      worker: null,
      lease_until: null,
      deaths: 0,
    });
    expect(wholeJob.progress.step).toBe(3072);
    expect(wholeJob.checkpoint_step).toBe(3072);
    expect(wholeJob.weights_hash).toMatch(/^[0-9a-f]{64}$/);
    expect(await artifacts.loadCheckpoint(wholeJob)).toMatchObject({ replay: null });
  });

  test('tells its events from 1 without a gap, each as the contract declares it', () => {
    expect(wholeEvents.map(({ seq }) => seq)).toEqual(wholeEvents.map((_, at) => at + 1));
    expect(wholeJob.event_seq).toBe(wholeEvents.length);
    for (const event of wholeEvents) expect(trainingEvent.safeParse(event).error).toBeUndefined();
    expect(statuses(wholeEvents)).toEqual(['pending', 'running', 'completed']);
    expect(wholeEvents.at(-1)?.type).toBe('job.status');
  });

  test('tells its steps in order and its evaluations where they are due', () => {
    const steps = curve(wholeEvents).map(({ step }) => Number(step));
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    expect(new Set(steps).size).toBe(steps.length);
    expect(steps.at(-1)).toBe(3072);
    expect(evaluations(wholeEvents).map(({ step }) => step)).toEqual([1024, 2048, 3072]);
    const best = evaluations(wholeEvents)
      .filter((one) => one.best)
      .at(-1);
    expect(wholeJob.best_mean_reward).toBe(best?.mean_reward);
    expect(wholeJob.final_mean_reward).toBe(evaluations(wholeEvents).at(-1)?.mean_reward);
  });

  test('keeps every metrics event within 4 KB, and tells at most about one a second', () => {
    const sizes = wholeEvents
      .filter(({ type }) => type === 'training.metrics')
      .map((event) => JSON.stringify(event).length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(4096);
  });
});

test('the policy that is kept is that of the best evaluation, not of the last', async () => {
  // with steps this large it unlearns what it knew
  const hyperparameters = { ...tinyConfig.hyperparameters, learning_rate: 0.05 };
  const config = { ...tinyConfig, hyperparameters };
  const job = await create({ config });
  expect(await run(job)).toBe('succeeded');
  const best = evaluations(await told(job)).findLast((one) => one.best);
  expect(best?.step).toBe(1024);
  const training = createTraining({ config, seed: config.seed, now: () => 0 });
  while (training.step < 1024) training.advance();
  const kept = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: weightsKey(job) }));
  expect(await kept.Body?.transformToByteArray()).toEqual(training.weights());
});

test('a thread that trains faster than the table takes what it tells is held back: little is left when it stops', async () => {
  const hyperparameters = { ...tinyConfig.hyperparameters, n_steps: 32, batch_size: 32, n_epochs: 1 };
  const job = await create({
    config: { ...tinyConfig, hyperparameters, max_steps: 1_000_000, eval_frequency: 32, engine: 'fast' },
  });
  const ending = new AbortController();
  const running = new JobRun(
    {
      ...world(ending.signal),
      artifacts: {
        ...artifacts,
        saveReplay: (...given) => sleep(20).then(() => artifacts.saveReplay(...given)),
      },
    },
    await claimed(job),
  ).run();
  const { evaluated_step } = await until(job, (now) => now.evaluated_step >= 640);
  ending.abort();
  expect(await running).toBe('interrupted');
  const { checkpoint_step } = await read(job.job_id);
  expect(checkpoint_step - evaluated_step).toBeLessThan(40 * 32);
});

const sameAsUndisturbed = async (job: TrainingJob) => {
  const [ended, events] = [await read(job.job_id), await told(job)];
  expect(ended).toMatchObject({ state: 'succeeded', weights_hash: wholeJob.weights_hash });
  expect(ended).toMatchObject({
    best_mean_reward: wholeJob.best_mean_reward,
    final_mean_reward: wholeJob.final_mean_reward,
  });
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, at) => at + 1));
  expect(evaluations(events)).toEqual(evaluations(wholeEvents));
  const points = new Map(curve(wholeEvents).map((point) => [point['step'], point]));
  const steps = curve(events).map(({ step }) => step);
  expect(new Set(steps).size).toBe(steps.length);
  // an event that covers more than twelve iterations leaves some out; those that both told are equal
  for (const point of curve(events)) expect(points.get(point['step']) ?? point).toEqual(point);
};

describe('a training whose task is asked to end', () => {
  test('saves where it is, waits in the queue, and goes on to the same weights and the same events', async () => {
    const job = await create();
    for (const step of [1, 1300]) {
      const ending = new AbortController();
      const running = run(job, ending.signal);
      await until(
        job,
        ({ progress, checkpoint_step, evaluated_step }) =>
          Math.max(progress.step, checkpoint_step, evaluated_step) >= step,
      );
      ending.abort();
      expect(await running).toBe('interrupted');
      const waiting = await read(job.job_id);
      expect(waiting).toMatchObject({ state: 'interrupted', worker: null, deaths: 0 });
      expect(waiting.checkpoint_step).toBeGreaterThanOrEqual(step);
      expect(await artifacts.loadCheckpoint(waiting)).toMatchObject({ replay: null });
    }
    expect(await run(job)).toBe('succeeded');
    expect((await read(job.job_id)).attempt).toBe(3);
    expect(statuses(await told(job))).toEqual([
      'pending',
      'running',
      'interrupted',
      'running',
      'interrupted',
      'running',
      'completed',
    ]);
    await sameAsUndisturbed(job);
  });

  test.each([
    ['dqn', 'CartPole-v1', 10_000, { learning_starts: 100, buffer_size: 2_000 }],
    ['sac', 'Pendulum-v1', 1_500, { learning_starts: 100, buffer_size: 2_000, hidden_sizes: [16, 16] }],
  ] as const)(
    'of %s goes on with its replay buffer to the same weights',
    async (algorithm, environment, max_steps, given) => {
      const warned = vi.spyOn(logger, 'warn');
      const request = { algorithm, environment, max_steps, eval_frequency: max_steps, save_frequency: 500 };
      const config = {
        ...tinyConfig,
        ...resolveTrainingConfig({ ...request, hyperparameters: given, engine: 'fast' }),
      } as RecordedConfig;
      const undisturbed = await create({ config });
      expect(await run(undisturbed)).toBe('succeeded');

      const job = await create({ config });
      const ending = new AbortController();
      const running = run(job, ending.signal);
      await until(job, ({ checkpoint_step }) => checkpoint_step >= 500);
      ending.abort();
      expect(await running).toBe('interrupted');
      const saved = await artifacts.loadCheckpoint(await read(job.job_id));
      expect(saved?.replay?.length).toBeGreaterThan(500 * 4);
      expect(await run(job)).toBe('succeeded');
      expect(warned.mock.calls.map(([event]) => event)).not.toContain('training.restarted');
      const { weights_hash, final_mean_reward } = await read(undisturbed.job_id);
      expect(await read(job.job_id)).toMatchObject({ weights_hash, final_mean_reward });
    },
  );

  test('before it has begun returns the job at once', async () => {
    const job = await create();
    expect(await run(job, AbortSignal.abort())).toBe('interrupted');
    expect(await read(job.job_id)).toMatchObject({ state: 'interrupted', checkpoint_step: 0 });
    expect(await run(job)).toBe('succeeded');
    await sameAsUndisturbed(job);
  });
});

describe('a training whose worker is taken for dead', () => {
  test('goes on elsewhere from the checkpoint; the old worker finds out and writes nothing more', async () => {
    const job = await create();
    const old = run(job);
    const before = await until(job, ({ checkpoint_step }) => checkpoint_step > 0);
    const { returnFromDeadWorker } = await import('#shared/jobs/dead-workers.ts');
    let returned = await returnFromDeadWorker(base, before);
    while (!returned) returned = await returnFromDeadWorker(base, await read(job.job_id));
    expect(await old).toBe('fenced');
    const after = await read(job.job_id);
    expect(after).toMatchObject({
      state: 'interrupted',
      version: returned.version,
      event_seq: returned.event_seq,
    });
    expect(await run(job)).toBe('succeeded');
    await sameAsUndisturbed(job);
  });

  test('with a checkpoint that is damaged starts afresh and ends the same', async () => {
    const job = await create({ checkpoint_step: 256 });
    await artifacts.saveCheckpoint(job, { state: Buffer.from('not a checkpoint at all'), replay: null });
    expect(await run(job)).toBe('succeeded');
    await sameAsUndisturbed(job);
  });
});

test('a training that is cancelled stops within two seconds and writes nothing more', async () => {
  const job = await create({ config: { ...tinyConfig, max_steps: 5_000_000 } });
  const running = run(job);
  await until(job, ({ progress }) => progress.step > 0);
  const cancelled = await cancel(base, job.job_id);
  const at = performance.now();
  expect(await running).toBe('fenced');
  expect(performance.now() - at).toBeLessThan(2_500);
  await sleep(300);
  expect(await read(job.job_id)).toEqual(cancelled);
  const events = await told(job);
  expect(events.at(-1)).toMatchObject({
    type: 'job.status',
    data: { status: 'cancelled' },
    seq: cancelled?.event_seq,
  });
  expect(events).toHaveLength(cancelled?.event_seq ?? 0);
});

/** A thread that says what it is told to say, in the place of one that computes. */
const saying = (messages: readonly object[], last = ''): URL => {
  const lines = messages.map((message) => `parentPort.postMessage(${js(message)});`).join('\n');
  const code = `import { parentPort } from 'node:worker_threads';\n${lines}\n${last}`;
  return new URL(`data:text/javascript,${encodeURIComponent(code)}`);
};
/** JSON with the numbers that JSON has not. */
const js = (value: unknown): string =>
  typeof value === 'number'
    ? String(value)
    : typeof value === 'object' && value !== null
      ? `{${Object.entries(value)
          .map(([key, member]) => `${JSON.stringify(key)}:${js(member)}`)
          .join(',')}}`
      : JSON.stringify(value);

const iteration = (step: number, loss: number) => ({
  type: 'iteration',
  step,
  fps: 12_345.678_901_234_5,
  metrics: {
    'rollout/ep_rew_mean': loss,
    'rollout/ep_len_mean': Number.NaN,
    'time/iterations': step / 256,
    'time/fps': 12_345,
    'time/time_elapsed': 1,
    'time/total_timesteps': step,
    'train/entropy_loss': loss,
    'train/policy_gradient_loss': -loss,
    'train/value_loss': loss,
    'train/approx_kl': loss,
    'train/clip_fraction': -loss,
    'train/loss': loss,
    'train/explained_variance': -loss,
    'train/n_updates': 10,
    'train/clip_range': 0.2,
    'train/clip_range_vf': 0.123_456_789_012_345,
    'train/learning_rate': 0.000_312_345_678_901_234_5,
  },
});
const runSaying = async (job: TrainingJob, program: URL) =>
  new JobRun(world(undefined, program), await claimed(job)).run();

test('a training that diverges fails with the reason, and may be redriven', async () => {
  const job = await create();
  const program = saying([
    iteration(256, 1),
    iteration(512, Number.POSITIVE_INFINITY),
    { type: 'diverged', step: 768 },
  ]);
  expect(await runSaying(job, program)).toBe('failed');
  const after = await read(job.job_id);
  expect(after).toMatchObject({
    state: 'failed',
    error_code: 'training.diverged',
    worker: null,
    progress: { step: 512 },
  });
  expect(after.error_detail).toMatch(/step 768 .* learning_rate/);
  const events = await told(job);
  expect(events.at(-1)).toMatchObject({ data: { status: 'failed', error_code: 'training.diverged' } });
  expect(await redrive(base, after)).toMatchObject({ state: 'queued', error_code: null, ended_at: null });
  expect(await run(job)).toBe('succeeded');
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, 1e300, 2 ** 53 * 2, 1e-310, 1e-200, -1e17, -0])(
  'metrics of %s are told as numbers that JSON and the table hold',
  async (loss) => {
    const job = await create();
    expect(await runSaying(job, saying([iteration(256, loss), { type: 'diverged', step: 512 }]))).toBe(
      'failed',
    );
    const [event] = (await told(job)).filter(({ type }) => type === 'training.metrics');
    const data = trainingMetrics.parse(event?.data);
    expect(data.episode_length).toBeNull();
    expect(data.value_loss === null || data.value_loss === 0).toBe(true);
  },
);

test('the longest numbers of a thousand iterations are one event of at most 4 KB, first peak and last point in it', async () => {
  const job = await create();
  const many = Array.from({ length: 1000 }, (_, at) =>
    iteration((at + 1) * 256, at === 400 ? 987.654_321_098_765_4 : -123.456_789_012_345_67 - at / 7),
  );
  expect(await runSaying(job, saying([...many, { type: 'diverged', step: 1 }]))).toBe('failed');
  const events = (await told(job)).filter(({ type }) => type === 'training.metrics');
  for (const event of events) expect(JSON.stringify(event).length).toBeLessThanOrEqual(4096);
  const points = curve(events);
  expect(points.at(-1)?.['step']).toBe(256_000);
  expect(points.map((point) => point['episode_reward'])).toContain(987.654);
});

test('a policy that each update throws far is warned of once, as an event and on the session, with what to try', async () => {
  const job = await create();
  const wild = (step: number) => {
    const { metrics, ...message } = iteration(step, 1);
    return { ...message, metrics: { ...metrics, 'train/approx_kl': 0.5 } };
  };
  const steps = Array.from({ length: 8 }, (_, at) => wild((at + 1) * 256));
  expect(await runSaying(job, saying([...steps, { type: 'diverged', step: 1 }]))).toBe('failed');
  const warned = (await told(job)).filter(({ type }) => type === 'training.warning');
  expect(warned.map(({ data }) => data['code'])).toEqual(['kl_blowup']);
  expect(warned[0]?.data).toMatchObject({ metric: 'train/approx_kl', value: 0.5, since_step: 256 });
  for (const event of warned) expect(trainingEvent.safeParse(event).error).toBeUndefined();
  const { warnings } = await read(job.job_id);
  expect(warnings).toEqual(warned.map(({ data }) => data));
  expect(warnings[0]?.remedies[0]).toEqual({ hyperparameter: 'learning_rate', change: 'lower' });
});

test('a thread that breaks or ends without a result leaves the job to the reaper', async () => {
  for (const program of [saying([], 'throw new Error("out of memory")'), saying([iteration(256, 1)])]) {
    const job = await create();
    await expect(runSaying(job, program)).rejects.toThrow(/out of memory|without a result/);
    expect(await read(job.job_id)).toMatchObject({ state: 'running', attempt: 1, worker: 'worker-1' });
  }
});
