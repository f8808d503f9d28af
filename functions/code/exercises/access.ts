import type { Caller } from '#shared/contracts/operation.ts';
import { forbidden, notFound } from '#shared/errors.ts';
import { administers, classesOfStudent } from '#shared/reach.ts';
import { type ClassAssignment, classAssignments } from '#shared/table/assignment.ts';
import { type ExerciseRecord, exercises } from '#shared/table/exercise.ts';
import type { CodeWorld } from '../world.ts';

const noSuchExercise = () => notFound('exercise');

/** What the classes of a student were given and has opened, of one exercise or of all. */
export async function givenTo(
  world: Pick<CodeWorld, 'table' | 'now'>,
  student_id: string,
  exercise_id?: string,
): Promise<ClassAssignment[]> {
  const at = world.now().toISOString();
  const classes = await classesOfStudent(world.table, student_id);
  const given = await Promise.all(
    classes.map((class_id) =>
      world.table.queryAll(classAssignments, {
        pk: `class#${class_id}`,
        prefix: exercise_id === undefined ? 'given#' : `given#${exercise_id}#`,
      }),
    ),
  );
  return given.flat().filter(({ opens_at }) => opens_at === null || opens_at <= at);
}

/** What is open to every student of the organisation. */
export const isPractice = (exercise: Pick<ExerciseRecord, 'status' | 'practice'>): boolean =>
  exercise.practice && exercise.status === 'published';

/**
 * An exercise that the caller may read: a student what is published and theirs to solve, the staff what is their
 * organisation's.
 */
export async function readableExercise(
  world: Pick<CodeWorld, 'table' | 'now'>,
  caller: Caller,
  exercise_id: string,
): Promise<ExerciseRecord> {
  const found = await world.table.get(exercises, { exercise_id }, { consistent: true });
  if (!found || (found.org_id !== caller.org_id && caller.role !== 'platform_admin')) throw noSuchExercise();
  if (caller.role !== 'student') return found;
  const theirs =
    found.published_version !== null &&
    (isPractice(found) || (await givenTo(world, caller.user_id, exercise_id)).length > 0);
  if (!theirs) throw noSuchExercise();
  return found;
}

/** An exercise that the caller may change: their own, or from above. */
export async function ownExercise(
  world: Pick<CodeWorld, 'table' | 'now'>,
  caller: Caller,
  exercise_id: string,
): Promise<ExerciseRecord> {
  const found = await readableExercise(world, caller, exercise_id);
  if (found.created_by === caller.user_id || administers(caller, found.org_id)) return found;
  throw forbidden('exercise.not_own', 'Only its author or an administrator may do this.');
}
