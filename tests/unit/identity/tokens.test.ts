import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jwkOf, refreshKey, signingKey } from '#shared/identity/keys.ts';
import { formatRefreshToken, parseRefreshToken } from '#shared/identity/logins.ts';
import { hashCode, normalizeCode, readableCode } from '#shared/identity/reset-code.ts';
import { uuidv7 } from '#shared/ids.ts';

const secret = 'a secret of the tests, long enough to derive keys from it';
const key = refreshKey(secret);
const part = fc.stringMatching(/^[\w-]{1,36}$/);
const token = fc.record({ user_id: part, login_id: part, generation: fc.nat(999_999_999) });

test('a refresh token says what it was made of', () => {
  fc.assert(
    fc.property(token, (made) => {
      expect(parseRefreshToken([key], formatRefreshToken(key, made))).toEqual(made);
    }),
    { seed: 7, numRuns: 100 },
  );
});

test('no change of a refresh token goes unnoticed', () => {
  fc.assert(
    fc.property(token, fc.nat(), fc.constantFrom(...'Ab0_-.=v1'), (made, at, letter) => {
      const text = formatRefreshToken(key, made);
      const index = at % text.length;
      const changed = text.slice(0, index) + letter + text.slice(index + 1);
      const parsed = parseRefreshToken([key], changed);
      // the last letter of base64url carries two spare bits: those four spellings are the same MAC
      if (parsed !== undefined) expect(parsed).toEqual(made);
      expect(parseRefreshToken([key], text.slice(0, index))).toBeUndefined();
    }),
    { seed: 8, numRuns: 200 },
  );
});

test('a refresh token of another secret is nobody’s, one of an older secret still counts where that is given', () => {
  const made = { user_id: 'u', login_id: 'l', generation: 3 };
  const old = formatRefreshToken(refreshKey('another secret of thirty-two characters'), made);
  expect(parseRefreshToken([key], old)).toBeUndefined();
  expect(parseRefreshToken([key, refreshKey('another secret of thirty-two characters')], old)).toEqual(made);
});

test.each([
  '',
  'v1',
  'v1....',
  `v1.u.l.1.${'a'.repeat(43)}`,
  'v2.u.l.1.x',
  `v1.u.l.9999999999.${'a'.repeat(43)}`,
])('%j is no refresh token', (text) => {
  expect(parseRefreshToken([key], text)).toBeUndefined();
});

test('one secret gives one signing key, another secret another; the public half tells nothing of the private', () => {
  expect(signingKey(secret).kid).toBe(signingKey(secret).kid);
  expect(signingKey(secret).kid).not.toBe(signingKey(`${secret}!`).kid);
  expect(Object.keys(jwkOf(signingKey(secret))).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x']);
  expect(refreshKey(secret).equals(refreshKey(`${secret}!`))).toBe(false);
});

test('a code is twelve symbols that cannot be mistaken for one another, in groups of four', () => {
  for (let run = 0; run < 50; run++)
    expect(readableCode(12, 4)).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}$/);
});

test('a code counts however a child copies it', () => {
  expect(hashCode('0o1i-lL2b 9z')).toBe(hashCode('0011-112B9Z'));
  expect(normalizeCode(' ab-cd ef ')).toBe('ABCDEF');
});

test('ids sort by the time they were made, and are version 7 of variant 10', () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true }),
      fc.integer({ min: 1, max: 86_400_000 }),
      (at, later_ms) => {
        const [one, two] = [uuidv7(at), uuidv7(new Date(at.getTime() + later_ms))];
        expect(one < two).toBe(true);
        expect(one).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      },
    ),
    { seed: 9, numRuns: 100 },
  );
  expect(uuidv7(new Date(0), randomBytes(10))).toMatch(/^00000000-0000-7/);
});
