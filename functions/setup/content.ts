import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { exerciseInput } from '#shared/contracts/exercises.ts';
import { derivedId } from '#shared/ids.ts';
import { publishedExercises } from '#shared/table/exercise.ts';
import { newExercise, newExerciseWrites, publishedOf } from '#shared/table/new-exercise.ts';
import { seeds } from '#shared/table/seed.ts';
import { ConditionFailed, type Table, type Write } from '#shared/table/table.ts';

/** Lies beside the function's bundle. */
export const contentFile = 'content.json';

const startingExercise = z.object({ slug: z.string(), exercise: exerciseInput });
export type StartingExercise = z.output<typeof startingExercise>;

export const readContent = async (folder = import.meta.dirname): Promise<StartingExercise[]> =>
  z.array(startingExercise).parse(JSON.parse(await readFile(join(folder, contentFile), 'utf8')));

/** What the setup works with. */
export interface SetupWorld {
  readonly table: Table;
  readonly now: () => Date;
}
export interface Root {
  readonly org_id: string;
  readonly admin_user_id: string;
}

/** Transactions under way at once. */
const atOnce = 8;

/**
 * Puts the starting exercises into a school, once: certified (the tests of this project run every one of them),
 * published, open for practice. One that the school deletes later does not come back.
 */
export async function importExercises(
  world: SetupWorld,
  root: Root,
  read: () => Promise<readonly StartingExercise[]>,
): Promise<void> {
  const { table } = world;
  if (await table.get(seeds, { name: 'exercises' }, { consistent: true })) return;
  const content = await read();
  const waiting = [...content];
  const importNext = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await importOne(world, root, next);
  };
  await Promise.all(Array.from({ length: atOnce }, importNext));
  const created_at = world.now().toISOString();
  await unlessThere(table, [table.insert(seeds, { name: 'exercises', count: content.length, created_at })]);
}

export const exerciseIdOf = ({ org_id }: Root, slug: string): string => derivedId(org_id, 'exercise', slug);

async function importOne({ table, now }: SetupWorld, root: Root, { slug, exercise }: StartingExercise) {
  const at = now().toISOString();
  const id = { exercise_id: exerciseIdOf(root, slug), org_id: root.org_id };
  const { head, version, state } = newExercise(id, exercise, { by: root.admin_user_id, at });
  const published = { ...head, status: 'published' as const, published_version: 1 };
  await unlessThere(table, [
    ...newExerciseWrites(table, {
      head: published,
      version,
      state: {
        ...state,
        certification: { ...state.certification, status: 'passed', at },
        published_at: at,
      },
    }),
    table.insert(publishedExercises, publishedOf(published, version, at)),
  ]);
}

/** Commits what a run before, or another one at this moment, has not. */
export async function unlessThere(table: Table, writes: readonly Write[]): Promise<void> {
  try {
    await table.write(...writes);
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
  }
}
