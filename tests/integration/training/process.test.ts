import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { type TrainingJob, workers } from '#shared/jobs/job.ts';
import { cancel, waitingJobs } from '#shared/jobs/lifecycle.ts';
import { settings } from '#tests/support/school.ts';
import { aTrainer, tinyConfig } from '#tests/support/trainer.ts';

const { base, table, create, read, environment, stop } = await aTrainer();
const running = new Set<ChildProcess>();
afterAll(async () => {
  for (const task of running) task.kill('SIGKILL');
  await stop();
});

/** The trainer as ECS starts it: a process with its environment, which ends after a second without work. */
function startTask(job?: TrainingJob) {
  const limits = { ...settings.limits, trainer_idle_s: 1 };
  const task = spawn(
    process.execPath,
    [join(import.meta.dirname, '../../../functions/tasks/trainer/main.ts')],
    {
      env: {
        ...environment,
        PATH: process.env['PATH'],
        NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
        SCHOOL_SETTINGS: JSON.stringify({ ...settings, limits }),
        POWERTOOLS_LOG_LEVEL: 'SILENT',
        ...(job && { JOB_ID: job.job_id }),
      },
      stdio: 'ignore',
    },
  );
  running.add(task);
  const ended = once(task, 'exit').then(([code]) => {
    running.delete(task);
    return code;
  });
  return { task, ended };
}
const listed = async () =>
  (await table.queryAll(workers, { pk: 'workers#training' })).map(({ job_id }) => job_id);
const until = async (reached: () => Promise<boolean>): Promise<void> => {
  for (let waited = 0; !(await reached()); waited += 50) {
    if (waited > 30_000) throw new Error('it never came to that');
    await sleep(50);
  }
};

test('a trainer runs the job it was started for, then whatever waits, then ends and leaves no trace', async () => {
  const [named, waiting] = [
    await create({ queued_at: new Date(Date.now() + 1000).toISOString() }),
    await create({ owner_id: 'joon' }),
  ];
  const { ended } = startTask(named);
  await until(async () => (await listed()).includes(named.job_id));
  expect(await ended).toBe(0);
  for (const { job_id } of [named, waiting])
    expect(await read(job_id)).toMatchObject({ state: 'succeeded', attempt: 1 });
  expect(await listed()).toEqual([]);
});

test('a trainer that is asked to end returns its job with a checkpoint, and ends well', async () => {
  const job = await create({ config: { ...tinyConfig, max_steps: 5_000_000 } });
  const { task, ended } = startTask(job);
  await until(async () => (await read(job.job_id)).progress.step > 0);
  const at = performance.now();
  task.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(performance.now() - at).toBeLessThan(10_000);
  const after = await read(job.job_id);
  expect(after).toMatchObject({ state: 'interrupted', deaths: 0, worker: null });
  expect(after.checkpoint_step).toBeGreaterThan(0);
  expect(await listed()).toEqual([]);
});

test('a trainer whose job was cancelled meanwhile takes nothing up, and ends', async () => {
  for (const { job_id } of await waitingJobs({ table }, 'training', 100)) await cancel(base, job_id);
  const job = await create();
  await cancel(base, job.job_id);
  expect(await startTask(job).ended).toBe(0);
  expect(await read(job.job_id)).toMatchObject({ state: 'cancelled', attempt: 0 });
});
