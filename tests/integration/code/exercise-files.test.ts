/** Exercises as files: what is exported is imported again, and no archive does any harm. */
import { strFromU8, strToU8, unzipSync, type Zippable, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { uuidv7 } from '#shared/ids.ts';
import { exerciseVersions } from '#shared/table/exercise.ts';
import { body } from '#tests/support/exercises.ts';
import { refusal, refusedWith } from '#tests/support/refusal.ts';
import { aSchool } from '#tests/support/school.ts';

const school = await aSchool();
const teacher = await school.person('teacher');

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const importZip = (zip: Uint8Array) =>
  teacher.code.importExercise({ body: { format: 'zip', base64: base64(zip) } });

async function exported(format: 'zip' | 'json', made: { exercise_id: string }, version?: number) {
  const query = { format, ...(version !== undefined && { version }) };
  const file = await teacher.code.exportExercise({ params: { exercise_id: made.exercise_id }, query });
  return { ...file, bytes: Buffer.from(file.base64, 'base64') };
}

/** The files of a good archive, as the export makes it, to spoil one of them. */
const good = unzipSync((await exported('zip', await teacher.code.createExercise({ body }))).bytes);

const own = <T extends object>(exercise: T) => {
  const {
    exercise_id: _,
    created_at: _at,
    updated_at: _up,
    ...rest
  } = { exercise_id: 0, created_at: 0, updated_at: 0, ...exercise };
  return rest;
};

test.each(['json', 'zip'] as const)(
  'an exercise exported as %s and imported is the same, as a draft',
  async (format) => {
    const made = await teacher.code.createExercise({ body });
    const file = await exported(format, made);
    expect(file.file_name).toBe(`squares.${format}`);
    const imported =
      format === 'zip'
        ? await importZip(file.bytes)
        : await teacher.code.importExercise({
            body: { format, exercise: JSON.parse(file.bytes.toString()) },
          });
    expect(own(imported)).toEqual(own(made));
    expect(imported).toMatchObject({ status: 'draft', version: 1, created_by: teacher.user_id });
  },
);

test('an export says which version it is, with its salt; an exercise made of it has a salt of its own', async () => {
  const made = await teacher.code.createExercise({ body });
  const { exercise_id } = made;
  const json = JSON.parse((await exported('json', made)).bytes.toString());
  expect(json.exported).toEqual({
    exercise_id,
    version: 1,
    tests_salt: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  const zip = unzipSync((await exported('zip', made)).bytes);
  expect(JSON.parse(strFromU8(zip['squares/export.json'] ?? new Uint8Array()))).toEqual(json.exported);

  const again = await teacher.code.createExercise({ body: json });
  const copy = JSON.parse((await exported('json', again)).bytes.toString());
  expect(copy.exported.exercise_id).toBe(again.exercise_id);
  expect(copy.exported.tests_salt).not.toBe(json.exported.tests_salt);
  const stored = await school.table.get(exerciseVersions, {
    exercise_id: again.exercise_id,
    version_number: 1,
  });
  expect(JSON.stringify(stored)).not.toContain(json.exported.tests_salt);

  await teacher.code.updateExercise({ params: { exercise_id }, body: { topic: 'Numbers' } });
  const next = JSON.parse((await exported('json', made)).bytes.toString());
  expect(next.exported.version).toBe(2);
  expect(next.exported.tests_salt).not.toBe(json.exported.tests_salt);
});

test.each(['json', 'zip'] as const)('an older version is exported as %s as it was', async (format) => {
  const made = await teacher.code.createExercise({ body });
  const first = await exported(format, made);
  await teacher.code.updateExercise({
    params: made,
    body: { title: 'Cubes', tests: [{ kind: 'stdio', name: 'three', stdin: '3', expected: '27' }] },
  });
  expect((await exported(format, made, 1)).base64).toBe(first.base64);
  expect((await exported(format, made, 2)).base64).toBe((await exported(format, made)).base64);
  expect((await exported(format, made, 2)).base64).not.toBe(first.base64);
  expect(await refusal(exported(format, made, 3))).toBe('404 version.not_found');
});

test('an exercise without a module, in Korean first, keeps both texts in a folder', async () => {
  const { title, problem_description, hints } = body;
  const korean = await teacher.code.createExercise({
    body: {
      ...body,
      ...body.translations.ko,
      module: null,
      translations: { en: { title, problem_description, hints: [...hints] } },
    },
  });
  const file = await exported('zip', korean);
  const imported = await importZip(file.bytes);
  expect(imported).toMatchObject({
    title: 'Squares',
    module: null,
    translations: { ko: body.translations.ko },
  });
});

test('the same exercise gives the same bytes, in a folder of its name', async () => {
  const made = await teacher.code.createExercise({ body });
  const [one, two] = [await exported('zip', made), await exported('zip', made)];
  expect(one.base64).toBe(two.base64);
  expect(Object.keys(unzipSync(one.bytes)).every((path) => path.startsWith('squares/'))).toBe(true);
});

test('an archive of the files without their folder, with what desktops add, is understood', async () => {
  const bare = Object.fromEntries(
    Object.entries(good).map(([path, data]) => [path.replace('squares/', ''), data]),
  );
  const imported = await importZip(
    zipSync({
      ...bare,
      '.DS_Store': new Uint8Array([0, 1, 255]),
      '__MACOSX/._en.md': new Uint8Array([255]),
      'wrong/': new Uint8Array(),
    }),
  );
  expect(imported.title).toBe('Squares');
});

test('an import with the same key makes one exercise', async () => {
  const call = {
    body: { format: 'zip', base64: base64(zipSync(good)) },
    idempotency_key: uuidv7(),
  } as const;
  const [one, two] = [await teacher.code.importExercise(call), await teacher.code.importExercise(call)];
  expect(two.exercise_id).toBe(one.exercise_id);
});

/** What is wrong, with which files, and what the refusal names. */
const spoiled: [string, Zippable, string][] = [
  ['a climbing path', { ...good, '../evil.py': strToU8('x') }, '../evil.py'],
  ['an absolute path', { ...good, '/etc/passwd': strToU8('x') }, '/etc/passwd'],
  ['a path of Windows', { ...good, 'squares\\..\\evil.py': strToU8('x') }, 'squares\\\\..\\\\evil.py'],
  ['a drive', { ...good, 'C:/evil.py': strToU8('x') }, 'C:/evil.py'],
  [
    'a climbing path that looks hidden',
    { ...good, 'squares/.git/../../x': strToU8('x') },
    'squares/.git/../../x',
  ],
  ['a text in Latin-1', { ...good, 'squares/en.md': new Uint8Array([35, 32, 233, 10, 120]) }, 'en.md'],
  [
    'a text in UTF-16',
    { ...good, 'squares/en.md': new Uint8Array(Buffer.from('\uFEFF# Title\n\nx', 'utf16le')) },
    'en.md',
  ],
  ['NUL in a program', { ...good, 'squares/solution.py': strToU8('print(1)\0') }, 'solution.py'],
  ['a file too many', { ...good, 'squares/run.sh': strToU8('x') }, 'run.sh'],
  ['tests that are no JSON', { ...good, 'squares/tests.json': strToU8('[{]') }, 'tests.json'],
  [
    'tests nested too deep',
    { ...good, 'squares/tests.json': strToU8('['.repeat(100_000) + ']'.repeat(100_000)) },
    'tests.json',
  ],
  [
    'a key that nobody means',
    { ...good, 'squares/exercise.json': strToU8('{"__proto__": {"slug": "x"}}') },
    'exercise.json',
  ],
  [
    'a program that is too long',
    { ...good, 'squares/solution.py': strToU8('x'.repeat(70_000)) },
    'solution.py',
  ],
  ['an empty archive', {}, 'exercise.json'],
];
test.each(spoiled)('an archive with %s is refused and names the file', async (_, files, named) => {
  const refused = await refusedWith(importZip(zipSync(files)));
  expect(refused.status).toBe(422);
  expect(JSON.stringify(refused.body)).toContain(named);
});

test('a missing file is named', async () => {
  const { 'squares/tests.json': _, ...rest } = good;
  const refused = await refusedWith(importZip(zipSync(rest)));
  expect(JSON.stringify(refused.body)).toContain('tests.json');
});

test('an archive that grows beyond all measure is refused before it has', async () => {
  const bomb = zipSync({ ...good, 'squares/wrong/zeros.py': new Uint8Array(30_000_000) }, { level: 9 });
  expect(bomb.length).toBeLessThan(500_000);
  const before = process.memoryUsage().arrayBuffers;
  const refused = await refusedWith(importZip(bomb));
  expect(JSON.stringify(refused.body)).toContain('zeros.py');
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000);
});

test('an archive that lies about the size of a file unpacks no more than it says', async () => {
  const zip = zipSync({ ...good, 'squares/wrong/zeros.py': new Uint8Array(10_000_000) }, { level: 9 });
  const size = Buffer.alloc(4);
  size.writeUInt32LE(10_000_000);
  const lie = Buffer.from(zip);
  for (let at = lie.indexOf(size); at >= 0; at = lie.indexOf(size, at + 1)) lie.writeUInt32LE(10, at);
  expect(await refusal(importZip(lie))).toBe('422 request.invalid');
});

test('a file whose bytes changed on their way is refused by its checksum, and named', async () => {
  const zip = Buffer.from(zipSync(good, { level: 0 }));
  const changed = Buffer.from(zip);
  // as readable as before: nothing but the checksum tells
  changed.write('5', changed.indexOf('"4') + 1);
  expect(await refusedWith(importZip(changed))).toMatchObject({
    status: 422,
    body: {
      detail: [{ loc: ['body', 'base64', 'squares/tests.json'], msg: expect.stringContaining('damaged') }],
    },
  });
  expect((await importZip(zip)).title).toBe('Squares');
});

test('a file that cannot be unpacked is named', async () => {
  const noise = Array.from({ length: 400 }, (_, n) => `# ${(n * 7919) % 1_009}`).join('\n');
  const zip = Buffer.from(zipSync({ ...good, 'squares/wrong/noise.py': strToU8(noise) }, { level: 9 }));
  const at = zip.indexOf('squares/wrong/noise.py') + 'squares/wrong/noise.py'.length;
  const refused = await refusedWith(importZip(zip.fill(0xff, at, at + 60)));
  expect(refused.status).toBe(422);
  expect(JSON.stringify(refused.body)).toContain('squares/wrong/noise.py: is damaged');
});

test('too many files are refused', async () => {
  const many = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`squares/.x/${at}`, strToU8('x')]));
  const refused = await refusedWith(importZip(zipSync({ ...many, ...good })));
  expect(JSON.stringify(refused.body)).toContain('200 files');
});

test.each([
  ['text', Buffer.from('this is not a zip archive')],
  ['half an archive', Buffer.from(zipSync(good)).subarray(0, 300)],
  ['an archive with a hole', Buffer.from(zipSync(good)).fill(0, 40, 90)],
])('%s is refused', async (_, bytes) => {
  expect(await refusal(importZip(bytes))).toBe('422 request.invalid');
});

test('what is no base64, or too much of it, is refused', async () => {
  const send = (text: string) => teacher.code.importExercise({ body: { format: 'zip', base64: text } });
  expect(await refusal(send('%%%'))).toBe('422 request.invalid');
  expect(await refusal(send('A'.repeat(700_004)))).toBe('422 request.invalid');
});
