import type { Caller, Reply, Request } from '#shared/contracts/operation.ts';
import type { schoolContract } from '#shared/contracts/school.ts';
import { forbidden, invalid, notFound } from '#shared/errors.ts';
import { hashPassword, refuseWeakPassword } from '#shared/identity/password.ts';
import { resetCodeWrite } from '#shared/identity/reset-code.ts';
import { idempotently } from '#shared/table/idempotency.ts';
import { newUserWrites } from '#shared/table/new-user.ts';
import type { Write } from '#shared/table/table.ts';
import { publicUser, type UserRecord, users } from '#shared/table/user.ts';
import { namedOrganization, reachedClass, standsAbove, unknown } from './access.ts';
import { enrollmentWrites } from './enrollments.ts';
import type { Keyed, World } from './world.ts';

type Create = Request<(typeof schoolContract)['createUser']>['body'];
type Created = Reply<(typeof schoolContract)['createUser']>;

/** Creates a user with what belongs to the role, and enrols a new student at once when a class is named. */
export async function createUser(
  world: World,
  caller: Caller,
  { body, idempotency_key: key }: Keyed<Create>,
): Promise<Created> {
  refuseAbove(caller, body);
  return idempotently(
    world.table,
    { caller, operation: 'createUser', key, body, now: world.now() },
    async (once) => {
      const org_id = await namedOrganization(world, caller, body.org_id);
      const enrol = await firstClass(world, caller, org_id, body.class_id);
      const user = await newUser(world, caller, org_id, body);
      const code = user.password_hash === null ? codeFor(world, user) : undefined;
      await world.table.write(
        ...once(user.user_id),
        ...newUserWrites(world.table, user, { grade: body.grade }),
        ...enrol(user),
        ...(code ? [code.write] : []),
      );
      return { ...publicUser(user), reset_code: code?.code ?? null };
    },
    (user_id) => createdBefore(world, user_id),
  );
}

function refuseAbove(caller: Caller, body: Create): void {
  const mayMake = caller.role === 'teacher' ? body.role === 'student' : !standsAbove(body.role, caller);
  if (!mayMake)
    throw forbidden(
      'user.role_above',
      caller.role === 'teacher'
        ? 'Teachers create students only.'
        : 'Nobody gives a role that stands above their own.',
    );
  if (body.role === 'student') return;
  if (body.class_id !== undefined)
    throw invalid(['body', 'class_id'], 'only students are enrolled in a class');
  if (body.grade !== undefined) throw invalid(['body', 'grade'], 'only students have a grade');
}

/** The writes that enrol a user who does not exist yet. */
async function firstClass(
  world: World,
  caller: Caller,
  org_id: string,
  class_id: string | undefined,
): Promise<(user: UserRecord) => Write[]> {
  if (class_id === undefined) return () => [];
  const found = await reachedClass(world, caller, class_id, unknown.class);
  if (found.org_id !== org_id) throw unknown.class();
  return (user) =>
    enrollmentWrites(world, class_id, [user], {
      source: 'manual',
      batch_id: null,
      newcomers: new Set([user.user_id]),
    });
}

async function newUser(world: World, caller: Caller, org_id: string, body: Create): Promise<UserRecord> {
  if (body.password !== undefined) refuseWeakPassword(body.password, named(body), ['body', 'password']);
  const at = world.now().toISOString();
  return {
    user_id: world.newId(),
    email: body.email ?? null,
    username: body.username ?? null,
    name: body.name,
    role: body.role,
    org_id,
    locale: body.locale ?? 'en',
    password_hash: body.password === undefined ? null : await hashPassword(body.password),
    // whoever typed it knows it
    must_change_password: body.password !== undefined,
    disabled: false,
    external_ids: body.external_ids ?? {},
    created_by: caller.user_id,
    created_at: at,
    updated_at: at,
    version: 1,
  };
}

const named = (body: Create) => ({
  name: body.name,
  email: body.email ?? null,
  username: body.username ?? null,
});

const codeFor = (world: World, user: UserRecord) =>
  resetCodeWrite(world.table, { user_id: user.user_id, now: world.now() });

/** The reply of an earlier request with the same key. Its code is not kept, so a fresh one takes its place. */
async function createdBefore(world: World, user_id: string): Promise<Created> {
  const user = await world.table.get(users, { user_id }, { consistent: true });
  if (!user) throw notFound('user');
  const code = user.password_hash === null ? codeFor(world, user) : undefined;
  if (code) await world.table.write(code.write);
  return { ...publicUser(user), reset_code: code?.code ?? null };
}
