import { createHash, randomBytes } from 'node:crypto';
import * as z from 'zod';
import { entity } from '../table/entity.ts';
import type { Table, Write } from '../table/table.ts';

/**
 * One-time codes with which a person sets a new password, kept as hashes for a day.
 *
 * Access pattern: by the code: `reset#<sha256>` / `reset`
 */
export const resetCodes = entity({
  type: 'reset_code',
  schema: z.object({
    code_hash: z.string(),
    user_id: z.string(),
    valid_until: z.string(),
    expires_at: z.int(),
  }),
  key: ({ code_hash }: { code_hash: string }) => ({ pk: `reset#${code_hash}`, sk: 'reset' }),
});

const validForMs = 24 * 3_600_000;

/** Crockford's base32: no I, L, O, U, so that a child can copy it from a card. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** `length` symbols of base32, in groups of `group`. */
export function readableCode(
  length: number,
  group: number,
  random: Uint8Array = randomBytes(length),
): string {
  const symbols = Array.from({ length }, (_, at) => alphabet[(random[at] ?? 0) % 32] ?? '0').join('');
  return symbols.match(new RegExp(`.{1,${group}}`, 'g'))?.join('-') ?? symbols;
}

/** What a person types for what was shown: case, hyphens and look-alikes do not matter. */
export const normalizeCode = (typed: string): string =>
  typed.toUpperCase().replace(/[\s-]/g, '').replace(/[IL]/g, '1').replace(/O/g, '0');

export const hashCode = (code: string): string =>
  createHash('sha256').update(normalizeCode(code)).digest('base64url');

/** A new code (60 bits) for a user, and the write that makes it valid. */
export function resetCodeWrite(
  table: Table,
  issue: { readonly user_id: string; readonly now: Date; readonly newCode?: () => string },
): { readonly write: Write; readonly code: string; readonly expires_at: string } {
  const code = issue.newCode?.() ?? readableCode(12, 4);
  const until = new Date(issue.now.getTime() + validForMs);
  const write = table.insert(resetCodes, {
    code_hash: hashCode(code),
    user_id: issue.user_id,
    valid_until: until.toISOString(),
    expires_at: Math.ceil(until.getTime() / 1000),
  });
  return { write, code, expires_at: until.toISOString() };
}
