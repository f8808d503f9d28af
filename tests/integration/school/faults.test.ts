/** What AWS does now and then: conflicts, throttles, and replies that get lost after the effect. */
import { afterEach, expect, test } from 'vitest';
import { createAdversity } from '#infra/local/adverse.ts';
import { type Fault, faults } from '#infra/local/gateway.ts';
import { classes } from '#shared/table/class.ts';
import { refusal } from '#tests/support/refusal.ts';
import { aSchool } from '#tests/support/school.ts';

const school = await aSchool();
const platform = await school.person('platform_admin');

afterEach(() => school.meet());

/** The first `times` calls of an operation meet the fault. */
function meetFirst(times: number, operation: string, fault: () => Fault): () => number {
  let met = 0;
  school.meet((name) => {
    if (name !== operation || met >= times) return undefined;
    met++;
    return fault();
  });
  return () => met;
}

const countOf = async (class_id: string) =>
  (await school.table.get(classes, { class_id }, { consistent: true }))?.student_count;

test('a transaction that meets others is tried again until it goes through', async () => {
  const { class_id, teacher } = await school.withClass();
  const { user_id: student_id } = await school.person('student');
  const met = meetFirst(5, 'TransactWriteItems', faults.transactionConflict);
  await teacher.school.enroll({ body: { class_id, student_id } });
  expect(met()).toBe(5);
  expect(await countOf(class_id)).toBe(1);
});

test('a throttled table delays and loses nothing', async () => {
  const { class_id, teacher } = await school.withClass();
  const { user_id: student_id } = await school.person('student');
  meetFirst(2, 'TransactWriteItems', faults.throughputExceeded);
  await teacher.school.enroll({ body: { class_id, student_id } });
  meetFirst(2, 'Query', faults.throughputExceeded);
  expect((await teacher.school.listClassStudents({ params: { class_id } })).items).toHaveLength(1);
});

test('an enrolment whose reply got lost is a success and counts once', async () => {
  const { class_id, teacher } = await school.withClass();
  const { user_id: student_id } = await school.person('student');
  const met = meetFirst(1, 'TransactWriteItems', faults.lostReply);
  const made = await teacher.school.enroll({ body: { class_id, student_id } });
  expect(made.student_id).toBe(student_id);
  expect(met()).toBe(1);
  expect(await countOf(class_id)).toBe(1);
});

test('a user whose creation’s reply got lost is there once, and the address is theirs', async () => {
  meetFirst(1, 'TransactWriteItems', faults.lostReply);
  const body = { name: 'Lost', email: 'lost@school.example' };
  const made = await platform.school.createUser({ body });
  const { items } = await platform.school.listUsers({ query: { q: 'lost@' } });
  expect(items.map(({ user_id }) => user_id)).toEqual([made.user_id]);
});

test('a change whose reply got lost is a success', async () => {
  const { user_id } = await school.person('teacher');
  const params = { teacher_id: user_id };
  const met = meetFirst(1, 'PutItem', faults.lostReply);
  expect((await platform.school.updateTeacher({ params, body: { subject: 'Art' } })).subject).toBe('Art');
  expect(met()).toBe(1);
});

test('a table that is away for long is an error of ours, not of the caller, and nothing is half done', async () => {
  const { class_id, teacher } = await school.withClass();
  const { user_id: student_id } = await school.person('student');
  meetFirst(1000, 'TransactWriteItems', faults.serverError);
  expect(await refusal(teacher.school.enroll({ body: { class_id, student_id } }))).toBe('500 internal');
  school.meet();
  expect(await countOf(class_id)).toBe(0);
  expect((await teacher.school.enroll({ body: { class_id, student_id } })).student_id).toBe(student_id);
}, 60_000);

test('counters stay exact in bad weather', async () => {
  const adversity = createAdversity(20_261_121);
  const { class_id, join_code, teacher } = await school.withClass();
  const students = await school.several(30, 'student');
  school.meet((operation) =>
    operation.startsWith('TransactWrite') && adversity.conflicts()
      ? faults.transactionConflict()
      : adversity.inject({ service: 'dynamodb', action: operation, accessKeyId: 'test' }),
  );
  await Promise.all(students.map((student) => student.school.joinClass({ body: { code: join_code } })));
  expect(await countOf(class_id)).toBe(30);
  await Promise.all(
    students.map(({ user_id }) => teacher.school.unenroll({ params: { class_id, student_id: user_id } })),
  );
  expect(await countOf(class_id)).toBe(0);
}, 120_000);
