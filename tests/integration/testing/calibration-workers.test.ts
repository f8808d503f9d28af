import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { runCalibration } from '#functions/tasks/calibrator/run.ts';
import { calibrationReportKey } from '#shared/jobs/artifacts.ts';
import { orphans, returnFromDeadWorker } from '#shared/jobs/dead-workers.ts';
import { type CalibrationJob, queued } from '#shared/jobs/job.ts';
import { claim } from '#shared/jobs/lifecycle.ts';
import { events, eventsKey } from '#shared/realtime/event.ts';
import { calibrations } from '#shared/table/calibration.ts';
import { answered, calibratorOf, itemOf, slopesAndDifficulties } from '#tests/support/calibrations.ts';
import { refusal } from '#tests/support/refusal.ts';
import { aSchool, settings } from '#tests/support/school.ts';
import { aBank } from '#tests/support/testing.ts';

const school = await aSchool();
const [teacher, admin] = [await school.person('teacher'), await school.person('org_admin')];
const { table } = school;
const calibrator = await calibratorOf(school);

const truth = slopesAndDifficulties(8, 5);
let bank_id = '';
beforeAll(async () => {
  const items = truth.map((one, i) => itemOf(i, one));
  const bank = await aBank(school, { org_id: school.org_id, by: teacher.user_id, items });
  bank_id = bank.bank_id;
  await answered(school, bank, truth, { persons: 250, seed: 6 });
});

const started = async (): Promise<string> => {
  const { calibration_id } = await teacher.testing.createCalibration({ body: { bank_id, mode: 'free' } });
  return calibration_id;
};
afterEach(async () => {
  const { items } = await teacher.testing.listCalibrations({ query: { bank_id, limit: 100 } });
  for (const { calibration_id, status } of items)
    if (status === 'pending' || status === 'running')
      await teacher.testing.cancelCalibration({ params: { calibration_id } });
});

const until = async (reached: () => Promise<boolean> | boolean): Promise<void> => {
  for (let waited = 0; !(await reached()); waited += 20) {
    if (waited > 40_000) throw new Error('it never came to that');
    await sleep(20);
  }
};
/** What the reaper does of a job whose worker is dead. */
const reap = async (job_id: string): Promise<CalibrationJob | undefined> =>
  returnFromDeadWorker(calibrator.world(), await calibrator.read(job_id));
const eventsOf = (job_id: string) => table.queryAll(events, { pk: eventsKey(`job:${job_id}`) });

/** Exactly one end, events without a gap, and a report of the attempt that made it. */
async function expectOneResult(calibration_id: string, attempt: number): Promise<void> {
  const view = await teacher.testing.getCalibration({ params: { calibration_id } });
  expect(view).toMatchObject({ status: 'completed', attempt, summary: { sessions: 250, items: 8 } });
  const told = await eventsOf(calibration_id);
  expect(told.map(({ seq }) => seq)).toEqual(told.map((_, i) => i + 1));
  expect(view.last_seq).toBe(told.length);
  const ends = told.filter(
    ({ event_type, data }) => event_type === 'job.status' && data['status'] === 'completed',
  );
  expect(ends).toHaveLength(1);
  const record = await table.get(calibrations, { calibration_id }, { consistent: true });
  expect(record?.report_attempt).toBe(attempt);
  const report = await teacher.testing.getCalibrationReport({ params: { calibration_id } });
  expect(report.summary).toEqual(view.summary);
}

/** Computing that ends when the test says so. */
function slowly() {
  let go = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    go = resolve;
  });
  let reached = false;
  const { compute } = calibrator.world();
  return {
    go: () => go(),
    reached: () => reached,
    compute: async (...[input, watch]: Parameters<typeof compute>) => {
      reached = true;
      watch.signal.throwIfAborted();
      const stopped = new Promise<never>((_, reject) => {
        watch.signal.addEventListener('abort', () => reject(watch.signal.reason));
      });
      await Promise.race([gate, stopped]);
      return compute(input, { ...watch, signal: new AbortController().signal });
    },
  };
}

describe('a worker that was taken for dead', () => {
  test('and comes back writes nothing that counts: the successor’s result is the one', async () => {
    const id = await started();
    const slow = slowly();
    const zombie = runCalibration(
      calibrator.world({ compute: slow.compute }),
      await calibrator.claimed(id, 'w1'),
    );
    await until(slow.reached);
    await reap(id);
    const successor = await claim(calibrator.world(), await calibrator.read(id), 'w2');
    if (!successor) throw new Error('the job was not returned');
    expect(await runCalibration(calibrator.world(), successor)).toBe('succeeded');
    slow.go();
    expect(await zombie).toBe('fenced');
    await expectOneResult(id, 2);
  });

  test('after its report was written leaves an object that nothing names', async () => {
    const id = await started();
    const { objects } = calibrator;
    const dying = calibrator.world({
      objects: {
        ...objects,
        put: async (...report) => {
          await objects.put(...report);
          await reap(id);
        },
      },
    });
    expect(await runCalibration(dying, await calibrator.claimed(id, 'w1'))).toBe('fenced');
    expect(await calibrator.read(id)).toMatchObject({ state: 'interrupted', deaths: 1 });
    expect(await refusal(teacher.testing.getCalibrationReport({ params: { calibration_id: id } }))).toBe(
      '409 calibration.not_completed',
    );
    expect((await objects.get(calibrationReportKey(id, 1))).length).toBeGreaterThan(0);
    expect(await calibrator.run(id)).toBe('succeeded');
    await expectOneResult(id, 2);
  });

  test('of several that claim at once one has it', async () => {
    const id = await started();
    const job = await calibrator.read(id);
    const claims = await Promise.all(
      Array.from({ length: 8 }, (_, i) => claim(calibrator.world(), job, `w${i}`)),
    );
    expect(claims.filter((one) => one !== undefined)).toHaveLength(1);
  });
});

describe('while it computes', () => {
  test('the lease is kept, however long it says nothing', async () => {
    const id = await started();
    const slow = slowly();
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    try {
      const job = await calibrator.claimed(id);
      const run = runCalibration(calibrator.world({ compute: slow.compute }), job);
      await until(slow.reached);
      const before = await calibrator.read(id);
      await sleep(5);
      vi.advanceTimersByTime(10_500);
      await until(async () => ((await calibrator.read(id)).lease_until ?? '') > (before.lease_until ?? ''));
      expect((await eventsOf(id)).length).toBe(before.event_seq);
      slow.go();
      expect(await run).toBe('succeeded');
    } finally {
      vi.useRealTimers();
    }
  });

  test('a cancelled one stops within seconds, and stays cancelled', async () => {
    const id = await started();
    const slow = slowly();
    const run = runCalibration(calibrator.world({ compute: slow.compute }), await calibrator.claimed(id));
    await until(slow.reached);
    const params = { calibration_id: id };
    const at = performance.now();
    expect(await teacher.testing.cancelCalibration({ params })).toMatchObject({ status: 'cancelled' });
    expect(await run).toBe('fenced');
    expect(performance.now() - at).toBeLessThan(5_000);
    expect(await teacher.testing.cancelCalibration({ params })).toMatchObject({
      status: 'cancelled',
      summary: null,
    });
    expect(await refusal(admin.testing.redriveCalibration({ params }))).toBe('409 calibration.not_failed');
  });

  test('one that takes too long ends, with the limit named', async () => {
    const id = await started();
    const slow = slowly();
    expect(await calibrator.run(id, { compute: slow.compute, limit_s: 0.5 })).toBe('timed_out');
    expect(await teacher.testing.getCalibration({ params: { calibration_id: id } })).toMatchObject({
      status: 'failed',
      error_code: 'job.timed_out',
    });
  });

  test('a crash of the computing thread is nobody’s result: the job waits for the reaper', async () => {
    const id = await started();
    const crash = async () => {
      throw new TypeError('a bug');
    };
    await expect(calibrator.run(id, { compute: crash })).rejects.toThrow('a bug');
    expect(await calibrator.read(id)).toMatchObject({ state: 'running', attempt: 1 });
    const [orphan] = await orphans(calibrator.world(), 'calibrator-1');
    expect(orphan?.job_id).toBe(id);
  });
});

describe('a job whose workers die', () => {
  test('three times is given up with the reason; an administrator runs it once more', async () => {
    const id = await started();
    for (const worker of ['w1', 'w2', 'w3']) {
      await calibrator.claimed(id, worker);
      await reap(id);
    }
    const params = { calibration_id: id };
    expect(await teacher.testing.getCalibration({ params })).toMatchObject({
      status: 'failed',
      error_code: 'job.worker_died',
    });
    const { items } = await admin.testing.listCalibrations({ query: { bank_id, status: 'failed' } });
    expect(items.map(({ calibration_id }) => calibration_id)).toContain(id);
    expect(await refusal(teacher.testing.redriveCalibration({ params }))).toBe('403 auth.role');
    expect(await admin.testing.redriveCalibration({ params })).toMatchObject({ status: 'pending' });
    expect(await calibrator.run(id)).toBe('succeeded');
    await expectOneResult(id, 4);
  });
});

describe('the task', () => {
  const running = new Set<ChildProcess>();
  afterAll(() => {
    for (const task of running) task.kill('SIGKILL');
  });
  const program = join(import.meta.dirname, '../../../functions/tasks/calibrator/main.ts');

  /** As ECS starts it. */
  function startTask(job_id: string) {
    const task = spawn(process.execPath, [program], {
      env: {
        ...process.env,
        SCHOOL_SETTINGS: JSON.stringify(settings),
        POWERTOOLS_LOG_LEVEL: 'SILENT',
        JOB_ID: job_id,
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    running.add(task);
    const ended = once(task, 'exit').then(([code, signal]) => {
      running.delete(task);
      return code ?? signal;
    });
    return { task, ended };
  }

  test('runs what it was started for, then what waits, and ends', async () => {
    const [named, waiting] = [await started(), await started()];
    expect(await startTask(named).ended).toBe(0);
    await expectOneResult(named, 1);
    await expectOneResult(waiting, 1);
  });

  test('killed again and again, at whatever it does, it leaves one result', async () => {
    const id = await started();
    // before it claims, while it reads, when it computes or writes
    for (const afterEvents of [1, 2, 3, 4]) {
      const { task, ended } = startTask(id);
      await until(async () => task.exitCode !== null || (await eventsOf(id)).length > afterEvents * 2);
      task.kill('SIGKILL');
      await ended;
      const job = await calibrator.read(id);
      if (job.state !== 'running') continue;
      // an operator's patience: these deaths are not to end it
      await table.write(table.replace(queued.calibration, job, { ...job, deaths: 0 }));
      await reap(id);
    }
    const before = await calibrator.read(id);
    if (before.state !== 'succeeded') expect(await startTask(id).ended).toBe(0);
    const { attempt } = await calibrator.read(id);
    await expectOneResult(id, attempt);
    expect(attempt).toBeGreaterThan(1);
  });

  test('asked to end, it returns its job to the queue and ends well', async () => {
    const id = await started();
    const { task, ended } = startTask(id);
    await until(async () => (await calibrator.read(id)).state === 'running');
    task.kill('SIGTERM');
    expect(await ended).toBe(0);
    const after = await calibrator.read(id);
    expect(['interrupted', 'succeeded']).toContain(after.state);
    expect(after).toMatchObject({ deaths: 0, worker: null, attempt: 1 });
  });
});
