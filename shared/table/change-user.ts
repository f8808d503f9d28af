import type { Role } from '../contracts/operation.ts';
import { conflict, notFound } from '../errors.ts';
import { standingChanges } from '../identity/standing.ts';
import { staff, staffOf } from './class.ts';
import { enrolledIn, enrollments } from './enrollment.ts';
import { guardianLinks, guardianOf } from './guardian.ts';
import { bareProfile } from './new-user.ts';
import { type StudentRecord, students, type TeacherRecord, teachers, teachingRoles } from './profile.ts';
import { retried } from './retry.ts';
import { type Table, transactionSize, type Write } from './table.ts';
import { claimWrites, type UserRecord, users } from './user.ts';

/**
 * States, inside the transaction that ties a person to a class or to another person, that they still have the
 * role and the name that were read, and raises their version: whoever changes the person at that moment
 * reads again and finds the new tie.
 */
export const tie = (table: Table, user: UserRecord): Write =>
  table.update(users, user, {
    expression: 'ADD #version :one',
    when: '#role = :role AND #name = :name',
    values: { ':one': 1, ':role': user.role, ':name': user.name },
  });

/** Everything that ties a person to classes and to other people. */
async function tiesOf(table: Table, user_id: string) {
  const pk = `user#${user_id}`;
  const [onStaff, enrolled, children, guardians] = await Promise.all([
    table.queryAll(staffOf, { pk, prefix: 'staff#' }),
    table.queryAll(enrolledIn, { pk, prefix: 'enrolled#' }),
    table.queryAll(guardianLinks, { pk, prefix: 'child#' }),
    table.queryAll(guardianOf, { pk, prefix: 'guardian#' }),
  ]);
  return { onStaff, enrolled, children, guardians };
}
type Ties = Awaited<ReturnType<typeof tiesOf>>;

const counted = (count: number, one: string, many: string): string[] =>
  count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];

/** What a person is that somebody with the role cannot be. */
function refuseRole(role: Role, ties: Ties): void {
  const staffRoles: readonly Role[] = teachingRoles;
  const offStaff = ties.onStaff.filter(
    (one) => !staffRoles.includes(role) && !(role === 'assistant' && one.role === 'assistant'),
  );
  const uses = [
    ...counted(offStaff.length, 'class where they are on the staff', 'classes where they are on the staff'),
    ...(role === 'student'
      ? []
      : [
          ...counted(
            ties.enrolled.length,
            'class where they are enrolled',
            'classes where they are enrolled',
          ),
          ...counted(ties.guardians.length, 'guardian', 'guardians'),
        ]),
    ...(role === 'guardian'
      ? []
      : counted(ties.children.length, 'student they are guardian of', 'students they are guardian of')),
  ];
  if (uses.length > 0)
    throw conflict(
      'user.in_use',
      `The role cannot change while there are: ${uses.join(', ')}. Undo that first.`,
    );
}

/** The name wherever it is shown beside the person: rosters, staffs, guardians and their children. */
async function renameWrites(table: Table, user: UserRecord, ties: Ties): Promise<Write[]> {
  const { user_id, name } = user;
  const rosters = await table.getMany(enrollments, ties.enrolled);
  const set = (field: string) => ({ expression: `SET #${field} = :name`, values: { ':name': name } });
  return [
    ...rosters.flatMap((seen) => {
      if (!seen) return [];
      const stored = enrollments.stored({ ...seen, student_name: name });
      return table.update(enrollments, seen, {
        expression: 'SET #student_name = :name, #gsi1sk = :sk',
        values: { ':name': name, ':sk': stored['gsi1sk'] },
      });
    }),
    ...ties.onStaff.map((seen) => table.update(staff, seen, set('name'))),
    ...ties.children.map((seen) => table.update(guardianLinks, seen, set('guardian_name'))),
    ...ties.guardians.map(({ guardian_id }) =>
      table.update(guardianLinks, { guardian_id, student_id: user_id }, set('student_name')),
    ),
  ];
}

/** The profiles follow the user: their names, and whether the role still fits. */
async function profileWrites(table: Table, before: UserRecord, next: UserRecord): Promise<Write[]> {
  const [teacher, student] = await Promise.all([
    table.get(teachers, next, { consistent: true }),
    table.get(students, next, { consistent: true }),
  ]);
  const followed = <Profile extends TeacherRecord | StudentRecord>(seen: Profile, active: boolean) => ({
    ...seen,
    name: next.name,
    email: next.email,
    username: next.username,
    active,
    updated_at: next.updated_at,
  });
  const becomes = (role: Role): boolean => before.role !== role && next.role === role;
  return [
    ...(teacher
      ? [table.replace(teachers, teacher, followed(teacher, teachingRoles.includes(next.role)))]
      : becomes('teacher')
        ? [table.insert(teachers, { ...bareProfile(next), subject: null })]
        : []),
    ...(student
      ? [table.replace(students, student, followed(student, next.role === 'student'))]
      : becomes('student')
        ? [table.insert(students, { ...bareProfile(next), grade: null, time_factor: 1 })]
        : []),
  ];
}

const shownOf = (user: UserRecord): string =>
  JSON.stringify([user.name, user.email, user.username, user.role]);

/** What a process that knows who calls goes by. */
const standingOf = (user: UserRecord): string => JSON.stringify([user.disabled, user.role, user.org_id]);

/**
 * Changes a user and, in the same transaction, everything that repeats what changed: address and username
 * claims, profiles, and the name in rosters, staffs and guardian links. (Somebody with more than 100 of them
 * gets the rest in transactions that follow.)
 *
 * @param change today's record to the next one; runs again when somebody else wrote first
 * @param more further writes and conditions of the same transaction
 * @throws 404 for an unknown user, 409 `user.in_use` when the new role does not allow what the person is
 */
export function changeUser(
  table: Table,
  user_id: string,
  change: (seen: UserRecord) => UserRecord | Promise<UserRecord>,
  more: (seen: UserRecord, next: UserRecord) => readonly Write[] = () => [],
): Promise<UserRecord> {
  // a rename whose later transactions met another writer goes on, though the user's own item is done
  let renamed = false;
  return retried(async () => {
    const seen = await table.get(users, { user_id }, { consistent: true });
    if (!seen) throw notFound('user');
    const next = await change(seen);
    renamed ||= next.name !== seen.name;
    const ties = renamed || next.role !== seen.role ? await tiesOf(table, user_id) : undefined;
    if (ties && next.role !== seen.role) refuseRole(next.role, ties);
    const writes = [
      ...more(seen, next),
      table.replace(users, seen, next),
      ...(standingOf(seen) === standingOf(next) ? [] : [standingChanges(table)]),
      ...claimWrites(table, seen, next),
      ...(shownOf(seen) === shownOf(next) ? [] : await profileWrites(table, seen, next)),
      ...(ties && renamed ? await renameWrites(table, next, ties) : []),
    ];
    for (let from = 0; from < writes.length; from += transactionSize)
      await table.write(...writes.slice(from, from + transactionSize));
    return { ...next, version: seen.version + 1 };
  });
}
