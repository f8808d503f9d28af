import { createHmac } from 'node:crypto';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '#shared/domain/grading/canonical-json.ts';
import { jwkOf, signingKey } from '#shared/identity/keys.ts';
import {
  type ReceiptPayload,
  ReceiptRefused,
  receiptJwk,
  receiptKey,
  receiptSecrets,
  sha256,
  signReceipt,
  testsSha256,
  verifyReceipt,
} from '#shared/identity/receipts.ts';

const secret = 'a secret of the tests, long enough to sign with';
const key = receiptKey(secret);
const jwks = { keys: [jwkOf(signingKey(secret)), receiptJwk(key)] };

const payload: ReceiptPayload = {
  receipt_version: 1,
  school: 'demo',
  submission_id: 's-1',
  exercise_id: 'e-1',
  exercise_version: 2,
  code_sha256: 'c'.repeat(64),
  tests_sha256: 'd'.repeat(64),
  runtime: 'grader 1',
  language: 'python',
  limits: { cpu_ms: 2000, memory_mb: 128, output_bytes: 65_536 },
  seeds: [1, 2],
  verdicts: ['pass', 'wrong_answer'],
  raw_grade: 50,
  grade: 45,
  grader: 'system',
  graded_at: '2026-11-20T09:30:00.000Z',
};
const part = (jws: string, index: number) =>
  JSON.parse(Buffer.from(jws.split('.')[index] ?? '', 'base64url').toString());
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a receipt', () => {
  test('says what was signed', async () => {
    expect(await verifyReceipt(await signReceipt(key, payload), jwks)).toEqual(payload);
  });

  test('is the same text for the same payload, however its fields are ordered', async () => {
    const turned = Object.fromEntries(Object.entries(payload).reverse()) as ReceiptPayload;
    expect(await signReceipt(key, turned)).toBe(await signReceipt(key, payload));
  });

  test('is refused when its payload was changed', async () => {
    const [header, , signature] = (await signReceipt(key, payload)).split('.');
    const forged = `${header}.${encoded({ ...payload, grade: 100 })}.${signature}`;
    await expect(verifyReceipt(forged, jwks)).rejects.toThrow(/was changed/);
  });

  test('is refused without a signature, and when its key is not known', async () => {
    const jws = await signReceipt(key, payload);
    const [, body] = jws.split('.');
    const header = { alg: 'none', typ: 'lyceum-receipt+json', kid: key.kid };
    await expect(verifyReceipt(`${encoded(header)}.${body}.`, jwks)).rejects.toThrow(ReceiptRefused);
    await expect(verifyReceipt('no receipt at all', jwks)).rejects.toThrow(ReceiptRefused);
    await expect(verifyReceipt(await signReceipt(receiptKey(`${secret}!`), payload), jwks)).rejects.toThrow(
      /no receipt key/,
    );
  });

  test('is not one when a key of access tokens signed it', async () => {
    await expect(verifyReceipt(await signReceipt(signingKey(secret), payload), jwks)).rejects.toThrow(
      /no receipt key/,
    );
  });
});

describe('keys of receipts', () => {
  test('are not those of access tokens, though the secret were the same', () => {
    expect(key.x).not.toBe(signingKey(secret).x);
    expect(receiptKey(secret).kid).toBe(key.kid);
  });

  test('do not verify access tokens for who takes the published key set', async () => {
    const jws = await signReceipt(key, payload);
    expect(part(jws, 0)).toEqual({ alg: 'EdDSA', typ: 'lyceum-receipt+json', kid: key.kid });
    await expect(jwtVerify(jws, createLocalJWKSet(jwks))).rejects.toThrow(/no applicable key/);
  });
});

describe('salts of tests', () => {
  const { key: signing, testsSalt } = receiptSecrets(secret);
  const salt = testsSalt('e-1', 2);

  test('are the same for the same version of an exercise, and others for everything else', () => {
    expect(salt).toMatch(/^[0-9a-f]{64}$/);
    expect(receiptSecrets(secret).testsSalt('e-1', 2)).toBe(salt);
    const others = [
      testsSalt('e-1', 3),
      testsSalt('e-2', 2),
      receiptSecrets(`${secret}!`).testsSalt('e-1', 2),
    ];
    expect(new Set([salt, ...others]).size).toBe(4);
  });

  test('are of another key than the one that signs', () => {
    expect(signing.kid).toBe(key.kid);
    const seed = signing.privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32);
    expect(createHmac('sha256', seed).update('e-1#2').digest('hex')).not.toBe(salt);
  });

  test('are in the hash: who knows the tests alone cannot compute it', () => {
    const tests = [{ name: 'a', kind: 'stdio', stdin: '5', expected: '25' }];
    expect(testsSha256(tests, salt)).not.toBe(sha256(canonicalJson(tests)));
    expect(testsSha256(tests, salt)).not.toBe(testsSha256(tests, ''));
    expect(testsSha256(tests, salt)).not.toBe(testsSha256(tests, testsSalt('e-1', 3)));
  });
});

describe('canonical JSON', () => {
  test('sorts members at every depth, by UTF-16 units, and keeps the order of lists', () => {
    expect(canonicalJson({ b: [{ z: 1, a: null }], a: '서울', '\ufb33': 1, '\u{1F600}': 2 })).toBe(
      '{"a":"서울","b":[{"a":null,"z":1}],"\u{1F600}":2,"\ufb33":1}',
    );
  });

  test('the hash of tests does not depend on the order of fields and on ids', () => {
    const one = { id: 't1', name: 'a', kind: 'stdio', stdin: '5', expected: '25' };
    const same = { expected: '25', stdin: '5', kind: 'stdio', name: 'a' };
    const hash = (...tests: object[]) => testsSha256(tests, 'salt');
    expect(hash(one)).toBe(hash(same));
    expect(hash(one)).not.toBe(hash({ ...one, expected: '26' }));
    expect(hash(one, same)).not.toBe(hash(one));
  });
});
