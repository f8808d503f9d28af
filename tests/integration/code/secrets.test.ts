/** What no student may read: solutions, hidden tests, checkers, salts. Whatever operation is added is asked as well. */
import '#tests/support/quiet.ts';
import { expect, test } from 'vitest';
import { exerciseInput } from '#shared/contracts/exercises.ts';
import { contracts } from '#shared/contracts/index.ts';
import type { Operation } from '#shared/contracts/operation.ts';
import { anExercise, secrets as words } from '#tests/support/exercises.ts';
import { handedIn } from '#tests/support/handed-in.ts';
import { aSchool } from '#tests/support/school.ts';

const school = await aSchool();
const { table, org_id } = school;
const { teacher, students, class_id } = await school.withClass({ students: 1 });
const [student] = students;
if (!student) throw new Error('the class has a student');
const exercise = await anExercise(table, { org_id, by: teacher.user_id, practice: true });
const { exercise_id } = exercise;
const { assignment_id } = await teacher.code.createAssignment({ body: { class_id, exercise_id } });
const assignment = { assignment_id, class_id };
const { submission_id } = await handedIn(table, {
  exercise,
  student,
  assignment,
  verdicts: ['pass', 'wrong_answer'],
});
await handedIn(table, { exercise, student, assignment, state: 'failed' });
await handedIn(table, { exercise, student, state: 'rule' });

const { base64 } = await teacher.code.exportExercise({ params: { exercise_id }, query: { format: 'json' } });
const { exported } = exerciseInput.parse(JSON.parse(Buffer.from(base64, 'base64').toString()));
if (!exported) throw new Error('the export says where it is from');
const secrets = [...words, exported.tests_salt];

/** Signatures and files carry text in base64. */
const decoded = (text: string): string =>
  [text, ...(text.match(/[\w+/-]{40,}/g) ?? []).map((part) => Buffer.from(part, 'base64').toString())].join(
    '\n',
  );

const ids: Readonly<Record<string, string>> = { exercise_id, assignment_id, submission_id, class_id };
const asked = Object.entries<Operation>(contracts.code).filter(
  ([, { method, access }]) => method === 'GET' && access !== 'public' && access.student !== undefined,
);

async function readAs(token: string, path: string): Promise<{ status: number; text: string }> {
  const filled = path.replaceAll(/\{([a-z_]+)\}/g, (_, name: string) => ids[name] ?? submission_id);
  const response = await school.fetch(`${school.origin}${filled}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return { status: response.status, text: decoded(await response.text()) };
}

test('no operation that a student may read with tells them what gives the answer away', async () => {
  const read: string[] = [];
  for (const [name, { path }] of asked)
    for (const query of ['', '?limit=100', '?version=1', `?exercise_id=${exercise_id}`]) {
      const { status, text } = await readAs(student.token, path + query);
      expect(status, name).toBeLessThan(500);
      if (status === 200) read.push(name);
      for (const secret of secrets) expect(text, `${name}${query}`).not.toContain(secret);
    }
  expect([...new Set(read)]).toEqual(
    expect.arrayContaining([
      'listExercises',
      'getExercise',
      'listAssignments',
      'getAssignment',
      'listSubmissions',
      'getSubmission',
      'listComments',
      'getReceipt',
    ]),
  );
});

test('nor does what they write: a submission, a question about its grade, a comment', async () => {
  const params = { submission_id };
  const replies = [
    await student.code.submit({
      params: { exercise_id },
      body: { submission_code: 'n = int(input())\nprint(n + n)\n', assignment_id },
    }),
    await student.code.requestReview({ params, body: { note: 'Why?' } }),
    await student.code.addComment({ params, body: { line: 1, text: 'Here?' } }),
  ];
  for (const reply of replies)
    for (const secret of secrets) expect(decoded(JSON.stringify(reply))).not.toContain(secret);
});

test('the teacher reads all of it', async () => {
  const { text } = await readAs(teacher.token, contracts.code.getExercise.path);
  for (const word of words) expect(text).toContain(word);
});

test('the salt of the tests is in the export alone, which no student gets', async () => {
  const { path } = contracts.code.exportExercise;
  for (const format of ['json', 'zip']) {
    const { status, text } = await readAs(student.token, `${path}?format=${format}`);
    expect(status).toBe(403);
    for (const secret of secrets) expect(text).not.toContain(secret);
  }
  const { text } = await readAs(teacher.token, `${path}?format=json`);
  for (const secret of secrets) expect(text).toContain(secret);
});
