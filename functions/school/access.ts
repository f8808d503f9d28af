import { type Caller, type Role, roles } from '#shared/contracts/operation.ts';
import { forbidden, notFound, unknownReference } from '#shared/errors.ts';
import { reachesClass, reachesStudent, staffRole } from '#shared/reach.ts';
import { type ClassRecord, classes } from '#shared/table/class.ts';
import { organizations } from '#shared/table/organization.ts';
import { type StudentRecord, students } from '#shared/table/profile.ts';
import { type UserRecord, users } from '#shared/table/user.ts';
import type { World } from './world.ts';

/** What a body names and does not exist, or is not the caller's to know: 400. */
export const unknown = {
  organization: () => unknownReference('organization.unknown', 'Organization not found'),
  user: () => unknownReference('user.unknown', 'User not found'),
  teacher: () => unknownReference('teacher.unknown', 'Teacher not found'),
  student: () => unknownReference('student.unknown', 'Student not found'),
  guardian: () => unknownReference('guardian.unknown', 'Guardian not found'),
  class: () => unknownReference('class.unknown', 'Class not found'),
} as const;

export const standsAbove = (role: Role, caller: Caller): boolean =>
  roles.indexOf(role) > roles.indexOf(caller.role);

export const administers = (caller: Caller, org_id: string): boolean =>
  caller.role === 'platform_admin' || (caller.role === 'org_admin' && caller.org_id === org_id);

export const isAdmin = ({ role }: Caller): boolean => role === 'org_admin' || role === 'platform_admin';

/** The organisation that a request means: the caller's own, or another that a platform administrator names. */
async function organizationOf(
  world: World,
  caller: Caller,
  org_id: string | undefined,
  orElse: () => Error,
): Promise<string> {
  if (org_id === undefined || org_id === caller.org_id) return caller.org_id;
  const known =
    caller.role === 'platform_admin' &&
    (await world.table.get(organizations, { org_id }, { consistent: true }));
  if (!known) throw orElse();
  return org_id;
}

export const listedOrganization = (world: World, caller: Caller, org_id: string | undefined) =>
  organizationOf(world, caller, org_id, () => notFound('organization'));

export const namedOrganization = (world: World, caller: Caller, org_id: string | undefined) =>
  organizationOf(world, caller, org_id, unknown.organization);

/** A class that the caller reaches, as a member or from above. */
export async function reachedClass(
  world: World,
  caller: Caller,
  class_id: string,
  orElse: () => Error = () => notFound('class'),
): Promise<ClassRecord> {
  const found = await world.table.get(classes, { class_id }, { consistent: true });
  if (!found || !(await reachesClass(world.table, caller, found))) throw orElse();
  return found;
}

/** A class that the caller runs: as one of its teachers or from above. Its assistants only know it. */
export async function taughtClass(world: World, caller: Caller, class_id: string): Promise<ClassRecord> {
  const found = await reachedClass(world, caller, class_id);
  if (administers(caller, found.org_id) || (await staffRole(world.table, caller, class_id)) === 'teacher')
    return found;
  throw forbidden('class.assistant', 'As an assistant of this class one may not do this.');
}

/** The profile of a student whom the caller reaches. */
export async function reachedStudent(world: World, caller: Caller, user_id: string): Promise<StudentRecord> {
  const found = await world.table.get(students, { user_id }, { consistent: true });
  if (!found?.active || !(await reachesStudent(world.table, caller, found))) throw notFound('student');
  return found;
}

/** A person of an organisation whom a body names. */
export async function personOf(
  world: World,
  user_id: string,
  org_id: string,
  fitting: readonly Role[],
  orElse: () => Error,
): Promise<UserRecord> {
  const found = await world.table.get(users, { user_id }, { consistent: true });
  if (!found || found.org_id !== org_id || !fitting.includes(found.role)) throw orElse();
  return found;
}
