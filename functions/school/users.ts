import type { Caller, Reply, Request, Role } from '#shared/contracts/operation.ts';
import type { schoolContract } from '#shared/contracts/school.ts';
import type { User } from '#shared/contracts/users.ts';
import { conflict, forbidden, invalid, notFound } from '#shared/errors.ts';
import { resetCodeWrite } from '#shared/identity/reset-code.ts';
import { reachesStudent } from '#shared/reach.ts';
import { changeUser } from '#shared/table/change-user.ts';
import type { Write } from '#shared/table/table.ts';
import { publicUser, type UserRecord, users } from '#shared/table/user.ts';
import { administers, listedOrganization, standsAbove } from './access.ts';
import { indexPage, type ListQuery, listing, matches } from './listing.ts';
import { given, type World } from './world.ts';

type Contract = typeof schoolContract;
type Changes = Request<Contract['updateUser']>['body'];

export async function listUsers(
  world: World,
  caller: Caller,
  query: ListQuery & { readonly role?: Role | undefined; readonly org_id?: string | undefined },
): Promise<Reply<Contract['listUsers']>> {
  const org_id = await listedOrganization(world, caller, query.org_id);
  const { role, q } = query;
  return indexPage(world, listing('listUsers', caller, query, { org_id }), query, {
    entity: users,
    index: role === undefined ? 'gsi1' : 'gsi2',
    pk: role === undefined ? `org#${org_id}#users` : `org#${org_id}#users#${role}`,
    show: (batch) =>
      batch.map((user) => (matches(q, user.name, user.email, user.username) ? publicUser(user) : undefined)),
  });
}

/** Oneself, a student whom one reaches, or anybody whom one administers. */
async function reachedUser(world: World, caller: Caller, user_id: string): Promise<UserRecord> {
  const found = await world.table.get(users, { user_id }, { consistent: true });
  if (!found || !(await reachesStudent(world.table, caller, found))) throw notFound('user');
  return found;
}

export const getUser = async (world: World, caller: Caller, user_id: string): Promise<User> =>
  publicUser(await reachedUser(world, caller, user_id));

export async function updateUser(
  world: World,
  caller: Caller,
  user_id: string,
  changes: Changes,
): Promise<User> {
  const change = (seen: UserRecord): UserRecord => {
    if (!administers(caller, seen.org_id)) throw notFound('user');
    refuseAbove(caller, seen.role);
    if (user_id === caller.user_id) refuseSelf(seen, changes);
    if (changes.role !== undefined && standsAbove(changes.role, caller))
      throw forbidden('user.role_above', 'Nobody gives a role that stands above their own.');
    const next = { ...seen, ...given(changes), updated_at: world.now().toISOString() };
    if (next.email === null && next.username === null)
      throw invalid(['body', 'email'], 'a user needs an e-mail address or a username');
    return next;
  };
  return publicUser(
    await changeUser(world.table, user_id, change, (seen, next) => remain(world, caller, seen, next)),
  );
}

function refuseAbove(caller: Caller, role: Role): void {
  if (standsAbove(role, caller)) throw forbidden('user.above', 'This person’s role stands above yours.');
}

function refuseSelf(seen: UserRecord, changes: Changes): void {
  if (changes.disabled === true)
    throw conflict('user.self_disable', 'Nobody disables themselves; ask another administrator.');
  if (changes.role !== undefined && changes.role !== seen.role)
    throw conflict('user.self_role', 'Nobody changes their own role; ask another administrator.');
}

/**
 * There is always a platform administrator: one can only be taken away by another one, who in the same
 * transaction must still be one. Of two who take each other away at once, one fails.
 */
function remain(world: World, caller: Caller, seen: UserRecord, next: UserRecord): Write[] {
  const goes = seen.role === 'platform_admin' && (next.role !== 'platform_admin' || next.disabled);
  if (!goes) return [];
  return [
    world.table.check(
      users,
      { user_id: caller.user_id },
      {
        when: '#role = :role AND #disabled = :no',
        values: { ':role': 'platform_admin', ':no': false },
        orElse: () => forbidden('auth.role', 'You are no longer a platform administrator.'),
      },
    ),
  ];
}

/** A one-time code for somebody who forgot the password; teachers help the students they teach. */
export async function resetUser(
  world: World,
  caller: Caller,
  user_id: string,
): Promise<Reply<Contract['resetUser']>> {
  const user = await reachedUser(world, caller, user_id);
  refuseAbove(caller, user.role);
  // an unlocked phone must not become a new password
  if (user_id === caller.user_id)
    throw forbidden('user.self_reset', 'Change your own password in your account.');
  const { write, code, expires_at } = resetCodeWrite(world.table, { user_id, now: world.now() });
  await world.table.write(write);
  return { user_id, code, expires_at };
}
