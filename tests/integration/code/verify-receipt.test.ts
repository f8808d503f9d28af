/** The command that anybody can check a receipt with, as a process of its own, and the sandbox as it is built. */
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { strToU8, unzipSync, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { exercises } from '#shared/table/exercise.ts';
import { body, certified } from '#tests/support/exercises.ts';
import { handedIn } from '#tests/support/handed-in.ts';
import { aSchool } from '#tests/support/school.ts';
import { scratch } from '#tests/support/scratch.ts';

const school = await aSchool();
const { table } = school;
const { teacher, students } = await school.withClass({ students: 1 });
const [student] = students;
if (!student) throw new Error('the class has a student');
const folder = scratch('receipt');

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

/** Right for 2 and wrong for 12; the third test calls a function that is there. */
const code = `import sys

def square(n, *_):
    return n * n

for line in sys.stdin:
    print(int(line) + int(line))
`;
const made = await teacher.code.createExercise({
  body: {
    ...body,
    limits: { cpu_ms: 1_500 },
    tests: [
      { kind: 'stdio', name: 'two', stdin: '2\n', expected: '4\n' },
      { kind: 'stdio', name: 'twelve', stdin: '12\n', expected: '144\n', visibility: 'hidden', weight: 2 },
      { kind: 'call', name: 'called', call: 'square', args: [3], expected: 9, seed: 7 },
    ],
  },
});
const { exercise_id } = made;
await certified(table, exercise_id);
await teacher.code.publishExercise({ params: { exercise_id } });
const exercise = await table.get(exercises, { exercise_id }, { consistent: true });
if (!exercise) throw new Error('the exercise is there');
const exported = async (format: 'json' | 'zip') => {
  const { file_name, base64 } = await teacher.code.exportExercise({
    params: { exercise_id },
    query: { format },
  });
  return file(file_name, Buffer.from(base64, 'base64'));
};
const receiptOf = async (verdicts: ('pass' | 'wrong_answer')[]) => {
  const { submission_id } = await handedIn(table, { exercise, student, code, verdicts });
  return student.code.getReceipt({ params: { submission_id } });
};
const honest = await receiptOf(['pass', 'wrong_answer', 'pass']);
const keys = await file('jwks.json', JSON.stringify(await school.clients().platform.jwks({})));
const program = await file('main.py', code);
const receipt = await file('receipt.json', JSON.stringify(honest));

const verify = (...args: string[]): Promise<{ status: number; out: string; err: string }> =>
  new Promise((resolve) => {
    const main = 'infra/local/verify-receipt/main.ts';
    const command = [main, ...args, '--keys', keys];
    const { NODE_COMPILE_CACHE } = process.env;
    const env = { NODE_NO_WARNINGS: '1', NODE_COMPILE_CACHE };
    execFile(process.execPath, command, { env }, (error, out, err) =>
      resolve({ status: typeof error?.code === 'number' ? error.code : 0, out, err }),
    );
  });

test('the signature alone, in a file of its own too', async () => {
  const said = await verify(receipt);
  expect(said).toMatchObject({ status: 0, err: '' });
  expect(said.out).toContain(`✓ Signed by the school “school”: submission ${honest.payload.submission_id}.`);
  expect(said.out).toContain('Grade 50 of 100 by system');
  expect((await verify(await file('receipt.jws', honest.jws))).status).toBe(0);
});

test('run again in the real sandbox, with the exercise from its export', async () => {
  const said = await verify(receipt, '--code', program, '--exercise', await exported('json'));
  expect(said).toMatchObject({ status: 0, err: '' });
  expect(said.out).toContain('✓ The program is the one that was graded.');
  expect(said.out).toContain('✓ The tests and limits are those of version 1 of the exercise.');
  expect(said.out).toContain('✓ Run again, 2 of 3 tests pass, as the receipt says: 50 of 100.');
}, 180_000);

test('the exercise as a zip is the same exercise', async () => {
  const said = await verify(receipt, '--exercise', await exported('zip'));
  expect(said).toMatchObject({ status: 0, err: '' });
  expect(said.out).toContain('✓ The tests and limits are those of version 1 of the exercise.');
});

test('verdicts that do not come again are named, with the versions of both graders', async () => {
  const wrong = await file('wrong.json', JSON.stringify(await receiptOf(['pass', 'pass', 'pass'])));
  const said = await verify(wrong, '--code', program, '--exercise', await exported('json'));
  expect(said.status).toBe(1);
  expect(said.out).toContain('✗ Test “twelve” came to wrong_answer, the receipt says pass.');
  expect(said.out).toContain('✗ It was graded by test 1;');
}, 180_000);

test('another program, other tests, and another text beside the signature', async () => {
  const other = await file('other.py', `${code}\n# mine\n`);
  expect(await verify(receipt, '--code', other)).toMatchObject({
    status: 1,
    out: expect.stringContaining('✗ The program is another one'),
  });
  const changed = {
    ...JSON.parse(await readFile(await exported('json'), 'utf8')),
    tests: [{ kind: 'stdio', name: 'two', stdin: '2\n', expected: '5\n' }],
  };
  const exerciseFile = await file('changed.json', JSON.stringify(changed));
  expect((await verify(receipt, '--exercise', exerciseFile)).out).toContain(
    '✗ The tests are not those of version 1',
  );
  const written = { ...honest, payload: { ...honest.payload, grade: 100 } };
  const said = await verify(await file('written.json', JSON.stringify(written)));
  expect(said).toMatchObject({ status: 1, out: expect.stringContaining('is not what was signed') });
});

test('an exercise without the salt of the graded version cannot be compared, and that is said', async () => {
  const { exported: from, ...rest } = JSON.parse(await readFile(await exported('json'), 'utf8'));
  const checked = async (name: string, content: string | Uint8Array, program: string[] = []) =>
    verify(receipt, '--exercise', await file(name, content), ...program);
  const unsalted = {
    status: 2,
    err: '',
    out: expect.stringContaining('? The tests cannot be compared: this'),
  };
  expect(await checked('bare.json', JSON.stringify(rest))).toMatchObject(unsalted);
  const zipped = unzipSync(await readFile(await exported('zip')));
  const marker = Object.keys(zipped).find((path) => path.endsWith('/export.json')) ?? '';
  const { [marker]: _, ...files } = zipped;
  expect(await checked('bare.zip', zipSync(files))).toMatchObject(unsalted);
  expect(await checked('odd.zip', zipSync({ ...files, [marker]: strToU8('{}') }))).toMatchObject({
    status: 2,
    err: expect.stringContaining('export.json is not as an export makes it'),
  });

  const later = { ...rest, exported: { ...from, version: 2 } };
  expect(await checked('later.json', JSON.stringify(later))).toMatchObject({
    status: 2,
    out: expect.stringContaining('the export is of version 2, not of version 1'),
  });
  const other = { ...rest, exported: { ...from, exercise_id: honest.payload.submission_id } };
  expect(await checked('other-exercise.json', JSON.stringify(other))).toMatchObject({
    status: 1,
    out: expect.stringContaining('✗ It is another exercise'),
  });
  const wrongSalt = { ...rest, exported: { ...from, tests_salt: '0'.repeat(64) } };
  expect(await checked('salt.json', JSON.stringify(wrongSalt))).toMatchObject({
    status: 1,
    out: expect.stringContaining('✗ The tests are not those of version 1'),
  });
  const foreign = ['--code', await file('foreign.py', 'print(1)\n')];
  expect((await checked('bare.json', JSON.stringify(rest), foreign)).status).toBe(1);
});

test('a forged signature, and a key set without the key', async () => {
  const [header, payload, signature] = honest.jws.split('.');
  const graded = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString());
  const forged = Buffer.from(JSON.stringify({ ...graded, grade: 100 })).toString('base64url');
  const said = await verify(await file('forged.jws', `${header}.${forged}.${signature}`));
  expect(said).toMatchObject({
    status: 1,
    err: expect.stringContaining('something in the receipt was changed'),
  });
  const empty = await file('empty.json', '{"keys":[]}');
  expect(await verify(receipt, '--keys', empty)).toMatchObject({ status: 0 });
});

test('what cannot be read is said, and is no verdict', async () => {
  for (const [args, message] of [
    [[join(folder, 'none.json')], 'cannot be read'],
    [[await file('text.json', 'hello')], 'is not JSON'],
    [[await file('other.json', '{}')], 'is not a receipt'],
    [[receipt, '--exercise', program], 'is not JSON'],
    [[receipt, '--colour', 'red'], 'verify-receipt'],
    [[], 'verify-receipt'],
  ] as const) {
    const said = await verify(...args);
    expect(said).toMatchObject({ status: 2, err: expect.stringContaining(message) });
    expect(said.err).not.toContain('    at ');
  }
});
