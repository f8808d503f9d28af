import { strToU8, zipSync } from 'fflate';
import type { ExerciseInput, ExportedFrom } from '#shared/contracts/exercises.ts';
import type { Caller } from '#shared/contracts/operation.ts';
import { type ExerciseContent, exerciseFolder, exportFile } from '#shared/domain/grading/exercise-folder.ts';
import type { ExerciseVersion } from '#shared/table/exercise.ts';
import type { CodeWorld } from '../world.ts';
import { readableExercise } from './access.ts';
import { versionOf } from './view.ts';
import { writtenOf } from './write.ts';

/** The same exercise gives the same bytes: an archive of a year that zip can write. */
const mtime = '1980-01-02T00:00:00';

/**
 * The newest version, or another by its number, as a file that importing makes the same exercise of. It names the
 * version, with the salt that its tests are hashed with in receipts: never for students.
 */
export async function exportExercise(
  world: CodeWorld,
  caller: Caller,
  exercise_id: string,
  { format, version: number }: { readonly format: 'json' | 'zip'; readonly version?: number | undefined },
) {
  const head = await readableExercise(world, caller, exercise_id);
  const version = await versionOf(world, exercise_id, number ?? head.newest_version);
  const exported = await exportedFrom(world, version);
  const slug = slugOf(version);
  if (format === 'zip') {
    const files = Object.entries({
      ...exerciseFolder(contentOf(slug, version)),
      [exportFile]: printed(exported),
    });
    const folder = Object.fromEntries(files.map(([path, text]) => [`${slug}/${path}`, strToU8(text)]));
    const zip = zipSync(folder, { mtime, level: 9 });
    return file(`${slug}.zip`, 'application/zip', zip);
  }
  const exercise: ExerciseInput = { ...writtenOf(version), practice: head.practice, exported };
  return file(`${slug}.json`, 'application/json', strToU8(printed(exercise)));
}

const printed = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

async function exportedFrom(
  { receiptSecrets }: CodeWorld,
  { exercise_id, version_number: version }: ExerciseVersion,
): Promise<ExportedFrom> {
  const { testsSalt } = await receiptSecrets();
  return { exercise_id, version, tests_salt: testsSalt(exercise_id, version) };
}

const file = (file_name: string, media_type: string, bytes: Uint8Array) => ({
  file_name,
  media_type,
  base64: Buffer.from(bytes).toString('base64'),
});

/** A folder has an English text first, and a Korean beside it; an exercise has any text first. */
function contentOf(slug: string, version: ExerciseVersion): ExerciseContent {
  const { title, problem_description, hints, translations, ...rest } = writtenOf(version);
  const main = { title, problem_description, hints };
  const first = translations.en ?? main;
  const ko = translations.ko ?? (translations.en ? main : undefined);
  const { tests: _tests, ...kept } = rest;
  return { ...kept, slug, ...first, translations: ko ? { ko } : {}, tests: version.tests, wrong: [] };
}

/** A name for files: of the title what a file name may have, else of the id. */
const slugOf = ({ title, exercise_id }: { readonly title: string; readonly exercise_id: string }): string => {
  const plain = title
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-');
  return plain.slice(0, 60).replaceAll(/^-+|-+$/g, '') || `exercise-${exercise_id.slice(-8)}`;
};
