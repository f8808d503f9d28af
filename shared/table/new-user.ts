import { unknownReference } from '../errors.ts';
import { organizations } from './organization.ts';
import { students, teachers } from './profile.ts';
import type { Table, Write } from './table.ts';
import { claimWrites, type UserRecord, users } from './user.ts';

/** What a profile shares with the user whom it belongs to. */
export const bareProfile = (user: UserRecord) => ({
  user_id: user.user_id,
  org_id: user.org_id,
  name: user.name,
  email: user.email,
  username: user.username,
  meta: {},
  origin: 'user' as const,
  active: true,
  created_at: user.updated_at,
  updated_at: user.updated_at,
  version: 1,
});

const profileWrites = (table: Table, user: UserRecord, grade: string | null): Write[] => {
  if (user.role === 'student')
    return [table.insert(students, { ...bareProfile(user), grade, time_factor: 1 })];
  if (user.role === 'teacher') return [table.insert(teachers, { ...bareProfile(user), subject: null })];
  return [];
};

export interface Newcomer {
  readonly user: UserRecord;
  readonly grade?: string | null | undefined;
}

/**
 * The writes that make users of one organisation, which must exist and counts them: for each the user, their
 * e-mail address and username, and for students and teachers the profile.
 */
export const newUsersWrites = (table: Table, org_id: string, newcomers: readonly Newcomer[]): Write[] => [
  table.update(
    organizations,
    { org_id },
    {
      expression: 'ADD #member_count :more, #version :one',
      values: { ':more': newcomers.length, ':one': 1 },
      orElse: () => unknownReference('organization.unknown', 'Organization not found'),
    },
  ),
  ...newcomers.flatMap(({ user, grade }) => [
    table.insert(users, user),
    ...claimWrites(table, undefined, user),
    ...profileWrites(table, user, grade ?? null),
  ]),
];

/** The writes that make one user. */
export const newUserWrites = (table: Table, user: UserRecord, more: Omit<Newcomer, 'user'> = {}): Write[] =>
  newUsersWrites(table, user.org_id, [{ user, ...more }]);
