/** The grader over an engine that runs nothing: what it does when everything around it fails. */
import '#tests/support/quiet.ts';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { claimNext } from '#functions/tasks/grader/claim.ts';
import type { Engine } from '#functions/tasks/grader/world.ts';
import { seeded } from '#infra/local/adverse.ts';
import { faults } from '#infra/local/gateway.ts';
import { jobs } from '#shared/jobs/job.ts';
import { cancel, waitingJobs } from '#shared/jobs/lifecycle.ts';
import { loads } from '#shared/jobs/load.ts';
import { startBackground } from '#tests/support/background.ts';
import { anExercise } from '#tests/support/exercises.ts';
import {
  eventsOf,
  jobWorld,
  outcome,
  scripted,
  sendRing,
  startGrader,
  startRinging,
  until,
} from '#tests/support/grader.ts';
import { refusal } from '#tests/support/refusal.ts';
import { aSchool, type Person } from '#tests/support/school.ts';

const background = await startBackground();
const school = await aSchool();
const { table } = school;
const world = jobWorld(table);
const reaper = await import('#functions/schedules/reaper/handler.ts');
const admin = await school.person('org_admin');
const { exercise_id } = await anExercise(table, {
  org_id: school.org_id,
  by: admin.user_id,
  practice: true,
});
afterAll(background.stop);
const allPass = () => scripted(() => 'pass');

/** Each test has the queue to itself. */
beforeEach(async () => {
  for (const { job_id } of await waitingJobs(world, 'grading', 1_000)) await cancel(world, job_id);
  await background.gradingRings();
});

const submit = async (who: Person, code = 'right') =>
  (await who.code.submit({ params: { exercise_id }, body: { submission_code: code } })).submission_id;
const read = (submission_id: string) => admin.code.getSubmission({ params: { submission_id } });
const settled = ({ status }: { readonly status: string }) =>
  status === 'graded' || status === 'manual_review';
const ended = (submission_id: string) => until(() => read(submission_id), settled);
const finals = async (submission_id: string) =>
  (await eventsOf(table, submission_id)).filter(
    ({ event_type, data }) => event_type === 'job.status' && settled({ status: String(data['status']) }),
  );

describe('turns', () => {
  test('are taken by people, not by runs: who has none waiting comes before another’s second', async () => {
    const [greedy, modest] = [await school.person('student'), await school.person('student')];
    const execute = async (who: Person) =>
      (await who.code.execute({ body: { code: 'print(1)' } })).execution_id;
    const first = await execute(greedy);
    const second = await execute(greedy);
    const third = await execute(greedy);
    const later = await execute(modest);
    const place = (who: Person, execution_id: string) =>
      who.code.getExecution({ params: { execution_id } }).then(({ queue_position }) => queue_position);
    expect([
      await place(greedy, first),
      await place(modest, later),
      await place(greedy, second),
      await place(greedy, third),
    ]).toEqual([1, 2, 3, 4]);
    const order: (string | undefined)[] = [];
    for (let n = 0; n < 5; n++) order.push((await claimNext(world, 'w'))?.job_id);
    expect(order).toEqual([first, later, second, third, undefined]);
    for (const job_id of order) if (job_id !== undefined) await cancel(world, job_id);
  });
});

describe('a grader that is asked to end', () => {
  test('finishes what is under way, and begins nothing new', async () => {
    const who = await school.person('student');
    const engine = allPass();
    let finish = (): void => undefined;
    engine.before = () => new Promise((resolve) => (finish = resolve));
    const ringing = startRinging(table);
    const grader = startGrader(table, engine);
    const [running, waiting] = [await submit(who), await submit(who)];
    await until(
      async () => engine.runs.length,
      (runs) => runs === 1,
    );
    const end = grader.end();
    finish();
    await end;
    await ringing.stop();
    expect((await read(running)).status).toBe('graded');
    expect((await read(waiting)).status).toBe('pending');
  });

  test('returns what it has no time to finish, as nobody’s fault; another grades it once', async () => {
    const who = await school.person('student');
    const engine = allPass();
    engine.before = (signal) =>
      new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    const ringing = startRinging(table);
    const grader = startGrader(table, engine);
    const id = await submit(who);
    await until(
      async () => engine.runs.length,
      (runs) => runs === 1,
    );
    void grader.end();
    await grader.halt();
    expect(await table.get(jobs, { job_id: id }, { consistent: true })).toMatchObject({
      state: 'interrupted',
      deaths: 0,
      worker: null,
    });
    const other = startGrader(table, allPass());
    expect(await ended(id)).toMatchObject({ status: 'graded', grade: 100 });
    await other.end();
    await ringing.stop();
    expect(await finals(id)).toHaveLength(1);
  });
});

describe('a submission that the platform fails at', () => {
  const broken = (grade: Engine['grade']): Engine => ({ version: 'broken 1', grade });
  const ways: readonly (readonly [string, Engine])[] = [
    ['throws', broken(() => Promise.reject(new Error('the runner is gone')))],
    ['comes to no verdict', broken(async (_, tests) => tests.map(() => outcome('internal')))],
  ];

  test.each(ways)(
    'because the engine %s three times waits for a person, is never a grade, and a redrive grades it once',
    async (_, engine) => {
      const who = await school.person('student');
      const ringing = startRinging(table);
      const grader = startGrader(table, engine);
      const id = await submit(who);
      const failed = await ended(id);
      expect(failed).toMatchObject({
        status: 'manual_review',
        review_reason: 'grader_failed',
        grade: null,
        gradings: [],
      });
      await grader.end();
      const job = await table.get(jobs, { job_id: id }, { consistent: true });
      expect(job).toMatchObject({ state: 'failed', error_code: 'grader.failed', deaths: 3 });
      expect((await table.get(loads, who, { consistent: true }))?.active).toBe(0);
      const listed = await admin.code.listSubmissions({ query: { status: 'manual_review' } });
      expect(listed.items.map(({ submission_id }) => submission_id)).toContain(id);

      const params = { submission_id: id };
      expect(await refusal(who.code.redriveSubmission({ params }))).toBe('403 auth.role');
      expect((await admin.code.redriveSubmission({ params })).status).toBe('pending');
      expect(await refusal(admin.code.redriveSubmission({ params }))).toBe('409 submission.not_failed');
      const healthy = startGrader(table, allPass());
      expect(await ended(id)).toMatchObject({ status: 'graded', grade: 100, review_reason: null });
      await healthy.end();
      await ringing.stop();
      expect((await read(id)).gradings).toHaveLength(1);
      expect((await table.get(loads, who, { consistent: true }))?.active).toBe(0);
    },
  );

  test('because its checker is broken waits for a person at once, who sees why', async () => {
    const who = await school.person('student');
    const error = { type: 'CheckerError', message: 'The checker failed.', line: null, column: null };
    const engine: Engine = {
      version: 'x',
      grade: async (_, tests) =>
        tests.map((_test, at) => (at === 0 ? outcome('internal', { error }) : outcome('pass'))),
    };
    const ringing = startRinging(table);
    const grader = startGrader(table, engine);
    const id = await submit(who);
    const failed = await ended(id);
    expect(failed).toMatchObject({ status: 'manual_review', review_reason: 'grader_failed', grade: null });
    expect(failed.test_results?.[0]).toMatchObject({ status: 'internal', error });
    expect(await table.get(jobs, { job_id: id })).toMatchObject({ attempt: 1, state: 'failed' });
    await grader.end();
    await ringing.stop();
  });

  test('because its worker died is returned by the reaper; the dead one, if it was not, writes nothing', async () => {
    const who = await school.person('student');
    const slow = allPass();
    let finish = (): void => undefined;
    slow.before = () => new Promise((resolve) => (finish = resolve));
    const ringing = startRinging(table);
    const presumedDead = startGrader(table, slow, { worker: 'arn:task/slow' });
    const id = await submit(who);
    await until(
      async () => slow.runs.length,
      (runs) => runs === 1,
    );
    void presumedDead.end();
    const stopped = { 'detail-type': 'ECS Task State Change', detail: { taskArn: 'arn:task/slow' } };
    expect((await reaper.handler(stopped)).returned).toBe(1);
    const other = startGrader(
      table,
      scripted(() => 'wrong_answer'),
    );
    expect(await ended(id)).toMatchObject({ status: 'graded', grade: 0 });
    finish();
    await presumedDead.end();
    await other.end();
    await ringing.stop();
    expect(await read(id)).toMatchObject({ grade: 0, gradings: [{ number: 1 }] });
    expect(await finals(id)).toHaveLength(1);
  });
});

test('a message that cannot be read rings for nobody, stays in the queue, and its neighbours are heard', async () => {
  const who = await school.person('student');
  for (const poison of ['', '{', '{"job_id":7}', '{"job_id":"a","more":1}'])
    if (poison !== '') await sendRing(poison);
  const grader = startGrader(table, allPass());
  const id = await submit(who);
  await sendRing(JSON.stringify({ job_id: id }));
  await sendRing(JSON.stringify({ job_id: 'no-such-job' }));
  expect((await ended(id)).status).toBe('graded');
  await grader.end();
});

test('with thirty in a hundred calls of DynamoDB and SQS failing, and rings that come twice, each is graded once', async () => {
  const people = await school.several(10, 'student');
  const random = seeded(31);
  const ids: string[] = [];
  for (const who of people) for (let n = 0; n < 3; n++) ids.push(await submit(who, `of ${who.name} ${n}`));
  // a third of the failures come after the effect: the reply is lost, the write is not
  const fault = () =>
    random() > 0.3 ? undefined : random() < 0.33 ? faults.lostReply() : faults.serverError();
  school.meet(fault);
  background.meet(fault);
  const ringing = startRinging(table, () => random() < 0.1);
  const engine = scripted((code) => (code.endsWith('1') ? 'wrong_answer' : 'pass'));
  const graders = [startGrader(table, engine, { slots: 2 }), startGrader(table, engine, { slots: 2 })];
  try {
    await until(
      async () => await Promise.all(ids.map((job_id) => table.get(jobs, { job_id }).catch(() => undefined))),
      (found) => found.every((job) => job?.state === 'succeeded' || job?.state === 'failed'),
      55_000,
    );
  } finally {
    school.meet(() => undefined);
    background.meet();
    await Promise.all(graders.map((grader) => grader.end()));
    await ringing.stop();
  }
  for (const [at, id] of ids.entries()) {
    const { status, grade, gradings } = await read(id);
    expect([status, grade, gradings.length]).toEqual(['graded', at % 3 === 1 ? 0 : 100, 1]);
    expect(await finals(id)).toHaveLength(1);
    const told = await eventsOf(table, id);
    expect(told.map(({ seq }) => seq)).toEqual(told.map((_, index) => index + 1));
  }
  for (const who of people) expect((await table.get(loads, who, { consistent: true }))?.active).toBe(0);
}, 120_000);
