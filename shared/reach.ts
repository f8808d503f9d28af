import type { Caller } from './contracts/operation.ts';
import { type ClassRecord, staff, staffOf } from './table/class.ts';
import { enrolledIn, enrollments } from './table/enrollment.ts';
import { guardianLinks } from './table/guardian.ts';
import type { Table } from './table/table.ts';

/**
 * Who may reach what. Every answer comes from consistent reads of the base table, never from an index, so that
 * a person taken off a class is out at once.
 */
type Who = Pick<Caller, 'user_id' | 'role' | 'org_id'>;

/** Ids of the classes where a person is on the staff. */
export const classesOf = async (table: Table, user_id: string): Promise<string[]> =>
  (await table.queryAll(staffOf, { pk: `user#${user_id}`, prefix: 'staff#' })).map(
    ({ class_id }) => class_id,
  );

/** Ids of the classes in which a student is enrolled. */
export const classesOfStudent = async (table: Table, student_id: string): Promise<string[]> =>
  (await table.queryAll(enrolledIn, { pk: `user#${student_id}`, prefix: 'enrolled#' })).map(
    ({ class_id }) => class_id,
  );

/** Ids of the students to whom a guardian is linked. */
export const linkedStudents = async (table: Table, guardian_id: string): Promise<string[]> =>
  (await table.queryAll(guardianLinks, { pk: `user#${guardian_id}`, prefix: 'child#' })).map(
    ({ student_id }) => student_id,
  );

export const mayBeStaff = ({ role }: Who): boolean => role !== 'student' && role !== 'guardian';

/** What the caller is in a class: its teacher, an assistant, or nothing. */
export async function staffRole(
  table: Table,
  caller: Who,
  class_id: string,
): Promise<'teacher' | 'assistant' | undefined> {
  if (!mayBeStaff(caller)) return undefined;
  const found = await table.get(staff, { class_id, user_id: caller.user_id }, { consistent: true });
  return found?.role;
}

export const isStaffOf = async (table: Table, caller: Who, class_id: string): Promise<boolean> =>
  (await staffRole(table, caller, class_id)) !== undefined;

export const administers = (caller: Who, org_id: string): boolean =>
  caller.role === 'platform_admin' || (caller.role === 'org_admin' && caller.org_id === org_id);

/** As one of a class's teachers, or from above; what belongs to no class is for administrators alone. */
export async function runsClass(
  table: Table,
  caller: Who,
  { org_id, class_id }: { readonly org_id: string; readonly class_id: string | null },
): Promise<boolean> {
  if (administers(caller, org_id)) return true;
  if (class_id === null || caller.org_id !== org_id) return false;
  return (await staffRole(table, caller, class_id)) === 'teacher';
}

async function shareAClass(table: Table, staff_id: string, student_id: string): Promise<boolean> {
  const [taught, attended] = await Promise.all([
    classesOf(table, staff_id),
    classesOfStudent(table, student_id),
  ]);
  const theirs = new Set(attended);
  return taught.some((class_id) => theirs.has(class_id));
}

/** The student themselves, a linked guardian, the staff of a class they are in, administrators. */
export async function reachesStudent(
  table: Table,
  caller: Who,
  student: { readonly user_id: string; readonly org_id: string },
): Promise<boolean> {
  if (caller.user_id === student.user_id || administers(caller, student.org_id)) return true;
  if (caller.org_id !== student.org_id) return false;
  if (caller.role === 'guardian') {
    const link = { guardian_id: caller.user_id, student_id: student.user_id };
    return (await table.get(guardianLinks, link, { consistent: true })) !== undefined;
  }
  return mayBeStaff(caller) && (await shareAClass(table, caller.user_id, student.user_id));
}

/** Its students, the guardians of its students, its staff, administrators. */
export async function reachesClass(
  table: Table,
  caller: Who,
  schoolClass: Pick<ClassRecord, 'class_id' | 'org_id'>,
): Promise<boolean> {
  const { class_id, org_id } = schoolClass;
  if (administers(caller, org_id)) return true;
  if (caller.org_id !== org_id) return false;
  if (caller.role === 'student') return isEnrolled(table, class_id, caller.user_id);
  if (caller.role === 'guardian') {
    const children = await linkedStudents(table, caller.user_id);
    const found = await table.getMany(
      enrollments,
      children.map((student_id) => ({ class_id, student_id })),
    );
    return found.some((enrollment) => enrollment !== undefined);
  }
  return isStaffOf(table, caller, class_id);
}

export const isEnrolled = async (table: Table, class_id: string, student_id: string): Promise<boolean> =>
  (await table.get(enrollments, { class_id, student_id }, { consistent: true })) !== undefined;
