import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type ExerciseContent,
  ExerciseFolderError,
  parseExerciseFolder,
} from '../domain/grading/exercise-folder.ts';

/** The exercises that a school starts with: a folder for each, named by its slug. */
export const exercisesFolder = new URL('./exercises/', import.meta.url);

/** The exercises in a folder of such folders, by slug. For builds and tests: it reads files that no bundle carries. */
export async function readExercises(folder: URL = exercisesFolder): Promise<ExerciseContent[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const slugs = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return await Promise.all(slugs.sort().map((slug) => readExercise(folder, slug)));
}

async function readExercise(folder: URL, slug: string): Promise<ExerciseContent> {
  const files = await readFiles(fileURLToPath(new URL(`${slug}/`, folder)));
  try {
    const exercise = parseExerciseFolder(files);
    if (exercise.slug !== slug)
      throw new ExerciseFolderError('exercise.json', 'slug', 'is not the folder’s name');
    return exercise;
  } catch (error) {
    throw new Error(`The exercise ${slug} cannot be read.`, { cause: error });
  }
}

/** The texts of a folder by their paths inside it, with `/` on every platform. */
export async function readFiles(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = await Promise.all(
    paths.map(async (path) => [relative(folder, path).split(sep).join('/'), await readFile(path, 'utf8')]),
  );
  return Object.fromEntries(texts);
}
