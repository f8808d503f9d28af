import type { Caller } from '#shared/contracts/operation.ts';
import { conflict, type DomainError } from '#shared/errors.ts';
import { type UserRecord, users } from '#shared/table/user.ts';
import { administers, namedOrganization, unknown } from './access.ts';
import type { World } from './world.ts';

/** The user for whom an administrator writes a profile. */
export async function profiledUser(
  world: World,
  caller: Caller,
  body: { readonly user_id: string; readonly org_id?: string | undefined },
): Promise<UserRecord> {
  const user = await world.table.get(users, { user_id: body.user_id }, { consistent: true });
  if (body.org_id !== undefined) await namedOrganization(world, caller, body.org_id);
  if (!user || !administers(caller, user.org_id)) throw unknown.user();
  if (body.org_id !== undefined && body.org_id !== user.org_id) throw unknown.user();
  return user;
}

export const wrongRole = (user: UserRecord, wanted: 'teacher' | 'student'): DomainError =>
  conflict(
    `${wanted}.role`,
    `This user is a ${user.role.replace('_', ' ')}; give them the role ${wanted} first.`,
  );
