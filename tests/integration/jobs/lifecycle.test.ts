import { afterAll, describe, expect, test } from 'vitest';
import { announce, claimNamed, claimNext, withdraw } from '#functions/tasks/trainer/claim.ts';
import { advance, type JobWorld, statusEvent } from '#shared/jobs/advance.ts';
import { orphans, returnFromDeadWorker } from '#shared/jobs/dead-workers.ts';
import { type TrainingJob, workers } from '#shared/jobs/job.ts';
import {
  cancel,
  claim,
  interrupt,
  leaseMs,
  redrive,
  renewLease,
  unlessChanged,
} from '#shared/jobs/lifecycle.ts';
import { ConditionFailed } from '#shared/table/table.ts';
import { aTable } from '#tests/support/table.ts';
import { jobsOf } from '#tests/support/trainer.ts';

const { table, stop } = await aTable();
afterAll(stop);
let at = Date.parse('2026-11-20T09:30:00.000Z');
const world: JobWorld = { table, now: () => new Date(at), events_days: 30 };
const { create, read, eventsOf } = jobsOf(world);
const present = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('nothing was there');
  return value;
};
const take = async (job: TrainingJob, worker = 'w1') =>
  present(await claim(world, await read(job.job_id), worker));

describe('a claim', () => {
  test('raises the attempt, names the worker, leases for thirty seconds and tells that it runs', async () => {
    const job = await create();
    const mine = await take(job);
    expect(mine).toMatchObject({ state: 'running', attempt: 1, worker: 'w1', event_seq: 2 });
    expect(Date.parse(mine.lease_until ?? '')).toBe(at + leaseMs);
    expect((await eventsOf(job.job_id)).map(({ data }) => data['status'])).toEqual(['pending', 'running']);
    expect(await read(job.job_id)).toEqual(mine);
  });

  test('of twenty workers at once is one worker’s', async () => {
    const job = await create();
    const claims = await Promise.all(
      Array.from({ length: 20 }, (_, n) => claimNamed(world, job.job_id, `w${n}`)),
    );
    expect(claims.filter((mine) => mine !== undefined)).toHaveLength(1);
    expect((await eventsOf(job.job_id)).map(({ seq }) => seq)).toEqual([1, 2]);
  });

  test('of a job that runs or has ended is nobody’s', async () => {
    const job = await create();
    await take(job);
    expect(await claimNamed(world, job.job_id, 'w2')).toBeUndefined();
    await cancel(world, job.job_id);
    expect(await claimNamed(world, job.job_id, 'w2')).toBeUndefined();
    expect(await claimNamed(world, 'no-such-job', 'w2')).toBeUndefined();
  });
});

describe('the fence', () => {
  test('a worker whose job was cancelled, returned or redriven writes nothing any more', async () => {
    for (const overtake of [
      (job: TrainingJob) => cancel(world, job.job_id),
      async (job: TrainingJob) => returnFromDeadWorker(world, await read(job.job_id)),
      async (job: TrainingJob) =>
        advance(world, await read(job.job_id), { state: 'succeeded', weights_hash: 'x' }),
    ]) {
      const job = await create();
      const mine = await take(job);
      await overtake(job);
      const [after, events] = [await read(job.job_id), await eventsOf(job.job_id)];
      for (const write of [
        () => advance(world, mine, { state: 'succeeded', weights_hash: 'mine' }),
        () =>
          advance(world, mine, { progress: { step: 9, fps: 1 } }, [
            { type: 'training.metrics', data: { step: 9 } },
          ]),
        () => renewLease(world, mine),
        () => interrupt(world, mine),
      ])
        await expect(write()).rejects.toThrow(ConditionFailed);
      expect([await read(job.job_id), await eventsOf(job.job_id)]).toEqual([after, events]);
    }
  });

  test('a job goes only where its state lets it, and a change that it does not allow writes nothing', async () => {
    const job = await create();
    await expect(advance(world, job, { state: 'succeeded' })).rejects.toThrow(
      'cannot go from queued to succeeded',
    );
    expect(await read(job.job_id)).toEqual(job);
  });
});

describe('a dead worker', () => {
  test('is found by its lease once that is over, or by its name at once', async () => {
    const [mine, other] = [await take(await create(), 'dead'), await take(await create(), 'alive')];
    const found = async (worker?: string) =>
      (await orphans(world, worker))
        .map(({ job_id }) => job_id)
        .filter((id) => [mine.job_id, other.job_id].includes(id));
    expect(await found()).toEqual([]);
    expect(await found('dead')).toEqual([mine.job_id]);
    at += leaseMs + 1;
    expect((await found()).sort()).toEqual([mine.job_id, other.job_id].sort());
    await renewLease(world, other);
    expect(await found()).toEqual([mine.job_id]);
  });

  test('gives the job back twice; the third death in a row ends it with the reason', async () => {
    const job = await create();
    for (const deaths of [1, 2]) {
      const after = present(await returnFromDeadWorker(world, await take(job)));
      expect(after).toMatchObject({
        state: 'interrupted',
        deaths,
        worker: null,
        lease_until: null,
        launched_at: null,
      });
    }
    const ended = present(await returnFromDeadWorker(world, await take(job)));
    expect(ended).toMatchObject({ state: 'failed', error_code: 'job.worker_died', deaths: 3, attempt: 3 });
    expect(ended.error_detail).toContain('3 times');
    expect(ended.ended_at).not.toBeNull();
    const events = await eventsOf(job.job_id);
    expect(events.at(-1)?.data).toEqual({ status: 'failed', attempt: 3, error_code: 'job.worker_died' });
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  });

  test('is counted anew after a checkpoint, and an orderly stop counts nothing', async () => {
    const job = await create();
    await returnFromDeadWorker(world, await take(job));
    const saved = await advance(world, await take(job), { checkpoint_step: 512, deaths: 0 });
    expect(await returnFromDeadWorker(world, saved)).toMatchObject({ state: 'interrupted', deaths: 1 });
    expect(await interrupt(world, await take(job))).toMatchObject({ state: 'interrupted', deaths: 1 });
  });

  test('who was not dead after all, only slow, is told of one death however many reapers look', async () => {
    const mine = await take(await create());
    const returned = await Promise.all(Array.from({ length: 10 }, () => returnFromDeadWorker(world, mine)));
    expect(returned.filter((job) => job !== undefined)).toHaveLength(1);
    expect(await read(mine.job_id)).toMatchObject({ deaths: 1, state: 'interrupted' });
  });
});

describe('a redrive', () => {
  test('runs a failed job once more: the next death ends it', async () => {
    const job = await create();
    const failed = await advance(world, await take(job), {
      state: 'failed',
      error_code: 'x',
      error_detail: 'y',
      ended_at: world.now().toISOString(),
    });
    expect(present(await redrive(world, failed))).toMatchObject({
      state: 'queued',
      error_code: null,
      error_detail: null,
      ended_at: null,
      launched_at: null,
    });
    expect(await returnFromDeadWorker(world, await take(job))).toMatchObject({
      state: 'failed',
      error_code: 'job.worker_died',
    });
  });

  test('is nothing for a job that has not failed, and one effect when two operators press at once', async () => {
    const job = await create();
    expect(await redrive(world, job)).toBeUndefined();
    const failed = await advance(world, await take(job), { state: 'failed' });
    const both = await Promise.all([redrive(world, failed), redrive(world, failed)]);
    expect(both.filter((one) => one !== undefined)).toHaveLength(1);
  });
});

describe('a cancellation', () => {
  test('is a success whatever happens meanwhile, and told once', async () => {
    const job = await create();
    const [mine] = [await take(job)];
    const busy = async () => {
      let current: TrainingJob | undefined = mine;
      for (let step = 1; current && step < 30; step++) {
        const seen: TrainingJob = current;
        current = await unlessChanged(() => advance(world, seen, { progress: { step, fps: 1 } }));
      }
    };
    const [, ...cancelled] = await Promise.all([
      busy(),
      cancel(world, job.job_id),
      cancel(world, job.job_id),
    ]);
    expect(cancelled.map((one) => one?.state)).toEqual(['cancelled', 'cancelled']);
    const statuses = (await eventsOf(job.job_id))
      .map(({ data }) => data['status'])
      .filter((status) => status === 'cancelled');
    expect(statuses).toHaveLength(1);
  });

  test('of a job that ended otherwise leaves it as it is', async () => {
    const done = await advance(world, await take(await create()), { state: 'succeeded', weights_hash: 'h' });
    expect(await cancel(world, done.job_id)).toEqual(done);
    expect(await cancel(world, 'no-such-job')).toBeUndefined();
  });
});

describe('whose turn it is', () => {
  test('is that of who has fewest trainings running, then of who has waited longest', async () => {
    const { table: own, stop: end } = await aTable();
    const turn: JobWorld = { ...world, table: own };
    const queue = jobsOf(turn);
    const enqueue = async (owner_id: string, minute: number) => {
      const queued_at = new Date(at + minute * 60_000).toISOString();
      return queue.create({ owner_id, queued_at, created_at: queued_at });
    };
    const greedy = [];
    for (let minute = 0; minute < 4; minute++) greedy.push(await enqueue('greedy', minute));
    const modest = await enqueue('modest', 10);
    const late = await enqueue('late', 20);
    const order: (string | undefined)[] = [];
    for (let turnNumber = 0; turnNumber < 7; turnNumber++)
      order.push((await claimNext(turn, `w${turnNumber}`, 9))?.job_id);
    const [first, second, third, fourth] = greedy.map(({ job_id }) => job_id);
    expect(order).toEqual([first, modest.job_id, late.job_id, second, third, fourth, undefined]);
    await end();
  });

  test('of one person no more at once than the school gives, however many trainers are free', async () => {
    const { table: own, stop: end } = await aTable();
    const turn: JobWorld = { ...world, table: own };
    const queue = jobsOf(turn);
    const sweep = [];
    for (let trial = 0; trial < 5; trial++)
      sweep.push(
        await queue.create({ owner_id: 'sweeper', turn_at: new Date(at + trial * 10_000).toISOString() }),
      );
    const later = await queue.create({ owner_id: 'late', turn_at: new Date(at + 15_000).toISOString() });
    const taken = [];
    for (let trainer = 0; trainer < 5; trainer++) taken.push(await claimNext(turn, `w${trainer}`, 2));
    const ids = [sweep[0], later, sweep[1]].map((job) => job?.job_id);
    expect(taken.map((job) => job?.job_id)).toEqual([...ids, undefined, undefined]);
    const [first] = taken;
    if (!first) throw new Error('nothing was taken');
    await advance(turn, first, { state: 'succeeded', worker: null, lease_until: null });
    expect((await claimNext(turn, 'w0', 2))?.job_id).toBe(sweep[2]?.job_id);
    await end();
  });
});

test('a worker is on the dispatcher’s list from its first word to its last, and its last word may come twice', async () => {
  const listed = async () =>
    (await table.queryAll(workers, { pk: 'workers#training' })).map(({ worker_id, job_id }) => [
      worker_id,
      job_id,
    ]);
  await announce(world, 'task-1', null);
  await announce(world, 'task-1', 'job-1');
  expect(await listed()).toEqual([['task-1', 'job-1']]);
  await withdraw(world, 'task-1');
  await withdraw(world, 'task-1');
  expect(await listed()).toEqual([]);
});

test('the event of a status says the public word', async () => {
  const job = await create({ state: 'queued' });
  expect(statusEvent(job)).toEqual({
    type: 'job.status',
    data: { status: 'pending', attempt: 0, error_code: null },
  });
});
