import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { exerciseInput } from '#shared/contracts/exercises.ts';
import { canonicalJson } from '#shared/domain/grading/canonical-json.ts';
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
async function exportOf(version?: number) {
  const query = { format: 'json', ...(version !== undefined && { version }) } as const;
  const { base64 } = await teacher.code.exportExercise({ params: { exercise_id }, query });
  return exerciseInput.parse(JSON.parse(Buffer.from(base64, 'base64').toString()));
}
/** What the export tells the staff of the version that students are graded by. */
async function exported() {
  const { exported: from } = await exportOf();
  if (!from) throw new Error('the export says where it is from');
  return from;
}
const testsOf = async () =>
  (await table.get(exerciseVersions, { exercise_id, version_number: 1 }))?.tests ?? [];
const published = () => school.clients().platform.jwks({});

test('a receipt says what was graded how, and its signature is verified by the published key', async () => {
  const submission = await hands({ verdicts: ['pass', 'wrong_answer', 'pass'] });
  const { payload, jws } = await receiptOf(submission);
  const { tests_salt } = await exported();
  expect(payload).toEqual({
    receipt_version: 1,
    school: 'school',
    submission_id: submission.submission_id,
    exercise_id,
    exercise_version: 1,
    code_sha256: sha256(submission.submission_code),
    tests_sha256: testsSha256(await testsOf(), tests_salt),
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

test('who guesses the hidden tests cannot find out by a receipt: its hash has a salt, which it does not carry', async () => {
  const { tests_salt } = await exported();
  const receipt = await receiptOf(await hands());
  const { tests_sha256 } = receipt.payload;
  const tests = await testsOf();
  const bare = tests.map(({ id: _, ...test }) => test);
  for (const guess of [tests, bare]) {
    expect(tests_sha256).not.toBe(sha256(canonicalJson(guess)));
    for (const salt of ['', exercise_id, `${exercise_id}#1`])
      expect(tests_sha256).not.toBe(testsSha256(guess, salt));
  }
  const signed = receipt.jws.split('.').map((part) => Buffer.from(part, 'base64url').toString());
  expect(JSON.stringify([receipt, signed])).not.toContain(tests_salt);
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

test('the hash of the tests is what its description says, of the graded version’s export, also after a newer one', async () => {
  const { payload } = await receiptOf(await hands());
  await teacher.code.updateExercise({
    params: { exercise_id },
    body: { tests: [{ kind: 'stdio', name: 'other', stdin: '1', expected: '1' }] },
  });
  const hashed = async (version: number) => {
    const { tests, exported: from } = await exportOf(version);
    // RFC 8785 of these tests: members sorted, no blanks
    const text = JSON.stringify(tests, (_, value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
        : value,
    );
    return createHmac('sha256', from?.tests_salt ?? '')
      .update(text, 'utf8')
      .digest('hex');
  };
  expect(await hashed(1)).toBe(payload.tests_sha256);
  expect(await hashed(2)).not.toBe(payload.tests_sha256);
});
