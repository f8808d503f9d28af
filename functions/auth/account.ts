import { createHash } from 'node:crypto';
import type { Caller } from '#shared/contracts/operation.ts';
import type { User } from '#shared/contracts/users.ts';
import { conflict, forbidden, invalid, notFound, unauthorized } from '#shared/errors.ts';
import { hashPassword, refuseWeakPassword, verifyPassword } from '#shared/identity/password.ts';
import { hashCode, resetCodes } from '#shared/identity/reset-code.ts';
import { refill, takeToken } from '#shared/identity/throttle.ts';
import { changeUser } from '#shared/table/change-user.ts';
import { newUserWrites } from '#shared/table/new-user.ts';
import { schoolRoot } from '#shared/table/organization.ts';
import { claims, publicUser, type UserRecord, users } from '#shared/table/user.ts';
import { endLogins, startLogin } from './tokens.ts';
import type { AuthWorld } from './world.ts';

/** Ten guesses at once for an account from one address, then one every thirty seconds. */
const guesses = { capacity: 10, refill_per_s: 1 / 30 } as const;
/** Failures of a whole address: a school of a thousand sits behind one. */
const addressFailures = { capacity: 200, refill_per_s: 1 } as const;
const registrations = { capacity: 200, refill_per_s: 0.5 } as const;

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22);

interface Credentials {
  readonly email?: string | undefined;
  readonly username?: string | undefined;
  readonly password: string;
  readonly cookie: boolean;
}

/** Signs in; unknown user, wrong password and disabled account look the same in status, body and time. */
export async function login(world: AuthWorld, given: Credentials, address: string) {
  const kind = given.email !== undefined ? 'email' : 'username';
  const value = given.email ?? given.username ?? '';
  const bucket = `login#${digest(`${kind}#${value.normalize('NFKC').toLowerCase()}#${address}`)}`;
  await takeToken(world.table, bucket, guesses, world.now());

  const claim = await world.table.get(claims, { kind, value }, { consistent: true });
  const user = claim && (await world.table.get(users, claim, { consistent: true }));
  const right = await verifyPassword(given.password, user?.password_hash);
  if (!user || !right || user.disabled) {
    await takeToken(world.table, `login-address#${digest(address)}`, addressFailures, world.now());
    throw unauthorized('auth.credentials', 'E-mail address, username or password is wrong.');
  }
  await refill(world.table, bucket);
  return startLogin(world, user, given.cookie);
}

export async function register(
  world: AuthWorld,
  given: { email: string; password: string; name: string; locale?: 'en' | 'ko' | undefined },
  address: string,
): Promise<{ user: User }> {
  if (world.settings.self_registration === 'off')
    throw forbidden(
      'auth.registration_closed',
      'This school creates accounts itself; ask your teacher for one.',
    );
  refuseWeakPassword(given.password, given, ['body', 'password']);
  await takeToken(world.table, `register#${digest(address)}`, registrations, world.now());
  const root = await world.table.get(schoolRoot, {});
  if (!root) throw new Error('the school has not been set up');

  const at = world.now().toISOString();
  const user: UserRecord = {
    user_id: world.newId(),
    email: given.email,
    username: null,
    name: given.name.normalize('NFC'),
    role: 'student',
    org_id: root.org_id,
    locale: given.locale ?? 'en',
    password_hash: await hashPassword(given.password),
    must_change_password: false,
    disabled: false,
    external_ids: {},
    created_by: null,
    created_at: at,
    updated_at: at,
    version: 1,
  };
  await world.table.write(...newUserWrites(world.table, user));
  return { user: publicUser(user) };
}

async function ownRecord(world: AuthWorld, caller: Caller): Promise<UserRecord> {
  const user = await world.table.get(users, caller, { consistent: true });
  if (!user) throw notFound('user');
  return user;
}

export const readMe = async (world: AuthWorld, caller: Caller): Promise<User> =>
  publicUser(await ownRecord(world, caller));

export async function changePassword(
  world: AuthWorld,
  caller: Caller,
  given: { current_password: string; new_password: string },
): Promise<void> {
  const user = await ownRecord(world, caller);
  await proveOneself(world, user, given.current_password, 'current_password');
  if (given.new_password === given.current_password)
    throw invalid(['body', 'new_password'], 'this is your present password; choose another', 'same_password');
  refuseWeakPassword(given.new_password, user, ['body', 'new_password']);
  await setPassword(world, user, given.new_password);
  await endLogins(world, user.user_id, caller.login_id);
}

/** Whoever found an unlocked phone must not take the account over: some changes ask for the password again. */
async function proveOneself(
  world: AuthWorld,
  user: UserRecord,
  password: string,
  field: string,
): Promise<void> {
  const bucket = `password#${user.user_id}`;
  await takeToken(world.table, bucket, guesses, world.now());
  if (!(await verifyPassword(password, user.password_hash)))
    throw invalid(['body', field], 'this is not your present password', 'wrong_password');
  await refill(world.table, bucket);
}

const setPassword = async (world: AuthWorld, user: UserRecord, password: string): Promise<void> => {
  const next = {
    ...user,
    password_hash: await hashPassword(password),
    must_change_password: false,
    updated_at: world.now().toISOString(),
  };
  await world.table.write(world.table.replace(users, user, next, changedMeanwhile));
};

const changedMeanwhile = () =>
  conflict('user.changed', 'The account was changed at the same moment. Try again.');

/**
 * Sets a new password with a one-time code, and ends every login of that user. Only wrong codes count against the
 * address: on its first day a whole school does this from one, and nobody guesses 60 bits.
 */
export async function resetPassword(
  world: AuthWorld,
  given: { code: string; password: string },
  address: string,
): Promise<void> {
  const code_hash = hashCode(given.code);
  const code = await world.table.get(resetCodes, { code_hash }, { consistent: true });
  const user = code && (await world.table.get(users, code, { consistent: true }));
  if (!code || !user || Date.parse(code.valid_until) <= world.now().getTime()) {
    await takeToken(world.table, `reset#${digest(address)}`, addressFailures, world.now());
    throw codeUnknown();
  }
  refuseWeakPassword(given.password, user, ['body', 'password']);
  const next = {
    ...user,
    password_hash: await hashPassword(given.password),
    must_change_password: false,
    updated_at: world.now().toISOString(),
  };
  await world.table.write(
    world.table.remove(resetCodes, { code_hash }, { orElse: codeUnknown }),
    world.table.replace(users, user, next, changedMeanwhile),
  );
  await endLogins(world, user.user_id);
}

const codeUnknown = () =>
  invalid(['body', 'code'], 'this code is wrong, used or too old; ask for a new one', 'code_unknown');

interface OwnChanges {
  readonly name?: string | undefined;
  readonly locale?: 'en' | 'ko' | undefined;
  readonly email?: string | undefined;
  readonly current_password?: string | undefined;
}

/** Changes one's own name, language or e-mail address; the name goes wherever it is shown. */
export async function updateMe(world: AuthWorld, caller: Caller, changes: OwnChanges): Promise<User> {
  const user = await ownRecord(world, caller);
  if (changes.email !== undefined && changes.email !== user.email) {
    if (changes.current_password === undefined)
      throw invalid(
        ['body', 'current_password'],
        'give your password to change the e-mail address',
        'missing',
      );
    await proveOneself(world, user, changes.current_password, 'current_password');
  }
  const changed = await changeUser(world.table, caller.user_id, (seen) => ({
    ...seen,
    name: changes.name ?? seen.name,
    locale: changes.locale ?? seen.locale,
    email: changes.email ?? seen.email,
    updated_at: world.now().toISOString(),
  }));
  return publicUser(changed);
}
