import { expect, test } from 'vitest';
import { uuidv7 } from '#shared/ids.ts';
import { quizStandings } from '#shared/table/quiz.ts';
import { aCompletedSession } from '#tests/support/exam-results.ts';
import { anExercise } from '#tests/support/exercises.ts';
import { inHours } from '#tests/support/moments.ts';
import { refusal } from '#tests/support/refusal.ts';
import { aSchool } from '#tests/support/school.ts';
import { stands } from '#tests/support/standings.ts';

const school = await aSchool();
const { table, org_id } = school;

const { teacher, students, class_id } = await school.withClass({ students: 1, name: '수학 I' });
const [student] = students;
if (!student) throw new Error('the class has a student');
const guardian = await school.person('guardian');
await teacher.school.linkGuardian({ body: { guardian_id: guardian.user_id, student_id: student.user_id } });
const params = { student_id: student.user_id };

const { exercise_id } = await anExercise(table, { org_id, by: teacher.user_id });
const assigned = (title: string | null, more: object) =>
  teacher.code.createAssignment({ body: { class_id, exercise_id, title, ...more } });
const due = await assigned(null, { due_at: inHours(-2) });
await assigned('Not open yet', { opens_at: inHours(2), due_at: inHours(4) });
await stands(table, due.assignment_id, student.user_id, { attempts: 2, late: true, last_at: inHours(-1) });

const question = { text: '2 + 2?', options: ['3', '4'], correct_answer: 1 };
const quiz = async (title: string, when: 'never' | 'after_submit' | 'after_due') => {
  const { quiz_id } = await teacher.assessment.createQuiz({
    body: {
      class_id,
      title,
      due_at: inHours(1),
      questions: [question],
      feedback: { when, show: 'score' },
    },
  });
  await teacher.assessment.updateQuiz({ params: { quiz_id }, body: { status: 'open' } });
  const tries = [
    { attempt_id: uuidv7(), status: 'submitted' as const, percent: 60, late: false, at: inHours(0) },
  ];
  await table.write(table.insert(quizStandings, { quiz_id, student_id: student.user_id, tries, version: 1 }));
};
await quiz('At once', 'after_submit');
await quiz('When due', 'after_due');
await quiz('Never', 'never');

const of = { org_id, class_id, student_id: student.user_id };
await aCompletedSession(
  table,
  of,
  { theta: 1 },
  { feedback: { when: 'never', show: 'theta', show_answers: false } },
);

test('a student and their guardian see what has opened, and as much as the feedback policies tell', async () => {
  for (const reader of [student, guardian]) {
    const found = await reader.school.studentResults({ params });
    expect(found).toMatchObject({ student_id: student.user_id, name: student.name });
    expect(found.assignments).toEqual([
      {
        assignment_id: due.assignment_id,
        title: 'Squares',
        class_id,
        class_name: '수학 I',
        due_at: due.due_at,
        status: 'done',
        grade: 75,
        late: true,
        attempts: 2,
      },
    ]);
    expect(new Map(found.quizzes.map(({ title, percent }) => [title, percent]))).toEqual(
      new Map([
        ['At once', 60],
        ['When due', null],
        ['Never', null],
      ]),
    );
    expect(found.exams).toMatchObject([{ result: 'hidden', score: null, theta: null, class_name: '수학 I' }]);
    expect(found.exam_stats).toMatchObject({ completed_exams: 1, average_theta: null });
  }
});

test('the staff of the class see all of it', async () => {
  const assistant = await school.person('assistant');
  await teacher.school.putStaff({
    params: { class_id, user_id: assistant.user_id },
    body: { role: 'assistant' },
  });
  const admin = await school.person('org_admin');
  for (const reader of [teacher, assistant, admin]) {
    const found = await reader.school.studentResults({ params });
    // the last due first
    expect(found.assignments.map(({ title }) => title)).toEqual(['Not open yet', 'Squares']);
    expect(found.quizzes.map(({ percent }) => percent)).toEqual([60, 60, 60]);
    expect(found.exams).toMatchObject([{ result: 'theta', theta: 1, score: 600 }]);
  }
});

test('a teacher sees the results of their own classes only, and guardians those of their children', async () => {
  const other = await school.withClass({ name: '국어' });
  await other.teacher.school.enroll({ body: { class_id: other.class_id, student_id: student.user_id } });
  expect(await other.teacher.school.studentResults({ params })).toMatchObject({
    assignments: [],
    quizzes: [],
    exams: [],
    exam_stats: { total_exams: 0 },
  });
  const stranger = await school.person('guardian');
  expect(await refusal(stranger.school.studentResults({ params }))).toBe('404 student.not_found');
});
