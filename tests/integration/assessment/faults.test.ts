/** What happens between the writes: conflicts, throttles, lost replies, and functions that die half-way. */
import { afterEach, expect, test } from 'vitest';
import { createAdversity } from '#infra/local/adverse.ts';
import { type Fault, faults } from '#infra/local/gateway.ts';
import { uuidv7 } from '#shared/ids.ts';
import { endOverdueAttempts } from '#shared/quizzes/sweep.ts';
import { events, eventsKey } from '#shared/realtime/event.ts';
import { items } from '#shared/table/item.ts';
import { itemBanks } from '#shared/table/item-bank.ts';
import { quizStandings } from '#shared/table/quiz.ts';
import { aQuiz, rightAnswers } from '#tests/support/quizzes.ts';
import { refusal } from '#tests/support/refusal.ts';
import { aSchool, type Person } from '#tests/support/school.ts';

const school = await aSchool();
const { table } = school;
const { teacher, students, class_id } = await school.withClass({ students: 30 });
const [student] = students;
if (!student) throw new Error('the class has students');
afterEach(() => school.meet());

/** The calls of an operation number `from` to `from + times − 1` meet the fault. */
function meet(operation: string, fault: () => Fault, { from = 1, times = 1 } = {}): () => number {
  let seen = 0;
  school.meet((name) => {
    if (name !== operation) return undefined;
    seen++;
    return seen >= from && seen < from + times ? fault() : undefined;
  });
  return () => seen;
}
const gone = { from: 1, times: 1000 };

const start = (quiz: { readonly quiz_id: string }, who: Person = student) =>
  who.assessment.startQuizAttempt({ params: { quiz_id: quiz.quiz_id } });
const submit = (attempt_id: string, answers: ReturnType<typeof rightAnswers>, who: Person = student) =>
  who.assessment.submitQuizAttempt({ params: { attempt_id }, body: { answers } });
const triesOf = async ({ quiz_id }: { readonly quiz_id: string }, { user_id }: Person = student) =>
  (await table.get(quizStandings, { quiz_id, student_id: user_id }, { consistent: true }))?.tries;
const seqs = async (attempt_id: string) =>
  (await table.query(events, { pk: eventsKey(`quiz:${attempt_id}`) })).items.map(({ seq }) => seq);

test('a start whose reply got lost is a start, once', async () => {
  const quiz = await aQuiz(teacher, class_id);
  meet('TransactWriteItems', faults.lostReply);
  const { attempt_id } = await start(quiz);
  expect((await start(quiz)).attempt_id).toBe(attempt_id);
  expect(await triesOf(quiz)).toHaveLength(1);
});

test('a save whose reply got lost is kept and counted once', async () => {
  const quiz = await aQuiz(teacher, class_id);
  const { attempt_id } = await start(quiz);
  const answers = rightAnswers(quiz);
  const met = meet('PutItem', faults.lostReply);
  const reply = await student.assessment.saveQuizAttempt({ params: { attempt_id }, body: { answers } });
  expect(met()).toBeGreaterThan(1);
  expect(reply).toMatchObject({ saved: 1, answered: 4 });
});

test('a submission whose reply got lost is scored and told once', async () => {
  const quiz = await aQuiz(teacher, class_id);
  const { attempt_id } = await start(quiz);
  meet('TransactWriteItems', faults.lostReply);
  expect(await submit(attempt_id, rightAnswers(quiz))).toMatchObject({ result: { percent: 100 } });
  expect(await triesOf(quiz)).toMatchObject([{ status: 'submitted', percent: 100 }]);
  expect(await seqs(attempt_id)).toEqual([1, 2]);
});

test('a submission that died before its write has changed nothing, and goes through the next time', async () => {
  const quiz = await aQuiz(teacher, class_id);
  const { attempt_id } = await start(quiz);
  meet('TransactWriteItems', faults.serverError, gone);
  expect(await refusal(submit(attempt_id, rightAnswers(quiz)))).toBe('500 internal');
  school.meet();
  expect(await student.assessment.getQuizAttempt({ params: { attempt_id } })).toMatchObject({
    status: 'in_progress',
    answers: {},
  });
  expect(await seqs(attempt_id)).toEqual([1]);
  expect(await submit(attempt_id, rightAnswers(quiz))).toMatchObject({ result: { percent: 100 } });
}, 60_000);

test('a quiz that died half-way through making its questions is whole when it is asked for again', async () => {
  const questions = Array.from({ length: 100 }, (_, n) => ({
    text: `Question ${n} of the long one`,
    options: ['a', 'b'],
    correct_answer: n % 2,
  }));
  const call = {
    body: { class_id, title: 'A hundred', questions },
    idempotency_key: uuidv7(),
  };
  // three transactions make the items, the fourth the quiz: each request gets one further than the one before
  for (const _ of [1, 2, 3]) {
    meet('TransactWriteItems', faults.serverError, { from: 2, times: 1000 });
    expect(await refusal(teacher.assessment.createQuiz(call))).toBe('500 internal');
    school.meet();
    expect(
      (await teacher.assessment.listQuizzes({ query: { class_id, limit: 100 } })).items,
    ).not.toContainEqual(expect.objectContaining({ title: 'A hundred' }));
  }
  const quiz = await teacher.assessment.createQuiz(call);
  const ids = quiz.questions ?? [];
  expect(new Set(ids.map(({ item_id }) => item_id)).size).toBe(100);
  const [first] = ids;
  if (!first) throw new Error('the quiz has questions');
  const bank = await table.get(itemBanks, first, { consistent: true });
  const present = await table.queryAll(items, { pk: `bank#${first.bank_id}`, prefix: 'item#' });
  const ofThis = present.filter(({ body }) => body.endsWith('of the long one'));
  // every item once, however often its making was begun
  expect(ofThis).toHaveLength(100);
  expect(bank?.item_count).toBe(present.length);
}, 120_000);

test('a whole quiz whose hand-in died between start and submission is one attempt when it is sent again', async () => {
  const questions = [{ id: 'q1', text: 'One or two?', options: ['one', 'two'], correct_answer: 1 }];
  const quiz = await aQuiz(teacher, class_id, { questions });
  const body = { quiz_id: quiz.quiz_id, answers: { q1: 1 } };
  meet('TransactWriteItems', faults.serverError, { from: 2, times: 1000 });
  expect(await refusal(student.assessment.submitQuiz({ body }))).toBe('500 internal');
  school.meet();
  expect(await triesOf(quiz)).toMatchObject([{ status: 'in_progress' }]);
  expect(await student.assessment.submitQuiz({ body })).toMatchObject({ percent: 100 });
  expect(await triesOf(quiz)).toMatchObject([{ status: 'submitted', percent: 100 }]);
}, 60_000);

test('a sweep that cannot end one attempt ends the others, and that one the next time', async () => {
  const questions = [{ text: 'One or two?', options: ['one', 'two'], correct_answer: 1 }];
  const quiz = await aQuiz(teacher, class_id, { questions, time_limit_s: 30 });
  const few = students.slice(0, 4);
  await Promise.all(few.map((who) => start(quiz, who)));
  const world = { table, now: () => new Date(Date.now() + 60_000), events_days: 30 };
  // the SDK tries three times
  meet('TransactWriteItems', faults.serverError, { from: 1, times: 3 });
  await endOverdueAttempts(world);
  await endOverdueAttempts(world);
  for (const who of few) expect(await triesOf(quiz, who)).toMatchObject([{ status: 'expired' }]);
}, 60_000);

test('thirty who begin, save and hand in at once in bad weather: every result is theirs, once', async () => {
  const adversity = createAdversity(20_261_121);
  const quiz = await aQuiz(teacher, class_id);
  const right = rightAnswers(quiz);
  school.meet((operation) =>
    operation.startsWith('TransactWrite') && adversity.conflicts()
      ? faults.transactionConflict()
      : adversity.inject({ service: 'dynamodb', action: operation, accessKeyId: 'test' }),
  );
  const attempts = await Promise.all(
    students.map(async (who, n) => {
      const { attempt_id } = await start(quiz, who);
      const answers = Object.fromEntries(Object.entries(right).slice(0, n % 5));
      await who.assessment.saveQuizAttempt({ params: { attempt_id }, body: { answers } });
      await Promise.all([1, 2].map(() => submit(attempt_id, {}, who)));
      return attempt_id;
    }),
  );
  school.meet();
  for (const [n, who] of students.entries()) {
    expect(await triesOf(quiz, who)).toMatchObject([{ status: 'submitted', percent: (n % 5) * 25 }]);
    expect(await seqs(attempts[n] ?? '')).toEqual([1, 2]);
  }
  const stats = await teacher.assessment.quizStatistics({ params: { quiz_id: quiz.quiz_id } });
  expect(stats).toMatchObject({ attempts: 30, mean_percent: 50 });
}, 120_000);
