import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readExercises } from '#shared/content/exercises.ts';
import { type ExerciseInput, exerciseInput } from '#shared/contracts/exercises.ts';
import type { ExerciseContent } from '#shared/domain/grading/exercise-folder.ts';
import { contentFile, type StartingExercise } from './content.ts';

/** Writes the starting exercises beside the function's bundle, as one file; nothing when it is up to date. */
export async function buildContent(outdir: string): Promise<void> {
  const file = join(outdir, contentFile);
  const text = JSON.stringify((await readExercises()).map(startingExercise));
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
