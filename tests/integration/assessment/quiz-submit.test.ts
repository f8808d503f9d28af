/** `POST /api/assessment/quiz/submit`, the source's own way to answer a quiz. */
import { expect, test } from 'vitest';
import { uuidv7 } from '#shared/ids.ts';
import { quizStandings } from '#shared/table/quiz.ts';
import { aQuiz } from '#tests/support/quizzes.ts';
import { refusal, refusedWith } from '#tests/support/refusal.ts';
import { aSchool, type Person } from '#tests/support/school.ts';

const school = await aSchool();
const { table } = school;
const { teacher, students, class_id } = await school.withClass({ students: 2 });
const [student, other] = students;
if (!student || !other) throw new Error('the class has students');

const questions = [
  { id: 'q1', text: 'One or two?', options: ['one', 'two'], correct_answer: 1, explanation: 'It is two.' },
  { id: 'q2', text: 'Which?', options: ['a', 'b', 'c'], correct_answer: 0 },
];
const given = (changes: Readonly<Record<string, unknown>> = {}) =>
  aQuiz(teacher, class_id, { questions, ...changes });
const submit = (body: Readonly<Record<string, unknown>>, who: Person = student) =>
  who.assessment.submitQuiz({ body });
const triesOf = async ({ quiz_id }: { readonly quiz_id: string }) =>
  (await table.get(quizStandings, { quiz_id, student_id: student.user_id }, { consistent: true }))?.tries;

test('a quiz without a limit is begun and handed in at once; answers go by the questions’ own ids or their items’', async () => {
  const { quiz_id, questions: made } = await given();
  const second = made?.[1]?.item_id ?? '';
  const result = await submit({
    quiz_id,
    user_id: student.user_id,
    answers: { q1: 1, [second]: 2 },
    time_taken: 12.5,
  });
  expect(result).toMatchObject({
    quiz_id,
    user_id: student.user_id,
    status: 'submitted',
    total_questions: 2,
    correct_answers: 1,
    score: 1,
    max_score: 2,
    percent: 50,
    client_time_taken_s: 12.5,
    questions: [
      { correct: true, key: 1, explanation: 'It is two.' },
      { correct: false, key: 0 },
    ],
  });
});

test('the same answers again give the stored result; others are refused where no attempt is left', async () => {
  const quiz = await given();
  const body = { quiz_id: quiz.quiz_id, answers: { q1: 1, q2: 0 } };
  const results = await Promise.all(Array.from({ length: 20 }, () => submit(body)));
  expect(new Set(results.map(({ attempt_id }) => attempt_id)).size).toBe(1);
  expect(await submit(body)).toEqual(results[0]);
  const less = submit({ ...body, answers: { q1: 1 } });
  expect(await refusal(less)).toBe('409 quiz.submitted');
  expect(await refusal(submit({ ...body, answers: { q1: 0, q2: 0 } }))).toBe('409 quiz.submitted');
  expect(await triesOf(quiz)).toHaveLength(1);
});

test('where attempts are left other answers are another attempt', async () => {
  const quiz = await given({ max_attempts: 2 });
  const { quiz_id } = quiz;
  await submit({ quiz_id, answers: { q1: 0 } });
  expect(await submit({ quiz_id, answers: { q1: 1, q2: 0 } })).toMatchObject({ percent: 100 });
  expect(await triesOf(quiz)).toMatchObject([{ percent: 0 }, { percent: 100 }]);
});

test('a quiz with a limit must have been begun; its attempt is handed in then, with what was saved', async () => {
  const { quiz_id, questions: made } = await given({ time_limit: 60 });
  expect(await refusal(submit({ quiz_id, answers: { q1: 1 } }))).toBe('409 quiz.not_started');
  const { attempt_id } = await student.assessment.startQuizAttempt({ params: { quiz_id } });
  const answers = { [made?.[1]?.item_id ?? '']: 0 };
  await student.assessment.saveQuizAttempt({ params: { attempt_id }, body: { answers } });
  expect(await submit({ quiz_id, answers: { q1: 1 } })).toMatchObject({ attempt_id, percent: 100 });
});

test('answers are whole numbers by question, and one’s own', async () => {
  const quiz = await given();
  const { quiz_id } = quiz;
  for (const answers of [{ q1: '1' }, { q1: 0.5 }, { q1: [1] }, [1, 0], null]) {
    const { status, body } = await refusedWith(submit({ quiz_id, answers }));
    expect(status).toBe(422);
    expect(JSON.stringify(body)).toContain('"answers"');
  }
  for (const answers of [{ q1: 2 }, { q9: 1 }])
    expect(await refusal(submit({ quiz_id, answers }))).toBe('422 request.invalid');
  expect(await refusal(submit({ answers: {} }))).toBe('422 request.invalid');
  const foreign = submit({ quiz_id, user_id: other.user_id, answers: {} });
  expect(await refusal(foreign)).toBe('403 owner_mismatch');
  expect(await refusal(submit({ quiz_id: uuidv7(), answers: {} }))).toBe('404 quiz.not_found');
  const outsider = await school.person('student');
  expect(await refusal(submit({ quiz_id, answers: {} }, outsider))).toBe('404 quiz.not_found');
  expect(await refusal(submit({ quiz_id, answers: {} }, teacher))).toBe('403 auth.role');
  // none of them began an attempt
  expect(await triesOf(quiz)).toBeUndefined();
});

test('the result keeps to the feedback policy', async () => {
  const { quiz_id } = await given({ feedback: { when: 'never', show: 'answers' } });
  const result = await submit({ quiz_id, answers: { q1: 1, q2: 0 } });
  expect(result).toMatchObject({ score: null, percent: null, correct_answers: null, questions: null });
  const scored = await given({ feedback: { when: 'after_submit', show: 'score' } });
  expect(await submit({ quiz_id: scored.quiz_id, answers: { q1: 1, q2: 0 } })).toMatchObject({
    score: 2,
    percent: 100,
    correct_answers: null,
    questions: null,
  });
});
