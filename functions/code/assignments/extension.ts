import type * as z from 'zod';
import type { extension } from '#shared/contracts/assignments.ts';
import type { Caller } from '#shared/contracts/operation.ts';
import { toInstant } from '#shared/domain/school-time.ts';
import { invalid, notFound, unknownReference } from '#shared/errors.ts';
import { isEnrolled } from '#shared/reach.ts';
import { type AssignmentRecord, assignmentStandings, assignments } from '#shared/table/assignment.ts';
import { retried } from '#shared/table/retry.ts';
import { taughtAssignment } from '../access.ts';
import type { CodeWorld } from '../world.ts';
import { followDueDate } from './due-date.ts';

type Extension = z.output<typeof extension>;

/**
 * Gives a student more time or attempts, whether they have begun or not; nothing of either takes it back. What they
 * handed in already is late, and loses by it, as if the extension had been there before. The same request again
 * changes nothing, and goes on where one that failed had stopped.
 */
export async function putExtension(
  world: CodeWorld,
  caller: Caller,
  { assignment_id, student_id }: { readonly assignment_id: string; readonly student_id: string },
  body: { readonly due_at: string | null; readonly extra_attempts: number },
): Promise<Extension> {
  const { table } = world;
  const assignment = await taughtAssignment(world, caller, assignment_id);
  if (!(await isEnrolled(table, assignment.class_id, student_id)))
    throw unknownReference('student.unknown', 'This student is not in the class of the assignment');
  const due_at = laterThan(assignment, body.due_at, world.settings.time_zone);
  const set = {
    due_at,
    extra_attempts: body.extra_attempts,
    set_by: caller.user_id,
    set_at: world.now().toISOString(),
  };
  const kept = due_at === null && body.extra_attempts === 0 ? null : set;
  await retried(async () => {
    const seen = await table.get(assignmentStandings, { assignment_id, student_id }, { consistent: true });
    await table.write(
      seen
        ? table.replace(assignmentStandings, seen, { ...seen, extension: kept })
        : table.insert(assignmentStandings, { ...untouched, assignment_id, student_id, extension: kept }),
      table.check(assignments, assignment, { orElse: () => notFound('assignment') }),
    );
  });
  await followDueDate(world, caller, assignment, student_id);
  return { ...set, student_id };
}

const untouched = {
  attempts: 0,
  best_grade: null,
  status: null,
  late: false,
  last_submission_id: null,
  last_at: null,
  version: 1,
} as const;

function laterThan(assignment: AssignmentRecord, due_at: string | null, time_zone: string): string | null {
  if (due_at === null) return null;
  const exact = toInstant(due_at, time_zone, 'end');
  if (assignment.due_at === null)
    throw invalid(['body', 'due_at'], 'the assignment has no due date to extend');
  if (exact <= assignment.due_at)
    throw invalid(['body', 'due_at'], 'must be after the due date of the assignment');
  return exact;
}
