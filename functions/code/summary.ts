import type * as z from 'zod';
import type { exerciseSummary } from '#shared/contracts/exercises.ts';
import type { ExerciseRecord, PublishedExercise } from '#shared/table/exercise.ts';
import { users } from '#shared/table/user.ts';
import type { CodeWorld } from './world.ts';

/** What a list shows of an exercise. */
export type Summary = z.output<typeof exerciseSummary>;

/** Lines of lists, each with its author's name. */
export async function withAuthors(
  { table }: Pick<CodeWorld, 'table'>,
  records: readonly (ExerciseRecord | PublishedExercise)[],
): Promise<Omit<Summary, 'progress'>[]> {
  const authors = await table.getMany(
    users,
    records.map(({ created_by }) => ({ user_id: created_by })),
  );
  return records.map((record, at) => ({
    ...record,
    version: 'newest_version' in record ? record.newest_version : record.published_version,
    created_by_name: authors[at]?.name ?? '',
  }));
}
