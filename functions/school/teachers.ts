import type { Caller, Reply, Request } from '#shared/contracts/operation.ts';
import type { schoolContract } from '#shared/contracts/school.ts';
import { conflict, notFound } from '#shared/errors.ts';
import { tie } from '#shared/table/change-user.ts';
import { idempotently } from '#shared/table/idempotency.ts';
import { bareProfile } from '#shared/table/new-user.ts';
import { type TeacherRecord, teachers, teachersBySubject, teachingRoles } from '#shared/table/profile.ts';
import { retried } from '#shared/table/retry.ts';
import type { Table, Write } from '#shared/table/table.ts';
import type { UserRecord } from '#shared/table/user.ts';
import { administers, listedOrganization } from './access.ts';
import { indexPage, type ListQuery, listing, matches } from './listing.ts';
import { profiledUser, wrongRole } from './profiles.ts';
import { given, type Keyed, type World } from './world.ts';

type Contract = typeof schoolContract;
type Teacher = Reply<Contract['getTeacher']>;
type Create = Request<Contract['createTeacher']>['body'];

const shown = (record: TeacherRecord): Teacher => ({ ...record, teacher_id: record.user_id });

/** Fills the profile that a teacher got with the account; administrators who teach get theirs here. */
export function createTeacher(
  world: World,
  caller: Caller,
  { body, idempotency_key: key }: Keyed<Create>,
): Promise<Teacher> {
  return idempotently(
    world.table,
    { caller, operation: 'createTeacher', key, body, now: world.now() },
    (once) =>
      retried(async () => {
        const user = await profiledUser(world, caller, body);
        if (!teachingRoles.includes(user.role)) throw wrongRole(user, 'teacher');
        const seen = await world.table.get(teachers, user, { consistent: true });
        if (seen?.origin === 'profile')
          throw conflict('teacher.exists', 'This user has a teacher profile already.');
        const at = world.now().toISOString();
        const next: TeacherRecord = {
          ...bareProfile(user),
          origin: 'profile',
          subject: body.subject ?? null,
          meta: body.meta ?? {},
          created_at: at,
          updated_at: at,
        };
        await world.table.write(...once(user.user_id), ...fillWrites(world.table, user, seen, next));
        return shown(next);
      }),
    (user_id) => getTeacher(world, caller, user_id),
  );
}

const fillWrites = (
  table: Table,
  user: UserRecord,
  seen: TeacherRecord | undefined,
  next: TeacherRecord,
): Write[] => [tie(table, user), seen ? table.replace(teachers, seen, next) : table.insert(teachers, next)];

export async function listTeachers(
  world: World,
  caller: Caller,
  query: ListQuery & { readonly subject?: string | undefined; readonly org_id?: string | undefined },
): Promise<Reply<Contract['listTeachers']>> {
  const org_id = await listedOrganization(world, caller, query.org_id);
  const { subject, q } = query;
  return indexPage(world, listing('listTeachers', caller, query, { org_id }), query, {
    entity: teachers,
    index: subject === undefined ? 'gsi1' : 'gsi2',
    pk: subject === undefined ? `org#${org_id}#teachers` : teachersBySubject(org_id, subject),
    show: (batch) =>
      batch.map((one) => (matches(q, one.name, one.email, one.username) ? shown(one) : undefined)),
  });
}

async function stored(
  world: World,
  user_id: string,
  sees: (record: TeacherRecord) => boolean,
): Promise<TeacherRecord> {
  const found = await world.table.get(teachers, { user_id }, { consistent: true });
  if (!found?.active || !sees(found)) throw notFound('teacher');
  return found;
}

export const getTeacher = async (world: World, caller: Caller, user_id: string): Promise<Teacher> =>
  shown(
    await stored(
      world,
      user_id,
      ({ org_id }) => org_id === caller.org_id || caller.role === 'platform_admin',
    ),
  );

export function updateTeacher(
  world: World,
  caller: Caller,
  user_id: string,
  changes: Request<Contract['updateTeacher']>['body'],
): Promise<Teacher> {
  return retried(async () => {
    const seen = await stored(
      world,
      user_id,
      ({ org_id }) => user_id === caller.user_id || administers(caller, org_id),
    );
    const next = { ...seen, ...given(changes), updated_at: world.now().toISOString() };
    await world.table.write(world.table.replace(teachers, seen, next));
    return shown(next);
  });
}
