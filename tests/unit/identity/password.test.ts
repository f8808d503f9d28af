import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';

const crypto = vi.hoisted(() => ({ hashed: [] as { memory: number; passes: number }[] }));
// counts what the real argon2 is asked for; nothing is replaced
vi.mock('node:crypto', async (load) => {
  const real = await load<typeof import('node:crypto')>();
  const argon2: typeof real.argon2 = (algorithm, parameters, callback) => {
    crypto.hashed.push({ memory: parameters.memory, passes: parameters.passes });
    real.argon2(algorithm, parameters, callback);
  };
  return { ...real, argon2 };
});
const { hashPassword, refuseWeakPassword, verifyPassword } = await import('#shared/identity/password.ts');

const owasp = { memory: 19_456, passes: 2 };
const costOf = async (act: () => Promise<unknown>) => {
  crypto.hashed.length = 0;
  await act();
  return [...crypto.hashed];
};

describe('a password', () => {
  test('is kept as an argon2id PHC string of OWASP’s cost, with a salt of its own', async () => {
    const [one, two] = await Promise.all([hashPassword('correct horse'), hashPassword('correct horse')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(one).not.toBe(two);
    expect(await verifyPassword('correct horse', one)).toBe(true);
    expect(await verifyPassword('correct horsf', one)).toBe(false);
    expect(await verifyPassword('', one)).toBe(false);
  });

  test('is the same however its letters are composed: 비밀번호 typed on macOS and on Windows', async () => {
    const hash = await hashPassword('비밀번호-é'.normalize('NFD'));
    expect(await verifyPassword('비밀번호-é'.normalize('NFC'), hash)).toBe(true);
  });

  test('with NUL, emoji or 256 letters is checked to its end', async () => {
    for (const password of ['before\u0000after', '😀'.repeat(60), 'x'.repeat(256)]) {
      const hash = await hashPassword(password);
      expect(await verifyPassword(password, hash)).toBe(true);
      expect(await verifyPassword(`${password.slice(0, -1)}y`, hash)).toBe(false);
    }
  });

  test('that the reference implementation hashed is verified', async () => {
    // phc-winner-argon2, src/test.c: hashtest(version, 2, 16, 1, "password", "somesalt", …, Argon2_id)
    const hash = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
    expect(await verifyPassword('password', hash)).toBe(true);
    expect(await verifyPassword('differentpassword', hash)).toBe(false);
    expect(await costOf(() => verifyPassword('x', hash))).toEqual([{ memory: 65_536, passes: 2 }]);
  });
});

describe('a hash that is none', () => {
  test.each([
    null,
    undefined,
    '',
    'plain text',
    '$2b$12$abcdefghijklmnopqrstuv',
    '$argon2i$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$aGFzaA',
    '$argon2id$v=16$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$aGFzaA',
    '$argon2id$v=19$m=x,t=2,p=1$c2FsdA$aGFzaA',
    '$argon2id$v=19$m=19456,t=2,p=1$$',
    '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$aGFzaA extra',
  ])('%j is no password’s, and costs what a wrong password costs', async (hash) => {
    let right: boolean | undefined;
    const cost = await costOf(async () => {
      right = await verifyPassword('password', hash);
    });
    expect(right).toBe(false);
    expect(cost).toEqual([owasp]);
  });

  test('and parameters or a salt that argon2 refuses are wrong passwords too, never an error', async () => {
    const tag = 'aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g';
    for (const head of [
      'm=0,t=0,p=0$c2FsdHNhbHRzYWx0c2FsdA',
      'm=19456,t=2,p=1$YQ',
      'm=99999999999,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA',
      'm=100,t=1,p=99$c2FsdHNhbHRzYWx0c2FsdA',
    ])
      expect(await verifyPassword('password', `$argon2id$v=19$${head}$${tag}`)).toBe(false);
  });
});

describe('a new password', () => {
  const refused = (password: string, person = {}): boolean => {
    try {
      refuseWeakPassword(password, person, ['body', 'password']);
      return false;
    } catch (error) {
      expect(error).toMatchObject({
        kind: 'invalid',
        error_code: 'password.weak',
        issues: [{ loc: ['body', 'password'], type: 'weak_password' }],
      });
      return true;
    }
  };
  test.each([
    'password1',
    'PASSWORD1',
    'ｐａｓｓｗｏｒｄ１',
    '12345678',
    'aaaaaaaaaaaa',
    'abababababab',
    'qwer1234',
    'lyceum123',
  ])('%s is refused', (password) => {
    expect(refused(password)).toBe(true);
  });
  test('that is the person’s own name, username or address is refused', () => {
    const person = { name: '김민아 Mina Kim', email: 'Mina.Kim@school.example', username: 'minakim2010' };
    for (const own of ['김민아 mina kim', 'mina.kim@school.example', 'MINA.KIM', 'minakim2010'])
      expect(refused(own, person)).toBe(true);
    expect(refused('mina.kim and her dog', person)).toBe(false);
  });
  test('of random letters is accepted', () => {
    fc.assert(
      fc.property(fc.uuid(), (password) => !refused(password)),
      { seed: 6, numRuns: 50 },
    );
  });
});
