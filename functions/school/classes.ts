import type { Caller, Reply, Request } from '#shared/contracts/operation.ts';
import type { schoolContract } from '#shared/contracts/school.ts';
import { conflict, forbidden, invalid } from '#shared/errors.ts';
import { normalizeCode } from '#shared/identity/reset-code.ts';
import { classesOf, classesOfStudent, linkedStudents } from '#shared/reach.ts';
import { classAssignments } from '#shared/table/assignment.ts';
import { tie } from '#shared/table/change-user.ts';
import { type ClassRecord, classes, joinCodes, staff, staffOf } from '#shared/table/class.ts';
import { classPlans } from '#shared/table/exam-plan.ts';
import { idempotently } from '#shared/table/idempotency.ts';
import { teachers, teachingRoles } from '#shared/table/profile.ts';
import { classQuizzes } from '#shared/table/quiz.ts';
import { retried } from '#shared/table/retry.ts';
import type { Write } from '#shared/table/table.ts';
import type { UserRecord } from '#shared/table/user.ts';
import {
  isAdmin,
  listedOrganization,
  namedOrganization,
  personOf,
  reachedClass,
  taughtClass,
  unknown,
} from './access.ts';
import { indexPage, type ListQuery, listing, matches, namedPage } from './listing.ts';
import { appointment, appointWrites } from './staff.ts';
import { given, type Keyed, type World } from './world.ts';

type Contract = typeof schoolContract;
type SchoolClass = Reply<Contract['getClass']>;
type Create = Request<Contract['createClass']>['body'];
type Changes = Request<Contract['updateClass']>['body'];

/** The join code is for those who hand it out. */
const shown = (caller: Caller, record: ClassRecord): SchoolClass => ({
  ...record,
  join_code: caller.role === 'student' || caller.role === 'guardian' ? null : record.join_code,
});

export async function createClass(
  world: World,
  caller: Caller,
  { body, idempotency_key: key }: Keyed<Create>,
): Promise<SchoolClass> {
  const org_id = await namedOrganization(world, caller, body.org_id);
  const teacher_id = ownTeacher(caller, body.teacher_id);
  return idempotently(
    world.table,
    { caller, operation: 'createClass', key, body, now: world.now() },
    (once) =>
      retried(async () => {
        const teacher = await teacherOf(world, teacher_id, org_id);
        const created = newClass(world, teacher, body);
        await world.table.write(
          ...once(created.class_id),
          tie(world.table, teacher),
          ...newClassWrites(world, created, teacher),
        );
        return shown(caller, created);
      }),
    (class_id) => getClass(world, caller, class_id),
  );
}

/** A teacher's new class is their own; an administrator says whose it is. */
export function ownTeacher(caller: Caller, teacher_id: string | undefined): string {
  if (isAdmin(caller)) {
    if (teacher_id === undefined) throw invalid(['body', 'teacher_id'], 'name the teacher of the class');
    return teacher_id;
  }
  if (teacher_id !== undefined && teacher_id !== caller.user_id)
    throw forbidden('owner_mismatch', 'A teacher’s new class is their own.');
  return caller.user_id;
}

/** A class and its own teacher; the transaction also ties the teacher. */
export const newClassWrites = (world: World, created: ClassRecord, teacher: UserRecord): Write[] => [
  world.table.insert(classes, created),
  world.table.insert(joinCodes, {
    code: normalizeCode(created.join_code),
    class_id: created.class_id,
  }),
  ...appointWrites(world, appointment(world, created.class_id, teacher, 'teacher')),
];

export async function teacherOf(world: World, user_id: string, org_id: string): Promise<UserRecord> {
  const user = await personOf(world, user_id, org_id, teachingRoles, unknown.teacher);
  const profile = await world.table.get(teachers, { user_id }, { consistent: true });
  if (!profile?.active) throw unknown.teacher();
  return user;
}

export function newClass(world: World, teacher: UserRecord, body: Create): ClassRecord {
  const at = world.now().toISOString();
  return {
    class_id: world.newId(),
    org_id: teacher.org_id,
    teacher_id: teacher.user_id,
    name: body.name,
    subject: body.subject ?? null,
    grade: body.grade ?? null,
    join_code: world.newJoinCode(),
    leaderboard: body.leaderboard ?? 'anonymous',
    student_count: 0,
    staff_count: 1,
    meta: body.meta ?? {},
    external_ids: body.external_ids ?? {},
    created_at: at,
    updated_at: at,
    version: 1,
  };
}

type ClassQuery = ListQuery & {
  readonly org_id?: string | undefined;
  readonly teacher_id?: string | undefined;
};

export async function listClasses(
  world: World,
  caller: Caller,
  query: ClassQuery,
): Promise<Reply<Contract['listClasses']>> {
  const org_id = await listedOrganization(world, caller, query.org_id);
  const { teacher_id, q } = query;
  const list = listing('listClasses', caller, query, { org_id });
  const fits = (one: ClassRecord) =>
    one.org_id === org_id &&
    (teacher_id === undefined || one.teacher_id === teacher_id) &&
    matches(q, one.name);
  if (isAdmin(caller))
    return indexPage(world, list, query, {
      entity: classes,
      index: teacher_id === undefined ? 'gsi1' : 'gsi2',
      pk: teacher_id === undefined ? `org#${org_id}#classes` : `teacher#${teacher_id}#classes`,
      show: (batch) => batch.map((one) => (fits(one) ? shown(caller, one) : undefined)),
    });
  const ids = await memberOf(world, caller);
  const found = await world.table.getMany(
    classes,
    ids.map((class_id) => ({ class_id })),
  );
  const seen = found.filter((one) => one !== undefined).filter(fits);
  return namedPage(
    list,
    query,
    seen.map((one) => shown(caller, one)),
  );
}

/** The classes to which the caller belongs, themselves or through their children. */
async function memberOf(world: World, caller: Caller): Promise<string[]> {
  const { table } = world;
  if (caller.role === 'student') return classesOfStudent(table, caller.user_id);
  if (caller.role !== 'guardian') return classesOf(table, caller.user_id);
  const children = await linkedStudents(table, caller.user_id);
  const ids = await Promise.all(children.map((student_id) => classesOfStudent(table, student_id)));
  return [...new Set(ids.flat())];
}

export const getClass = async (world: World, caller: Caller, class_id: string): Promise<SchoolClass> =>
  shown(caller, await reachedClass(world, caller, class_id));

export function updateClass(
  world: World,
  caller: Caller,
  class_id: string,
  { teacher_id, ...changes }: Changes,
): Promise<SchoolClass> {
  return retried(async () => {
    const seen = await taughtClass(world, caller, class_id);
    const next = { ...seen, ...given(changes), updated_at: world.now().toISOString() };
    if (teacher_id === undefined || teacher_id === seen.teacher_id) {
      await world.table.write(world.table.replace(classes, seen, next));
      return shown(caller, next);
    }
    return handOver(world, caller, seen, { ...next, teacher_id });
  });
}

/** Gives a class to another teacher; the one before stays on the staff until taken off. */
async function handOver(
  world: World,
  caller: Caller,
  seen: ClassRecord,
  next: ClassRecord,
): Promise<SchoolClass> {
  if (!isAdmin(caller) && seen.teacher_id !== caller.user_id)
    throw forbidden('class.not_own', 'Only the class’s own teacher or an administrator hands a class over.');
  const { class_id, teacher_id, org_id } = next;
  const teacher = await teacherOf(world, teacher_id, org_id);
  const present = await world.table.get(staff, { class_id, user_id: teacher_id }, { consistent: true });
  const handed = { ...next, staff_count: seen.staff_count + (present ? 0 : 1) };
  await world.table.write(
    world.table.replace(classes, seen, handed),
    tie(world.table, teacher),
    ...appointWrites(world, appointment(world, class_id, teacher, 'teacher', present), present),
  );
  return shown(caller, handed);
}

const inUse = ({ student_count }: ClassRecord) =>
  conflict(
    'class.in_use',
    student_count === 1
      ? '1 student is enrolled; take them out first.'
      : `${student_count} students are enrolled; take them out first.`,
  );

const givenWork = (count: number, what: 'assignment' | 'quiz', whats: string) =>
  conflict(
    'class.in_use',
    count === 1
      ? `1 ${what} belongs to this class; take it back first.`
      : `${count} ${whats} belong to this class; take them back first.`,
  );

const givenTests = (count: number) =>
  conflict(
    'class.in_use',
    count === 1
      ? '1 adaptive test is released to this class; take the class off its plan first.'
      : `${count} adaptive tests are released to this class; take the class off their plans first.`,
  );

export function deleteClass(world: World, caller: Caller, class_id: string): Promise<void> {
  const { table } = world;
  return retried(async () => {
    const seen = await taughtClass(world, caller, class_id);
    if (seen.student_count > 0) throw inUse(seen);
    const given = await table.queryAll(classAssignments, { pk: `class#${class_id}`, prefix: 'given#' });
    if (given.length > 0) throw givenWork(given.length, 'assignment', 'assignments');
    const quizzes = await table.queryAll(classQuizzes, { pk: `class#${class_id}`, prefix: 'quiz#' });
    if (quizzes.length > 0) throw givenWork(quizzes.length, 'quiz', 'quizzes');
    const plans = await table.queryAll(classPlans, { pk: `class#${class_id}`, prefix: 'plan#' });
    if (plans.length > 0) throw givenTests(plans.length);
    const people = await table.queryAll(staff, { pk: `class#${class_id}`, prefix: 'staff#' });
    await table.write(
      table.remove(classes, seen, { when: '#version = :seen', values: { ':seen': seen.version } }),
      table.remove(joinCodes, { code: normalizeCode(seen.join_code) }),
      ...people.flatMap((one) => [table.remove(staff, one), table.remove(staffOf, one)]),
    );
  });
}

export function renewJoinCode(
  world: World,
  caller: Caller,
  class_id: string,
  key: string | undefined,
): Promise<SchoolClass> {
  const { table } = world;
  return idempotently(
    table,
    { caller, operation: 'renewJoinCode', key, body: { class_id }, now: world.now() },
    (once) =>
      retried(async () => {
        const seen = await taughtClass(world, caller, class_id);
        const next = { ...seen, join_code: world.newJoinCode(), updated_at: world.now().toISOString() };
        await table.write(
          ...once(class_id),
          table.replace(classes, seen, next),
          table.remove(joinCodes, { code: normalizeCode(seen.join_code) }),
          table.insert(joinCodes, { code: normalizeCode(next.join_code), class_id }),
        );
        return shown(caller, next);
      }),
    () => getClass(world, caller, class_id),
  );
}
