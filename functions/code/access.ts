import type { Caller } from '#shared/contracts/operation.ts';
import { hasOpened } from '#shared/domain/grading/assignment-rules.ts';
import { notFound } from '#shared/errors.ts';
import { administers, staffRole } from '#shared/reach.ts';
import { notForAssistants, reachedClass, waitsForOpening } from '#shared/reached-class.ts';
import { type AssignmentRecord, assignments } from '#shared/table/assignment.ts';
import type { ClassRecord } from '#shared/table/class.ts';
import type { CodeWorld } from './world.ts';

type Seen = Pick<CodeWorld, 'table'>;

const noSuchAssignment = () => notFound('assignment');

const assignmentOf = ({ table }: Seen, assignment_id: string): Promise<AssignmentRecord | undefined> =>
  table.get(assignments, { assignment_id }, { consistent: true });

interface Reached {
  readonly assignment: AssignmentRecord;
  readonly ofClass: ClassRecord;
}

/** An assignment of a class to which the caller belongs. */
export async function reachedAssignment(
  world: Pick<CodeWorld, 'table' | 'now'>,
  caller: Caller,
  assignment_id: string,
): Promise<Reached> {
  const assignment = await assignmentOf(world, assignment_id);
  if (!assignment) throw noSuchAssignment();
  const ofClass = await reachedClass(world, caller, assignment.class_id, noSuchAssignment);
  if (waitsForOpening(caller) && !hasOpened(assignment, world.now().toISOString())) throw noSuchAssignment();
  return { assignment, ofClass };
}

/**
 * An assignment of a class that the caller runs.
 *
 * @throws what `orElse` says where there is none for them, 403 for who is an assistant of the class
 */
export async function taughtAssignment(
  world: Seen,
  caller: Caller,
  assignment_id: string,
  orElse: () => Error = noSuchAssignment,
): Promise<AssignmentRecord> {
  const found = await assignmentOf(world, assignment_id);
  if (!found) throw orElse();
  const { org_id, class_id } = found;
  if (administers(caller, org_id)) return found;
  const role = org_id === caller.org_id ? await staffRole(world.table, caller, class_id) : undefined;
  if (role === undefined) throw orElse();
  if (role !== 'teacher') throw notForAssistants();
  return found;
}
