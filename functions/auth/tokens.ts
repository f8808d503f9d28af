import type * as z from 'zod';
import type { tokens } from '#shared/contracts/auth.ts';
import { unauthorized } from '#shared/errors.ts';
import { WithHeaders } from '#shared/http/serve.ts';
import { accessTokenForS, signAccessToken } from '#shared/identity/authenticate.ts';
import {
  formatRefreshToken,
  graceMs,
  type LoginRecord,
  logins,
  parseRefreshToken,
  type RefreshToken,
  refreshForS,
} from '#shared/identity/logins.ts';
import { standingChanges } from '#shared/identity/standing.ts';
import { ConditionFailed } from '#shared/table/table.ts';
import { publicUser, type UserRecord, users } from '#shared/table/user.ts';
import type { AuthWorld } from './world.ts';

type Tokens = z.input<typeof tokens>;
const cookieName = 'lyceum_refresh';

const cookie = (value: string, maxAge: number): string =>
  `${cookieName}=${value}; Path=/api/auth; HttpOnly; SameSite=Strict; Max-Age=${maxAge}`;

/** The cookie is `Secure` wherever the school is reached over TLS; a laptop's loopback is not. */
const refreshCookieHeader = ({ origins }: AuthWorld, value: string, maxAge: number): string =>
  origins.every((origin) => origin.startsWith('https:'))
    ? `${cookie(value, maxAge)}; Secure`
    : cookie(value, maxAge);

/** Starts a login for a user who has proved who they are. */
export async function startLogin(
  world: AuthWorld,
  user: UserRecord,
  useCookie: boolean,
): Promise<Tokens | WithHeaders<Tokens>> {
  const now = world.now();
  const login: LoginRecord = {
    user_id: user.user_id,
    login_id: world.newId(),
    generation: 1,
    rotated_at: now.toISOString(),
    created_at: now.toISOString(),
    cookie: useCookie,
    expires_at: Math.floor(now.getTime() / 1000) + refreshForS,
  };
  await world.table.write(world.table.insert(logins, login));
  return issue(world, user, login);
}

async function issue(
  world: AuthWorld,
  user: UserRecord,
  login: LoginRecord,
): Promise<Tokens | WithHeaders<Tokens>> {
  const { signing, refresh } = await world.keys();
  const { user_id, login_id, generation } = login;
  const access_token = await signAccessToken(signing, {
    school: world.school,
    user_id,
    login_id,
    now: world.now(),
  });
  const refresh_token = formatRefreshToken(refresh, { user_id, login_id, generation });
  const reply = {
    access_token,
    token_type: 'bearer',
    expires_in: accessTokenForS,
    user: publicUser(user),
  } as const;
  if (!login.cookie) return { ...reply, refresh_token };
  return new WithHeaders<Tokens>(
    { ...reply, refresh_token: null },
    { cookies: [refreshCookieHeader(world, refresh_token, refreshForS)] },
  );
}

const ended = () => unauthorized('auth.refresh_invalid', 'This sign-in has ended. Sign in again.');

/**
 * Exchanges a refresh token. For 20 seconds after a rotation both its tokens, old and new, get the new one: so
 * no token is two rotations old before its time. Any older one was stolen or replayed and ends the login.
 */
export async function refreshTokens(
  world: AuthWorld,
  given: string | undefined,
): Promise<Tokens | WithHeaders<Tokens>> {
  const token = await authenticToken(world, given);
  if (!token) throw ended();
  for (let attempt = 1; attempt <= 3; attempt++) {
    const login = await world.table.get(logins, token, { consistent: true });
    const user = await world.table.get(users, token, { consistent: true });
    if (!login || !user || user.disabled || login.expires_at * 1000 <= world.now().getTime()) throw ended();
    const next = await rotate(world, token, login);
    if (next) return issue(world, user, next);
  }
  throw ended();
}

/** The login whose newest token the caller may have; undefined when another request rotated it meanwhile. */
async function rotate(
  world: AuthWorld,
  token: RefreshToken,
  login: LoginRecord,
): Promise<LoginRecord | undefined> {
  const now = world.now();
  const behind = login.generation - token.generation;
  const justRotated = login.generation > 1 && now.getTime() - Date.parse(login.rotated_at) <= graceMs;
  if (justRotated && (behind === 0 || behind === 1)) return login;
  if (behind !== 0) {
    await endLogin(world, token);
    throw ended();
  }
  const next = {
    ...login,
    generation: login.generation + 1,
    rotated_at: now.toISOString(),
    expires_at: Math.floor(now.getTime() / 1000) + refreshForS,
  };
  try {
    await world.table.write(
      world.table.update(logins, token, {
        expression: 'SET #generation = :next, #rotated_at = :now, #expires_at = :expires',
        values: {
          ':next': next.generation,
          ':now': next.rotated_at,
          ':expires': next.expires_at,
          ':seen': login.generation,
        },
        when: '#generation = :seen',
      }),
    );
    return next;
  } catch (error) {
    if (error instanceof ConditionFailed) return undefined;
    throw error;
  }
}

async function authenticToken(
  world: AuthWorld,
  given: string | undefined,
): Promise<RefreshToken | undefined> {
  if (given === undefined || given === '') return undefined;
  const { refresh } = await world.keys();
  return parseRefreshToken([refresh], given);
}

async function endLogin(world: AuthWorld, login: { user_id: string; login_id: string }): Promise<void> {
  try {
    await world.table.write(world.table.remove(logins, login), standingChanges(world.table));
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
  }
}

/** Ends the login of a refresh token; an unknown token is as good as signed out. */
export async function logout(world: AuthWorld, given: string | undefined): Promise<WithHeaders<undefined>> {
  const token = await authenticToken(world, given);
  if (token) await endLogin(world, token);
  return new WithHeaders(undefined, { cookies: [refreshCookieHeader(world, '', 0)] });
}

/** Ends every login of a user, but for the one given. */
export async function endLogins(world: AuthWorld, user_id: string, except?: string): Promise<void> {
  const all = await world.table.queryAll(logins, { pk: `user#${user_id}`, prefix: 'login#' });
  for (const login of all) if (login.login_id !== except) await endLogin(world, login);
}

export const refreshCookie = (cookies: Readonly<Record<string, string>>): string | undefined =>
  cookies[cookieName];
