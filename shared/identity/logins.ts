import { createHmac, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import { entity } from '../table/entity.ts';

/**
 * A login: what one sign-in started and its refresh tokens continue.
 *
 * Access patterns:
 * - by id: `user#<user>` / `login#<login>`
 * - all of a user: `user#<user>`, prefix `login#`
 */
export const logins = entity({
  type: 'login',
  schema: z.object({
    user_id: z.string(),
    login_id: z.string(),
    /** Number of the newest refresh token; only that one, or for 20 s the one before, is good. */
    generation: z.int(),
    rotated_at: z.string(),
    created_at: z.string(),
    cookie: z.boolean(),
    expires_at: z.int(),
  }),
  key: ({ user_id, login_id }: { user_id: string; login_id: string }) => ({
    pk: `user#${user_id}`,
    sk: `login#${login_id}`,
  }),
});
export type LoginRecord = z.output<typeof logins.schema>;

export const refreshForS = 30 * 86_400;
/** A rotated token still gets its successor for this long: two tabs, a lost reply. */
export const graceMs = 20_000;

export interface RefreshToken {
  readonly user_id: string;
  readonly login_id: string;
  readonly generation: number;
}

/** `v1.<user>.<login>.<generation>.<mac>`: authentic by itself, so an old one is told from an invented one. */
export function formatRefreshToken(key: Buffer, token: RefreshToken): string {
  const signed = `v1.${token.user_id}.${token.login_id}.${token.generation}`;
  return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
}

/** The parts of an authentic refresh token, else undefined. */
export function parseRefreshToken(keys: readonly Buffer[], text: string): RefreshToken | undefined {
  const [, signed, user_id, login_id, generation, mac] =
    /^(v1\.([\w-]{1,64})\.([\w-]{1,64})\.(\d{1,9}))\.([\w-]{43})$/.exec(text) ?? [];
  if (signed === undefined || user_id === undefined || login_id === undefined || mac === undefined)
    return undefined;
  const given = Buffer.from(mac, 'base64url');
  const authentic = keys.some((key) => {
    const expected = createHmac('sha256', key).update(signed).digest();
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
  return authentic ? { user_id, login_id, generation: Number(generation) } : undefined;
}
