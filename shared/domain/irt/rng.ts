/**
 * Random numbers as a hash of what they are for: the same seed and keys give the same number on every machine, in any
 * order, so that a retried request chooses what the first one chose.
 */

let high = 0;
let low = 0;

/** Stirs one key into both lanes of 32 bits, by rounds of MurmurHash3 (Appleby 2011) with different constants. */
function stir(key: number): void {
  // integers up to 2^53 count with all their bits
  const word = key | 0;
  const rest = (key / 4294967296) | 0;
  high = round(high ^ Math.imul(word, 0xcc9e2d51));
  low = round(low ^ Math.imul(word, 0x1b873593) ^ high);
  high = round(high ^ Math.imul(rest, 0xcc9e2d51));
  low = round(low ^ Math.imul(rest, 0x1b873593) ^ high);
}

/** The first of two 32-bit hashes of three keys; the second is finished from the lanes it leaves. */
function hash(seed: number, first: number, second: number): number {
  high = 0x9e3779b9;
  low = 0x7f4a7c15;
  stir(seed);
  stir(first);
  stir(second);
  return finish(high ^ low) >>> 0;
}

const round = (h: number): number => (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;

function finish(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/**
 * Uniform on (0, 1) with 52 bits.
 * @param seed integer, 0 <= seed < 2^53; `keys` integers >= 0 that say what the number is for
 */
export function uniformOf(seed: number, first: number, second = 0): number {
  const upper = hash(seed, first, second);
  const lower = finish(low + 0x6b43a9b5) >>> 12;
  // the half keeps 0 out, of which logarithms are taken
  return (upper * 1048576 + lower + 0.5) / 4503599627370496;
}

/** Standard normal deviate (Box & Muller 1958). Parameters as `uniformOf`. */
export function normalOf(seed: number, first: number, second = 0): number {
  const radius = Math.sqrt(-2 * Math.log(uniformOf(seed, first, 2 * second)));
  return radius * Math.cos(2 * Math.PI * uniformOf(seed, first, 2 * second + 1));
}

/** A seed for one of many: simulee `index` of a simulation with `seed`. Integer below 2^32. */
export const seedOf = (seed: number, index: number): number => hash(seed, index, 0x5eed);

/** @throws RangeError unless `seed` is an integer, 0 <= seed < 2^53 */
export function checkSeed(seed: number): void {
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new RangeError(`a seed is an integer from 0 to 2^53 - 1, not ${seed}`);
}
