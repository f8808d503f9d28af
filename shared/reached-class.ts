import type { Caller } from './contracts/operation.ts';
import { forbidden, notFound, unknownReference } from './errors.ts';
import {
  classesOf,
  classesOfStudent,
  linkedStudents,
  reachesClass,
  reachesStudent,
  staffRole,
} from './reach.ts';
import { type ClassRecord, classes } from './table/class.ts';
import { students } from './table/profile.ts';
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

/** The classes to which a caller below the administrators belongs: as a student, as a guardian, on the staff. */
export async function memberClasses({ table }: Seen, caller: Caller): Promise<string[]> {
  if (caller.role === 'student') return classesOfStudent(table, caller.user_id);
  if (caller.role !== 'guardian') return classesOf(table, caller.user_id);
  const children = await linkedStudents(table, caller.user_id);
  const ids = await Promise.all(children.map((child) => classesOfStudent(table, child)));
  return [...new Set(ids.flat())];
}

/** The classes of a student, as far as they are the caller's business too. */
export async function attendedClasses(
  { table }: Seen,
  caller: Caller,
  student_id: string,
): Promise<string[]> {
  const student = await table.get(students, { user_id: student_id }, { consistent: true });
  if (!student || !(await reachesStudent(table, caller, student))) throw notFound('student');
  const attended = await classesOfStudent(table, student_id);
  if (isAdmin(caller) || caller.role === 'guardian' || caller.user_id === student_id) return attended;
  const taught = new Set(await classesOf(table, caller.user_id));
  return attended.filter((class_id) => taught.has(class_id));
}
