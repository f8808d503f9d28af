import '#tests/support/quiet.ts';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord, SQSEvent } from 'aws-lambda';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { announce } from '#functions/tasks/trainer/claim.ts';
import { uuidv7 } from '#shared/ids.ts';
import { advance, type JobWorld, newJobWrites } from '#shared/jobs/advance.ts';
import {
  type CalibrationJob,
  type Job,
  type JobOf,
  jobs,
  type LaunchedJob,
  newCalibration,
  newGrading,
  type TrainingJob,
  workers,
} from '#shared/jobs/job.ts';
import { cancel, claim, waitingJobs } from '#shared/jobs/lifecycle.ts';
import { startBackground } from '#tests/support/background.ts';
import { aSchool } from '#tests/support/school.ts';
import { jobsOf } from '#tests/support/trainer.ts';

const background = await startBackground();
afterAll(background.stop);
const { table } = await aSchool();
const dispatcher = await import('#functions/queues/dispatch/handler.ts');
const reaper = await import('#functions/schedules/reaper/handler.ts');
const projector = await import('#functions/streams/projector/handler.ts');

const world: JobWorld = { table, now: () => new Date(), events_days: 30 };
const { create, read, eventsOf } = jobsOf(world);
const who = { queue: 'training', off_reason: null } as const;
const ago = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString();

/** A waiting similarity report: of the grading queue, and nobody's load. */
const createGrading = async (): Promise<JobOf<'similarity'>> => {
  const at = new Date();
  const given = {
    kind: 'similarity',
    job_id: uuidv7(),
    owner_id: 'teacher',
    owner_name: 'Teacher',
    org_id: 'school',
    class_id: null,
    assignment_id: 'a1',
    progress: { done: 0, total: 0 },
  } as const;
  const job = newGrading(given, at.toISOString(), at);
  await table.write(...newJobWrites(world, job));
  return job;
};

const createCalibration = async (): Promise<CalibrationJob> => {
  const owner = { owner_id: 'teacher', owner_name: 'Teacher', org_id: 'school', class_id: null };
  const job = newCalibration({ ...owner, job_id: uuidv7(), bank_id: 'bank' }, new Date());
  await table.write(...newJobWrites(world, job));
  return job;
};

const ring = async (...bodies: (string | LaunchedJob)[]): Promise<number[]> => {
  const records = bodies.map((body, at) => ({
    messageId: `m${at}`,
    body: typeof body === 'string' ? body : JSON.stringify({ job_id: body.job_id }),
  }));
  const reply = await dispatcher.handler({ Records: records } as SQSEvent);
  return (reply.batchItemFailures ?? []).map(({ itemIdentifier }) => Number(itemIdentifier.slice(1)));
};

/** Each test has the queue and the list of workers to itself. */
beforeEach(async () => {
  background.launches.length = 0;
  background.answers.length = 0;
  for (const state of ['waiting', 'running']) {
    for (const queue of ['training', 'grading', 'calibration']) {
      const left = await table.queryAll(jobs, { index: 'gsi3', pk: `jobs#${queue}#${state}` });
      for (const { job_id } of left) await cancel(world, job_id);
    }
  }
  for (const worker of await table.queryAll(workers, { pk: 'workers#training' }))
    await table.write(table.remove(workers, worker));
  await background.rings();
  await background.gradingRings();
});

describe('the dispatcher', () => {
  test('starts a task for a waiting job, tells it which, and asks for it once however often it is rung', async () => {
    const job = await create();
    expect(await ring(job, job)).toEqual([]);
    expect(await ring(job)).toEqual([]);
    expect(background.launches).toHaveLength(1);
    expect(background.launches[0]).toMatchObject({
      clientToken: `${job.job_id}-1`,
      startedBy: job.job_id,
      count: 1,
    });
    expect(background.launches[0]?.overrides.containerOverrides).toEqual([
      { name: 'trainer', environment: [{ name: 'JOB_ID', value: job.job_id }] },
    ]);
    expect(await read(job.job_id)).toMatchObject({ launch: 1, state: 'queued' });
  });

  test('starts nothing for a job that runs, has ended or never was', async () => {
    const [running, ended] = [await create(), await create()];
    await claim(world, running, 'w1');
    await cancel(world, ended.job_id);
    expect(await ring(running, ended, '{"job_id":"no-such-job"}')).toEqual([]);
    expect(background.launches).toEqual([]);
  });

  test('leaves a job to an idle trainer, and does not believe one that has fallen silent', async () => {
    const job = await create();
    await announce(world, 'idle', null);
    await ring(job);
    expect(background.launches).toEqual([]);
    const { job_id, expires_at } = { job_id: null, expires_at: Math.floor(Date.now() / 1000) + 300 };
    await table.write(
      table.put(workers, { ...who, worker_id: 'idle', job_id, seen_at: ago(21), expires_at }),
    );
    await ring(job);
    expect(background.launches).toHaveLength(1);
  });

  test('two waiting jobs and one idle trainer make one new task', async () => {
    const [first, second] = [await create({ queued_at: ago(9) }), await create({ queued_at: ago(8) })];
    await announce(world, 'idle', null);
    await ring(first, second);
    expect(background.launches.map(({ startedBy }) => startedBy)).toEqual([second.job_id]);
  });

  test('never has more trainers than the school allows, in one batch or in several', async () => {
    const waiting = await Promise.all(
      Array.from({ length: 10 }, (_, at) => create({ owner_id: `o${at}`, queued_at: ago(60 - at) })),
    );
    await ring(...waiting);
    expect(background.launches).toHaveLength(2);
    await ring(...waiting);
    expect(background.launches).toHaveLength(2);
  });

  test('counts trainers that work against the cap', async () => {
    await announce(world, 'busy-1', 'job-1');
    await announce(world, 'busy-2', 'job-2');
    await ring(await create());
    expect(background.launches).toEqual([]);
  });

  test('starts the calibrator for a calibration, two at most, whatever trainings there are', async () => {
    await announce(world, 'idle', null);
    const waiting = [await createCalibration(), await createCalibration(), await createCalibration()];
    await ring(await create(), ...waiting, ...waiting);
    const [first, second] = waiting;
    expect(background.launches.map(({ startedBy }) => startedBy)).toEqual([first?.job_id, second?.job_id]);
    expect(background.launches[0]).toMatchObject({
      taskDefinition: expect.stringContaining('task-definition/calibrator'),
      overrides: { containerOverrides: [{ name: 'calibrator' }] },
    });
    for (const one of [first, second]) if (one) await cancel(world, one.job_id);
    await ring(...waiting.slice(2));
    expect(background.launches.at(-1)?.startedBy).toBe(waiting[2]?.job_id);
  });

  test('a refusal for want of capacity rings later, and the next try has another token', async () => {
    const job = await create();
    background.answers.push('refuse', 'refuse');
    expect(await ring(job)).toEqual([]);
    expect(await read(job.job_id)).toMatchObject({
      launch: 1,
      launched_at: null,
      state: 'queued',
      deaths: 0,
    });
    expect([await background.rings(), await background.delayed()]).toEqual([[], 1]);
    await ring(job);
    await ring(job);
    expect(background.launches.map(({ clientToken }) => clientToken)).toEqual(
      [1, 2, 3].map((launch) => `${job.job_id}-${launch}`),
    );
  });

  test('an error of ECS returns the ring to the queue, and the next ring tries again', async () => {
    const job = await create();
    background.answers.push('throw');
    expect(await ring(job)).toEqual([0]);
    expect(await read(job.job_id)).toMatchObject({ launched_at: null });
    expect(await ring(job)).toEqual([]);
    expect(background.launches).toHaveLength(2);
  });

  test('a launch that nobody came from is repeated after two minutes', async () => {
    const job = await create({ launch: 1, launched_at: ago(121) });
    await ring(job);
    expect(background.launches[0]?.clientToken).toBe(`${job.job_id}-2`);
  });

  test.each([
    '',
    '{',
    'null',
    '[]',
    '{}',
    '{"job_id":7}',
    '{"job_id":""}',
    '{"job_id":"a","more":1}',
    '"text"',
  ])('the message %j fails alone and its neighbours are served', async (poison) => {
    const [one, two] = [await create({ queued_at: ago(2) }), await create({ queued_at: ago(1) })];
    expect(await ring(one, poison, two)).toEqual([1]);
    expect(background.launches).toHaveLength(2);
  });
});

describe('the reaper', () => {
  test('returns jobs whose lease is over, and leaves the others', async () => {
    const [late, fine] = [await create(), await create()];
    const running = await claim(world, late, 'w1');
    if (!running) throw new Error('not claimed');
    await advance(world, running, { lease_until: ago(1) });
    await claim(world, fine, 'w2');
    expect(await reaper.handler({})).toEqual({ returned: 1, rung: 0 });
    expect(await read(late.job_id)).toMatchObject({ state: 'interrupted', deaths: 1 });
    expect(await read(fine.job_id)).toMatchObject({ state: 'running' });
    expect(await reaper.handler({})).toEqual({ returned: 0, rung: 0 });
  });

  test('returns the job of a task that stopped at once, and of no other task', async () => {
    const stopped = (taskArn: string) =>
      reaper.handler({ 'detail-type': 'ECS Task State Change', detail: { taskArn, lastStatus: 'STOPPED' } });
    const [mine, other] = [await create(), await create()];
    await claim(world, mine, 'arn:task/1');
    await claim(world, other, 'arn:task/10');
    expect(await stopped('arn:task/1')).toEqual({ returned: 1, rung: 0 });
    expect(await read(mine.job_id)).toMatchObject({ state: 'interrupted', deaths: 1 });
    expect(await read(other.job_id)).toMatchObject({ state: 'running' });
    expect(await stopped('arn:task/none')).toEqual({ returned: 0, rung: 0 });
  });

  test('rings for who was left to wait for an idle worker, when that one dies', async () => {
    const idle = async (worker_id: string, job_id: string | null) =>
      table.write(
        table.put(workers, {
          ...who,
          worker_id,
          job_id,
          seen_at: ago(1),
          expires_at: Math.floor(Date.now() / 1000) + 300,
        }),
      );
    await idle('arn:task/idle', null);
    await idle('arn:task/busy', 'another');
    const waits = await create({ queued_at: ago(3) });
    const launched = await create({ queued_at: ago(2), launched_at: ago(1) });
    const stopped = (taskArn: string) =>
      reaper.handler({ 'detail-type': 'ECS Task State Change', detail: { taskArn, lastStatus: 'STOPPED' } });
    expect(await stopped('arn:task/busy')).toEqual({ returned: 0, rung: 0 });
    expect(await stopped('arn:task/idle')).toEqual({ returned: 0, rung: 1 });
    expect(await stopped('arn:task/idle')).toEqual({ returned: 0, rung: 0 });
    expect((await read(waits.job_id)).queued_at > waits.queued_at).toBe(true);
    expect((await read(launched.job_id)).queued_at).toBe(launched.queued_at);
  });

  test('rings again for who has waited ninety seconds without a launch, and for nobody else', async () => {
    const forgotten = await create({ queued_at: ago(91) });
    const fresh = await create({ queued_at: ago(30) });
    const launched = await create({ queued_at: ago(200), launched_at: ago(60) });
    const lost = await create({ queued_at: ago(200), launched_at: ago(130) });
    expect(await reaper.handler({ 'detail-type': 'Scheduled Event' })).toEqual({ returned: 0, rung: 2 });
    for (const { job_id } of [forgotten, lost]) {
      const job = await read(job_id);
      expect([Date.parse(job.queued_at) > Date.now() - 10_000, job.launched_at]).toEqual([true, null]);
      expect(await eventsOf(job_id)).toHaveLength(1);
    }
    expect((await read(fresh.job_id)).queued_at).toBe(fresh.queued_at);
    expect((await read(launched.job_id)).queued_at).toBe(launched.queued_at);
  });
});

describe('the reaper of graders', () => {
  const stopped = (taskArn: string) =>
    reaper.handler({ 'detail-type': 'ECS Task State Change', detail: { taskArn, lastStatus: 'STOPPED' } });
  const known = (worker_id: string) =>
    table.write(
      table.put(workers, {
        queue: 'grading',
        off_reason: null,
        worker_id,
        job_id: null,
        seen_at: ago(1),
        expires_at: Math.floor(Date.now() / 1000) + 300,
      }),
    );

  test('returns what a dead one ran behind who waits by now, and rings for both after ninety seconds', async () => {
    const [ran, waits] = [await createGrading(), await createGrading()];
    await claim(world, ran, 'arn:task/grader');
    expect(await stopped('arn:task/grader')).toEqual({ returned: 1, rung: 0 });
    const after = await waitingJobs(world, 'grading', 10);
    expect(after.map(({ job_id, deaths }) => [job_id, deaths])).toEqual([
      [waits.job_id, 0],
      [ran.job_id, 1],
    ]);
    for (const job of after) await advance(world, job, { queued_at: ago(91) });
    expect(await reaper.handler({})).toEqual({ returned: 0, rung: 2 });
    expect((await waitingJobs(world, 'grading', 10)).map(({ job_id }) => job_id)).toEqual([
      waits.job_id,
      ran.job_id,
    ]);
  });

  test('rings once for whom a dead one had heard and not taken; one that withdrew had heard nobody', async () => {
    const job = await createGrading();
    expect(await stopped('arn:task/withdrawn')).toEqual({ returned: 0, rung: 0 });
    await known('arn:task/grader');
    expect(await stopped('arn:task/grader')).toEqual({ returned: 0, rung: 1 });
    expect(await stopped('arn:task/grader')).toEqual({ returned: 0, rung: 0 });
    const [rung] = await waitingJobs(world, 'grading', 10);
    expect([rung?.job_id, (rung?.queued_at ?? '') > job.queued_at, rung?.fair_at]).toEqual([
      job.job_id,
      true,
      job.fair_at,
    ]);
  });
});

describe('the projector', () => {
  type Image = NonNullable<NonNullable<DynamoDBRecord['dynamodb']>['NewImage']>;
  const image = (job: Job): Image => marshall(jobs.stored(job), { removeUndefinedValues: true }) as Image;
  const record = (before: Job | undefined, after: Job, sequence = '1'): DynamoDBRecord => ({
    eventID: sequence,
    dynamodb: {
      SequenceNumber: sequence,
      NewImage: image(after),
      ...(before && { OldImage: image(before) }),
    },
  });
  const project = async (...records: DynamoDBRecord[]) =>
    (await projector.handler({ Records: records })).batchItemFailures;

  test('rings for a job that now waits: new, interrupted, redriven, rung for again', async () => {
    const job = await create();
    const running: TrainingJob = { ...job, state: 'running' };
    const waits: [TrainingJob | undefined, TrainingJob][] = [
      [undefined, job],
      [running, { ...job, state: 'interrupted' }],
      [{ ...job, state: 'failed' }, job],
      [job, { ...job, queued_at: ago(-5) }],
    ];
    for (const [before, after] of waits) {
      expect(await project(record(before, after))).toEqual([]);
      expect(await background.rings()).toEqual([job.job_id]);
    }
  });

  test('rings the queue of the job’s kind', async () => {
    const grading = await createGrading();
    expect(await project(record(undefined, grading))).toEqual([]);
    expect(await background.gradingRings()).toEqual([grading.job_id]);
    expect(await background.rings()).toEqual([]);
  });

  test('rings for nothing else', async () => {
    const job = await create();
    const running: TrainingJob = { ...job, state: 'running' };
    await project(
      record(job, running),
      record(running, { ...running, progress: { step: 1, fps: 1 } }),
      record(running, { ...running, state: 'succeeded' }),
      record(job, { ...job, state: 'cancelled' }),
      record(job, { ...job, launch: 1, launched_at: ago(0) }),
      record({ ...job, launched_at: ago(0) }, { ...job, launched_at: null }),
    );
    expect(await background.rings()).toEqual([]);
  });

  test('a record that cannot be read fails alone', async () => {
    const job = await create();
    const broken: DynamoDBRecord = {
      eventID: '7',
      dynamodb: { SequenceNumber: '7', NewImage: { type: { S: 'job' } } },
    };
    expect(await project(record(undefined, job, '6'), broken)).toEqual([{ itemIdentifier: '7' }]);
    expect(await background.rings()).toEqual([job.job_id]);
  });
});
