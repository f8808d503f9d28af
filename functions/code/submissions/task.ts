import type { Caller } from '#shared/contracts/operation.ts';
import { hasOpened } from '#shared/domain/grading/assignment-rules.ts';
import { conflict, unknownReference } from '#shared/errors.ts';
import { isEnrolled } from '#shared/reach.ts';
import { type AssignmentRecord, assignments } from '#shared/table/assignment.ts';
import type { ExerciseRecord } from '#shared/table/exercise.ts';
import { isPractice, readableExercise } from '../readable.ts';
import type { CodeWorld } from '../world.ts';

/** What is solved: an exercise as it is published, for an assignment or for practice. */
export interface Task {
  readonly exercise: ExerciseRecord & { readonly published_version: number };
  readonly assignment: AssignmentRecord | undefined;
}

/** An exercise that the caller may solve now, and the assignment that they solve it for. */
export async function taskOf(
  world: CodeWorld,
  caller: Caller,
  exercise_id: string,
  assignment_id: string | undefined,
): Promise<Task> {
  const exercise = await readableExercise(world, caller, exercise_id);
  const { published_version } = exercise;
  if (published_version === null)
    throw conflict('exercise.not_published', 'This exercise is not published yet.');
  const assignment =
    assignment_id === undefined
      ? undefined
      : await assignmentOf(world, caller, { exercise_id, assignment_id });
  // what was given with dates and attempts is not tried out beside them
  if (!assignment && caller.role === 'student' && !isPractice(exercise))
    throw conflict('assignment.missing', 'This exercise is solved for an assignment: give assignment_id.');
  return { exercise: { ...exercise, published_version }, assignment };
}

/** An assignment of that exercise, given to a class the caller is in, that has opened; else it does not exist. */
async function assignmentOf(
  { table, now }: CodeWorld,
  caller: Caller,
  asked: { readonly exercise_id: string; readonly assignment_id: string },
): Promise<AssignmentRecord> {
  const found = await table.get(assignments, asked, { consistent: true });
  const theirs =
    found?.exercise_id === asked.exercise_id && (await isEnrolled(table, found.class_id, caller.user_id));
  if (!theirs || !hasOpened(found, now().toISOString()))
    throw unknownReference('assignment.unknown', 'Assignment not found');
  return found;
}
