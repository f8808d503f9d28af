import type { Caller } from '#shared/contracts/operation.ts';
import { forbidden, notFound } from '#shared/errors.ts';
import { staffRole } from '#shared/reach.ts';
import { type AssignmentRecord, assignments } from '#shared/table/assignment.ts';
import type { Table } from '#shared/table/table.ts';

export const administers = (caller: Caller, org_id: string): boolean =>
  caller.role === 'platform_admin' || (caller.role === 'org_admin' && caller.org_id === org_id);

/**
 * An assignment that the caller grades: of a class where they are a teacher, or from above.
 *
 * @throws what `orElse` says where there is none for them, 403 for who is an assistant of the class
 */
export async function gradedAssignment(
  table: Table,
  caller: Caller,
  assignment_id: string,
  orElse: () => Error = () => notFound('assignment'),
): Promise<AssignmentRecord> {
  const found = await table.get(assignments, { assignment_id }, { consistent: true });
  if (!found) throw orElse();
  if (administers(caller, found.org_id)) return found;
  const role = found.org_id === caller.org_id ? await staffRole(table, caller, found.class_id) : undefined;
  if (role === undefined) throw orElse();
  if (role !== 'teacher')
    throw forbidden('class.assistant', 'As an assistant of this class one may not do this.');
  return found;
}
