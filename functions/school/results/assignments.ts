import { dueFor, noStanding } from '#shared/domain/grading/assignment-rules.ts';
import { type Cell, type Column, untouched } from '#shared/domain/results/gradebook.ts';
import {
  type AssignmentRecord,
  type AssignmentStanding,
  assignmentStandings,
  assignments,
} from '#shared/table/assignment.ts';
import { exercises } from '#shared/table/exercise.ts';
import type { World } from '../world.ts';

export const assignmentsOf = ({ table }: World, class_id: string): Promise<AssignmentRecord[]> =>
  table.queryAll(assignments, { index: 'gsi2', pk: `class#${class_id}#assignments` });

/** An assignment that has no title of its own has its exercise's. */
export async function titlesOf(
  { table }: World,
  records: readonly AssignmentRecord[],
): Promise<(record: AssignmentRecord) => string> {
  const untitled = records.filter(({ title }) => title === null);
  const found = await table.getMany(exercises, untitled);
  const titles = new Map(found.flatMap((one) => (one ? [[one.exercise_id, one.title] as const] : [])));
  return ({ title, exercise_id }) => title ?? titles.get(exercise_id) ?? '';
}

/** Where a student stands; the grade is the best so far, also while the last submission waits for its own. */
export function assignmentCell(
  assignment: AssignmentRecord,
  standing: AssignmentStanding | undefined,
  at: string,
): Cell {
  if (standing === undefined || standing.attempts === 0)
    return untouched(dueFor(assignment, standing ?? noStanding), at);
  const { best_grade, status, late } = standing;
  return { value: best_grade, status: status === 'graded' ? 'done' : 'waiting', late };
}

export async function assignmentColumns(
  world: World,
  records: readonly AssignmentRecord[],
  student_ids: readonly string[],
) {
  const at = world.now().toISOString();
  const titleOf = await titlesOf(world, records);
  return Promise.all(
    records.map(async (record) => {
      const { assignment_id, opens_at, due_at } = record;
      const standings = await world.table.queryAll(assignmentStandings, {
        pk: `assignment#${assignment_id}`,
        prefix: 'student#',
      });
      const byStudent = new Map(standings.map((one) => [one.student_id, one] as const));
      const column: Column = {
        kind: 'assignment',
        id: assignment_id,
        title: titleOf(record),
        opens_at,
        due_at,
        scale: 'percent',
      };
      const cells = new Map(
        student_ids.map((id) => [id, assignmentCell(record, byStudent.get(id), at)] as const),
      );
      return { column, cells };
    }),
  );
}
