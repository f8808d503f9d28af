import { describe, expect, test } from 'vitest';
import { uuidv7 } from '#shared/ids.ts';
import { type ExamSessionRecord, examSessions } from '#shared/table/exam-session.ts';
import { aCompletedSession, anAnswer, begun, writeResult } from '#tests/support/exam-results.ts';
import { aProjector } from '#tests/support/projector.ts';
import { refusal } from '#tests/support/refusal.ts';
import { aSchool, type Person } from '#tests/support/school.ts';
import { recordCalls } from '#tests/support/table-calls.ts';
import { aBank, someItems } from '#tests/support/testing.ts';

const school = await aSchool();
const { table, org_id } = school;
const { deliver } = await aProjector();
const calls = recordCalls();

const names = ['Ada', 'Bo', 'Cleo', 'Dan', 'Eve', 'Finn', 'Gus', 'Hana'] as const;
async function aClass(size: number = names.length) {
  const { teacher, class_id } = await school.withClass({ name: '물리 II' });
  const students = await Promise.all(names.slice(0, size).map((name) => school.person('student', { name })));
  for (const { user_id: student_id } of students)
    await teacher.school.enroll({ body: { class_id, student_id } });
  const one = (at: number): Person => {
    const found = students[at];
    if (!found) throw new Error('no such student');
    return found;
  };
  const take = async (at: number, theta: number, more: Partial<ExamSessionRecord> = {}) => {
    const of = { org_id, class_id, student_id: one(at).user_id };
    const session = await aCompletedSession(table, of, { theta, responses: [anAnswer('i', 1)] }, more);
    await deliver([session]);
    return session;
  };
  return { teacher, class_id, one, take, params: { class_id } };
}
const self = ({ user_id }: Person) => ({ params: { student_id: user_id } });

describe('a student’s statistics', () => {
  test('count every session, and average the completed ones', async () => {
    const { teacher, class_id, one, take } = await aClass(1);
    expect(await teacher.school.studentExamStats(self(one(0)))).toEqual({
      student_id: one(0).user_id,
      total_exams: 0,
      completed_exams: 0,
      average_score: null,
      average_theta: null,
      theta_sd: null,
      latest_exam_date: null,
      by_type: [],
    });
    await take(0, 0.5, { exam_type: 'placement', started_at: '2026-03-01T09:00:00.000Z' });
    const last = await take(0, 1.5, { exam_type: 'final', started_at: '2026-06-01T09:00:00.000Z' });
    const given = begun(
      { org_id, class_id, student_id: one(0).user_id },
      { status: 'abandoned', theta: -2, started_at: '2026-04-01T09:00:00.000Z' },
    );
    await table.write(table.insert(examSessions, given));
    await deliver([given]);
    const stats = await teacher.school.studentExamStats(self(one(0)));
    expect(stats).toMatchObject({
      total_exams: 3,
      completed_exams: 2,
      average_score: 600,
      average_theta: 1,
      latest_exam_date: last.ended_at,
      by_type: [
        { exam_type: 'placement', total_exams: 1, average_score: 550 },
        { exam_type: 'practice', total_exams: 1, completed_exams: 0, average_theta: null },
        { exam_type: 'final', total_exams: 1, average_theta: 1.5 },
      ],
    });
    expect(stats.theta_sd).toBeCloseTo(Math.SQRT1_2, 12);
    // the student computes from the sessions, and comes to the same where everything is shown
    expect(await one(0).school.studentExamStats(self(one(0)))).toEqual(stats);
  });

  test('tell students and guardians no more than the plans’ feedback does', async () => {
    const { teacher, one, take } = await aClass(1);
    const guardian = await school.person('guardian');
    await teacher.school.linkGuardian({
      body: { guardian_id: guardian.user_id, student_id: one(0).user_id },
    });
    const policy = (when: 'never' | 'after_session', show: 'band' | 'score' | 'theta') => ({
      feedback: { when, show, show_answers: false },
    });
    await take(0, 2, policy('never', 'theta'));
    await take(0, 1, policy('after_session', 'band'));
    await take(0, 0, policy('after_session', 'score'));
    await take(0, -1, policy('after_session', 'theta'));
    for (const reader of [one(0), guardian]) {
      const stats = await reader.school.studentExamStats(self(one(0)));
      expect(stats).toMatchObject({ completed_exams: 4, average_score: 450, average_theta: -1 });
      const { items } = await reader.school.examHistory(self(one(0)));
      expect(
        items.map(({ result, score, theta, band }) => [result, score, theta, band?.level ?? null]),
      ).toEqual([
        ['theta', 400, -1, 'below'],
        ['score', 500, null, 'average'],
        ['band', null, null, 'above'],
        ['hidden', null, null, null],
      ]);
    }
    const staff = await teacher.school.studentExamStats(self(one(0)));
    expect(staff).toMatchObject({ average_score: 550, average_theta: 0.5 });
  });

  test('are of a teacher’s own classes, for that teacher', async () => {
    const mine = await aClass(1);
    const other = await school.withClass();
    const student = mine.one(0);
    await other.teacher.school.enroll({ body: { class_id: other.class_id, student_id: student.user_id } });
    await mine.take(0, 1);
    await mine.take(0, -1, { class_id: other.class_id });
    expect(await mine.teacher.school.studentExamStats(self(student))).toMatchObject({
      total_exams: 1,
      average_theta: 1,
    });
    const { items } = await other.teacher.school.examHistory(self(student));
    expect(items.map(({ theta, class_id }) => [theta, class_id])).toEqual([[-1, other.class_id]]);
    const admin = await school.person('org_admin');
    expect(await admin.school.studentExamStats(self(student))).toMatchObject({ total_exams: 2 });
  });
});

test('a history has the class’s name and the number of answers, the newest first, page by page', async () => {
  const { teacher, one, take } = await aClass(1);
  for (const month of ['01', '02', '03', '04', '05'])
    await take(0, 0, { started_at: `2026-${month}-01T09:00:00.000Z`, plan_name: `Test ${month}` });
  const first = await teacher.school.examHistory({ ...self(one(0)), query: { limit: 2 } });
  expect(first.items.map(({ plan_name, class_name, attempts }) => [plan_name, class_name, attempts])).toEqual(
    [
      ['Test 05', '물리 II', 1],
      ['Test 04', '물리 II', 1],
    ],
  );
  const second = await teacher.school.examHistory({
    ...self(one(0)),
    query: { limit: 2, cursor: first.next_cursor ?? '' },
  });
  expect(second.items.map(({ plan_name }) => plan_name)).toEqual(['Test 03', 'Test 02']);
  const finals = await teacher.school.examHistory({ ...self(one(0)), query: { exam_type: 'final' } });
  expect(finals.items).toEqual([]);
});

test('a class’s statistics follow its sessions, their amendments included', async () => {
  const { teacher, take, params } = await aClass(3);
  const first = await take(0, 1);
  await take(1, 0);
  await take(1, -1, { exam_type: 'final' });
  expect(await teacher.school.classExamStats({ params })).toMatchObject({
    total_exams: 3,
    completed_exams: 3,
    average_theta: 0,
    average_score: 500,
    theta_sd: 1,
    students: 2,
    by_type: [
      { exam_type: 'practice', completed_exams: 2, average_theta: 0.5 },
      { exam_type: 'final', completed_exams: 1, average_theta: -1 },
    ],
  });
  const amended = await writeResult(table, first, { theta: 2.5, responses: [anAnswer('i', null)] });
  await deliver([first, amended, first]);
  expect(await teacher.school.classExamStats({ params })).toMatchObject({
    total_exams: 3,
    average_theta: 0.5,
  });
});

describe('the leaderboard', () => {
  test('ranks by average θ for the staff; equal averages share a rank, who left is not on it', async () => {
    const { teacher, class_id, one, take, params } = await aClass(5);
    await take(0, 1);
    await take(0, 2);
    await take(1, 1.5);
    await take(2, -0.5);
    await take(3, 3);
    await teacher.school.unenroll({ params: { class_id, student_id: one(3).user_id } });
    const board = await teacher.school.examLeaderboard({ params });
    expect(board).toMatchObject({ mode: null, ranked: 3, me: null });
    expect(
      board.entries.map(({ rank, exam_count, average_theta }) => [rank, exam_count, average_theta]),
    ).toEqual([
      [1, expect.any(Number), 1.5],
      [1, expect.any(Number), 1.5],
      [3, 1, -0.5],
    ]);
    expect(new Set(board.entries.map(({ name }) => name))).toEqual(new Set(['Ada', 'Bo', 'Cleo']));
    const finals = await teacher.school.examLeaderboard({ params, query: { exam_type: 'final' } });
    expect(finals.entries).toEqual([]);
  });

  test('is anonymous to students unless the class says otherwise, and never names the lower half', async () => {
    const { teacher, class_id, one, take, params } = await aClass(8);
    for (let at = 0; at < 8; at++) await take(at, 2 - at / 2);
    const best = await one(0).school.examLeaderboard({ params });
    expect(best).toMatchObject({ mode: 'anonymous', ranked: 8, me: { band: 'top_10', average_theta: 2 } });
    expect(
      best.entries.map(({ alias, name, student_id, is_me }) => [alias, name, student_id, is_me]),
    ).toEqual([
      ['heron', null, null, true],
      ['otter', null, null, false],
      ['fox', null, null, false],
    ]);
    expect(best.entries.map(({ average_theta }) => average_theta)).toEqual([2, null, null]);
    const last = await one(7).school.examLeaderboard({ params });
    expect(last.me).toEqual({ band: null, exam_count: 1, average_score: 350, average_theta: -1.5 });
    expect(JSON.stringify(last)).not.toMatch(/Ada|Hana|"rank":[4-8]/);
    const asked = one(0).school.examLeaderboard({ params, query: { mode: 'named' } });
    expect(await refusal(asked)).toBe('403 leaderboard.mode');

    const preview = await teacher.school.examLeaderboard({ params, query: { mode: 'top' } });
    expect(preview.entries.map(({ name }) => name)).toEqual(['Ada', 'Bo', 'Cleo']);
    await teacher.school.updateClass({ params: { class_id }, body: { leaderboard: 'named' } });
    const named = await one(7).school.examLeaderboard({ params });
    expect(named.entries.map(({ name, rank }) => [name, rank])).toEqual([
      ['Ada', 1],
      ['Bo', 2],
      ['Cleo', 3],
      ['Dan', 4],
    ]);
    const less = await one(7).school.examLeaderboard({ params, query: { mode: 'anonymous' } });
    expect(less.entries[0]).toMatchObject({ alias: 'heron', name: null });
  });

  test('shows a student nobody of a few, and no result that is withheld from them', async () => {
    const few = await aClass(4);
    for (let at = 0; at < 4; at++) await few.take(at, at);
    const board = await few.one(3).school.examLeaderboard({ params: few.params });
    expect(board).toMatchObject({ ranked: 4, entries: [], me: { band: null, average_theta: 3 } });

    const strict = await aClass(5);
    const never = { feedback: { when: 'never', show: 'theta', show_answers: false } } as const;
    for (let at = 0; at < 5; at++) await strict.take(at, -at, never);
    const { entries, me } = await strict.one(0).school.examLeaderboard({ params: strict.params });
    expect(me).toMatchObject({ average_score: null, average_theta: null });
    expect(entries[0]).toMatchObject({ is_me: true, average_score: null, average_theta: null });
    expect(entries.map(({ average_score }) => average_score)).toEqual([null, null, null]);
  });
});

describe('statistics of items', () => {
  test('are shown from ten answers on, the easiest first, and follow the answers', async () => {
    const { teacher, class_id, one } = await aClass(1);
    const bank = await aBank(school, { org_id, by: teacher.user_id, items: someItems(3) });
    const [easy, hard, rare] = bank.items.map(({ item_id }) => item_id);
    if (!easy || !hard || !rare) throw new Error('three items');
    const of = { org_id, class_id, student_id: one(0).user_id };
    const thetas = Array.from({ length: 12 }, (_, at) => (at - 5.5) / 4);
    for (const [at, theta] of thetas.entries()) {
      const responses = [
        anAnswer(easy, at >= 2 ? 1 : 0, { milliseconds: 2000, expected: 0.8, variance: 0.16 }),
        anAnswer(hard, at >= 9 ? 1 : 0, {
          milliseconds: at < 6 ? 1000 : 4000,
          expected: 0.25,
          variance: 0.1875,
        }),
        ...(at < 9 ? [anAnswer(rare, 1)] : []),
      ];
      await deliver([await aCompletedSession(table, of, { theta, responses }, { bank_id: bank.bank_id })]);
    }
    const { items, total } = await teacher.testing.listItemStats({ query: { bank_id: bank.bank_id } });
    expect(total).toBe(2);
    expect(items.map(({ item_id, attempts, correct_count }) => [item_id, attempts, correct_count])).toEqual([
      [easy, 12, 10],
      [hard, 12, 3],
    ]);
    const stats = await teacher.testing.getItemStats({ params: { item_id: hard } });
    expect(stats).toEqual(items[1]);
    expect(stats).toMatchObject({
      p_correct: 0.25,
      average_response_time_ms: 2500,
      typical_response_time_ms: 2000,
    });
    expect(stats.drift).toBeCloseTo(0, 9);
    expect(stats.point_biserial).toBeCloseTo(
      correlation(
        thetas,
        thetas.map((_, at) => (at >= 9 ? 1 : 0)),
      ),
      4,
    );
    expect(items[0]?.drift).toBeCloseTo((10 - 12 * 0.8) / Math.sqrt(12 * 0.16), 6);
    expect(await teacher.testing.getItemStats({ params: { item_id: rare } })).toMatchObject({
      attempts: 9,
      p_correct: null,
      point_biserial: null,
    });
  });

  test('are empty for items that nobody answered, and not there for those of others', async () => {
    const { teacher } = await aClass(1);
    const bank = await aBank(school, { org_id, by: teacher.user_id, items: 1 });
    const item_id = bank.items[0]?.item_id ?? '';
    expect(await teacher.testing.getItemStats({ params: { item_id } })).toMatchObject({
      attempts: 0,
      drift: null,
    });
    const none = teacher.testing.getItemStats({ params: { item_id: uuidv7() } });
    expect(await refusal(none)).toBe('404 item.not_found');
  });
});

test('no reading of statistics scans, or asks for each student alone', async () => {
  const { teacher, one, take, params } = await aClass(8);
  for (let at = 0; at < 8; at++) await take(at, 0);
  calls.clear();
  await teacher.school.classExamStats({ params });
  await teacher.school.examLeaderboard({ params });
  await teacher.school.studentExamStats(self(one(0)));
  await teacher.school.examHistory(self(one(0)));
  expect(calls.all().filter(({ command }) => command === 'Scan')).toEqual([]);
  expect(calls.all().filter(({ kind }) => kind === 'read').length).toBeLessThan(40);
});

const correlation = (x: readonly number[], y: readonly number[]): number => {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  const sum = (f: (at: number) => number) => x.reduce((total, _, at) => total + f(at), 0);
  const dx = (at: number) => (x[at] ?? 0) - mx;
  const dy = (at: number) => (y[at] ?? 0) - my;
  return sum((at) => dx(at) * dy(at)) / Math.sqrt(sum((at) => dx(at) ** 2) * sum((at) => dy(at) ** 2));
};
