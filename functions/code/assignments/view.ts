import type { Assignment } from '#shared/contracts/assignments.ts';
import type { Caller } from '#shared/contracts/operation.ts';
import {
  attemptsLeft,
  dueFor,
  isOpenFor,
  nextAttemptAt,
  noStanding,
} from '#shared/domain/grading/assignment-rules.ts';
import {
  type AssignmentRecord,
  type AssignmentStanding,
  assignmentStandings,
} from '#shared/table/assignment.ts';
import { classes } from '#shared/table/class.ts';
import { exercises, publishedExercises } from '#shared/table/exercise.ts';
import { withAuthors } from '../summary.ts';
import type { CodeWorld } from '../world.ts';

/** Assignments as they are shown; `student_id` says whose standing goes with them. */
export async function viewAssignments(
  world: CodeWorld,
  records: readonly AssignmentRecord[],
  student_id: string | undefined,
): Promise<Assignment[]> {
  const { table } = world;
  const [ofClass, shown, standings] = await Promise.all([
    table.getMany(classes, records),
    shownExercises(world, records),
    student_id === undefined
      ? undefined
      : table.getMany(
          assignmentStandings,
          records.map(({ assignment_id }) => ({ assignment_id, student_id })),
        ),
  ]);
  const at = world.now().toISOString();
  return records.flatMap((record, index) => {
    const exercise = shown[index];
    // its exercise and its class cannot be deleted while it stands
    if (!exercise) return [];
    return [
      {
        ...record,
        class_name: ofClass[index]?.name ?? '',
        title: record.title ?? exercise.title,
        exercise,
        mine: standings === undefined ? null : standingOf(record, standings[index], at),
      },
    ];
  });
}

/** What classes get of their exercises, each read once. */
async function shownExercises(world: CodeWorld, records: readonly AssignmentRecord[]) {
  const published = await world.table.getMany(publishedExercises, records);
  const heads = published.every((one) => one !== undefined)
    ? []
    : await world.table.getMany(exercises, records);
  const found = records.map((_, at) => published[at] ?? heads[at]);
  const known = found.filter((one) => one !== undefined);
  const summaries = new Map(
    (await withAuthors(world, known)).map((summary) => [summary.exercise_id, summary] as const),
  );
  return records.map(({ exercise_id }) => summaries.get(exercise_id));
}

function standingOf(
  rules: AssignmentRecord,
  standing: AssignmentStanding | undefined,
  at: string,
): Assignment['mine'] {
  const known = standing ?? noStanding;
  return {
    due_at: dueFor(rules, known),
    attempts: known.attempts,
    attempts_left: attemptsLeft(rules, known),
    next_attempt_at: nextAttemptAt(rules, known, at),
    best_grade: standing?.best_grade ?? null,
    last_submission_id: standing?.last_submission_id ?? null,
    is_open: isOpenFor(rules, known, at),
  };
}

export const ownStanding = (caller: Caller): string | undefined =>
  caller.role === 'student' ? caller.user_id : undefined;

export async function viewAssignment(
  world: CodeWorld,
  caller: Caller,
  record: AssignmentRecord,
): Promise<Assignment> {
  const [shown] = await viewAssignments(world, [record], ownStanding(caller));
  if (!shown) throw new Error(`assignment ${record.assignment_id} has no exercise`);
  return shown;
}
