import type { Caller } from '#shared/contracts/operation.ts';
import { hasOpened } from '#shared/domain/grading/assignment-rules.ts';
import { forbidden, notFound, unknownReference } from '#shared/errors.ts';
import { administers, reachesClass, staffRole } from '#shared/reach.ts';
import { type AssignmentRecord, assignments } from '#shared/table/assignment.ts';
import { type ClassRecord, classes } from '#shared/table/class.ts';
import type { CodeWorld } from './world.ts';

type Seen = Pick<CodeWorld, 'table'>;

const noSuchClass = () => notFound('class');
const noSuchAssignment = () => notFound('assignment');
export const unknownClass = () => unknownReference('class.unknown', 'Class not found');
const notForAssistants = () =>
  forbidden('class.assistant', 'As an assistant of this class one may not do this.');

export const isAdmin = ({ role }: Caller): boolean => role === 'org_admin' || role === 'platform_admin';

/** Those who see an assignment only once it has opened. */
export const waitsForOpening = ({ role }: Caller): boolean => role === 'student' || role === 'guardian';

/** A class to which the caller belongs. */
export async function reachedClass(
  { table }: Seen,
  caller: Caller,
  class_id: string,
  orElse: () => Error = noSuchClass,
): Promise<ClassRecord> {
  const found = await table.get(classes, { class_id }, { consistent: true });
  if (!found || !(await reachesClass(table, caller, found))) throw orElse();
  return found;
}

/** A class that the caller runs: as one of its teachers or from above. */
export async function taughtClass(
  world: Seen,
  caller: Caller,
  class_id: string,
  orElse?: () => Error,
): Promise<ClassRecord> {
  const found = await reachedClass(world, caller, class_id, orElse);
  if (isAdmin(caller) || (await staffRole(world.table, caller, class_id)) === 'teacher') return found;
  throw notForAssistants();
}

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
