/** What becomes of results: amended by teachers, brought in from elsewhere, ended by the clock. */
import '#tests/support/quiet.ts';
import { describe, expect, test, vi } from 'vitest';
import { amendSession, estimateSession } from '#shared/domain/irt/index.ts';
import { testOfState } from '#shared/exams/settle.ts';
import { engineState } from '#shared/exams/state.ts';
import { endOverdueExams } from '#shared/exams/sweep.ts';
import { planUsage } from '#shared/table/exam-plan.ts';
import { examResponses, examSessions, examStates } from '#shared/table/exam-session.ts';
import { anExam, answerTo, take } from '#tests/support/exams.ts';
import { refusedWith } from '#tests/support/refusal.ts';
import { aSchool } from '#tests/support/school.ts';
import { objectsOf } from '#tests/support/testing.ts';

const school = await aSchool();
const { table } = school;
const world = { table, objects: await objectsOf(school), now: () => new Date() };

async function taken() {
  const exam = await anExam(school, { feedback: { show: 'theta' } });
  const { exam_session_id } = await exam.start();
  await take(exam, exam.student, exam_session_id);
  const id = { exam_session_id };
  const head = await table.get(examSessions, id, { consistent: true });
  const state = await table.get(examStates, id, { consistent: true });
  if (!head || !state) throw new Error('no such test');
  const amend = (n: number, body: Parameters<typeof exam.teacher.testing.updateAttempt>[0]['body']) =>
    exam.teacher.testing.updateAttempt({ params: { attempt_id: `${exam_session_id}-${n}` }, body });
  return { ...exam, exam_session_id, id, head, state, amend };
}

describe('an answer', () => {
  test('that a teacher voids counts no more: θ is estimated anew, the questions stay', async () => {
    const { amend, state, teacher, id } = await taken();
    const exam = await testOfState(world, state);
    const expected = amendSession(exam.test, engineState(state), 2, null);
    const { attempt, session } = await amend(2, { action: 'void', reason: 'The picture was missing' });
    expect(attempt).toMatchObject({ voided: true, correct: null, n: 2 });
    expect(session).toMatchObject({
      theta: expected.theta,
      standard_error: expected.se,
      result_n: 2,
      answered: 6,
    });
    const frozen = await table.get(examResponses, { ...id, result_n: 2 }, { consistent: true });
    expect(frozen?.responses.map(({ x }) => x)).toEqual([1, 0, null, 0, 1, 0]);
    const first = await table.get(examResponses, { ...id, result_n: 1 }, { consistent: true });
    expect(first?.responses.map(({ x }) => x)).toEqual([1, 0, 1, 0, 1, 0]);
    const { amendments, attempts } = await teacher.testing.getExamSession({ params: id });
    expect(attempts).toHaveLength(6);
    expect(amendments).toMatchObject([
      {
        action: 'void',
        n: 2,
        before: 1,
        after: null,
        by: teacher.user_id,
        reason: 'The picture was missing',
      },
    ]);
  });

  test('that is rescored, and taken back in, follows the engine to the last digit', async () => {
    const { amend, state, head } = await taken();
    const exam = await testOfState(world, state);
    await amend(1, { action: 'rescore', category: 1, reason: 'Both readings are right' });
    const raised = await amend(3, { action: 'rescore', category: 1, reason: 'The same' });
    const expected = estimateSession(exam.test, { ...engineState(state), responses: [1, 1, 1, 1, 1, 0] });
    expect(raised.session.theta).toBe(expected.theta);
    await amend(1, { action: 'void', reason: 'No' });
    await amend(1, { action: 'rescore', category: 0, reason: 'As it was' });
    const back = await amend(3, { action: 'rescore', category: 0, reason: 'As it was' });
    expect(back.session).toMatchObject({ theta: head.theta, result_n: 6 });
  });

  test('amended by several at once is amended by each', async () => {
    const { amend, id } = await taken();
    await Promise.all([0, 2, 4].map((n) => amend(n, { action: 'void', reason: 'All three' })));
    const head = await table.get(examSessions, id, { consistent: true });
    const state = await table.get(examStates, id, { consistent: true });
    expect(head?.result_n).toBe(4);
    expect(state?.r).toEqual([-2, 0, -2, 0, -2, 0]);
  });

  test('with no other left leaves no result', async () => {
    const { amend } = await taken();
    for (let n = 0; n < 5; n++) await amend(n, { action: 'void', reason: 'x' });
    expect((await amend(5, { action: 'void', reason: 'x' })).session).toMatchObject({
      theta: null,
      score: null,
    });
  });

  test('as it is already changes nothing; of a running test, or beyond its categories, it is refused', async () => {
    const { amend } = await taken();
    expect((await amend(0, { action: 'rescore', category: 1, reason: 'x' })).session.result_n).toBe(1);
    expect(await refusedWith(amend(0, { action: 'rescore', category: 2, reason: 'x' }))).toMatchObject({
      status: 422,
    });
    expect(await refusedWith(amend(9, { action: 'void', reason: 'x' }))).toMatchObject({ status: 404 });
    const exam = await anExam(school);
    const { exam_session_id } = await exam.start();
    const { item } = await exam.student.testing.nextExamItem({ params: { exam_session_id } });
    const item_id = item?.item_id ?? '';
    await exam.student.testing.createAttempt({
      body: { exam_session_id, item_id, selected_choice: answerTo(exam.itemOf.get(item_id), true) },
    });
    const params = { attempt_id: `${exam_session_id}-0` };
    expect(
      await refusedWith(
        exam.teacher.testing.updateAttempt({ params, body: { action: 'void', reason: 'x' } }),
      ),
    ).toMatchObject({ error_code: 'exam_session.in_progress' });
  });
});

describe('results from elsewhere', () => {
  const when = { started_at: '2026-03-02T09:00:00Z', ended_at: '2026-03-02T09:40:00Z' };

  test('are marked, audited, and the same again changes nothing', async () => {
    const { teacher, students, class_id } = await school.withClass({ students: 2 });
    const [one, two] = students.map(({ user_id }) => user_id);
    const sessions = [
      {
        student_id: one ?? '',
        class_id,
        exam_type: 'midterm' as const,
        ...when,
        theta: 0.5,
        external_id: 'm-1',
      },
      {
        student_id: two ?? '',
        class_id,
        exam_type: 'midterm' as const,
        ...when,
        score: 430,
        standard_error: 0.3,
      },
    ];
    const dry = await teacher.testing.importExamSessions({ body: { sessions, dry_run: true } });
    expect(dry).toMatchObject({ created: 2, dry_run: true });
    const body = { sessions, reason: 'The spring’s paper test' };
    const report = await teacher.testing.importExamSessions({ body });
    expect(report).toMatchObject({ created: 2, unchanged: 0, refused: 0 });
    expect(await teacher.testing.importExamSessions({ body })).toMatchObject({ created: 0, unchanged: 2 });
    const { items } = await teacher.testing.listExamSessions({ query: { class_id, source: 'import' } });
    expect(items).toHaveLength(2);
    expect(items.map(({ theta, score }) => [theta, score]).sort()).toEqual([
      [-0.7, 430],
      [0.5, 550],
    ]);
    const [row] = report.rows;
    const params = { exam_session_id: row?.exam_session_id ?? '' };
    const { amendments, source } = await teacher.testing.getExamSession({ params });
    expect(source).toBe('import');
    expect(amendments).toMatchObject([
      { action: 'import', by: teacher.user_id, reason: 'The spring’s paper test' },
    ]);
  });

  test('are refused row by row, with the reason, and stop no other row', async () => {
    const { teacher, students, class_id } = await school.withClass({ students: 1 });
    const other = await school.withClass({ students: 1 });
    const student_id = students[0]?.user_id ?? '';
    const good = { student_id, class_id, exam_type: 'final' as const, ...when, theta: 1 };
    const { rows, created, refused } = await teacher.testing.importExamSessions({
      body: {
        sessions: [
          { ...good, class_id: other.class_id },
          { ...good, student_id: other.students[0]?.user_id ?? '' },
          { ...good, ended_at: '2026-03-02T08:00:00Z' },
          { ...good, theta: undefined },
          { ...good, ended_at: '2099-01-01T00:00:00Z' },
          good,
          good,
        ],
      },
    });
    expect([created, refused]).toEqual([1, 6]);
    expect(rows.map(({ problem }) => problem?.rule)).toEqual([
      'unknown_class',
      'unknown_student',
      'before_start',
      'missing',
      'future',
      undefined,
      'repeated',
    ]);
    const changed = await teacher.testing.importExamSessions({ body: { sessions: [{ ...good, theta: 2 }] } });
    expect(changed.rows[0]?.problem).toMatchObject({ field: 'score', rule: 'differs' });
  });

  test('have external ids of their class, whatever other classes call theirs', async () => {
    const of = async () => {
      const { teacher, students, class_id } = await school.withClass({ students: 2 });
      const [student_id = '', another = ''] = students.map(({ user_id }) => user_id);
      const row = { student_id, class_id, exam_type: 'final' as const, ...when, theta: 1, external_id: '1' };
      const importing = (changes: object = {}) =>
        teacher.testing.importExamSessions({ body: { sessions: [{ ...row, ...changes }] } });
      return { importing, another };
    };
    const [one, other] = [await of(), await of()];
    expect(await one.importing()).toMatchObject({ created: 1 });
    expect(await other.importing()).toMatchObject({ created: 1 });
    expect(await other.importing()).toMatchObject({ unchanged: 1 });
    const { rows } = await other.importing({ student_id: other.another });
    expect(rows[0]?.problem).toMatchObject({ field: 'student_id', rule: 'differs' });
  });

  test('of a longer file are each on its line, of equal ones the first', async () => {
    const { teacher, students, class_id } = await school.withClass({ students: 1 });
    const student_id = students[0]?.user_id ?? '';
    const row = { student_id, class_id, exam_type: 'practice' as const, ...when, theta: 1 };
    const sessions = Array.from({ length: 120 }, (_, at) => ({
      ...row,
      external_id: `${Math.floor(at / 2)}`,
    }));
    const { rows, created } = await teacher.testing.importExamSessions({ body: { sessions } });
    expect(created).toBe(60);
    expect(rows.map((one) => [one.row, one.problem?.rule])).toEqual(
      sessions.map((_, at) => [at, at % 2 === 0 ? undefined : 'repeated']),
    );
  });

  test('of the same file at the same time are there once', async () => {
    const { teacher, students, class_id } = await school.withClass({ students: 1 });
    const student_id = students[0]?.user_id ?? '';
    const body = { sessions: [{ student_id, class_id, exam_type: 'final' as const, ...when, theta: 1 }] };
    const reports = await Promise.all(
      Array.from({ length: 8 }, () => teacher.testing.importExamSessions({ body })),
    );
    expect(reports.reduce((sum, { created }) => sum + created, 0)).toBe(1);
    expect(reports.reduce((sum, { unchanged }) => sum + unchanged, 0)).toBe(7);
  });
});

describe('the clock', () => {
  test('ends tests that nobody touches any more, and leaves those whose time runs', async () => {
    const exam = await anExam(school, {
      students: 3,
      config: { stop: { max_items: 6, min_items: 1, se: null, time_limit_s: 600 } },
    });
    const [one, two, three] = exam.students;
    const first = await exam.start(one);
    const second = await exam.start(two);
    const { item } = await exam.student.testing.nextExamItem({
      params: { exam_session_id: first.exam_session_id },
    });
    const item_id = item?.item_id ?? '';
    await exam.student.testing.createAttempt({
      body: {
        exam_session_id: first.exam_session_id,
        item_id,
        selected_choice: answerTo(exam.itemOf.get(item_id), true),
      },
    });
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      vi.setSystemTime(Date.now() + 500_000);
      const third = await exam.start(three);
      vi.setSystemTime(Date.now() + 200_000);
      expect(await endOverdueExams(world)).toBeGreaterThanOrEqual(2);
      const heads = await table.getMany(examSessions, [first, second, third]);
      expect(heads.map((head) => head?.status)).toEqual(['completed', 'expired', 'in_progress']);
      expect(heads[0]).toMatchObject({ stop_reason: 'time_limit', duration_sec: 600, result_n: 1 });
      expect(await endOverdueExams(world)).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('exposure control', () => {
  test('by r_max asks what the release’s sessions were given so far', async () => {
    const exam = await anExam(school, {
      items: 12,
      students: 2,
      config: { stop: { max_items: 4, se: null }, exposure: { randomesque: null, r_max: 0.5 } },
    });
    const [one, two] = exam.students;
    const first = await exam.start(one);
    const { item: favourite } = await exam.student.testing.nextExamItem({
      params: { exam_session_id: first.exam_session_id },
    });
    const id = { plan_id: exam.plan.plan_id, release: 1 };
    const usage = await table.get(planUsage, id, { consistent: true });
    expect(usage).toMatchObject({ sessions: 0, administered: exam.bank.items.map(() => 0) });
    const at = exam.bank.items.findIndex(({ item_id }) => item_id === favourite?.item_id);
    await table.write(
      table.update(planUsage, id, {
        expression: `SET #administered[${at}] = :most, #sessions = :most`,
        values: { ':most': 10 },
      }),
    );
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      // what is known of the use is five seconds old at most
      vi.setSystemTime(Date.now() + 6_000);
      const second = await exam.start(two);
      const state = await table.get(examStates, second, { consistent: true });
      expect(state?.next).not.toBe(at);
    } finally {
      vi.useRealTimers();
    }
  });
});
