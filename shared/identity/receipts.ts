import { createHash, createHmac, createPublicKey } from 'node:crypto';
import { CompactSign, compactVerify, errors } from 'jose';
import * as z from 'zod';
import { receipt } from '../contracts/submissions.ts';
import { canonicalJson } from '../domain/grading/canonical-json.ts';
import { entity } from '../table/entity.ts';
import { ConditionFailed, type Table } from '../table/table.ts';
import { deriveBytes, ed25519Key, type SigningKey } from './keys.ts';

/**
 * Public halves of the keys that sign grade receipts; old ones stay published, so that old receipts can be checked.
 *
 * Access pattern: all: `keys` / `receipt#<kid>`
 */
const receiptKeys = entity({
  type: 'receipt_key',
  schema: z.object({ kid: z.string(), x: z.string(), created_at: z.string() }),
  key: ({ kid }: { kid: string }) => ({ pk: 'keys', sk: `receipt#${kid}` }),
});

/** The key that signs receipts: of a secret and for a purpose of its own, so that it never signs anything else. */
export const receiptKey = (secret: string): SigningKey => ed25519Key(secret, 'grade-receipt-signing');

/** What the receipts' secret gives. */
export interface ReceiptSecrets {
  readonly key: SigningKey;
  /** For the hash of a version's tests. Only who may read the tests may have it. */
  readonly testsSalt: (exercise_id: string, version: number) => string;
}

export function receiptSecrets(secret: string): ReceiptSecrets {
  const saltKey = deriveBytes(secret, 'grade-receipt-tests-salt');
  return {
    key: receiptKey(secret),
    testsSalt: (exercise_id, version) =>
      createHmac('sha256', saltKey).update(`${exercise_id}#${version}`).digest('hex'),
  };
}

export async function publishReceiptKey(table: Table, { kid, x }: SigningKey, now: Date): Promise<void> {
  try {
    await table.write(table.insert(receiptKeys, { kid, x, created_at: now.toISOString() }));
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
  }
}

/** Neither `sig` nor `enc`: whoever takes the school's key set to verify access tokens passes these keys over. */
const use = 'receipt';
export const receiptJwk = ({ kid, x }: { readonly kid: string; readonly x: string }) => ({
  kty: 'OKP',
  crv: 'Ed25519',
  use,
  alg: 'EdDSA',
  kid,
  x,
});
export const readReceiptJwks = async (table: Table) =>
  (await table.queryAll(receiptKeys, { pk: 'keys', prefix: 'receipt#' })).map(receiptJwk);

export type ReceiptPayload = z.output<typeof receipt>['payload'];

/** Media type in the signature’s header: no access token, and no access token is a receipt. */
const type = 'lyceum-receipt+json';

/** Signs the payload in its canonical form; the same payload always gives the same signature (RFC 8032). */
export const signReceipt = ({ kid, privateKey }: SigningKey, payload: ReceiptPayload): Promise<string> =>
  new CompactSign(Buffer.from(canonicalJson(payload)))
    .setProtectedHeader({ alg: 'EdDSA', typ: type, kid })
    .sign(privateKey);

const receiptJwks = z.object({
  keys: z.array(z.looseObject({ kid: z.string().optional(), use: z.string().optional() })),
});
const ourJwk = z.object({ kid: z.string(), kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string() });

/** Why a receipt is not believed. */
export class ReceiptRefused extends Error {
  override readonly name = 'ReceiptRefused';
}

/**
 * The payload that was signed.
 * @param jwks a key set as the school publishes it
 * @throws ReceiptRefused
 */
export async function verifyReceipt(jws: string, jwks: unknown): Promise<ReceiptPayload> {
  const { keys } = receiptJwks.parse(jwks);
  try {
    const { payload } = await compactVerify(
      jws,
      ({ kid, typ }) => {
        if (typ !== type) throw new ReceiptRefused('This signature is not one of a receipt.');
        const found = keys.find((key) => key.kid === kid && key.use === use);
        if (!found) throw new ReceiptRefused(`The key set has no receipt key ${kid}.`);
        const { kty, crv, x } = ourJwk.parse(found);
        return createPublicKey({ key: { kty, crv, x }, format: 'jwk' });
      },
      { algorithms: ['EdDSA'] },
    );
    return receipt.shape.payload.parse(JSON.parse(Buffer.from(payload).toString()));
  } catch (error) {
    if (error instanceof errors.JWSSignatureVerificationFailed)
      throw new ReceiptRefused('The signature does not fit: something in the receipt was changed.');
    if (error instanceof errors.JOSEError) throw new ReceiptRefused(`No valid signature: ${error.message}.`);
    throw error;
  }
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * The hash of an exercise’s tests: whatever order their fields stand in, and whatever ids they have. Students read it
 * in their receipts and know all but the hidden tests: without the salt nobody can try which inputs those have.
 */
export const testsSha256 = (tests: readonly object[], salt: string): string =>
  createHmac('sha256', salt)
    .update(canonicalJson(tests.map((test) => ({ ...test, id: undefined }))))
    .digest('hex');
