import type { Caller, Reply, Role } from '#shared/contracts/operation.ts';
import type { schoolContract } from '#shared/contracts/school.ts';
import { conflict, notFound } from '#shared/errors.ts';
import { examTopic } from '#shared/exams/events.ts';
import { pageOf } from '#shared/http/paging.ts';
import { topicOf } from '#shared/jobs/advance.ts';
import { classJobs } from '#shared/jobs/job.ts';
import { stopListening } from '#shared/realtime/subscriptions.ts';
import { tie } from '#shared/table/change-user.ts';
import { classes, type StaffRecord, staff, staffOf } from '#shared/table/class.ts';
import { examSessions } from '#shared/table/exam-session.ts';
import { retried } from '#shared/table/retry.ts';
import type { Write } from '#shared/table/table.ts';
import type { UserRecord } from '#shared/table/user.ts';
import { personOf, reachedClass, taughtClass } from './access.ts';
import { listing } from './listing.ts';
import type { World } from './world.ts';

type Contract = typeof schoolContract;
type StaffMember = Reply<Contract['putStaff']>;
type StaffRole = StaffRecord['role'];

/** So many fit into the transaction that deletes a class with its staff. */
const maxStaff = 40;
const staffRoles: readonly Role[] = ['assistant', 'teacher', 'org_admin', 'platform_admin'];

export const appointment = (
  world: World,
  class_id: string,
  user: UserRecord,
  role: StaffRole,
  present?: StaffRecord,
): StaffRecord => ({
  class_id,
  user_id: user.user_id,
  name: user.name,
  role,
  added_at: present?.added_at ?? world.now().toISOString(),
});

/** The two items of an appointment; `present` is the one whose role it changes. */
export function appointWrites({ table }: World, member: StaffRecord, present?: StaffRecord): Write[] {
  const { class_id, user_id, role } = member;
  if (present) {
    const change = { expression: 'SET #role = :role', values: { ':role': role } };
    return [table.update(staff, present, change), table.update(staffOf, present, change)];
  }
  return [table.insert(staff, member), table.insert(staffOf, { class_id, user_id, role })];
}

export async function listStaff(
  world: World,
  caller: Caller,
  class_id: string,
): Promise<Reply<Contract['listStaff']>> {
  await reachedClass(world, caller, class_id);
  const people = await world.table.queryAll(staff, { pk: `class#${class_id}`, prefix: 'staff#' });
  return pageOf(listing('listStaff', caller, { limit: 100 }, { class_id }), people);
}

/** Moves the class's counter while there is room, and while `not_own` is not the class's own teacher. */
const countStaff = (world: World, class_id: string, by: number, not_own: string): Write =>
  world.table.update(
    classes,
    { class_id },
    {
      expression: 'ADD #staff_count :by, #version :one',
      when: '#staff_count < :room AND #teacher_id <> :not_own',
      values: { ':by': by, ':one': 1, ':room': by > 0 ? maxStaff : maxStaff + 1, ':not_own': not_own },
    },
  );

export function putStaff(
  world: World,
  caller: Caller,
  { class_id, user_id }: { readonly class_id: string; readonly user_id: string },
  role: StaffRole,
): Promise<StaffMember> {
  return retried(async () => {
    const seen = await taughtClass(world, caller, class_id);
    const user = await personOf(world, user_id, seen.org_id, staffRoles, () => notFound('user'));
    if (role === 'teacher' && user.role === 'assistant')
      throw conflict('staff.role', 'This person is an assistant; only a teacher can teach a class.');
    if (role === 'assistant' && user_id === seen.teacher_id) throw ownTeacher();
    const present = await world.table.get(staff, { class_id, user_id }, { consistent: true });
    if (present?.role === role) return present;
    if (!present && seen.staff_count >= maxStaff)
      throw conflict('class.staff_full', `A class has at most ${maxStaff} teachers and assistants.`);
    const member = appointment(world, class_id, user, role, present);
    await world.table.write(
      countStaff(world, class_id, present ? 0 : 1, role === 'assistant' ? user_id : ''),
      tie(world.table, user),
      ...appointWrites(world, member, present),
    );
    return member;
  });
}

const ownTeacher = () =>
  conflict('class.own_teacher', 'This is the class’s own teacher; hand the class over first.');

/** Takes a person off a class; what it does from now on their sockets do not hear. */
export async function removeStaff(
  world: World,
  caller: Caller,
  { class_id, user_id }: { readonly class_id: string; readonly user_id: string },
): Promise<void> {
  await retried(async () => {
    const seen = await taughtClass(world, caller, class_id);
    const orElse = () => notFound('staff_member');
    const present = await world.table.get(staff, { class_id, user_id }, { consistent: true });
    if (!present) throw orElse();
    if (user_id === seen.teacher_id) throw ownTeacher();
    await world.table.write(
      countStaff(world, class_id, -1, user_id),
      world.table.remove(staff, present, { orElse }),
      world.table.remove(staffOf, present, { orElse }),
    );
  });
  await stopListening(world.table, await topicsOfClass(world, class_id), user_id);
}

/** What of a class may still have something to tell: older tests and jobs than these are over. */
const newest = 500;

async function topicsOfClass({ table }: World, class_id: string): Promise<string[]> {
  const recent = { backwards: true, limit: newest };
  const [exams, jobs] = await Promise.all([
    table.query(examSessions, { pk: `class#${class_id}#exams`, index: 'gsi2', ...recent }),
    table.query(classJobs, { pk: `class#${class_id}`, prefix: 'job#', ...recent }),
  ]);
  return [`class:${class_id}`, ...exams.items.map(examTopic), ...jobs.items.map(topicOf)];
}
