import { uuidv7 } from '#shared/ids.ts';
import type { UserRecord } from '#shared/table/user.ts';

/** A student's account as the table holds it, new and without a password. */
export function userRecord(fields: Partial<UserRecord>): UserRecord {
  const at = new Date().toISOString();
  return {
    user_id: uuidv7(),
    email: null,
    username: null,
    name: '김민아',
    role: 'student',
    org_id: 'school',
    locale: 'en',
    password_hash: null,
    must_change_password: false,
    disabled: false,
    external_ids: {},
    created_by: null,
    created_at: at,
    updated_at: at,
    version: 1,
    ...fields,
  };
}
