import { expect, test } from 'vitest';
import { uuidv7 } from '#shared/ids.ts';
import { items } from '#shared/table/item.ts';
import { itemBanks } from '#shared/table/item-bank.ts';
import { quizContents } from '#shared/table/quiz.ts';
import { inHours } from '#tests/support/moments.ts';
import { aQuiz, fourQuestions, idsOf, rightAnswers } from '#tests/support/quizzes.ts';
import { refusal, refusedWith } from '#tests/support/refusal.ts';
import { aSchool } from '#tests/support/school.ts';
import { aBank, anItem } from '#tests/support/testing.ts';

const school = await aSchool();
const { table, org_id } = school;
const { teacher, students, class_id } = await school.withClass({ students: 2 });
const [student, other] = students;
if (!student || !other) throw new Error('the class has students');
const guardian = await school.person('guardian');
await teacher.school.linkGuardian({
  body: { guardian_id: guardian.user_id, student_id: student.user_id },
});

const given = (changes: Readonly<Record<string, unknown>> = {}) => aQuiz(teacher, class_id, changes);
const of = ({ quiz_id }: { readonly quiz_id: string }) => ({ params: { quiz_id } });
const change = (quiz: { readonly quiz_id: string }, body: Readonly<Record<string, unknown>>) =>
  teacher.assessment.updateQuiz({ ...of(quiz), body });

test('a quiz opens at once, with its questions as items of a bank of the teacher’s', async () => {
  const quiz = await given();
  expect(quiz).toMatchObject({
    class_name: '수학 I',
    title: 'Four questions',
    status: 'open',
    question_count: 4,
    max_score: 4,
    time_limit_s: null,
    max_attempts: 1,
    counts: 'best',
    late_policy: 'refuse',
    feedback: { when: 'after_submit', show: 'answers' },
    has_attempts: false,
    mine: null,
  });
  expect(quiz.questions).toMatchObject(fourQuestions.map(({ body }) => ({ body, revision: 1, points: 1 })));
  const [first] = quiz.questions ?? [];
  if (!first) throw new Error('the teacher sees the questions');
  const bank = await table.get(itemBanks, first, { consistent: true });
  expect(bank).toMatchObject({ name: 'Quiz questions', created_by: teacher.user_id });
  expect(await table.get(items, first, { consistent: true })).toMatchObject({
    status: 'draft',
    parameters: null,
  });
});

test('the source’s form of a question is taken: id, text, options, correct_answer', async () => {
  const questions = [
    { id: 'q1', text: 'Which?', options: ['a', 'b'], correct_answer: 1, explanation: 'Because.' },
  ];
  const quiz = await given({ questions, time_limit: 30 });
  expect(quiz).toMatchObject({ time_limit_s: 30 });
  expect(quiz.questions).toMatchObject([
    { kind: 'choice', body: 'Which?', key: 1, external_id: 'q1', explanation: 'Because.' },
  ]);
});

test('a quiz has at least one question, and 30 seconds for each: the message names the least', async () => {
  expect(await refusal(given({ questions: [] }))).toBe('422 request.invalid');
  const five = [1, 2, 3, 4, 5].map((n) => ({
    text: `Question ${n}`,
    options: ['a', 'b'],
    correct_answer: 0,
  }));
  const { body } = await refusedWith(given({ questions: five, time_limit_s: 149 }));
  expect(JSON.stringify(body)).toContain('time_limit_s must be at least 150 s: 30 s for each of 5 questions');
  const quiz = await given({ questions: five, time_limit_s: 150 });
  const shorter = await refusedWith(change(quiz, { time_limit_s: 149 }));
  expect(JSON.stringify(shorter.body)).toContain('at least 150 s');
});

test('what is wrong with a question is said where it is', async () => {
  const wrong = [
    [{ text: 'Which?', options: ['a', 'b'], correct_answer: 2 }, ['body', 'questions', 0, 'key']],
    [{ text: 'Which?', options: ['a', 'b'] }, ['body', 'questions', 0, 'key']],
    [{ item_id: 'x', points: 0 }, ['body', 'questions', 0, 'points']],
    [{ kind: 'essay', body: 'Write.' }, ['body', 'questions', 0, 'kind']],
  ] as const;
  for (const [question, loc] of wrong) {
    const { body } = await refusedWith(given({ questions: [question] }));
    expect(body).toMatchObject({ detail: [{ loc }] });
  }
  const twice = await refusedWith(
    given({ questions: [1, 2].map(() => ({ id: 'q', text: 'Which?', options: ['a', 'b'], key: 0 })) }),
  );
  expect(twice.body).toMatchObject({ detail: [{ loc: ['body', 'questions', 1, 'id'] }] });
});

test('items of the organisation’s banks are asked at the revision that they have when it opens', async () => {
  const bank = await aBank(school, { org_id, by: teacher.user_id, items: 2 });
  const [first] = bank.items;
  if (!first) throw new Error('the bank has items');
  const { item_id } = first;
  const draft = await given({ questions: [{ item_id, points: 2.5 }], status: 'draft' });
  expect(draft).toMatchObject({ status: 'draft', max_score: 2.5 });
  await teacher.testing.updateItem({ params: { item_id }, body: { body: 'Asked otherwise' } });
  const open = await change(draft, { status: 'open' });
  expect(open.questions).toMatchObject([{ item_id, revision: 2, body: 'Asked otherwise', points: 2.5 }]);
  await teacher.testing.updateItem({ params: { item_id }, body: { body: 'Too late' } });
  expect(await teacher.assessment.getQuiz(of(draft))).toMatchObject({
    questions: [{ body: 'Asked otherwise' }],
  });
});

test('items of another organisation, and retired ones, are not asked', async () => {
  const elsewhere = await aBank(school, {
    org_id: await school.organization(),
    by: teacher.user_id,
    items: 1,
    publish: false,
  });
  for (const item_id of [elsewhere.items[0]?.item_id, uuidv7()])
    expect(await refusal(given({ questions: [{ item_id }] }))).toBe('400 item.unknown');
  const own = await aBank(school, {
    org_id,
    by: teacher.user_id,
    items: [anItem({ status: 'retired' })],
    publish: false,
  });
  const retired = given({ questions: [{ item_id: own.items[0]?.item_id }] });
  expect(await refusal(retired)).toBe('409 item.retired');
});

test('the same key makes a quiz once, and its questions’ items once', async () => {
  const body = { class_id, title: 'Once', questions: fourQuestions };
  const call = { body, idempotency_key: uuidv7() };
  const made = await Promise.all([1, 2, 3].map(() => teacher.assessment.createQuiz(call)));
  expect(new Set(made.map(({ quiz_id }) => quiz_id)).size).toBe(1);
  const named = made.map(({ questions }) => questions?.map(({ item_id }) => item_id).join());
  expect(new Set(named).size).toBe(1);
});

test('a question whose item was deleted is asked again, by another item', async () => {
  const questions = [{ body: 'Once more?', options: ['yes', 'no'], key: 0 }];
  const quiz = await given({ status: 'draft', questions });
  const [first] = quiz.questions ?? [];
  await teacher.testing.deleteItem({ params: { item_id: first?.item_id ?? '' } });
  const [second] = (await change(quiz, { questions })).questions ?? [];
  expect(second).toMatchObject({ body: 'Once more?', revision: 1 });
  expect(second?.item_id).not.toBe(first?.item_id);
  const [same] = (await change(quiz, { questions })).questions ?? [];
  expect(same?.item_id).toBe(second?.item_id);
});

test('questions that are too long for one quiz leave nothing in the bank', async () => {
  const [{ bank_id = '' } = {}] = (await given()).questions ?? [];
  const count = async () => (await teacher.testing.getItemBank({ params: { bank_id } })).item_count;
  const before = await count();
  const long = (at: number) => ({ body: `${at} ${'x'.repeat(9_000)}`, options: ['a', 'b'], key: 0 });
  const questions = Array.from({ length: 60 }, (_, at) => long(at));
  expect(await refusedWith(given({ questions }))).toMatchObject({ status: 422 });
  expect(await count()).toBe(before);
});

test('a quiz goes to a class that one teaches, and an assistant changes none', async () => {
  const foreign = await school.withClass({});
  expect(await refusal(given({ class_id: foreign.class_id }))).toBe('400 class.unknown');
  const helper = await school.person('teacher');
  await teacher.school.putStaff({
    params: { class_id, user_id: helper.user_id },
    body: { role: 'assistant' },
  });
  const quiz = await given();
  const body = { title: 'Mine' };
  expect(await refusal(helper.assessment.updateQuiz({ ...of(quiz), body }))).toBe('403 class.assistant');
  expect((await helper.assessment.getQuiz(of(quiz))).questions).toHaveLength(4);
});

test('a bank of questions that is full says what to do, and what is asked by its item goes on', async () => {
  const { teacher: mine, class_id: own } = await school.withClass({ students: 0 });
  const { questions } = await aQuiz(mine, own);
  const [first] = questions ?? [];
  const bank = first && (await table.get(itemBanks, first, { consistent: true }));
  if (!bank) throw new Error('the bank was made');
  // as if they were there
  await table.write(table.replace(itemBanks, bank, { ...bank, item_count: 4_998 }));
  expect(await refusedWith(aQuiz(mine, own))).toMatchObject({
    status: 409,
    error_code: 'quiz.bank_full',
    message: expect.stringMatching(/“Quiz questions”.*5000.*delete drafts.*item_id/s),
  });
  expect((await table.get(itemBanks, bank, { consistent: true }))?.item_count).toBe(4_998);
  const referred = { questions: [{ item_id: first.item_id }] };
  expect(await aQuiz(mine, own, referred)).toMatchObject({ question_count: 1 });
});

test('a question with a mark that turns its text around is refused', async () => {
  const questions = [{ text: 'Which?', options: ['12', '\u202E12\u202C'], correct_answer: 0 }];
  expect(await refusedWith(given({ questions }))).toMatchObject({
    status: 422,
    body: { detail: [{ loc: ['body', 'questions', 0, 'options', 1, 'body'] }] },
  });
});

test('a draft, and what opens later, is the staff’s secret', async () => {
  const draft = await given({ status: 'draft' });
  const later = await given({ opens_at: inHours(1) });
  for (const quiz of [draft, later]) {
    for (const person of [student, guardian])
      expect(await refusal(person.assessment.getQuiz(of(quiz)))).toBe('404 quiz.not_found');
    expect(await refusal(student.assessment.startQuizAttempt(of(quiz)))).toBe('404 quiz.not_found');
    const { items: listed } = await student.assessment.listQuizzes({ query: { class_id, limit: 100 } });
    expect(listed.map(({ quiz_id }) => quiz_id)).not.toContain(quiz.quiz_id);
  }
  await change(later, { opens_at: inHours(-1) });
  expect(await student.assessment.getQuiz(of(later))).toMatchObject({ questions: null, question_count: 4 });
});

test('dates by the school’s clocks end with the day', async () => {
  const quiz = await given({ due_at: '2027-03-01' });
  expect(quiz.due_at).toBe('2027-03-01T14:59:59.999Z');
  const odd = await refusedWith(change(quiz, { opens_at: '2027-03-02' }));
  expect(odd.body).toMatchObject({ detail: [{ loc: ['body', 'due_at'] }] });
});

test('once it was begun its questions stay; dates and policies may change, a copy of them too', async () => {
  const quiz = await given({ max_attempts: 2 });
  const more = [{ text: 'Another?', options: ['a', 'b'], correct_answer: 0 }];
  const changed = await change(quiz, { questions: more, version: 1 });
  expect(changed).toMatchObject({ question_count: 1, version: 2 });
  const { attempt_id } = await student.assessment.startQuizAttempt(of(quiz));
  expect(await refusal(change(quiz, { questions: fourQuestions }))).toBe('409 quiz.has_attempts');
  expect(await refusal(change(quiz, { status: 'draft' }))).toBe('409 quiz.has_attempts');
  expect(await refusal(teacher.assessment.deleteQuiz(of(quiz)))).toBe('409 quiz.has_attempts');
  const same = changed.questions?.map(({ item_id, points }) => ({ item_id, points }));
  const next = await change(quiz, { questions: same, due_at: inHours(3), counts: 'last' });
  expect(next).toMatchObject({ counts: 'last', has_attempts: true });
  expect(await refusal(change(quiz, { title: 'Old', version: 2 }))).toBe('409 quiz.changed');
  const shown = await student.assessment.getQuizAttempt({ params: { attempt_id } });
  expect(shown.questions).toHaveLength(1);
});

test('a quiz that nobody began is taken back whole, and what begins in that moment is refused', async () => {
  const quiz = await given();
  await teacher.assessment.deleteQuiz(of(quiz));
  expect(await refusal(teacher.assessment.getQuiz(of(quiz)))).toBe('404 quiz.not_found');
  expect(await refusal(student.assessment.startQuizAttempt(of(quiz)))).toBe('404 quiz.not_found');
  const content = { quiz_id: quiz.quiz_id, content_number: 1 };
  expect(await table.get(quizContents, content, { consistent: true })).toBeUndefined();

  const racing = await given();
  const [deleted, started] = await Promise.allSettled([
    teacher.assessment.deleteQuiz(of(racing)),
    student.assessment.startQuizAttempt(of(racing)),
  ]);
  // one of the two was first, never both
  expect([deleted.status, started.status].sort()).toEqual(['fulfilled', 'rejected']);
});

test('a class with a quiz is not deleted', async () => {
  const { teacher: alone, class_id: own } = await school.withClass({});
  const quiz = await aQuiz(alone, own);
  const deleting = alone.school.deleteClass({ params: { class_id: own } });
  expect(await refusal(deleting)).toBe('409 class.in_use');
  await alone.assessment.deleteQuiz(of(quiz));
  await alone.school.deleteClass({ params: { class_id: own } });
});

test('lists go by due date, of a class, of a student, of all one’s classes', async () => {
  const { teacher: mine, class_id: own, students: pupils } = await school.withClass({ students: 1 });
  const [pupil] = pupils;
  const never = await aQuiz(mine, own, { title: 'never' });
  const soon = await aQuiz(mine, own, { title: 'soon', due_at: inHours(1) });
  const later = await aQuiz(mine, own, { title: 'later', due_at: inHours(2) });
  const ids = [soon, later, never].map(({ quiz_id }) => quiz_id);
  const listed = async (call: ReturnType<typeof mine.assessment.listQuizzes>) =>
    (await call).items.map(({ quiz_id }) => quiz_id);
  expect(await listed(mine.assessment.listQuizzes({ query: { class_id: own } }))).toEqual(ids);
  expect(await listed(mine.assessment.listQuizzes({}))).toEqual(ids);
  expect(await listed(mine.assessment.listQuizzes({ query: { student_id: pupil?.user_id } }))).toEqual(ids);
  await mine.assessment.updateQuiz({ ...of(soon), body: { status: 'closed' } });
  expect(await listed(mine.assessment.listQuizzes({ query: { status: 'open' } }))).toEqual(ids.slice(1));
  const first = await mine.assessment.listQuizzes({ query: { limit: 2 } });
  const rest = await mine.assessment.listQuizzes({ query: { limit: 2, cursor: first.next_cursor ?? '' } });
  expect([...first.items, ...rest.items].map(({ quiz_id }) => quiz_id)).toEqual(ids);
  const stranger = guardian.assessment.listQuizzes({ query: { student_id: pupil?.user_id } });
  expect(await refusal(stranger)).toBe('404 student.not_found');
});

test('the board lists the whole roster with what counts', async () => {
  const quiz = await given({ max_attempts: 2, counts: 'best' });
  const { attempt_id } = await student.assessment.startQuizAttempt(of(quiz));
  const running = await teacher.assessment.quizProgress(of(quiz));
  expect(running).toMatchObject({
    total: 2,
    items: [
      { student_id: student.user_id, status: 'in_progress', attempts: 1, percent: null },
      { student_id: other.user_id, status: 'not_started', attempts: 0, last_attempt_id: null },
    ],
  });
  const answers = rightAnswers(quiz);
  await student.assessment.submitQuizAttempt({ params: { attempt_id }, body: { answers } });
  await student.assessment.startQuizAttempt(of(quiz));
  const waiting = await teacher.assessment.quizProgress({ ...of(quiz), query: { status: 'in_progress' } });
  expect(waiting.items).toMatchObject([{ student_id: student.user_id, attempts: 2, percent: 100 }]);
  expect(await refusal(student.assessment.quizProgress(of(quiz)))).toBe('403 auth.role');
});

test('statistics are those of the answers: share, discrimination, what was chosen', async () => {
  const { teacher: mine, class_id: own, students: pupils } = await school.withClass({ students: 4 });
  const quiz = await aQuiz(mine, own, { max_attempts: 2 });
  const { choice, multi, numeric, text } = idsOf(quiz);
  const right = rightAnswers(quiz);
  const sheets: Record<string, number | number[] | string>[] = [
    right,
    { ...right, [choice]: 0 },
    { [choice]: 2, [multi]: [1], [numeric]: 3, [text]: 'no' },
    {},
  ];
  for (const [at, pupil] of pupils.entries()) {
    const { attempt_id } = await pupil.assessment.startQuizAttempt(of(quiz));
    await pupil.assessment.submitQuizAttempt({ params: { attempt_id }, body: { answers: sheets[at] ?? {} } });
  }
  const [first] = pupils;
  const again = await first?.assessment.startQuizAttempt(of(quiz));
  await first?.assessment.submitQuizAttempt({ params: { attempt_id: again?.attempt_id ?? '' }, body: {} });

  const stats = await mine.assessment.quizStatistics(of(quiz));
  // 4, 3, ½ and 0 of 4 points
  expect(stats).toMatchObject({ attempts: 4, mean_percent: 46.875, median_percent: 43.75 });
  expect(stats.questions[0]).toMatchObject({
    item_id: choice,
    n: 4,
    blank: 1,
    p: 0.25,
    options: [
      { is_key: false, chosen: 1, share: 0.25, mean_rest: 1 },
      { is_key: true, chosen: 1, share: 0.25, mean_rest: 1 },
      { is_key: false, chosen: 1, share: 0.25, mean_rest: 0.5 / 3 },
    ],
  });
  // right (1, 0, 0, 0) with the rest (3, 3, ½, 0) of 3
  expect(stats.questions[0]?.point_biserial).toBeCloseTo(1.375 / Math.sqrt(0.75 * 7.6875), 10);
  expect(stats.questions[3]?.frequent_answers).toEqual([
    { answer: ' ANOTHER ', count: 2, correct: true },
    { answer: 'no', count: 1, correct: false },
  ]);
  const all = await mine.assessment.quizStatistics({ ...of(quiz), query: { attempts: 'all' } });
  expect(all.attempts).toBe(5);
  const last = await mine.assessment.quizStatistics({ ...of(quiz), query: { attempts: 'last' } });
  expect(last.questions[0]).toMatchObject({ n: 4, blank: 2, p: 0 });
});
