import type { Caller } from './contracts/operation.ts';
import { forbidden, notFound, unknownReference } from './errors.ts';
import { reachesClass, staffRole } from './reach.ts';
import { type ClassRecord, classes } from './table/class.ts';
import type { Table } from './table/table.ts';

/** Classes as a request names them: there for who may know of them, and to be changed by who runs them. */
interface Seen {
  readonly table: Table;
}

const noSuchClass = () => notFound('class');
/** A body names a class that is not there, or none of the caller's. */
export const unknownClass = () => unknownReference('class.unknown', 'Class not found');
export const notForAssistants = () =>
  forbidden('class.assistant', 'As an assistant of this class one may not do this.');

export const isAdmin = ({ role }: Caller): boolean => role === 'org_admin' || role === 'platform_admin';

/** Those who see what a class is given only once it has opened. */
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
