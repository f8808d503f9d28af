import { createHash, randomBytes } from 'node:crypto';

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

/** The same id for the same thing of a school, so that a second run finds what the first has made (RFC 9562, version 8). */
export function derivedId(...names: readonly string[]): string {
  const hash = createHash('sha256').update(names.join('\0')).digest();
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x80, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = hash.toString('hex', 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
