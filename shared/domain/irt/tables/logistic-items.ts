import { at, type Bank } from '../bank.ts';
import { Workplace } from './workplace.ts';

/** 2^(STEPS x) is e^x to the power of 64. */
const STEPS = 64 / Math.LN2;

/** What `assembly/transcendental.ts` looks up: 2^(j/64), and 1/m and ln m for the middle m of each 128th from 1 to 2. */
export const powers = Float64Array.from({ length: 64 }, (_, j) => 2 ** (j / 64));
export const logarithms = Float64Array.from({ length: 256 }, (_, k) => {
  const middle = 1 + ((k >> 1) + 0.5) / 128;
  return k % 2 === 0 ? 1 / middle : Math.log(middle);
});

/**
 * The items of a bank of 1PL to 4PL, evaluated many at one θ by kernels. What is returned is longer than its meaning, and
 * overwritten by the next call.
 */
class LogisticItems {
  readonly #place: Workplace;
  readonly #parameters: Float64Array;
  readonly #items: Uint32Array;
  readonly #values: Float64Array;
  readonly #shares: Float64Array;
  readonly #sums: Float64Array;

  /** @throws Error where WebAssembly or its SIMD is missing */
  constructor({ size, slope, b, c, d }: Bank) {
    // kernels take two items at a time
    const most = size + 1;
    this.#place = new Workplace(8 * (4 * size + 6 * most) + 4 * most);
    this.#place.fill(this.#place.kernels.powers.value, powers);
    this.#place.fill(this.#place.kernels.logarithms.value, logarithms);
    this.#parameters = this.#place.doubles(4 * size);
    for (let item = 0; item < size; item++)
      this.#parameters.set([STEPS * at(slope, item), at(b, item), at(c, item), at(d, item)], 4 * item);
    this.#items = this.#place.words(most);
    this.#values = this.#place.doubles(most);
    this.#shares = this.#place.doubles(2 * most);
    this.#sums = this.#place.doubles(3 * most);
  }

  /** I(θ) of each of `items`, at most as many as the bank has. */
  information(items: Int32Array, theta: number): Float64Array {
    this.#run('information', items, theta, this.#values);
    return this.#values;
  }

  /** P(θ) of wrong and right of each, two numbers an item. */
  shares(items: Int32Array, theta: number): Float64Array {
    this.#run('shares', items, theta, this.#shares);
    return this.#shares;
  }

  /**
   * Σ_k P_k(θ) (mass ln P_k(θ) − D_k) of each.
   * @param sums D of wrong and right of each, two numbers an item
   */
  divergences(items: Int32Array, theta: number, sums: Float64Array, mass: number): Float64Array {
    const shares = this.shares(items, theta).byteOffset;
    this.#sums.set(sums.subarray(0, 2 * items.length));
    const { kernels } = this.#place;
    kernels.divergences(shares, this.#sums.byteOffset, items.length, mass, this.#values.byteOffset);
    return this.#values;
  }

  /**
   * Σ_k P_k(θ) Var_k of each, with the variance Var_k of what has the moments of category k.
   * @param sums mass, first and second moment of right of each, three numbers an item
   * @param wholes the same of both categories together
   * @param least the mass of wrong above which its moments may be found by subtraction
   * @returns `sound`: every mass of wrong is above `least`, and every one of right above 0
   */
  variances(
    items: Int32Array,
    theta: number,
    sums: Float64Array,
    wholes: readonly [mass: number, first: number, second: number],
    least: number,
  ): { readonly values: Float64Array; readonly sound: boolean } {
    const shares = this.shares(items, theta).byteOffset;
    this.#sums.set(sums.subarray(0, 3 * items.length));
    const { kernels } = this.#place;
    const { byteOffset: from } = this.#sums;
    const { byteOffset: to } = this.#values;
    const spare = kernels.variances(shares, from, items.length, ...wholes, least, to);
    return { values: this.#values, sound: spare > 0 };
  }

  #run(kernel: 'information' | 'shares', items: Int32Array, theta: number, to: Float64Array): void {
    this.#items.set(items);
    // a last one without a partner gets item 0
    if (items.length % 2 === 1) this.#items[items.length] = 0;
    const twos = Math.ceil(items.length / 2);
    const { byteOffset: parameters } = this.#parameters;
    this.#place.kernels[kernel](parameters, this.#items.byteOffset, twos, theta, to.byteOffset);
  }
}

const known = new WeakMap<Bank, LogisticItems>();

/** Those of a bank of 1PL to 4PL, made once for it. */
export function logisticItemsOf(bank: Bank): LogisticItems {
  const before = known.get(bank);
  if (before !== undefined) return before;
  const items = new LogisticItems(bank);
  known.set(bank, items);
  return items;
}
