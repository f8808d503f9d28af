import { describe, expect, test } from 'vitest';
import { readCsv } from '#shared/domain/csv/read.ts';
import { uuidv7 } from '#shared/ids.ts';
import { assignments } from '#shared/table/assignment.ts';
import { enrollments } from '#shared/table/enrollment.ts';
import { examSessions } from '#shared/table/exam-session.ts';
import { type QuizStanding, quizStandings } from '#shared/table/quiz.ts';
import type { Write } from '#shared/table/table.ts';
import { aCompletedSession, begun } from '#tests/support/exam-results.ts';
import { anExercise } from '#tests/support/exercises.ts';
import { inHours } from '#tests/support/moments.ts';
import { refusal } from '#tests/support/refusal.ts';
import { aSchool, type Person } from '#tests/support/school.ts';
import { stands } from '#tests/support/standings.ts';
import { recordCalls } from '#tests/support/table-calls.ts';

const school = await aSchool();
const { table, org_id } = school;
const calls = recordCalls();

async function aClass(...names: readonly string[]) {
  const { teacher, class_id } = await school.withClass({ name: '수학 I: A/B' });
  const students = await Promise.all(names.map((name) => school.person('student', { name })));
  for (const { user_id: student_id } of students)
    await teacher.school.enroll({ body: { class_id, student_id } });
  const one = (at: number): Person => {
    const found = students[at];
    if (!found) throw new Error('no such student');
    return found;
  };
  const assign = async (title: string, due_at: string | null) => {
    const { exercise_id } = await anExercise(table, { org_id, by: teacher.user_id });
    return teacher.code.createAssignment({ body: { class_id, exercise_id, title, due_at } });
  };
  const quiz = async (title: string, more: object = {}) => {
    const question = { text: '2 + 2?', options: ['3', '4'], correct_answer: 1 };
    const made = await teacher.assessment.createQuiz({
      body: { class_id, title, questions: [question], ...more },
    });
    const params = { quiz_id: made.quiz_id };
    return teacher.assessment.updateQuiz({ params, body: { status: 'open' } });
  };
  return { teacher, class_id, one, assign, quiz, params: { class_id } };
}

/** A standing as attempts write it. */
const tried = (
  quiz_id: string,
  student_id: string,
  ...tries: readonly Partial<QuizStanding['tries'][number]>[]
) =>
  table.write(
    table.insert(quizStandings, {
      quiz_id,
      student_id,
      tries: tries.map((more) => ({
        attempt_id: uuidv7(),
        status: 'submitted' as const,
        percent: 50,
        late: false,
        at: new Date().toISOString(),
        ...more,
      })),
      version: 1,
    }),
  );

const inserted = async (count: number, write: (number: number) => Write): Promise<void> => {
  for (let from = 0; from < count; from += 100)
    await table.write(...Array.from({ length: Math.min(100, count - from) }, (_, at) => write(from + at)));
};

const rowsOf = ({
  rows,
}: {
  rows: readonly {
    name: string;
    cells: readonly { value: number | null; status: string; late: boolean }[];
  }[];
}) =>
  rows.map(({ name, cells }) => [
    name,
    ...cells.map(({ value, status, late }) => `${value} ${status}${late ? ' late' : ''}`),
  ]);

describe('a class’s gradebook', () => {
  test('has assignments, quizzes and tests as columns and the roster as rows, with averages', async () => {
    const { teacher, class_id, one, assign, quiz, params } = await aClass('가영', 'Ben', 'Chris');
    const homework = await assign('Homework', inHours(-1));
    const later = await assign('Later', inHours(48));
    const short = await quiz('Quiz', { due_at: inHours(24), counts: 'best' });
    await stands(table, homework.assignment_id, one(0).user_id, { best_grade: 80 });
    await stands(table, homework.assignment_id, one(1).user_id, {
      best_grade: 60,
      late: true,
      status: 'manual_review',
    });
    await tried(short.quiz_id, one(0).user_id, { percent: 40 }, { percent: 90 });
    await tried(short.quiz_id, one(1).user_id, { status: 'in_progress', percent: null });
    const exam = { org_id, class_id, student_id: one(2).user_id };
    await aCompletedSession(table, exam, { theta: -1 }, { exam_type: 'final', started_at: inHours(-30) });
    await aCompletedSession(table, exam, { theta: 1 }, { exam_type: 'final', started_at: inHours(-20) });
    await table.write(
      table.insert(examSessions, begun({ ...exam, student_id: one(1).user_id }, { exam_type: 'final' })),
    );

    const found = await teacher.school.gradebook({ params });
    expect(found).toMatchObject({ class_name: '수학 I: A/B', time_zone: 'Asia/Seoul', average: 72.5 });
    expect(found.columns.map(({ kind, title, graded, average }) => [kind, title, graded, average])).toEqual([
      ['assignment', 'Homework', 2, 70],
      ['quiz', 'Quiz', 1, 90],
      ['assignment', 'Later', 0, null],
      ['exam', 'final', 1, 600],
    ]);
    expect(rowsOf(found)).toEqual([
      ['Ben', '60 waiting late', 'null in_progress', 'null none', 'null in_progress'],
      ['Chris', 'null missing', 'null none', 'null none', '600 done'],
      ['가영', '80 done', '90 done', 'null none', 'null none'],
    ]);
    expect(found.rows.map(({ average, missing }) => [average, missing])).toEqual([
      [60, 0],
      [null, 1],
      [85, 0],
    ]);

    const quizzes = await teacher.school.gradebook({ params, query: { kind: 'quiz' } });
    expect(quizzes.columns.map(({ title }) => title)).toEqual(['Quiz']);
    const soon = await teacher.school.gradebook({ params, query: { from: inHours(0), to: inHours(30) } });
    expect(soon.columns.map(({ title }) => title)).toEqual(['Quiz', 'final']);

    await teacher.code.putExtension({
      params: { assignment_id: homework.assignment_id, student_id: one(2).user_id },
      body: { due_at: inHours(10) },
    });
    const extended = await teacher.school.gradebook({ params, query: { kind: 'assignment' } });
    expect(extended.rows.find(({ name }) => name === 'Chris')?.cells[0]?.status).toBe('none');
    expect(later.assignment_id).toBe(extended.columns[1]?.id);
  });

  test('leaves drafts out, and those who have left the class', async () => {
    const { teacher, class_id, one, params } = await aClass('Ann', 'Bob');
    const question = { text: '2 + 2?', options: ['3', '4'], correct_answer: 1 };
    await teacher.assessment.createQuiz({
      body: { class_id, title: 'Draft', status: 'draft', questions: [question] },
    });
    await teacher.school.unenroll({ params: { class_id, student_id: one(1).user_id } });
    const { columns, rows } = await teacher.school.gradebook({ params });
    expect([columns, rows.map(({ name }) => name)]).toEqual([[], ['Ann']]);
  });

  test('is a file for spreadsheets, in which nothing is a formula', async () => {
    const { teacher, one, assign, params } = await aClass('=1+1', '@김');
    const work = await assign('-2, 3', '2031-12-01');
    await stands(table, work.assignment_id, one(0).user_id, { best_grade: 12.5 });
    const file = await teacher.school.gradebookFile({ params });
    expect(file.file_name).toMatch(/^수학-I-A-B-\d{4}-\d\d-\d\d\.csv$/);
    expect(file.media_type).toBe('text/csv; charset=utf-8');
    expect(file.content.charCodeAt(0)).toBe(0xfeff);
    expect(readCsv(file.content).rows.map(({ cells }) => cells)).toEqual([
      ['Student', "'-2, 3", 'Average', 'Missing'],
      ['Due', '2031-12-01 23:59', '', ''],
      ["'=1+1", '12.5', '12.5', '0'],
      ["'@김", '', '', '0'],
      ['Average', '12.5', '12.5', ''],
    ]);
    const full = await teacher.school.gradebookFile({ params, query: { with_ids: 'true', locale: 'ko' } });
    const [head, , row] = readCsv(full.content).rows;
    expect(head?.cells.slice(0, 4)).toEqual(['학생', 'ID', '사용자 이름', '이메일']);
    expect(row?.cells.slice(1, 4)).toEqual([one(0).user_id, '', one(0).email]);
  });

  test('is read with a query for each column, and refused where no reply would hold it', async () => {
    const { teacher, class_id, one, assign, params } = await aClass('Ann');
    for (const title of ['a', 'b', 'c']) await assign(title, null);
    const given = await assign('d', null);
    await stands(table, given.assignment_id, one(0).user_id);
    calls.clear();
    await teacher.school.gradebook({ params });
    expect(calls.all().filter(({ command }) => command === 'Scan')).toEqual([]);
    expect(calls.all().filter(({ kind }) => kind === 'read').length).toBeLessThan(16);

    const first = await table.get(assignments, given);
    if (!first) throw new Error('it was given');
    await inserted(300, (number) => table.insert(assignments, { ...first, assignment_id: `more-${number}` }));
    await inserted(201, (number) =>
      table.insert(enrollments, {
        class_id,
        student_id: `crowd-${number}`,
        student_name: `Crowd ${number}`,
        source: 'bulk',
        batch_id: null,
        enrolled_at: first.created_at,
      }),
    );
    expect(await refusal(teacher.school.gradebook({ params }))).toBe('413 gradebook.too_large');
  });
});
