import * as z from 'zod';
import { role } from '../contracts/operation.ts';
import { externalIds } from '../contracts/shapes.ts';
import type { User } from '../contracts/users.ts';
import { conflict } from '../errors.ts';
import { entity, sortable } from './entity.ts';
import type { Table, Write } from './table.ts';

/**
 * A person of the school.
 *
 * Access patterns:
 * - by id: `user#<id>` / `user`
 * - people of an organisation by name: gsi1 `org#<org>#users`
 * - people of an organisation with a role, by name: gsi2 `org#<org>#users#<role>`
 * - by e-mail or username: `email#<address>` or `username#<name>` / `unique` holds the user's id
 */
export const userRecord = z.object({
  user_id: z.string(),
  email: z.string().nullable(),
  username: z.string().nullable(),
  name: z.string(),
  role,
  org_id: z.string(),
  locale: z.enum(['en', 'ko']),
  /** PHC string; null until the person sets one with a code. */
  password_hash: z.string().nullable(),
  must_change_password: z.boolean(),
  disabled: z.boolean(),
  external_ids: externalIds,
  created_by: z.string().nullable(),
  created_at: z.string(),
  updated_at: z.string(),
  version: z.int(),
});
export type UserRecord = z.output<typeof userRecord>;

const byName = (user: UserRecord): string => `${sortable(user.name)}#${user.user_id}`;

export const users = entity({
  type: 'user',
  schema: userRecord,
  key: ({ user_id }: { user_id: string }) => ({ pk: `user#${user_id}`, sk: 'user' }),
  indexes: {
    gsi1: (user) => ({ pk: `org#${user.org_id}#users`, sk: byName(user) }),
    gsi2: (user) => ({ pk: `org#${user.org_id}#users#${user.role}`, sk: byName(user) }),
  },
});

/** Who holds an address or a name that only one person may have. */
const claimRecord = z.object({
  kind: z.enum(['email', 'username']),
  value: z.string(),
  user_id: z.string(),
});
export const claims = entity({
  type: 'claim',
  schema: claimRecord,
  key: ({ kind, value }: { kind: 'email' | 'username'; value: string }) => ({
    pk: `${kind}#${value.normalize('NFKC').toLowerCase()}`,
    sk: 'unique',
  }),
});

const taken = {
  email: () => conflict('user.email_taken', 'This e-mail address is already in use.'),
  username: () => conflict('user.username_taken', 'This username is already in use.'),
} as const;

/** Writes that move a person's e-mail address and username from what they were to what they become. */
export function claimWrites(
  table: Table,
  before: Pick<UserRecord, 'email' | 'username'> | undefined,
  after: Pick<UserRecord, 'user_id' | 'email' | 'username'>,
): Write[] {
  return (['email', 'username'] as const).flatMap((kind) => {
    const old = before?.[kind] ?? null;
    const value = after[kind];
    const same =
      old !== null &&
      value !== null &&
      claims.key({ kind, value: old }).pk === claims.key({ kind, value }).pk;
    if (same) return [];
    return [
      ...(old === null ? [] : [table.remove(claims, { kind, value: old })]),
      ...(value === null ? [] : [table.insert(claims, { kind, value, user_id: after.user_id }, taken[kind])]),
    ];
  });
}

export const publicUser = (record: UserRecord): User => {
  const { password_hash: _hash, created_by: _by, version: _version, ...shown } = record;
  return shown;
};
