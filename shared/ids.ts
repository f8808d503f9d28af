import { randomBytes } from 'node:crypto';

/** A world's clock and randomness, so that tests can freeze them. */
export interface Clock {
  readonly now: () => Date;
  readonly newId: () => string;
}

/**
 * UUIDv7 (RFC 9562): 48 bits of milliseconds, then random bits, so that ids sort by the time they were made.
 */
export function uuidv7(now: Date = new Date(), random: Uint8Array = randomBytes(10)): string {
  const time = now.getTime().toString(16).padStart(12, '0');
  const rest = Buffer.from(random);
  rest[0] = ((rest[0] ?? 0) & 0x0f) | 0x70;
  rest[2] = ((rest[2] ?? 0) & 0x3f) | 0x80;
  const hex = time + rest.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export const systemClock: Clock = { now: () => new Date(), newId: () => uuidv7() };
