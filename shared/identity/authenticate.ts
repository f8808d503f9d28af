import { createPublicKey, type KeyObject } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import * as z from 'zod';
import type { Caller } from '../contracts/operation.ts';
import { unauthorized } from '../errors.ts';
import type { Table } from '../table/table.ts';
import { jwkOf, readPublicKeys, type SigningKey } from './keys.ts';
import { type CallerNow, createCallerNow, heedsWithinMs } from './standing.ts';

export const accessTokenForS = 900;
const audience = 'lyceum-api';
const issuerOf = (school: string): string => `lyceum:${school}`;
const tokenType = 'at+jwt';

const maxVerified = 5_000;

const claims = z.object({
  sub: z.string().min(1).max(64),
  sid: z.string().min(1).max(64),
  exp: z.number(),
});
type Claims = z.output<typeof claims>;

export const signAccessToken = (
  key: SigningKey,
  token: { readonly school: string; readonly user_id: string; readonly login_id: string; readonly now: Date },
): Promise<string> => {
  const issued_s = Math.floor(token.now.getTime() / 1000);
  return new SignJWT({ sid: token.login_id })
    .setProtectedHeader({ alg: 'EdDSA', typ: tokenType, kid: key.kid })
    .setSubject(token.user_id)
    .setIssuer(issuerOf(token.school))
    .setAudience(audience)
    .setIssuedAt(issued_s)
    .setExpirationTime(issued_s + accessTokenForS)
    .sign(key.privateKey);
};

/** The keys by id; an unknown id rereads the table, at most once in five seconds. */
function keyring(table: Table, now: () => Date) {
  let known = new Map<string, KeyObject>();
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;
  const read = async (at: number): Promise<void> => {
    const keys = await readPublicKeys(table);
    known = new Map(keys.map((key) => [key.kid, createPublicKey({ key: jwkOf(key), format: 'jwk' })]));
    // only now: a reading that failed must not make good tokens look bad for five seconds
    readAt = at;
  };
  return async (kid: string): Promise<KeyObject | undefined> => {
    const at = now().getTime();
    if (!known.has(kid) && at - readAt > heedsWithinMs) {
      reading ??= read(at).finally(() => {
        reading = undefined;
      });
      await reading;
    }
    return known.get(kid);
  };
}

export interface Identity {
  /** Verifies a token and tells who calls; throws 401. */
  readonly authenticate: (token: string) => Promise<Caller>;
  readonly current: CallerNow;
}

/** Who calls: the token's signature, then the present state of its login and user. */
export function createIdentity(table: Table, school: string, now: () => Date = () => new Date()): Identity {
  const keyOf = keyring(table, now);
  const verified = new Map<string, Claims>();
  const current = createCallerNow(table, now);

  /** A token that was good once is so until it expires; whether its login has ended is asked each time. */
  const claimsOf = async (token: string): Promise<Claims> => {
    const at = now();
    const known = verified.get(token);
    if (known && at.getTime() < 1000 * known.exp) return known;
    const found = await verify(token, issuerOf(school), keyOf, at);
    if (verified.size >= maxVerified) verified.clear();
    verified.set(token, found);
    return found;
  };

  const authenticate: Identity['authenticate'] = async (token) => {
    const { sub, sid } = await claimsOf(token);
    const caller = await current({ user_id: sub, login_id: sid });
    if (!caller || caller.user_id !== sub)
      throw unauthorized('auth.ended', 'This session has ended. Sign in again.');
    return caller;
  };

  return { authenticate, current };
}

async function verify(
  token: string,
  issuer: string,
  keyOf: (kid: string) => Promise<KeyObject | undefined>,
  now: Date,
): Promise<Claims> {
  try {
    const { payload } = await jwtVerify(
      token,
      async ({ kid }) => {
        const key = kid === undefined ? undefined : await keyOf(kid);
        if (!key) throw new errors.JWSSignatureVerificationFailed();
        return key;
      },
      {
        algorithms: ['EdDSA'],
        issuer,
        audience,
        typ: tokenType,
        requiredClaims: ['exp', 'iat', 'sub', 'sid'],
        currentDate: now,
      },
    );
    return claims.parse(payload);
  } catch (error) {
    if (error instanceof errors.JWTExpired)
      throw unauthorized('auth.token_expired', 'The access token has expired.');
    if (error instanceof errors.JOSEError || error instanceof z.ZodError)
      throw unauthorized('auth.token_invalid', 'The access token is not valid.');
    throw error;
  }
}
