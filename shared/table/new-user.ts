import { unknownReference } from '../errors.ts';
import { organizations } from './organization.ts';
import type { Table, Write } from './table.ts';
import { claimWrites, type UserRecord, users } from './user.ts';

/**
 * The writes that make a user: the user, their e-mail address and username, and one more member of the
 * organisation, which must exist.
 */
export const newUserWrites = (table: Table, user: UserRecord): Write[] => [
  table.insert(users, user),
  ...claimWrites(table, undefined, user),
  table.update(
    organizations,
    { org_id: user.org_id },
    {
      expression: 'ADD #member_count :one, #version :one',
      values: { ':one': 1 },
      orElse: () => unknownReference('organization.unknown', 'Organization not found'),
    },
  ),
];
