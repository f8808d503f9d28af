/**
 * NumPy's SeedSequence (numpy/random/bit_generator.pyx, after M. E. O'Neill's seed_seq_fe128): mixes a
 * seed of any size, and a spawn key, into as many well-distributed words as a generator needs.
 */

const POOL_SIZE = 4;
const INIT_A = 0x43b0d7e5;
const MULT_A = 0x931e8875;
const INIT_B = 0x8b51f9dd;
const MULT_B = 0x58f38ded;
const MIX_MULT_L = 0xca01f9dd;
const MIX_MULT_R = 0x4973f715;

/**
 * The first `count` 32-bit words of `SeedSequence(seed, spawn_key=spawnKey).generate_state(count)`.
 * Sequences with the same seed and different spawn keys are independent.
 * @param seed integer, 0 <= seed < 2^53; each element of `spawnKey` likewise
 * @throws RangeError for anything else
 */
export function seedWords(seed: number, spawnKey: readonly number[], count: number): Uint32Array {
  const pool = mixEntropy(assembleEntropy(seed, spawnKey));
  const words = new Uint32Array(count);
  let hash = INIT_B;
  for (let i = 0; i < count; i++) {
    let word = (pool[i % POOL_SIZE] ?? 0) ^ hash;
    hash = Math.imul(hash, MULT_B);
    word = Math.imul(word, hash);
    words[i] = word ^ (word >>> 16);
  }
  return words;
}

function wordsOf(value: number): number[] {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`a seed is an integer from 0 to 2^53 - 1, not ${value}`);
  }
  const high = Math.floor(value / 2 ** 32);
  return high === 0 ? [value] : [value >>> 0, high];
}

function assembleEntropy(seed: number, spawnKey: readonly number[]): number[] {
  const entropy = wordsOf(seed);
  // Padded as NumPy does, so that a spawn key never collides with a longer seed.
  while (spawnKey.length > 0 && entropy.length < POOL_SIZE) entropy.push(0);
  return entropy.concat(spawnKey.flatMap(wordsOf));
}

function mixEntropy(entropy: readonly number[]): Uint32Array {
  let hash = INIT_A;
  const hashMix = (value: number): number => {
    const keyed = value ^ hash;
    hash = Math.imul(hash, MULT_A);
    const product = Math.imul(keyed, hash);
    return product ^ (product >>> 16);
  };
  const pool = Uint32Array.from({ length: POOL_SIZE }, (_, i) => hashMix(entropy[i] ?? 0));
  const mixInto = (target: number, value: number): void => {
    const mixed = Math.imul(MIX_MULT_L, pool[target] ?? 0) - Math.imul(MIX_MULT_R, hashMix(value));
    pool[target] = mixed ^ (mixed >>> 16);
  };
  for (let source = 0; source < POOL_SIZE; source++) {
    for (let target = 0; target < POOL_SIZE; target++) {
      if (source !== target) mixInto(target, pool[source] ?? 0);
    }
  }
  for (const word of entropy.slice(POOL_SIZE)) {
    for (let target = 0; target < POOL_SIZE; target++) mixInto(target, word);
  }
  return pool;
}
