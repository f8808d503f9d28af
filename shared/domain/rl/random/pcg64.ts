import { log } from '../numeric.ts';
import { seedWords } from './seed-sequence.ts';

/**
 * NumPy's `Generator(PCG64(SeedSequence(seed, spawn_key)))`, bit for bit: PCG XSL-RR 128/64
 * (M. E. O'Neill, "PCG", HMC-CS-2014-0905; numpy/random/src/pcg64).
 *
 * 128-bit numbers are six 24-bit limbs, least significant first (the last has 8 bits): 21 exact
 * products in doubles, sums of which stay below 2^51, instead of BigInt.
 */

const LIMBS = 6;
/** The multiplier 0x2360ed051fc65da44385df649fccf645 in limbs. */
const M0 = 0xccf645;
const M1 = 0xdf649f;
const M2 = 0xa44385;
const M3 = 0x1fc65d;
const M4 = 0x60ed05;
const M5 = 0x000023;

const LIMB = 2 ** 24;
const PER_LIMB = 2 ** -24;

/** Halfwords of 16 bits in a saved 128-bit number. */
const HALFWORDS = 8;

/** Number of values in a saved generator: state, increment, and the kept half of a 64-bit output. */
export const RANDOM_STATE_LENGTH = 2 * HALFWORDS + 2;

export class Pcg64 {
  readonly #state = new Float64Array(LIMBS);
  readonly #increment = new Float64Array(LIMBS);
  #high = 0;
  #low = 0;
  #hasHalf = false;
  #half = 0;

  /** @param seed integer, 0 <= seed < 2^53 */
  constructor(seed: number, spawnKey: readonly number[] = []) {
    const words = seedWords(seed, spawnKey, 8);
    // NumPy reads four uint64 (low word first): state high, state low, sequence high, sequence low.
    const initial = number([words[2], words[3], words[0], words[1]]);
    const sequence = number([words[6], words[7], words[4], words[5]]);
    this.#increment.set(limbs((sequence << 1n) | 1n));
    this.#step();
    this.#state.set(limbs(fromLimbs(this.#state) + initial));
    this.#step();
  }

  /** The next 64-bit word. */
  nextUint64(): bigint {
    this.#advance();
    return (BigInt(this.#high) << 32n) | BigInt(this.#low);
  }

  /** Uniform on [0, 1) with 53 bits. */
  random(): number {
    this.#advance();
    return (this.#high * 2097152 + (this.#low >>> 11)) / 9007199254740992;
  }

  /** Uniform on [low, high): `low + (high - low) * random()`, as NumPy computes it. */
  uniform(low: number, high: number): number {
    return low + (high - low) * this.random();
  }

  /**
   * Uniform integer on [0, count), 0 < count < 2^32: Lemire's method on 32 bits; a 64-bit word serves
   * two draws, low half first, as `Generator.integers` does.
   */
  integers(count: number): number {
    let product = this.#nextUint32() * count;
    const threshold = (4294967296 - count) % count;
    while (product % 4294967296 < threshold) product = this.#nextUint32() * count;
    return Math.floor(product / 4294967296);
  }

  /** Standard normal draw by Marsaglia's polar method (not NumPy's ziggurat); one of the pair is dropped. */
  normal(): number {
    for (;;) {
      const u = 2 * this.random() - 1;
      const v = 2 * this.random() - 1;
      const s = u * u + v * v;
      if (s > 0 && s < 1) return u * Math.sqrt((-2 * log(s)) / s);
    }
  }

  /** Fills the first `count` elements with standard normal draws, two of each pair; of an odd last one is dropped. */
  normals(target: Float64Array, count: number): void {
    for (let i = 0; i < count; ) {
      const u = 2 * this.random() - 1;
      const v = 2 * this.random() - 1;
      const s = u * u + v * v;
      if (s === 0 || s >= 1) continue;
      const factor = Math.sqrt((-2 * log(s)) / s);
      target[i++] = u * factor;
      if (i < count) target[i++] = v * factor;
    }
  }

  /** Everything the generator is, as `RANDOM_STATE_LENGTH` small integers. */
  getState(): number[] {
    const saved = [this.#state, this.#increment].flatMap((x) => halfwords(fromLimbs(x)));
    return [...saved, this.#hasHalf ? 1 : 0, this.#half];
  }

  setState(state: readonly number[]): void {
    if (state.length !== RANDOM_STATE_LENGTH) throw new RangeError('not the state of a Pcg64');
    this.#state.set(limbs(fromHalfwords(state.slice(0, HALFWORDS))));
    this.#increment.set(limbs(fromHalfwords(state.slice(HALFWORDS, 2 * HALFWORDS))));
    this.#hasHalf = state[2 * HALFWORDS] === 1;
    this.#half = state[2 * HALFWORDS + 1] ?? 0;
  }

  #nextUint32(): number {
    if (this.#hasHalf) {
      this.#hasHalf = false;
      return this.#half;
    }
    this.#advance();
    this.#hasHalf = true;
    this.#half = this.#high;
    return this.#low;
  }

  /** state = state * multiplier + increment mod 2^128. */
  #step(): void {
    const state = this.#state;
    const increment = this.#increment;
    const s0 = state[0] ?? 0;
    const s1 = state[1] ?? 0;
    const s2 = state[2] ?? 0;
    const s3 = state[3] ?? 0;
    const s4 = state[4] ?? 0;
    const s5 = state[5] ?? 0;
    const p0 = (increment[0] ?? 0) + s0 * M0;
    const c0 = Math.floor(p0 * PER_LIMB);
    const p1 = (increment[1] ?? 0) + c0 + s0 * M1 + s1 * M0;
    const c1 = Math.floor(p1 * PER_LIMB);
    const p2 = (increment[2] ?? 0) + c1 + s0 * M2 + s1 * M1 + s2 * M0;
    const c2 = Math.floor(p2 * PER_LIMB);
    const p3 = (increment[3] ?? 0) + c2 + s0 * M3 + s1 * M2 + s2 * M1 + s3 * M0;
    const c3 = Math.floor(p3 * PER_LIMB);
    const p4 = (increment[4] ?? 0) + c3 + s0 * M4 + s1 * M3 + s2 * M2 + s3 * M1 + s4 * M0;
    const c4 = Math.floor(p4 * PER_LIMB);
    const p5 = (increment[5] ?? 0) + c4 + s0 * M5 + s1 * M4 + s2 * M3 + s3 * M2 + s4 * M1 + s5 * M0;
    state[0] = p0 - c0 * LIMB;
    state[1] = p1 - c1 * LIMB;
    state[2] = p2 - c2 * LIMB;
    state[3] = p3 - c3 * LIMB;
    state[4] = p4 - c4 * LIMB;
    state[5] = p5 - Math.floor(p5 / 256) * 256;
  }

  /** Steps, then XSL-RR: high half xor low half, rotated right by the top six bits. */
  #advance(): void {
    this.#step();
    const s = this.#state;
    const l1 = (s[1] ?? 0) | 0;
    const l2 = (s[2] ?? 0) | 0;
    const l5 = (s[5] ?? 0) | 0;
    const low = ((s[0] ?? 0) | (l1 << 24)) ^ ((l2 >>> 16) | ((s[3] ?? 0) << 8));
    const high = ((l1 >>> 8) | (l2 << 16)) ^ ((s[4] ?? 0) | (l5 << 24));
    const rotation = l5 >>> 2;
    const [a, b] = rotation < 32 ? [high, low] : [low, high];
    const shift = rotation & 31;
    // A shift by 32 is a shift by 0 in JavaScript, hence the two steps to the left.
    this.#high = ((a >>> shift) | ((b << 1) << (31 - shift))) >>> 0;
    this.#low = ((b >>> shift) | ((a << 1) << (31 - shift))) >>> 0;
  }
}

/** The number of 32-bit words, least significant first. */
function number(words: readonly (number | undefined)[]): bigint {
  return words.reduceRight((sum, word = 0) => (sum << 32n) | BigInt(word), 0n);
}

/** A number mod 2^128 in limbs. */
function limbs(value: bigint): number[] {
  return Array.from({ length: LIMBS }, (_, i) =>
    Number((value >> BigInt(24 * i)) & (i < LIMBS - 1 ? 0xffffffn : 0xffn)),
  );
}

function fromLimbs(given: Float64Array): bigint {
  return given.reduceRight((sum, limb) => (sum << 24n) | BigInt(limb), 0n);
}

function halfwords(value: bigint): number[] {
  return Array.from({ length: HALFWORDS }, (_, i) => Number((value >> BigInt(16 * i)) & 0xffffn));
}

function fromHalfwords(given: readonly number[]): bigint {
  return given.reduceRight((sum, halfword) => (sum << 16n) | BigInt(halfword), 0n);
}
