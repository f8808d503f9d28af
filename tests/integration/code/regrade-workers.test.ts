import { describe, expect, test } from 'vitest';
import { faults } from '#infra/local/gateway.ts';
import { uuidv7 } from '#shared/ids.ts';
import { newJobWrites } from '#shared/jobs/advance.ts';
import { returnFromDeadWorker } from '#shared/jobs/dead-workers.ts';
import { jobs, newGrading } from '#shared/jobs/job.ts';
import { refusal } from '#tests/support/refusal.ts';
import { scriptedGrader } from '#tests/support/scripted-grader.ts';
import { aRegradeWorld, byName } from './regrade-world.ts';

const { school, anna, ben, cho, dan, ...made } = await aRegradeWorld();
const { table, org_id } = school;
const { given, secondVersion, create, read, rowsOf, apply, stored, eventsOf } = made;

describe('a worker that stops', () => {
  /** A regrade of four submissions. */
  async function four() {
    const world = await given();
    for (const one of [anna, ben, cho, dan]) if (one) await world.hands(one, `# two ${one.user_id}`);
    await secondVersion(world.exercise);
    return { ...world, regrade: await create(world) };
  }

  test('gives the preview back when the task ends, and another goes on where it stopped', async () => {
    const { regrade } = await four();
    const first = scriptedGrader(table, (code, one) => {
      if (first.graded.length === 2) first.end();
      return byName(code, one);
    });
    expect(await first.run(regrade.job_id)).toBe('interrupted');
    expect(await read(regrade)).toMatchObject({ status: 'pending', falls: 2 });
    const second = scriptedGrader(table, byName);
    expect(await second.run(regrade.job_id, 'worker-2')).toBe('done');
    expect([first.graded.length, second.graded.length]).toEqual([2, 2]);
    expect(await read(regrade)).toMatchObject({
      status: 'previewed',
      falls: 4,
      progress: { done: 4, total: 4 },
    });
  });

  test('too slow to be believed alive writes nothing any more: no row twice, no count twice', async () => {
    const { regrade } = await four();
    let arrived: () => void = () => {};
    const atSecond = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    let release: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow = scriptedGrader(table, async (code, one) => {
      if (slow.graded.length === 2) {
        arrived();
        await held;
      }
      return byName(code, one);
    });
    const running = slow.run(regrade.job_id);
    await atSecond;
    const job = await table.get(jobs, { job_id: regrade.job_id }, { consistent: true });
    if (!job) throw new Error('the regrade has a job');
    await returnFromDeadWorker(slow.world, job);
    const second = scriptedGrader(table, byName);
    expect(await second.run(regrade.job_id, 'worker-2')).toBe('done');
    release();
    expect(await running).toBe('lost');
    expect(second.graded).toHaveLength(3);
    expect(await read(regrade)).toMatchObject({ status: 'previewed', rises: 0, falls: 4, same: 0 });
    expect(await rowsOf(regrade)).toHaveLength(4);
  });

  test('half way through the application: each submission is changed once', async () => {
    const { regrade } = await four();
    await scriptedGrader(table, byName).run(regrade.job_id);
    const { job_id } = await apply(regrade, { never_lower: false });
    const first = scriptedGrader(table, byName);
    let settled = 0;
    school.meet((operation) => {
      if (operation.startsWith('TransactWrite') && ++settled === 4) first.end();
      return undefined;
    });
    expect(await first.run(job_id)).toBe('interrupted');
    school.meet();
    const partly = (await rowsOf(regrade)).filter((row) => row.applied).length;
    expect(partly).toBeGreaterThan(0);
    expect(partly).toBeLessThan(4);
    expect(await scriptedGrader(table, byName).run(job_id, 'worker-2')).toBe('done');
    const rows = await rowsOf(regrade);
    expect(rows.every((row) => row.applied)).toBe(true);
    for (const { submission_id } of rows)
      expect(await stored({ submission_id })).toMatchObject({ grade: 25, gradings: 2 });
  });

  test('though every other reply of the table gets lost, each submission is changed once', async () => {
    const { regrade } = await four();
    let call = 0;
    const lostReplies = (operation: string) =>
      operation.startsWith('TransactWrite') && ++call % 2 === 0 ? faults.lostReply() : undefined;
    const grader = scriptedGrader(table, byName);
    school.meet(lostReplies);
    expect(await grader.run(regrade.job_id)).toBe('done');
    school.meet();
    expect(await read(regrade)).toMatchObject({ status: 'previewed', rises: 0, falls: 4, same: 0 });
    const { job_id } = await apply(regrade, { never_lower: false });
    school.meet(lostReplies);
    expect(await scriptedGrader(table, byName).run(job_id)).toBe('done');
    school.meet();
    for (const row of await rowsOf(regrade)) {
      expect(row.applied).toBe(true);
      expect(await stored(row)).toMatchObject({ grade: 25, gradings: 2 });
      const results = (await eventsOf(row.submission_id)).filter((one) => one.event_type === 'code.result');
      expect(results).toHaveLength(1);
    }
  });

  test('lets those who sit and wait go first, and still gets one further each time', async () => {
    const { regrade } = await four();
    const someone = newGrading(
      {
        kind: 'execution',
        job_id: uuidv7(),
        owner_id: dan.user_id,
        owner_name: dan.name,
        org_id,
        class_id: null,
        language: 'python',
        expires_at: Math.floor(Date.now() / 1000) + 600,
      },
      new Date().toISOString(),
      new Date(),
    );
    await table.write(...newJobWrites({ table, now: () => new Date(), events_days: 1 }, someone));
    const grader = scriptedGrader(table, byName);
    for (const rows of [1, 2]) {
      expect(await grader.run(regrade.job_id)).toBe('interrupted');
      expect(await rowsOf(regrade)).toHaveLength(rows);
    }
    const waiting = await table.get(jobs, someone, { consistent: true });
    if (waiting) await table.write(table.replace(jobs, waiting, { ...waiting, state: 'cancelled' }));
    expect(await grader.run(regrade.job_id)).toBe('done');
    expect(grader.graded).toHaveLength(4);
  });

  test('for good: the preview failed, and another may be made', async () => {
    const { regrade, exercise_id, assignment_id } = await four();
    const job = await table.get(jobs, regrade, { consistent: true });
    if (!job) throw new Error('the regrade has a job');
    await table.write(table.replace(jobs, job, { ...job, state: 'failed', error_code: 'job.worker_died' }));
    expect(await read(regrade)).toMatchObject({ status: 'failed', error_code: 'job.worker_died' });
    expect(await refusal(apply(regrade))).toBe('409 regrade.failed');
    expect(await create({ exercise_id, assignment_id })).toMatchObject({ status: 'pending' });
  });

  test('for good while applying: applying again goes on, under the terms it began with', async () => {
    const { regrade } = await four();
    await scriptedGrader(table, byName).run(regrade.job_id);
    const first = await apply(regrade, { never_lower: false });
    const job = await table.get(jobs, first, { consistent: true });
    if (!job) throw new Error('the regrade has a job');
    await table.write(table.replace(jobs, job, { ...job, state: 'failed', error_code: 'job.worker_died' }));
    const second = await apply(regrade, { never_lower: true });
    expect(second).toMatchObject({ status: 'pending', never_lower: false });
    expect(second.job_id).not.toBe(first.job_id);
    expect(await scriptedGrader(table, byName).run(second.job_id)).toBe('done');
    expect((await rowsOf(regrade)).every((row) => row.applied)).toBe(true);
  });
});
