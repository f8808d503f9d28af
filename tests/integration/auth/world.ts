/** The use-cases of sign-in on a real table, with a clock of their own. */
import { afterAll } from 'vitest';
import { startLogin } from '#functions/auth/tokens.ts';
import type { AuthWorld } from '#functions/auth/world.ts';
import type { Caller, Role } from '#shared/contracts/operation.ts';
import { DomainError } from '#shared/errors.ts';
import { WithHeaders } from '#shared/http/serve.ts';
import { createIdentity } from '#shared/identity/authenticate.ts';
import { publishKey, refreshKey, signingKey } from '#shared/identity/keys.ts';
import { hashPassword } from '#shared/identity/password.ts';
import { uuidv7 } from '#shared/ids.ts';
import { newUserWrites } from '#shared/table/new-user.ts';
import { organizations, schoolRoot } from '#shared/table/organization.ts';
import type { UserRecord } from '#shared/table/user.ts';
import { settings } from '#tests/support/school.ts';
import { aTable } from '#tests/support/table.ts';
import { userRecord } from '#tests/support/user-record.ts';

export const secret = 'a secret of the tests, long enough to sign with, known to everybody';
export const password = 'correct horse battery';
export const school = 'test-school';

export async function anAuthWorld(origins: readonly string[] = ['http://127.0.0.1:8080']) {
  const { table, stop } = await aTable();
  afterAll(stop);
  let at = Date.parse('2026-11-20T09:30:00.000Z');
  const clock = {
    now: () => new Date(at),
    pass: (ms: number) => {
      at += ms;
    },
  };
  const signing = signingKey(secret);
  const world: AuthWorld = {
    now: clock.now,
    newId: () => uuidv7(),
    table,
    school,
    settings,
    origins,
    keys: async () => ({ signing, refresh: refreshKey(secret) }),
  };
  await publishKey(table, signing, clock.now());
  const created_at = clock.now().toISOString();
  const org_id = uuidv7();
  const organization = { org_id, name: '서울고등학교', kind: 'school', member_count: 0, external_ids: {} };
  await table.write(
    table.insert(organizations, { ...organization, created_at, updated_at: created_at, version: 1 }),
    table.insert(schoolRoot, { org_id, admin_user_id: 'nobody', created_at }),
  );
  const password_hash = await hashPassword(password);

  let people = 0;
  const person = async (role: Role = 'student', more: Partial<UserRecord> = {}): Promise<UserRecord> => {
    const number = ++people;
    const user = userRecord({
      email: `person-${number}@school.example`,
      username: `person.${number}`,
      name: `Person ${number}`,
      role,
      org_id,
      password_hash,
      created_at,
      updated_at: created_at,
      ...more,
    });
    await table.write(...newUserWrites(table, user));
    return user;
  };

  /** A new login of a user: their tokens, whichever way they travel. */
  const signIn = async (user: UserRecord) => resultOf(await startLogin(world, user, false));
  const identity = () => createIdentity(table, school, clock.now);
  return { table, world, clock, org_id, signing, person, signIn, identity };
}

export const resultOf = <T>(result: T | WithHeaders<T>): T =>
  result instanceof WithHeaders ? result.value : result;

/** `401 auth.ended` without the status: the code of a refusal; success fails the test. */
export async function refused(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return `${error.kind} ${error.issues?.[0]?.type ?? error.error_code}`;
  }
  return 'allowed';
}

export const callerOf = (user: UserRecord, login_id = 'l'): Caller => ({
  user_id: user.user_id,
  role: user.role,
  org_id: user.org_id,
  login_id,
});
