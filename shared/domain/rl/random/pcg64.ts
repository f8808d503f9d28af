import { log } from '../numeric.ts';
import { seedWords } from './seed-sequence.ts';

/**
 * NumPy's `Generator(PCG64(SeedSequence(seed, spawn_key)))`, bit for bit: PCG XSL-RR 128/64
 * (M. E. O'Neill, "PCG", HMC-CS-2014-0905; numpy/random/src/pcg64).
 *
 * 128-bit numbers are eight 16-bit limbs, least significant first: 36 exact products in doubles
 * instead of BigInt.
 */

const LIMBS = 8;
/** 0x2360ed051fc65da44385df649fccf645 */
const MULTIPLIER = Uint16Array.of(0xf645, 0x9fcc, 0xdf64, 0x4385, 0x5da4, 0x1fc6, 0xed05, 0x2360);

const stepProduct = new Float64Array(LIMBS);

/** Number of values in a saved generator: state, increment, and the kept half of a 64-bit output. */
export const RANDOM_STATE_LENGTH = 2 * LIMBS + 2;

export class Pcg64 {
  readonly #state = new Uint16Array(LIMBS);
  readonly #increment = new Uint16Array(LIMBS);
  #high = 0;
  #low = 0;
  #hasHalf = false;
  #half = 0;

  /** @param seed integer, 0 <= seed < 2^53 */
  constructor(seed: number, spawnKey: readonly number[] = []) {
    const words = seedWords(seed, spawnKey, 8);
    // NumPy reads four uint64 (low word first): state high, state low, sequence high, sequence low.
    const initial = limbs([words[2], words[3], words[0], words[1]]);
    const sequence = limbs([words[6], words[7], words[4], words[5]]);
    let carry = 1;
    for (let i = 0; i < LIMBS; i++) {
      const doubled = 2 * (sequence[i] ?? 0) + carry;
      this.#increment[i] = doubled;
      carry = doubled >>> 16;
    }
    this.#step();
    carry = 0;
    for (let i = 0; i < LIMBS; i++) {
      const sum = (this.#state[i] ?? 0) + (initial[i] ?? 0) + carry;
      this.#state[i] = sum;
      carry = sum >>> 16;
    }
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
    return [...this.#state, ...this.#increment, this.#hasHalf ? 1 : 0, this.#half];
  }

  setState(state: readonly number[]): void {
    if (state.length !== RANDOM_STATE_LENGTH) throw new RangeError('not the state of a Pcg64');
    this.#state.set(state.slice(0, LIMBS));
    this.#increment.set(state.slice(LIMBS, 2 * LIMBS));
    this.#hasHalf = state[2 * LIMBS] === 1;
    this.#half = state[2 * LIMBS + 1] ?? 0;
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

  /** state = state * MULTIPLIER + increment mod 2^128; highest limb first, so that it works in place. */
  #step(): void {
    const state = this.#state;
    stepProduct.set(this.#increment);
    let carry = 0;
    for (let i = 0; i < LIMBS; i++) {
      let sum = carry + (stepProduct[i] ?? 0);
      for (let j = 0; j <= i; j++) sum += (state[j] ?? 0) * (MULTIPLIER[i - j] ?? 0);
      carry = Math.floor(sum / 65536);
      stepProduct[i] = sum - carry * 65536;
    }
    state.set(stepProduct);
  }

  /** Steps, then XSL-RR: high half xor low half, rotated right by the top six bits. */
  #advance(): void {
    this.#step();
    const s = this.#state;
    const low = ((s[0] ?? 0) | ((s[1] ?? 0) << 16)) ^ ((s[4] ?? 0) | ((s[5] ?? 0) << 16));
    const high = ((s[2] ?? 0) | ((s[3] ?? 0) << 16)) ^ ((s[6] ?? 0) | ((s[7] ?? 0) << 16));
    const rotation = (s[7] ?? 0) >>> 10;
    const [a, b] = rotation < 32 ? [high, low] : [low, high];
    const shift = rotation & 31;
    // A shift by 32 is a shift by 0 in JavaScript, hence the two steps to the left.
    this.#high = ((a >>> shift) | ((b << 1) << (31 - shift))) >>> 0;
    this.#low = ((b >>> shift) | ((a << 1) << (31 - shift))) >>> 0;
  }
}

function limbs(words: readonly (number | undefined)[]): Uint16Array {
  return Uint16Array.from(words.flatMap((word = 0) => [word & 0xffff, word >>> 16]));
}
