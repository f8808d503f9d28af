import type { Caller } from '#shared/contracts/operation.ts';
import { hasOpened } from '#shared/domain/grading/assignment-rules.ts';
import { forbidden, notFound, unknownReference } from '#shared/errors.ts';
import { reachesClass, staffRole } from '#shared/reach.ts';
import { type AssignmentRecord, assignments } from '#shared/table/assignment.ts';
import { type ClassRecord, classes } from '#shared/table/class.ts';
import type { CodeWorld } from '../world.ts';

const noSuchAssignment = () => notFound('assignment');
export const unknownClass = () => unknownReference('class.unknown', 'Class not found');

export const isAdmin = ({ role }: Caller): boolean => role === 'org_admin' || role === 'platform_admin';

/** Those who see an assignment only once it has opened. */
export const waitsForOpening = ({ role }: Caller): boolean => role === 'student' || role === 'guardian';

export async function reachedClass(
  { table }: CodeWorld,
  caller: Caller,
  class_id: string,
  orElse: () => Error = () => notFound('class'),
): Promise<ClassRecord> {
  const found = await table.get(classes, { class_id }, { consistent: true });
  if (!found || !(await reachesClass(table, caller, found))) throw orElse();
  return found;
}

/** A class that the caller runs: as one of its teachers or from above. */
export async function taughtClass(
  world: CodeWorld,
  caller: Caller,
  class_id: string,
  orElse?: () => Error,
): Promise<ClassRecord> {
  const found = await reachedClass(world, caller, class_id, orElse);
  if (isAdmin(caller) || (await staffRole(world.table, caller, class_id)) === 'teacher') return found;
  throw forbidden('class.assistant', 'As an assistant of this class one may not do this.');
}

interface Reached {
  readonly assignment: AssignmentRecord;
  readonly ofClass: ClassRecord;
}

async function assignmentOf(
  world: CodeWorld,
  assignment_id: string,
  reach: (class_id: string) => Promise<ClassRecord>,
): Promise<Reached> {
  const assignment = await world.table.get(assignments, { assignment_id }, { consistent: true });
  if (!assignment) throw noSuchAssignment();
  return { assignment, ofClass: await reach(assignment.class_id) };
}

/** An assignment of a class to which the caller belongs. */
export async function reachedAssignment(
  world: CodeWorld,
  caller: Caller,
  assignment_id: string,
): Promise<Reached> {
  const found = await assignmentOf(world, assignment_id, (class_id) =>
    reachedClass(world, caller, class_id, noSuchAssignment),
  );
  if (waitsForOpening(caller) && !hasOpened(found.assignment, world.now().toISOString()))
    throw noSuchAssignment();
  return found;
}

/** An assignment of a class that the caller runs. */
export const taughtAssignment = (world: CodeWorld, caller: Caller, assignment_id: string): Promise<Reached> =>
  assignmentOf(world, assignment_id, (class_id) => taughtClass(world, caller, class_id, noSuchAssignment));
