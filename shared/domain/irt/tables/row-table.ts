import { Workplace } from './workplace.ts';

/** Masses at the nodes, and masses times θ and θ² there. */
export interface Moments {
  readonly mass: Float64Array;
  readonly first: Float64Array;
  readonly second: Float64Array;
}

/**
 * A number at each node for every row of every item, and sums over the nodes by kernels, about four times as fast as in a
 * loop.
 */
export class RowTable {
  /** Row k of item i at node q: [(first[i] + k) nodes + q]. */
  readonly values: Float64Array;
  readonly #first: Uint32Array;
  readonly #items: Uint32Array;
  readonly #nodes: number;
  readonly #place: Workplace;
  readonly #wanted: Uint32Array;
  readonly #masses: Float64Array;
  readonly #sums: Float64Array;
  readonly #product: Float64Array;

  /**
   * @param first where each item's rows begin, and where the last one's end [items + 1]
   * @throws RangeError for a table of more than 4 GiB, Error where WebAssembly or its SIMD is missing
   */
  constructor(first: Int32Array, nodes: number) {
    const rows = first.at(-1) ?? 0;
    // kernels take up to four rows at a time
    const most = rows + 3;
    const place = new Workplace(
      8 * (rows * nodes + 4 * nodes + 1 + 3 * most) + 4 * (most + 2 * first.length),
    );
    this.values = place.doubles(rows * nodes);
    this.#first = place.words(first.length);
    this.#first.set(first);
    this.#items = place.words(first.length);
    this.#nodes = nodes;
    this.#place = place;
    this.#wanted = place.words(most);
    this.#masses = place.doubles(3 * nodes);
    this.#sums = place.doubles(3 * most);
    this.#product = place.doubles(nodes + 1).subarray(0, nodes);
  }

  /**
   * Σ_q masses[q] row[q] for the rows of `items`, from each one's row `from` on.
   * @returns one number a row, item after item; what follows them has no meaning, and the next call overwrites all
   */
  dot(items: Int32Array, from: 0 | 1, masses: Float64Array): Float64Array {
    const rows = this.#want(items, from);
    this.#masses.set(masses);
    this.#run('dot', Math.ceil(rows / 4));
    return this.#sums;
  }

  /** The same with three masses: Σ m row, Σ mθ row and Σ mθ² row, three numbers a row. */
  moments(items: Int32Array, from: 0 | 1, { mass, first, second }: Moments): Float64Array {
    const rows = this.#want(items, from);
    this.#masses.set(mass);
    this.#masses.set(first, this.#nodes);
    this.#masses.set(second, 2 * this.#nodes);
    this.#run('dotThrice', Math.ceil(rows / 2));
    return this.#sums;
  }

  /**
   * `values` [nodes] times row `rows[k]` of item `items[k]` for every k, up to a constant where that would underflow.
   * @returns a number at each node; the next call overwrites them
   */
  multiply(
    values: Float64Array,
    { items, rows }: { readonly items: ArrayLike<number>; readonly rows: ArrayLike<number> },
  ): Float64Array {
    const width = 8 * this.#nodes;
    for (let k = 0; k < items.length; k++)
      this.#wanted[k] = width * ((this.#first[items[k] ?? 0] ?? 0) + (rows[k] ?? 0));
    this.#product.set(values);
    const { byteOffset: table } = this.values;
    const { byteOffset: wanted } = this.#wanted;
    const even = 16 * Math.ceil(this.#nodes / 2);
    this.#place.kernels.multiply(table, wanted, items.length, even, this.#product.byteOffset);
    return this.#product;
  }

  #run(kernel: 'dot' | 'dotThrice', groups: number): void {
    const { byteOffset: table } = this.values;
    const { byteOffset: wanted } = this.#wanted;
    const { byteOffset: masses } = this.#masses;
    this.#place.kernels[kernel](table, wanted, groups, masses, this.#nodes, this.#sums.byteOffset);
  }

  /** Where the items' rows begin in the table, for the kernels; a last group is filled up with the table's first row. */
  #want(items: Int32Array, from: 0 | 1): number {
    this.#items.set(items);
    const { byteOffset: first } = this.#first;
    const { byteOffset: wanted } = this.#wanted;
    const width = 8 * this.#nodes;
    const { kernels } = this.#place;
    const rows = kernels.find(this.#items.byteOffset, items.length, first, from, width, wanted);
    this.#wanted.fill(0, rows, rows + 3);
    return rows;
  }
}
