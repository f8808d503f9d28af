/** What follows from a test's end: the stream brings it, and whoever looks before is told the same. */
import '#tests/support/quiet.ts';
import { beforeEach, expect, test, vi } from 'vitest';
import { faults } from '#infra/local/gateway.ts';
import { endOverdueExams } from '#shared/exams/sweep.ts';
import { planTakers } from '#shared/table/exam-plan.ts';
import { examResponses, examSessions, examStates } from '#shared/table/exam-session.ts';
import { type AnExam, anExam, answerTo } from '#tests/support/exams.ts';
import { aProjector } from '#tests/support/projector.ts';
import { refusedWith } from '#tests/support/refusal.ts';
import { aSchool, type Person } from '#tests/support/school.ts';
import { recordCalls } from '#tests/support/table-calls.ts';
import { objectsOf } from '#tests/support/testing.ts';

const school = await aSchool();
const { table } = school;
const { deliverEnds } = await aProjector();
const calls = recordCalls();
beforeEach(() => school.meet());

const stateOf = async (exam_session_id: string) => {
  const state = await table.get(examStates, { exam_session_id }, { consistent: true });
  if (!state) throw new Error('no such session');
  return state;
};
const headOf = (exam_session_id: string) =>
  table.get(examSessions, { exam_session_id }, { consistent: true });

/** Answers to the end, and looks at nothing afterwards. */
async function answered(exam: AnExam, student: Person = exam.student): Promise<string> {
  const { exam_session_id } = await exam.start(student);
  await finish(exam, student, exam_session_id);
  return exam_session_id;
}

async function finish(exam: AnExam, student: Person, exam_session_id: string): Promise<void> {
  let { item } = await student.testing.nextExamItem({ params: { exam_session_id } });
  for (let n = 0; item !== null; n++) {
    const { item_id } = item;
    const selected_choice = answerTo(exam.itemOf.get(item_id), n % 2 === 0);
    const body = { exam_session_id, item_id, selected_choice };
    item = (await student.testing.createAttempt({ body })).next_item;
  }
}

test('the last answer writes the state and nothing else', async () => {
  const exam = await anExam(school, { config: { stop: { max_items: 1, min_items: 1, se: null } } });
  const { exam_session_id } = await exam.start();
  const { item } = await exam.student.testing.nextExamItem({ params: { exam_session_id } });
  const item_id = item?.item_id ?? '';
  const selected_choice = answerTo(exam.itemOf.get(item_id), true);
  calls.clear();
  const reply = await exam.student.testing.createAttempt({
    body: { exam_session_id, item_id, selected_choice },
  });
  expect(reply).toMatchObject({ status: 'completed', next_item: null });
  expect(calls.summary()).toBe('1 Update');
  expect((await headOf(exam_session_id))?.status).toBe('in_progress');
});

test('a class that ends at once becomes results in one transaction, each as whoever looks first makes it', async () => {
  const exam = await anExam(school, { students: 4 });
  const [looked = '', ...ends] = await Promise.all(exam.students.map((one) => answered(exam, one)));
  await exam.teacher.testing.getExamSession({ params: { exam_session_id: looked } });
  const first = await headOf(looked);
  const states = await Promise.all([looked, ...ends].map(stateOf));
  calls.clear();
  await deliverEnds(states);
  // the release and its bank are read once
  expect(calls.summary()).toBe('1 BatchGet, 2 Get, 1 TransactWrite');
  const heads = await table.getMany(examSessions, states);
  expect(heads[0]).toEqual(first);
  for (const [at, head] of heads.entries()) {
    const { theta, se, i } = states[at] ?? {};
    expect(head).toMatchObject({ status: 'completed', stop_reason: 'max_items', answered: 6, result_n: 1 });
    expect(head).toMatchObject({ theta, standard_error: se, version: 2 });
    const responses = await table.get(examResponses, head ?? { exam_session_id: '', result_n: 1 });
    expect(responses?.responses.map(({ x }) => x)).toEqual([1, 0, 1, 0, 1, 0]);
    expect(responses?.responses.map(({ item_id }) => item_id)).toEqual(
      i?.map((position) => exam.bank.items[position]?.item_id),
    );
  }
  calls.clear();
  await deliverEnds([...states, ...states]);
  expect(calls.summary()).toBe('1 BatchGet');
});

test('the stream, the student, the teacher and the next start at once leave one result', async () => {
  const exam = await anExam(school, { students: 3 });
  const ids = await Promise.all(exam.students.map((one) => answered(exam, one)));
  const states = await Promise.all(ids.map(stateOf));
  const [id = ''] = ids;
  const params = { exam_session_id: id };
  const [, , , second] = await Promise.all([
    deliverEnds(states),
    exam.student.testing.getExamSession({ params }),
    exam.teacher.testing.getExamSession({ params }),
    exam.start(),
    deliverEnds(states.toReversed()),
  ]);
  const heads = await table.getMany(examSessions, states);
  expect(heads.map((head) => [head?.status, head?.result_n, head?.version])).toEqual(
    ids.map(() => ['completed', 1, 2]),
  );
  expect(second).toMatchObject({ status: 'in_progress', answered: 0 });
  const taker = { plan_id: exam.plan.plan_id, student_id: exam.student.user_id };
  expect(await table.get(planTakers, taker, { consistent: true })).toMatchObject({
    sessions: 2,
    running_session_id: second.exam_session_id,
  });
});

test('one that cannot be concluded holds no other up, and comes again', async () => {
  const exam = await anExam(school, { students: 3 });
  const ids = await Promise.all(exam.students.map((one) => answered(exam, one)));
  const states = await Promise.all(ids.map(stateOf));
  const [broken] = states;
  if (!broken) throw new Error('nobody took the test');
  const taker = { plan_id: broken.plan_id, student_id: broken.student_id };
  const inTest = async (running: string) =>
    table.write(
      table.update(planTakers, taker, {
        expression: 'SET #running_session_id = :running',
        values: { ':running': running },
      }),
    );
  await inTest('another');
  await expect(deliverEnds(states)).rejects.toThrow();
  const after = await table.getMany(examSessions, states);
  expect(after.map((head) => head?.status)).toEqual(['in_progress', 'completed', 'completed']);
  await inTest(broken.exam_session_id);
  await deliverEnds(states);
  expect((await headOf(broken.exam_session_id))?.status).toBe('completed');
});

test('a transaction that took effect but whose reply was lost is not written again', async () => {
  const exam = await anExam(school, { students: 2 });
  const ids = await Promise.all(exam.students.map((one) => answered(exam, one)));
  const states = await Promise.all(ids.map(stateOf));
  let asked = 0;
  school.meet((operation) =>
    operation.startsWith('TransactWrite') && asked++ === 0 ? faults.lostReply() : undefined,
  );
  calls.clear();
  await deliverEnds(states);
  expect(calls.summary()).toBe('1 BatchGet, 2 Get, 1 TransactWrite');
  expect(asked).toBe(2);
  const heads = await table.getMany(examSessions, states);
  expect(heads.map((head) => [head?.result_n, head?.version])).toEqual([
    [1, 2],
    [1, 2],
  ]);
});

test('who looks before the stream came by is told of the end', async () => {
  const exam = await anExam(school, { feedback: { show: 'theta' } });
  const exam_session_id = await answered(exam);
  const { student, teacher, class_id } = exam;
  const ended = { exam_session_id, status: 'completed', answered: 6, stop_reason: 'max_items', result_n: 1 };
  for (const who of [student, teacher])
    for (const status of ['completed' as const, undefined])
      expect((await who.testing.listExamSessions({ query: { class_id, status } })).items).toMatchObject([
        ended,
      ]);
  const running = { class_id, status: 'in_progress' as const };
  expect((await teacher.testing.listExamSessions({ query: running })).items).toEqual([]);
  expect((await headOf(exam_session_id))?.status).toBe('in_progress');

  const [listed] = (await student.testing.listExamSessions({ query: { class_id } })).items;
  const { attempts, amendments, ...seen } = await student.testing.getExamSession({
    params: { exam_session_id },
  });
  expect(seen).toEqual(listed);
  expect([attempts.length, amendments]).toEqual([6, []]);
});

test('one that cannot be read as it stands is listed as it was, beside the others', async () => {
  const exam = await anExam(school, { students: 2 });
  const ids = await Promise.all(exam.students.map((one) => answered(exam, one)));
  const [damaged = '', sound = ''] = ids;
  await table.write(
    table.update(
      examStates,
      { exam_session_id: damaged },
      { expression: 'SET #release = :none', values: { ':none': 99 } },
    ),
  );
  const { items } = await exam.teacher.testing.listExamSessions({ query: { class_id: exam.class_id } });
  const statuses = new Map(items.map(({ exam_session_id, status }) => [exam_session_id, status]));
  expect(statuses.get(damaged)).toBe('in_progress');
  expect(statuses.get(sound)).toBe('completed');
});

test('before the stream came by a start that is sent again tells of the end, and a plan that one may begin anew', async () => {
  const exam = await anExam(school, { max_sessions: 2 });
  const { student, plan, class_id } = exam;
  const start = () =>
    student.testing.startExamSession({
      body: { class_id, exam_type: plan.exam_type, plan_id: plan.plan_id },
      idempotency_key: 'once',
    });
  const { exam_session_id } = await start();
  expect((await student.testing.getExamPlan({ params: plan })).mine).toMatchObject({
    running_session_id: exam_session_id,
    can_start: false,
  });
  await finish(exam, student, exam_session_id);
  expect(await start()).toMatchObject({ exam_session_id, status: 'completed', answered: 6, result_n: 1 });
  expect((await student.testing.getExamPlan({ params: plan })).mine).toMatchObject({
    running_session_id: null,
    can_start: true,
    sessions_left: 1,
  });
  expect((await headOf(exam_session_id))?.status).toBe('in_progress');
});

test('before the stream came by a teacher may amend it, and nobody end it again', async () => {
  const exam = await anExam(school, { students: 2 });
  const [amended = '', ended = ''] = await Promise.all(exam.students.map((one) => answered(exam, one)));
  const { session } = await exam.teacher.testing.updateAttempt({
    params: { attempt_id: `${amended}-1` },
    body: { action: 'void', reason: 'Two answers were right' },
  });
  expect(session).toMatchObject({ status: 'completed', result_n: 2 });
  await deliverEnds([await stateOf(amended)]);
  expect((await headOf(amended))?.result_n).toBe(2);
  const params = { exam_session_id: ended };
  expect(
    await refusedWith(exam.teacher.testing.updateExamSession({ params, body: { status: 'abandoned' } })),
  ).toMatchObject({ status: 409, error_code: 'exam_session.ended' });
});

test('what the stream lost the clock concludes', async () => {
  const exam = await anExam(school, {
    config: { stop: { max_items: 6, min_items: 2, se: null, time_limit_s: 600 } },
  });
  const exam_session_id = await answered(exam);
  const world = { table, objects: await objectsOf(school), now: () => new Date() };
  await endOverdueExams(world);
  expect((await headOf(exam_session_id))?.status).toBe('in_progress');
  vi.useFakeTimers({ toFake: ['Date'] });
  try {
    vi.setSystemTime(Date.now() + 700_000);
    await endOverdueExams(world);
    expect(await headOf(exam_session_id)).toMatchObject({ status: 'completed', stop_reason: 'max_items' });
  } finally {
    vi.useRealTimers();
  }
});
