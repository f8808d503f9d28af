import { expect, test } from 'vitest';
import { jwkOf, signingKey } from '#shared/identity/keys.ts';
import { sha256, testsSha256, verifyReceipt } from '#shared/identity/receipts.ts';
import { exerciseVersions } from '#shared/table/exercise.ts';
import { anExercise } from '#tests/support/exercises.ts';
import { type HandedIn, handedIn } from '#tests/support/handed-in.ts';
import { refusal } from '#tests/support/refusal.ts';
import { aSchool } from '#tests/support/school.ts';

const school = await aSchool();
const { table, org_id } = school;
const { teacher, students, class_id } = await school.withClass({ students: 2 });
const [student, other] = students;
if (!student || !other) throw new Error('the class has students');
const exercise = await anExercise(table, { org_id, by: teacher.user_id });
const { exercise_id } = exercise;
const assignment = await teacher.code.createAssignment({ body: { class_id, exercise_id } });
const hands = (more: Partial<HandedIn> = {}) => handedIn(table, { exercise, student, assignment, ...more });
const receiptOf = ({ submission_id }: { submission_id: string }, by = student) =>
  by.code.getReceipt({ params: { submission_id } });
const published = () => school.clients().platform.jwks({});

test('a receipt says what was graded how, and its signature is verified by the published key', async () => {
  const submission = await hands({ verdicts: ['pass', 'wrong_answer', 'pass'] });
  const { payload, jws } = await receiptOf(submission);
  const version = await table.get(exerciseVersions, { exercise_id, version_number: 1 });
  expect(payload).toEqual({
    receipt_version: 1,
    school: 'school',
    submission_id: submission.submission_id,
    exercise_id,
    exercise_version: 1,
    code_sha256: sha256(submission.submission_code),
    tests_sha256: testsSha256(version?.tests ?? []),
    runtime: 'test 1',
    language: 'python',
    limits: { cpu_ms: 2000, memory_mb: 128, output_bytes: 65_536 },
    seeds: payload.seeds,
    verdicts: ['pass', 'wrong_answer', 'pass'],
    raw_grade: 50,
    grade: 50,
    grader: 'system',
    graded_at: submission.graded_at,
  });
  expect(payload.seeds).toHaveLength(3);
  expect(await verifyReceipt(jws, await published())).toEqual(payload);
});

test('the same grading always has the same receipt', async () => {
  const submission = await hands();
  expect(await receiptOf(submission)).toEqual(await receiptOf(submission, teacher));
});

test('what a teacher decided is in it, beside what the tests gave', async () => {
  const submission = await hands({ verdicts: ['wrong_answer'] });
  const { submission_id } = submission;
  await teacher.code.requestReview({ params: { submission_id }, body: { grade: 30 } });
  expect((await receiptOf(submission)).payload).toMatchObject({ grade: 30, raw_grade: 0, grader: 'teacher' });
});

test('there is none before the tests have graded it, while a person looks at it, or for others', async () => {
  expect(await refusal(receiptOf(await hands({ state: 'pending' })))).toBe('409 receipt.not_graded');
  expect(await refusal(receiptOf(await hands({ state: 'rule' })))).toBe('409 receipt.not_graded');
  const failed = await hands({ state: 'failed' });
  await teacher.code.requestReview({ params: { submission_id: failed.submission_id }, body: { grade: 70 } });
  expect(await refusal(receiptOf(failed))).toBe('409 receipt.not_graded');
  expect(await refusal(receiptOf(await hands(), other))).toBe('404 submission.not_found');
});

test('the published keys of receipts are marked, and are none of access tokens', async () => {
  await receiptOf(await hands());
  const { keys } = await published();
  const receipts = keys.filter(({ use }) => use === 'receipt');
  const signing = keys.filter(({ use }) => use === 'sig');
  expect([receipts.length, signing.length]).toEqual([1, 1]);
  expect(receipts[0]?.['x']).not.toBe(signing[0]?.['x']);
  expect(Object.keys(receipts[0] ?? {}).sort()).toEqual(
    Object.keys(jwkOf(signingKey('s'.repeat(40)))).sort(),
  );
});
