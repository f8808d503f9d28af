import { createHash, createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from 'node:crypto';
import * as z from 'zod';
import { entity } from '../table/entity.ts';
import { ConditionFailed, type Table } from '../table/table.ts';

/**
 * Public halves of the keys that sign access tokens; old ones stay published.
 *
 * Access pattern: all: `keys` / `signing#<kid>`
 */
export const publicKeys = entity({
  type: 'public_key',
  schema: z.object({ kid: z.string(), x: z.string(), created_at: z.string() }),
  key: ({ kid }: { kid: string }) => ({ pk: 'keys', sk: `signing#${kid}` }),
});

export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  /** Raw public key, base64url: the JWK's `x`. */
  readonly x: string;
}

/** RFC 8410: what precedes the 32-byte seed of an Ed25519 private key in PKCS #8. */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

/** 32 bytes of a secret for one purpose, which tell nothing of the secret or of those for another. */
export const deriveBytes = (secret: string, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, 'lyceum', purpose, 32));

/** The key of a secret for one purpose; the same secret gives the same key, so every instance agrees without a write. */
export function ed25519Key(secret: string, purpose: string): SigningKey {
  const seed = deriveBytes(secret, purpose);
  const privateKey = createPrivateKey({
    key: Buffer.concat([pkcs8Prefix, seed]),
    format: 'der',
    type: 'pkcs8',
  });
  const x = createPublicKey(privateKey).export({ format: 'jwk' }).x ?? '';
  return { kid: createHash('sha256').update(x).digest('base64url').slice(0, 16), privateKey, x };
}

/** The key that signs access tokens. */
export const signingKey = (secret: string): SigningKey => ed25519Key(secret, 'access-token-signing');

/** The key that authenticates refresh tokens; nothing that is stored lets anybody make one. */
export const refreshKey = (secret: string): Buffer => deriveBytes(secret, 'refresh-token');

export async function publishKey(table: Table, key: SigningKey, now: Date): Promise<void> {
  try {
    await table.write(table.insert(publicKeys, { kid: key.kid, x: key.x, created_at: now.toISOString() }));
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
  }
}

export const readPublicKeys = (table: Table) =>
  table.queryAll(publicKeys, { pk: 'keys', prefix: 'signing#' });

export const jwkOf = (key: { readonly kid: string; readonly x: string }) => ({
  kty: 'OKP',
  crv: 'Ed25519',
  use: 'sig',
  alg: 'EdDSA',
  kid: key.kid,
  x: key.x,
});
