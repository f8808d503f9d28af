import type { Caller, Reply, Request } from '#shared/contracts/operation.ts';
import type { schoolContract } from '#shared/contracts/school.ts';
import { conflict } from '#shared/errors.ts';
import { classesOf, linkedStudents } from '#shared/reach.ts';
import { tie } from '#shared/table/change-user.ts';
import { enrollments } from '#shared/table/enrollment.ts';
import { idempotently } from '#shared/table/idempotency.ts';
import { bareProfile } from '#shared/table/new-user.ts';
import { type StudentRecord, students, studentsByGrade } from '#shared/table/profile.ts';
import { retried } from '#shared/table/retry.ts';
import { isAdmin, listedOrganization, reachedStudent } from './access.ts';
import { indexPage, type ListQuery, listing, matches, namedPage } from './listing.ts';
import { profiledUser, wrongRole } from './profiles.ts';
import { given, type Keyed, type World } from './world.ts';

type Contract = typeof schoolContract;
type Student = Reply<Contract['getStudent']>;
type Create = Request<Contract['createStudent']>['body'];

const shown = (record: StudentRecord): Student => ({ ...record, student_id: record.user_id });

/** Fills the profile that a student got with the account. */
export function createStudent(
  world: World,
  caller: Caller,
  { body, idempotency_key: key }: Keyed<Create>,
): Promise<Student> {
  const { table } = world;
  return idempotently(
    table,
    { caller, operation: 'createStudent', key, body, now: world.now() },
    (once) =>
      retried(async () => {
        const user = await profiledUser(world, caller, body);
        if (user.role !== 'student') throw wrongRole(user, 'student');
        const seen = await table.get(students, user, { consistent: true });
        if (seen?.origin === 'profile')
          throw conflict('student.exists', 'This user has a student profile already.');
        const at = world.now().toISOString();
        const next: StudentRecord = {
          ...bareProfile(user),
          origin: 'profile',
          grade: body.grade === undefined ? (seen?.grade ?? null) : body.grade,
          time_factor: body.time_factor ?? seen?.time_factor ?? 1,
          meta: body.meta ?? {},
          created_at: at,
          updated_at: at,
        };
        await table.write(
          ...once(user.user_id),
          tie(table, user),
          seen ? table.replace(students, seen, next) : table.insert(students, next),
        );
        return shown(next);
      }),
    (user_id) => getStudent(world, caller, user_id),
  );
}

type StudentQuery = ListQuery & { readonly grade?: string | undefined; readonly org_id?: string | undefined };

export async function listStudents(
  world: World,
  caller: Caller,
  query: StudentQuery,
): Promise<Reply<Contract['listStudents']>> {
  const org_id = await listedOrganization(world, caller, query.org_id);
  const { grade, q } = query;
  const list = listing('listStudents', caller, query, { org_id });
  const found = (one: StudentRecord) => matches(q, one.name, one.email, one.username);
  if (!isAdmin(caller)) {
    const fits = (one: StudentRecord) =>
      grade === undefined ||
      (one.grade !== null && studentsByGrade(org_id, one.grade) === studentsByGrade(org_id, grade));
    const all = await reachedStudents(world, caller);
    return namedPage(list, query, all.filter(fits).filter(found).map(shown));
  }
  return indexPage(world, list, query, {
    entity: students,
    index: grade === undefined ? 'gsi1' : 'gsi2',
    pk: grade === undefined ? `org#${org_id}#students` : studentsByGrade(org_id, grade),
    show: (batch) => batch.map((one) => (found(one) ? shown(one) : undefined)),
  });
}

/** The students of one's classes, or those to whom one is linked. */
async function reachedStudents(world: World, caller: Caller): Promise<StudentRecord[]> {
  const ids =
    caller.role === 'guardian'
      ? await linkedStudents(world.table, caller.user_id)
      : await taughtStudents(world, caller.user_id);
  const found = await world.table.getMany(
    students,
    ids.map((user_id) => ({ user_id })),
  );
  return found.filter((one) => one !== undefined).filter(({ active }) => active);
}

async function taughtStudents(world: World, user_id: string): Promise<string[]> {
  const rosters = await Promise.all(
    (await classesOf(world.table, user_id)).map((class_id) =>
      world.table.queryAll(enrollments, { pk: `class#${class_id}`, prefix: 'student#' }),
    ),
  );
  return [...new Set(rosters.flat().map(({ student_id }) => student_id))];
}

export const getStudent = async (world: World, caller: Caller, student_id: string): Promise<Student> =>
  shown(await reachedStudent(world, caller, student_id));

export function updateStudent(
  world: World,
  caller: Caller,
  student_id: string,
  changes: Request<Contract['updateStudent']>['body'],
): Promise<Student> {
  return retried(async () => {
    const seen = await reachedStudent(world, caller, student_id);
    const next = { ...seen, ...given(changes), updated_at: world.now().toISOString() };
    await world.table.write(world.table.replace(students, seen, next));
    return shown(next);
  });
}
