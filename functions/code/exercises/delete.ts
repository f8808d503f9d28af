import type { Caller } from '#shared/contracts/operation.ts';
import { conflict } from '#shared/errors.ts';
import { assignments } from '#shared/table/assignment.ts';
import { classes } from '#shared/table/class.ts';
import {
  certificationResults,
  type ExerciseRecord,
  exerciseStandings,
  exercises,
  exerciseVersions,
  publishedExercises,
  versionStates,
} from '#shared/table/exercise.ts';
import { retried } from '#shared/table/retry.ts';
import { ConditionFailed, type Write } from '#shared/table/table.ts';
import type { CodeWorld } from '../world.ts';
import { ownExercise } from './access.ts';

/** So long a version outlives its exercise: a submission that came at that very moment is still graded. */
const versionsKeptForS = 30 * 86_400;
/** Classes that a refusal names. */
const named = 5;

/** Takes an exercise out of every list at once; its versions follow. */
export function deleteExercise(world: CodeWorld, caller: Caller, exercise_id: string): Promise<void> {
  const { table } = world;
  return retried(async () => {
    const head = await ownExercise(world, caller, exercise_id);
    await refuseUsed(world, head);
    await table.write(
      table.remove(exercises, head, {
        when: '#version = :seen AND #assignment_count = :none',
        values: { ':seen': head.version, ':none': 0 },
      }),
      ...(head.published_version === null ? [] : [table.remove(publishedExercises, head)]),
    );
    await forgetVersions(world, head);
  });
}

async function refuseUsed(world: CodeWorld, head: ExerciseRecord): Promise<void> {
  const { exercise_id, assignment_count } = head;
  const uses: string[] = [];
  if (assignment_count > 0) uses.push(`it was given to ${await classNames(world, exercise_id)}`);
  const handedIn = await world.table.query(exerciseStandings, {
    pk: `exercise#${exercise_id}`,
    prefix: 'student#',
    limit: 1,
  });
  if (handedIn.items.length > 0) uses.push('students have handed in solutions of it');
  if (uses.length > 0)
    throw conflict('exercise.in_use', `This exercise is in use: ${uses.join(', and ')}. Archive it instead.`);
}

async function classNames({ table }: CodeWorld, exercise_id: string): Promise<string> {
  const pk = `exercise#${exercise_id}#assignments`;
  const { items, next } = await table.query(assignments, { index: 'gsi3', pk, limit: named });
  const found = await table.getMany(classes, items);
  const names = [...new Set(found.flatMap((one) => (one ? [one.name] : [])))];
  if (names.length === 0) return 'a class';
  return `${names.join(', ')}${next === undefined ? '' : ' and more'}`;
}

/** Nobody finds a version without its exercise; what is left when this stops half-way is out of sight. */
async function forgetVersions(
  world: CodeWorld,
  { exercise_id, newest_version }: ExerciseRecord,
): Promise<void> {
  const { table } = world;
  const expires_at = Math.floor(world.now().getTime() / 1000) + versionsKeptForS;
  for (let version_number = 1; version_number <= newest_version; version_number++) {
    const id = { exercise_id, version_number };
    await present(world, [table.remove(versionStates, id)]);
    await present(world, [table.remove(certificationResults, id)]);
    await present(world, [
      table.update(exerciseVersions, id, {
        expression: 'SET #expires_at = :at',
        values: { ':at': expires_at },
      }),
    ]);
  }
}

/** Writes to an item unless there is none. */
async function present({ table }: CodeWorld, writes: readonly Write[]): Promise<void> {
  try {
    await table.write(...writes);
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
  }
}
