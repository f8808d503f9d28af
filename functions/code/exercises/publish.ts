import type { Exercise } from '#shared/contracts/exercises.ts';
import type { Caller } from '#shared/contracts/operation.ts';
import { conflict } from '#shared/errors.ts';
import { type ExerciseRecord, exercises, publishedExercises, versionStates } from '#shared/table/exercise.ts';
import { publishedOf } from '#shared/table/new-exercise.ts';
import { retried } from '#shared/table/retry.ts';
import type { CodeWorld } from '../world.ts';
import { ownExercise } from './access.ts';
import { stateOf, versionOf, viewExercise } from './view.ts';

const notCertified = () =>
  conflict(
    'exercise.not_certified',
    'Certify the newest version first: its solution must pass every test, its starter must not.',
  );

/** Gives the newest version to students; what is published already stays as it is. */
export function publishExercise(world: CodeWorld, caller: Caller, exercise_id: string): Promise<Exercise> {
  const { table } = world;
  return retried(async () => {
    const head = await ownExercise(world, caller, exercise_id);
    if (head.status === 'published' && head.published_version === head.newest_version)
      return viewExercise(world, caller, head);
    const state = await stateOf(world, exercise_id, head.newest_version);
    if (state.certification.status !== 'passed') throw notCertified();
    const version = await versionOf(world, exercise_id, head.newest_version);
    const at = world.now().toISOString();
    const next: ExerciseRecord = {
      ...head,
      status: 'published',
      published_version: head.newest_version,
      updated_at: at,
    };
    await table.write(
      table.replace(exercises, head, next),
      table.put(publishedExercises, publishedOf(next, version, at)),
      table.replace(versionStates, state, { ...state, published_at: state.published_at ?? at }),
    );
    return viewExercise(world, caller, next);
  });
}
