import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { buildValidatorAssets } from '#functions/validator/build.ts';
import { createParsers } from '#functions/validator/parsers.ts';
import { scratch } from '#tests/support/scratch.ts';

const folder = scratch('validator');
await buildValidatorAssets(folder);
const parsers = createParsers(pathToFileURL(`${folder}/`));
afterAll(parsers.close);

const timesOfFiles = () =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => [name, statSync(join(folder, name)).mtimeMs]);

test('what is built is all that the parsers need, wherever it lies', async () => {
  for (const [language, code] of [
    ['python', 'print("한"'],
    ['javascript', 'f('],
    ['typescript', 'let x: ='],
  ] as const)
    expect(await parsers.read({ language, code, forbidden: [] })).toMatchObject({ errors: [{ line: 1 }] });
});

test('a second build writes nothing', async () => {
  const before = timesOfFiles();
  await buildValidatorAssets(folder);
  expect(timesOfFiles()).toEqual(before);
});
