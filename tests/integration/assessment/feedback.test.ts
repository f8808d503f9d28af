/** Who sees what of a quiz, and when: keys and explanations leave the server only as its feedback policy says. */
import { afterEach, expect, test, vi } from 'vitest';
import { graceMs } from '#shared/domain/quizzes/rules.ts';
import { aQuiz, quizSecrets, rightAnswers } from '#tests/support/quizzes.ts';
import { aSchool, type Person } from '#tests/support/school.ts';

const school = await aSchool();
const { teacher, students, class_id } = await school.withClass({ students: 1 });
const [student] = students;
if (!student) throw new Error('the class has a student');
const guardian = await school.person('guardian');
await teacher.school.linkGuardian({
  body: { guardian_id: guardian.user_id, student_id: student.user_id },
});
afterEach(() => vi.useRealTimers());

const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString();

interface Policy {
  readonly when: 'never' | 'after_submit' | 'after_due';
  readonly show: 'score' | 'correctness' | 'answers';
}
const quizWith = (feedback: Policy, changes: Readonly<Record<string, unknown>> = {}) =>
  aQuiz(teacher, class_id, { feedback, due_at: inSeconds(120), max_attempts: 2, ...changes });

/** Everything that somebody can read of a quiz and an attempt, as text. */
async function allThatIsSeen(who: Person, quiz_id: string, attempt_id: string): Promise<string> {
  const quiz = { params: { quiz_id } };
  const query = { class_id, student_id: student?.user_id, limit: 100 };
  const { items } = await who.assessment.listQuizzes({ query });
  return JSON.stringify([
    items.find((one) => one.quiz_id === quiz_id),
    await who.assessment.getQuiz(quiz),
    await who.assessment.listQuizAttempts(quiz),
    await who.assessment.getQuizAttempt({ params: { attempt_id } }),
  ]);
}

/** What is known of a finished attempt: its score, which were right, the answers. */
async function known(who: Person, quiz_id: string, attempt_id: string) {
  const text = await allThatIsSeen(who, quiz_id, attempt_id);
  return {
    score: /"percent":75/.test(text) && /"score":3/.test(text),
    correctness: /"correct":true/.test(text),
    answers: quizSecrets.every((word) => text.includes(word)),
    anyKey: /"key":[^n]/.test(text) || quizSecrets.some((word) => text.includes(word)),
    anyScore: /"(?:percent|score)":\d/.test(text),
  };
}

/** An attempt with three of four right, in which nothing was written that the key says. */
async function taken(quiz: Awaited<ReturnType<typeof quizWith>>, who: Person) {
  const { attempt_id } = await who.assessment.startQuizAttempt({ params: { quiz_id: quiz.quiz_id } });
  const before = await allThatIsSeen(who, quiz.quiz_id, attempt_id);
  const answers = rightAnswers(quiz);
  const text = quiz.questions?.find(({ kind }) => kind === 'text');
  await who.assessment.submitQuizAttempt({
    params: { attempt_id },
    body: { answers: { ...answers, [text?.item_id ?? '']: 'wrong' } },
  });
  return { attempt_id, before };
}

const nothing = { score: false, correctness: false, answers: false, anyKey: false, anyScore: false };
const seen = {
  score: { ...nothing, score: true, anyScore: true },
  correctness: { ...nothing, score: true, correctness: true, anyScore: true },
  answers: { score: true, correctness: true, answers: true, anyKey: true, anyScore: true },
} as const;

for (const when of ['never', 'after_submit', 'after_due'] as const)
  for (const show of ['score', 'correctness', 'answers'] as const)
    test(`${when}, ${show}: students see no more, and no earlier; guardians the score alone; the staff all`, async () => {
      const quiz = await quizWith({ when, show });
      const { quiz_id } = quiz;
      const { attempt_id, before } = await taken(quiz, student);
      for (const word of quizSecrets) expect(before).not.toContain(word);
      const shownNow = when === 'after_submit';
      expect(await known(student, quiz_id, attempt_id)).toEqual(shownNow ? seen[show] : nothing);
      expect(await known(guardian, quiz_id, attempt_id)).toEqual(shownNow ? seen.score : nothing);
      expect(await known(teacher, quiz_id, attempt_id)).toEqual(seen.answers);
      const { feedback_at } = await student.assessment.getQuizAttempt({ params: { attempt_id } });
      expect(feedback_at).toBe(when === 'after_due' ? quiz.due_at : null);

      vi.useFakeTimers({ toFake: ['Date'] });
      vi.setSystemTime(Date.parse(quiz.due_at ?? '') + graceMs + 1);
      const shownThen = when !== 'never';
      expect(await known(student, quiz_id, attempt_id)).toEqual(shownThen ? seen[show] : nothing);
      expect(await known(guardian, quiz_id, attempt_id)).toEqual(shownThen ? seen.score : nothing);
    });

test('a quiz without a due date is due when it is closed', async () => {
  const quiz = await quizWith({ when: 'after_due', show: 'answers' }, { due_at: null });
  const { attempt_id } = await taken(quiz, student);
  expect(await known(student, quiz.quiz_id, attempt_id)).toEqual(nothing);
  const params = { quiz_id: quiz.quiz_id };
  await teacher.assessment.updateQuiz({ params, body: { status: 'closed' } });
  expect(await known(student, quiz.quiz_id, attempt_id)).toEqual(seen.answers);
});

test('the answers of one attempt do not show the keys of the next one under way', async () => {
  const quiz = await quizWith({ when: 'after_due', show: 'answers' }, { late_policy: 'accept' });
  await taken(quiz, student);
  const next = await student.assessment.startQuizAttempt({ params: { quiz_id: quiz.quiz_id } });
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(Date.parse(quiz.due_at ?? '') + graceMs + 1);
  const { attempt_id } = next;
  expect(await student.assessment.getQuizAttempt({ params: { attempt_id } })).toMatchObject({ result: null });
});

test('who has handed one attempt in learns no key for another while that is still taken', async () => {
  const quiz = await quizWith({ when: 'after_due', show: 'answers' });
  const { attempt_id } = await taken(quiz, student);
  const next = await student.assessment.startQuizAttempt({ params: { quiz_id: quiz.quiz_id } });
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(Date.parse(quiz.due_at ?? '') + graceMs);
  expect(await known(student, quiz.quiz_id, attempt_id)).toEqual(nothing);
  const params = { attempt_id: next.attempt_id };
  await student.assessment.submitQuizAttempt({ params, body: {} });
});

test('what waits for the end of the quiz waits for one’s other attempt, too', async () => {
  const quiz = await quizWith({ when: 'after_due', show: 'answers' }, { due_at: null });
  const { attempt_id } = await taken(quiz, student);
  const next = await student.assessment.startQuizAttempt({ params: { quiz_id: quiz.quiz_id } });
  await teacher.assessment.updateQuiz({ params: { quiz_id: quiz.quiz_id }, body: { status: 'closed' } });
  for (const who of [student, guardian])
    expect(await who.assessment.getQuizAttempt({ params: { attempt_id } })).toMatchObject({ result: null });
  expect(await known(teacher, quiz.quiz_id, attempt_id)).toEqual(seen.answers);
  await student.assessment.submitQuizAttempt({ params: { attempt_id: next.attempt_id }, body: {} });
  expect(await known(student, quiz.quiz_id, attempt_id)).toEqual(seen.answers);
});

test('of a quiz that takes late attempts the score comes when it is due, keys to whom no attempt is left', async () => {
  const late = { due_at: inSeconds(120), late_policy: 'accept' };
  const policy = { when: 'after_due', show: 'answers' } as const;
  const [once, twice] = [
    await quizWith(policy, { ...late, max_attempts: 1 }),
    await quizWith(policy, { ...late, max_attempts: 2 }),
  ];
  const [all, first] = [await taken(once, student), await taken(twice, student)];
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(Date.parse(twice.due_at ?? '') + graceMs + 1);
  expect(await known(student, once.quiz_id, all.attempt_id)).toEqual(seen.answers);
  expect(await known(student, twice.quiz_id, first.attempt_id)).toEqual(seen.score);
  const second = await taken(twice, student);
  for (const { attempt_id } of [first, second])
    expect(await known(student, twice.quiz_id, attempt_id)).toEqual(seen.answers);
});

test('keys of a quiz that takes late attempts come when it is closed, however many attempts are left', async () => {
  const quiz = await quizWith(
    { when: 'after_due', show: 'correctness' },
    { late_policy: 'accept', max_attempts: null },
  );
  const { attempt_id } = await taken(quiz, student);
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(Date.parse(quiz.due_at ?? '') + graceMs + 1);
  expect(await known(student, quiz.quiz_id, attempt_id)).toEqual(seen.score);
  vi.useRealTimers();
  const params = { quiz_id: quiz.quiz_id };
  await teacher.assessment.updateQuiz({ params, body: { status: 'closed' } });
  expect(await known(student, quiz.quiz_id, attempt_id)).toEqual(seen.correctness);
});

test('a guardian reads neither questions nor answers', async () => {
  const quiz = await quizWith({ when: 'after_submit', show: 'answers' });
  const { attempt_id } = await taken(quiz, student);
  expect(await guardian.assessment.getQuizAttempt({ params: { attempt_id } })).toMatchObject({
    questions: [],
    answers: {},
    result: { score: 3, percent: 75, questions: null },
  });
  expect(await guardian.assessment.getQuiz({ params: { quiz_id: quiz.quiz_id } })).toMatchObject({
    questions: null,
  });
});
