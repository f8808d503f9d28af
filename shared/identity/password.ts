import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { DomainError } from '../errors.ts';
import { commonPasswords } from './common-passwords.ts';

const derive = promisify(argon2);

/** OWASP's parameters for argon2id (19 MiB, two passes, one lane). */
const cost = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 } as const;
const saltBytes = 16;

/** Within bounds that argon2 accepts and a function can afford: a stored hash may come from a restored backup. */
const phc =
  /^\$argon2id\$v=19\$m=([1-9]\d{2,5}),t=([1-9]\d?),p=([1-9])\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{16,86})$/;
const unpadded = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');

/** A PHC string: `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltBytes);
  const tag = await derive('argon2id', { message: password.normalize('NFKC'), nonce: salt, ...cost });
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${unpadded(salt)}$${unpadded(tag)}`;
}

/**
 * Whether the password is the one that was hashed. A missing hash costs the same time as a wrong password, so
 * that nobody can tell an unknown user by waiting.
 */
export async function verifyPassword(password: string, hash: string | null | undefined): Promise<boolean> {
  const [, memory, passes, parallelism, salt, tag] = phc.exec(hash ?? '') ?? [];
  if (salt === undefined || tag === undefined) {
    await hashPassword(password);
    return false;
  }
  const expected = Buffer.from(tag, 'base64');
  const given = await derive('argon2id', {
    message: password.normalize('NFKC'),
    nonce: Buffer.from(salt, 'base64'),
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    tagLength: expected.length,
  });
  return timingSafeEqual(given, expected);
}

/**
 * Refuses what guessers try first: common passwords, one symbol repeated, the person's own name or address.
 *
 * @throws 422 on the field `loc`
 */
export function refuseWeakPassword(
  password: string,
  person: { readonly email?: string | null; readonly username?: string | null; readonly name?: string },
  loc: readonly string[],
): void {
  const plain = password.normalize('NFKC').toLowerCase();
  const own = [person.email, person.email?.split('@')[0], person.username, person.name]
    .filter((part) => part !== null && part !== undefined)
    .map((part) => part.normalize('NFKC').toLowerCase())
    .filter((part) => part.length >= 4);
  const weak = commonPasswords.has(plain) || new Set(plain).size < 3 || own.includes(plain);
  if (!weak) return;
  const msg = 'this password is easily guessed; choose a longer one that is not your name or a common word';
  throw new DomainError('invalid', 'password.weak', msg, { issues: [{ loc, msg, type: 'weak_password' }] });
}
