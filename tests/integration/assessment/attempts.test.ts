import { afterEach, expect, test, vi } from 'vitest';
import { uuidv7 } from '#shared/ids.ts';
import { endOverdueAttempts } from '#shared/quizzes/sweep.ts';
import { events, eventsKey } from '#shared/realtime/event.ts';
import { quizStandings } from '#shared/table/quiz.ts';
import { aQuiz, idsOf, rightAnswers } from '#tests/support/quizzes.ts';
import { refusal, refusedWith } from '#tests/support/refusal.ts';
import { aSchool, type Person } from '#tests/support/school.ts';

const school = await aSchool();
const { table } = school;
const { teacher, students, class_id } = await school.withClass({ students: 3 });
const [student, other, slow] = students;
if (!student || !other || !slow) throw new Error('the class has students');

const oneQuestion = [{ text: 'One or two?', options: ['one', 'two'], correct_answer: 1 }];
const given = (changes: Readonly<Record<string, unknown>> = {}) => aQuiz(teacher, class_id, changes);
const of = ({ quiz_id }: { readonly quiz_id: string }) => ({ params: { quiz_id } });
const at = ({ attempt_id }: { readonly attempt_id: string }) => ({ params: { attempt_id } });
const start = (quiz: { readonly quiz_id: string }, who: Person = student) =>
  who.assessment.startQuizAttempt(of(quiz));
type Answers = Record<string, number | number[] | string | null>;
const save = (attempt: { readonly attempt_id: string }, answers: Answers, saved?: number) =>
  student.assessment.saveQuizAttempt({
    ...at(attempt),
    body: { answers, ...(saved !== undefined && { saved }) },
  });
const submit = (attempt: { readonly attempt_id: string }, answers?: Answers, who: Person = student) =>
  who.assessment.submitQuizAttempt({ ...at(attempt), body: answers ? { answers } : {} });
const read = (attempt: { readonly attempt_id: string }, who: Person = student) =>
  who.assessment.getQuizAttempt(at(attempt));
const standingOf = ({ quiz_id }: { readonly quiz_id: string }, { user_id }: Person = student) =>
  table.get(quizStandings, { quiz_id, student_id: user_id }, { consistent: true });
const told = async ({ attempt_id }: { readonly attempt_id: string }) =>
  (await table.query(events, { pk: eventsKey(`quiz:${attempt_id}`) })).items;

/** Everybody's clock goes on by so many seconds, and stands still otherwise. */
function pass(seconds: number): void {
  const then = Date.now() + seconds * 1000;
  if (!vi.isFakeTimers()) vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(then);
}
const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString();
afterEach(() => vi.useRealTimers());

test('an attempt shows the questions without keys, and goes on wherever it is begun again', async () => {
  const quiz = await given();
  const begun = await start(quiz);
  expect(begun).toMatchObject({
    number: 1,
    status: 'in_progress',
    deadline_at: null,
    answers: {},
    saved: 0,
    result: null,
    feedback_at: null,
  });
  const [first] = begun.questions;
  expect(Object.keys(first ?? {}).sort()).toEqual([
    'body',
    'item_id',
    'kind',
    'option_order',
    'options',
    'points',
  ]);
  expect(JSON.stringify(begun)).not.toContain('sekret');
  const phone = { ...student, ...school.clients(await school.tokenOf(student.user_id)) };
  expect((await start(quiz, phone)).attempt_id).toBe(begun.attempt_id);
  expect((await start(quiz, other)).attempt_id).not.toBe(begun.attempt_id);
});

test('fifty starts at once begin one attempt', async () => {
  const quiz = await given({ max_attempts: null });
  const begun = await Promise.all(Array.from({ length: 50 }, () => start(quiz)));
  expect(new Set(begun.map(({ attempt_id }) => attempt_id)).size).toBe(1);
  expect(await standingOf(quiz)).toMatchObject({ tries: [{ status: 'in_progress' }], version: 1 });
});

test('the same key begins one attempt, also after that was handed in', async () => {
  const quiz = await given({ max_attempts: 2 });
  const call = { ...of(quiz), idempotency_key: uuidv7() };
  const first = await student.assessment.startQuizAttempt(call);
  await submit(first);
  const again = await student.assessment.startQuizAttempt(call);
  expect(again).toMatchObject({ attempt_id: first.attempt_id, status: 'submitted' });
});

test('answers are merged by question, from any device, and taken back by null', async () => {
  const quiz = await given();
  const { choice, multi, numeric, text } = idsOf(quiz);
  const begun = await start(quiz);
  expect(await save(begun, { [choice]: 0, [text]: 'one' })).toMatchObject({ saved: 1, answered: 2 });
  expect(await save(begun, { [multi]: [3, 1], [choice]: 1 })).toMatchObject({ saved: 2, answered: 3 });
  expect(await save(begun, { [text]: null, [numeric]: -1.5 })).toMatchObject({ saved: 3, answered: 3 });
  expect(await read(begun)).toMatchObject({
    answers: { [choice]: 1, [multi]: [1, 3], [numeric]: -1.5 },
    saved: 3,
  });
  // nothing new is nothing to save
  expect(await save(begun, { [multi]: [1, 3], [text]: null })).toMatchObject({ saved: 3 });
});

test('of saves that overlap none is lost, and one that comes late is told', async () => {
  const quiz = await given();
  const { choice, numeric, text } = idsOf(quiz);
  const begun = await start(quiz);
  await Promise.all([
    save(begun, { [choice]: 2 }),
    save(begun, { [numeric]: 7 }),
    save(begun, { [text]: 'x' }),
  ]);
  const { saved, answers } = await read(begun);
  expect({ saved, answers }).toEqual({ saved: 3, answers: { [choice]: 2, [numeric]: 7, [text]: 'x' } });
  await save(begun, { [choice]: 1 }, 3);
  expect(await refusal(save(begun, { [choice]: 0 }, 3))).toBe('409 quiz.saved_elsewhere');
  // the repetition of one whose reply got lost
  expect(await save(begun, { [choice]: 1 }, 3)).toMatchObject({ saved: 4 });
  expect((await read(begun)).answers).toMatchObject({ [choice]: 1 });
});

test('answers that cannot be are refused where they are, and nothing of them is kept', async () => {
  const quiz = await given();
  const { choice, multi, numeric, text } = idsOf(quiz);
  const begun = await start(quiz);
  const wrong: [string, number | number[] | string][] = [
    [choice, 3],
    [choice, 'one'],
    [multi, [0, 0]],
    [multi, 1],
    [numeric, '3,14'],
    [text, 5],
    [uuidv7(), 1],
    ['constructor', 1],
  ];
  for (const [item_id, answer] of wrong)
    for (const send of [save, submit]) {
      const { status, body } = await refusedWith(send(begun, { [item_id]: answer }));
      expect(status).toBe(422);
      expect(body).toMatchObject({ detail: [{ loc: ['body', 'answers', item_id] }] });
    }
  expect(await read(begun)).toMatchObject({ status: 'in_progress', answers: {}, saved: 0 });
});

test('a submission is scored by the server: all kinds, a part for a partly right choice of several, 0 for blanks', async () => {
  const quiz = await given();
  const { choice, multi, numeric } = idsOf(quiz);
  const begun = await start(quiz);
  await save(begun, { [choice]: 1, [numeric]: 3.1405 });
  const done = await submit(begun, { [multi]: [1] });
  expect(done).toMatchObject({ status: 'submitted', late: false });
  expect(done.result).toMatchObject({ score: 2.5, max_score: 4, percent: 62.5 });
  expect(done.result?.questions).toMatchObject([
    { points: 1, correct: true, answered: true, key: 1, explanation: 'sekret_explanation' },
    { points: 0.5, correct: false, answered: true, key: [1, 3] },
    { points: 1, correct: true, key: { value: 3.14 } },
    { points: 0, correct: false, answered: false, key: { accepted: ['sekret_answer', 'Another'] } },
  ]);
});

test('handing in again: the same gives the stored result, other answers are refused, and nothing is saved any more', async () => {
  const quiz = await given();
  const { choice } = idsOf(quiz);
  const begun = await start(quiz);
  const right = rightAnswers(quiz);
  const first = await submit(begun, right);
  for (const again of [submit(begun, right), submit(begun), submit(begun, { [choice]: 1 })])
    expect(await again).toMatchObject({ submitted_at: first.submitted_at, result: { percent: 100 } });
  expect(await refusal(submit(begun, { ...right, [choice]: 0 }))).toBe('409 quiz.submitted');
  expect(await refusal(save(begun, { [choice]: 0 }))).toBe('409 quiz.submitted');
  expect(await refusal(start(quiz))).toBe('409 quiz.no_attempts_left');
});

test('fifty submissions of one attempt at once give one result, one event and one standing', async () => {
  const quiz = await given();
  const begun = await start(quiz);
  const right = rightAnswers(quiz);
  const done = await Promise.all(Array.from({ length: 50 }, () => submit(begun, right)));
  expect(new Set(done.map(({ submitted_at }) => submitted_at)).size).toBe(1);
  expect(done.every(({ result }) => result?.percent === 100)).toBe(true);
  expect(await standingOf(quiz)).toMatchObject({
    tries: [{ status: 'submitted', percent: 100 }],
    version: 2,
  });
  expect((await told(begun)).map(({ seq }) => seq)).toEqual([1, 2]);
});

test('of fifty submissions with different answers one counts, and the others hear so', async () => {
  const questions = [{ kind: 'numeric', text: 'How many?', key: { value: 7 } }];
  const quiz = await given({ questions });
  const begun = await start(quiz);
  const item_id = quiz.questions?.[0]?.item_id ?? '';
  const outcomes = await Promise.all(
    Array.from({ length: 50 }, (_, n) =>
      submit(begun, { [item_id]: n }).then(
        ({ answers }) => answers[item_id],
        (error: { error_code: string }) => error.error_code,
      ),
    ),
  );
  const counted = outcomes.filter((one) => typeof one === 'number');
  expect(counted).toHaveLength(1);
  expect(outcomes.filter((one) => one === 'quiz.submitted')).toHaveLength(49);
  expect((await read(begun)).answers).toEqual({ [item_id]: counted[0] });
});

test('saves and a submission that meet lose nothing that was confirmed before it', async () => {
  const quiz = await given();
  const { choice, multi, numeric, text } = idsOf(quiz);
  const begun = await start(quiz);
  const saving = [
    save(begun, { [choice]: 1 }),
    save(begun, { [multi]: [1, 3] }),
    save(begun, { [numeric]: 3.14 }),
  ];
  const [submitted, ...saves] = await Promise.allSettled([submit(begun, { [text]: 'another' }), ...saving]);
  expect(submitted.status).toBe('fulfilled');
  const { answers, result } = await read(begun);
  const kept = saves.filter(({ status }) => status === 'fulfilled').length;
  expect(Object.keys(answers)).toHaveLength(1 + kept);
  expect(result?.score).toBe(1 + kept);
});

test('the time counts on the server: within the grace answers are taken, then no more, and what was saved is scored', async () => {
  pass(0);
  const quiz = await given({ questions: oneQuestion, time_limit_s: 30 });
  const item_id = quiz.questions?.[0]?.item_id ?? '';
  const begun = await start(quiz);
  expect(Date.parse(begun.deadline_at ?? '') - Date.parse(begun.started_at)).toBe(30_000);
  pass(33);
  await save(begun, { [item_id]: 1 });
  pass(5);
  expect(await refusal(save(begun, { [item_id]: 0 }))).toBe('409 quiz.time_over');
  expect(await read(begun)).toMatchObject({
    status: 'expired',
    submitted_at: begun.deadline_at,
    late: false,
    result: { percent: 100 },
  });
  expect(await submit(begun)).toMatchObject({ status: 'expired', result: { percent: 100 } });
  expect(await refusal(submit(begun, { [item_id]: 0 }))).toBe('409 quiz.time_over');
  expect((await told(begun)).map(({ data }) => data['status'])).toEqual(['in_progress', 'expired']);
});

test('a submission within the grace counts as in time', async () => {
  pass(0);
  const quiz = await given({ questions: oneQuestion, due_at: inSeconds(60) });
  const begun = await start(quiz);
  expect(begun.deadline_at).toBe(quiz.due_at);
  pass(63);
  expect(await submit(begun)).toMatchObject({ status: 'submitted', late: false, submitted_at: quiz.due_at });
});

test('extra time makes the limit longer from the next start on', async () => {
  pass(0);
  await teacher.school.updateStudent({ params: { student_id: slow.user_id }, body: { time_factor: 1.5 } });
  const quiz = await given({ questions: oneQuestion, time_limit_s: 30 });
  expect((await slow.assessment.getQuiz(of(quiz))).mine).toMatchObject({ time_limit_s: 45 });
  const begun = await start(quiz, slow);
  expect(begun).toMatchObject({ time_limit_s: 45 });
  pass(40);
  expect(await submit(begun, {}, slow)).toMatchObject({ status: 'submitted' });
});

test('who begins again after the time was over gets the next attempt, with the first one scored', async () => {
  pass(0);
  const quiz = await given({ questions: oneQuestion, time_limit_s: 30, max_attempts: 2 });
  const first = await start(quiz);
  pass(36);
  const second = await start(quiz);
  expect(second).toMatchObject({ number: 2, status: 'in_progress' });
  expect(await standingOf(quiz)).toMatchObject({
    tries: [
      { attempt_id: first.attempt_id, status: 'expired', percent: 0 },
      { attempt_id: second.attempt_id, status: 'in_progress' },
    ],
  });
});

test('a due date that refuses ends attempts; moved later it lengthens them, moved earlier it shortens none', async () => {
  pass(0);
  const quiz = await given({ questions: oneQuestion, due_at: inSeconds(60) });
  const begun = await start(quiz);
  const due_at = inSeconds(120);
  await teacher.assessment.updateQuiz({ ...of(quiz), body: { due_at } });
  pass(90);
  const item_id = quiz.questions?.[0]?.item_id ?? '';
  expect(await save(begun, { [item_id]: 1 })).toMatchObject({ deadline_at: due_at });
  await teacher.assessment.updateQuiz({ ...of(quiz), body: { due_at: inSeconds(-60) } });
  expect(await read(begun)).toMatchObject({ status: 'in_progress' });
  expect(await refusal(start(quiz, other))).toBe('409 quiz.past_due');
  pass(40);
  expect(await read(begun)).toMatchObject({ status: 'expired', submitted_at: due_at });
});

test('a due date that accepts marks what comes after it', async () => {
  pass(0);
  const quiz = await given({ questions: oneQuestion, due_at: inSeconds(30), late_policy: 'accept' });
  const begun = await start(quiz);
  expect(begun.deadline_at).toBeNull();
  pass(40);
  expect(await submit(begun)).toMatchObject({ status: 'submitted', late: true });
  expect(await start(quiz, other)).toMatchObject({ status: 'in_progress' });
  const { items } = await teacher.assessment.quizProgress(of(quiz));
  expect(items.find(({ student_id }) => student_id === student.user_id)).toMatchObject({ late: true });
});

test('a closed quiz begins no attempt, and lets those under way end', async () => {
  const quiz = await given({ max_attempts: 2 });
  const begun = await start(quiz);
  await teacher.assessment.updateQuiz({ ...of(quiz), body: { status: 'closed' } });
  expect(await refusal(start(quiz, other))).toBe('409 quiz.closed');
  expect(await submit(begun)).toMatchObject({ status: 'submitted' });
});

test('which attempt counts is the quiz’s rule, also when the rule changes later', async () => {
  const questions = ['A', 'B', 'C'].map((text) => ({ text, options: ['x', 'y'], correct_answer: 0 }));
  const quiz = await given({ questions, max_attempts: 3, counts: 'best' });
  const ids = quiz.questions?.map(({ item_id }) => item_id) ?? [];
  for (const right of [2, 3, 1]) {
    const begun = await start(quiz);
    await submit(begun, Object.fromEntries(ids.slice(0, right).map((item_id) => [item_id, 0])));
  }
  for (const [counts, percent] of [
    ['best', 100],
    ['first', 66.67],
    ['last', 33.33],
    ['average', 66.67],
  ] as const) {
    await teacher.assessment.updateQuiz({ ...of(quiz), body: { counts } });
    const { mine } = await student.assessment.getQuiz(of(quiz));
    expect(mine).toMatchObject({ percent, attempts: 3, attempts_left: 0, is_open: false });
  }
});

test('the sweep ends what nobody touches any more, once', async () => {
  pass(0);
  const quiz = await given({ questions: oneQuestion, time_limit_s: 30 });
  const untimed = await given({ questions: oneQuestion });
  const begun = await Promise.all([student, other, slow].map((who) => start(quiz, who)));
  const open = await start(untimed);
  const item_id = quiz.questions?.[0]?.item_id ?? '';
  const [first, second] = begun;
  if (!first || !second) throw new Error('three began');
  await save(first, { [item_id]: 1 });
  const world = { table, now: () => new Date(), events_days: 30 };
  pass(34);
  await endOverdueAttempts(world);
  expect(await standingOf(quiz)).toMatchObject({ tries: [{ status: 'in_progress' }] });
  // the slow one has time and a half
  pass(2);
  await Promise.all([endOverdueAttempts(world), endOverdueAttempts(world)]);
  expect(await standingOf(quiz)).toMatchObject({ tries: [{ status: 'expired', percent: 100 }], version: 2 });
  expect(await standingOf(quiz, other)).toMatchObject({ tries: [{ status: 'expired', percent: 0 }] });
  expect(await standingOf(quiz, slow)).toMatchObject({ tries: [{ status: 'in_progress' }] });
  expect(await standingOf(untimed)).toMatchObject({
    tries: [{ attempt_id: open.attempt_id, status: 'in_progress' }],
  });
  expect((await told(second)).map(({ seq }) => seq)).toEqual([1, 2]);
});

test('the class’s staff hears of beginning and end, without the score; of students each of their own', async () => {
  const quiz = await given();
  const begun = await start(quiz);
  await submit(begun, rightAnswers(quiz));
  const both = await told(begun);
  expect(both).toMatchObject(
    ['in_progress', 'submitted'].map((status, index) => ({
      seq: index + 1,
      event_type: 'quiz.progress',
      owner_id: student.user_id,
      fan_in: [`class:${class_id}`],
      data: { quiz_id: quiz.quiz_id, student_name: student.name, status },
    })),
  );
  expect(JSON.stringify(both)).not.toMatch(/score|percent/);
});

test('shuffled questions and options are the attempt’s own order, and answers name the stored positions', async () => {
  const questions = Array.from({ length: 12 }, (_, n) => ({
    text: `Question ${n}`,
    options: ['a', 'b', 'c', 'd', 'e', 'f'],
    correct_answer: n % 6,
  }));
  const quiz = await given({ questions, shuffle_questions: true, shuffle_options: true });
  const stored = quiz.questions?.map(({ item_id }) => item_id) ?? [];
  const begun = await start(quiz);
  const shown = begun.questions.map(({ item_id }) => item_id);
  expect(shown).not.toEqual(stored);
  expect([...shown].sort()).toEqual([...stored].sort());
  expect((await read(begun)).questions).toEqual(begun.questions);
  for (const { option_order } of begun.questions)
    expect([...option_order].sort()).toEqual([0, 1, 2, 3, 4, 5]);
  const orders = new Set(begun.questions.map(({ option_order }) => option_order.join()));
  expect(orders.size).toBeGreaterThan(1);
  // the order under way stays, whatever becomes of the quiz's rule
  await teacher.assessment.updateQuiz({ ...of(quiz), body: { shuffle_questions: false } });
  expect((await read(begun)).questions).toEqual(begun.questions);
  const right = Object.fromEntries(stored.map((item_id, n) => [item_id, n % 6]));
  expect((await submit(begun, right)).result).toMatchObject({ percent: 100 });
});

test('attempts are the business of who takes them, their guardians and the class’s staff', async () => {
  const quiz = await given();
  const begun = await start(quiz);
  for (const who of [other, await school.person('teacher'), await school.person('guardian')])
    expect(await refusal(read(begun, who))).toBe('404 quiz_attempt.not_found');
  expect(await refusal(submit(begun, {}, other))).toBe('404 quiz_attempt.not_found');
  const saving = other.assessment.saveQuizAttempt({ ...at(begun), body: { answers: {} } });
  expect(await refusal(saving)).toBe('404 quiz_attempt.not_found');
  expect(await refusal(read({ attempt_id: uuidv7() }))).toBe('404 quiz_attempt.not_found');
  await start(quiz, other);
  const mine = await student.assessment.listQuizAttempts(of(quiz));
  expect(mine.items.map(({ attempt_id }) => attempt_id)).toEqual([begun.attempt_id]);
  const all = await teacher.assessment.listQuizAttempts(of(quiz));
  expect(all.items.map(({ student_id }) => student_id)).toEqual([other.user_id, student.user_id]);
});
