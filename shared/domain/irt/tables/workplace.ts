import { MOST_BYTES, programOf } from '../../webassembly.ts';
import { kernels } from './kernels.ts';

/** What `assembly/index.ts` exports; formulas and shapes stand there. Addresses are in bytes. */
interface Kernels {
  find(items: number, count: number, first: number, skipped: number, width: number, wanted: number): number;
  dot(table: number, wanted: number, fours: number, masses: number, nodes: number, sums: number): void;
  dotThrice(table: number, wanted: number, twos: number, masses: number, nodes: number, sums: number): void;
  multiply(table: number, wanted: number, count: number, width: number, values: number): void;
  addRows(table: number, cells: number, count: number, nodes: number, sum: number): void;
  addToRows(values: number, table: number, cells: number, count: number, nodes: number): void;
  addPosterior(
    cells: number,
    linear: number,
    tabled: number,
    persons: number,
    lines: number,
    table: number,
    counts: number,
    arrays: number,
    nodes: number,
    range: number,
  ): number;
  addPairs(
    cells: number,
    from: number,
    persons: number,
    rows: number,
    size: number,
    pairs: number,
    having: number,
  ): void;
  addScores(
    cells: number,
    count: number,
    start: number,
    parameters: number,
    score: number,
    nodes: number,
    posterior: number,
    lower: number,
    upper: number,
    mean: number,
  ): void;
  addSquare(vector: number, count: number, width: number, weight: number, matrix: number): void;
  information(parameters: number, items: number, twos: number, theta: number, to: number): void;
  shares(parameters: number, items: number, twos: number, theta: number, to: number): void;
  divergences(shares: number, sums: number, count: number, mass: number, to: number): void;
  variances(
    shares: number,
    sums: number,
    count: number,
    mass: number,
    first: number,
    second: number,
    limit: number,
    to: number,
  ): number;
  readonly powers: { readonly value: number };
  readonly logarithms: { readonly value: number };
  readonly heapBase: { readonly value: number };
}

const instantiate = programOf(kernels, 'The engine of adaptive tests');

/** Bytes that the program itself and the gaps between a caller's arrays fit in. */
const OWN = 8192;

/** Kernels and the memory that they work in: room for arrays of one size for good, freed with the workplace. */
export class Workplace {
  readonly kernels: Kernels;
  readonly #buffer: ArrayBuffer;
  #used: number;

  /**
   * @param bytes of all arrays together
   * @param excess what the error says of more than 4 GiB
   * @throws RangeError for more than 4 GiB, Error where WebAssembly or its SIMD is missing
   */
  constructor(bytes: number, excess = 'the curves of a bank need more than 4 GiB: take fewer nodes') {
    if (OWN + bytes > MOST_BYTES) throw new RangeError(excess);
    const { buffer, exports } = instantiate(OWN + bytes);
    // The one place where WebAssembly's untyped exports get their types.
    this.kernels = exports as Kernels;
    this.#buffer = buffer;
    this.#used = this.kernels.heapBase.value;
  }

  doubles(length: number): Float64Array {
    return new Float64Array(this.#buffer, this.#take(8 * length), length);
  }

  words(length: number): Uint32Array {
    return new Uint32Array(this.#buffer, this.#take(4 * length), length);
  }

  /** Fills a table of the program's own. */
  fill(address: number, values: Float64Array): void {
    new Float64Array(this.#buffer, address, values.length).set(values);
  }

  /** The address of so many bytes; arrays begin at lines of the processor's cache. */
  #take(bytes: number): number {
    const start = 64 * Math.ceil(this.#used / 64);
    this.#used = start + bytes;
    return start;
  }
}
