import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readExercises } from '#shared/content/exercises.ts';
import { readItemBanks } from '#shared/content/items.ts';
import { type ExerciseInput, exerciseInput } from '#shared/contracts/exercises.ts';
import type { ExerciseContent } from '#shared/domain/grading/exercise-folder.ts';
import { contentFile, type StartingExercise } from './content.ts';
import { itemBanksFile } from './item-banks.ts';

/** Writes what a school starts with beside the function's bundle, a file of each kind. */
export async function buildContent(outdir: string): Promise<void> {
  await written(outdir, contentFile, (await readExercises()).map(startingExercise));
  await written(outdir, itemBanksFile, await readItemBanks());
}

/** Nothing when it is up to date. */
async function written(outdir: string, name: string, content: unknown): Promise<void> {
  const file = join(outdir, name);
  const text = JSON.stringify(content);
  if (existsSync(file) && (await readFile(file, 'utf8')) === text) return;
  await mkdir(outdir, { recursive: true });
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, text);
  await rename(draft, file);
}

/** As the setup imports it: open for practice to everybody. What the API would refuse fails the build. */
export function startingExercise({
  slug,
  wrong: _wrong,
  tests,
  ...content
}: ExerciseContent): StartingExercise {
  const exercise: ExerciseInput = exerciseInput.parse({
    ...content,
    tests: tests.map(({ id: _id, ...test }) => test),
    practice: true,
  });
  return { slug, exercise };
}
