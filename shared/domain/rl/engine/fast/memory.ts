import { programOf } from '../../../webassembly.ts';
import { kernels } from './kernels.ts';

/** What `assembly/index.ts` exports. Addresses and strides are in bytes, counts in numbers. */
export interface Kernels {
  forward(network: number, input: number, inputStride: number, batch: number): void;
  backward(
    network: number,
    input: number,
    inputStride: number,
    batch: number,
    byParameters: boolean,
    byInput: boolean,
  ): void;
  adam(
    parameters: number,
    gradients: number,
    m: number,
    v: number,
    count: number,
    counters: number,
    learningRate: number,
    epsilon: number,
    maxNorm: number,
  ): number;
  blend(target: number, source: number, count: number, tau: number): void;
  tanhRows(values: number, stride: number, rows: number, columns: number): void;
  /** Where the host's part of the memory begins. */
  readonly heapBase: { readonly value: number };
}

/** A piece of memory, all zero at first. */
export interface Piece {
  readonly address: number;
  readonly data: Float32Array;
}

/** Numbers in a line of the processor's cache. */
export const LINE = 16;
const ALIGNMENT = 4 * LINE;

const instantiate = programOf(kernels, 'The fast engine');

/** Room for 1,000 networks of 64 x 64 and their batches; what is not used takes no memory of the machine. */
const DEFAULT_MEGABYTES = 256;

/**
 * The memory of one engine and the kernels that work in it. Its size is fixed, because growing would detach the
 * arrays that were handed out; pieces live as long as the engine.
 */
export class Memory {
  readonly kernels: Kernels;
  readonly #buffer: ArrayBuffer;
  #used: number;
  /** The last bytes: room for a call's working copies, the same for all networks. */
  #scratch = 0;

  /** @throws Error where WebAssembly or its SIMD is missing */
  constructor(megabytes = DEFAULT_MEGABYTES) {
    const { buffer, exports } = instantiate(megabytes * 1_048_576);
    // The one place where WebAssembly's untyped exports get their types.
    this.kernels = exports as Kernels;
    this.#used = roundUp(this.kernels.heapBase.value, ALIGNMENT);
    this.#buffer = buffer;
  }

  /** @throws RangeError if the engine's memory is used up */
  floats(length: number): Piece {
    const address = this.#take(4 * length);
    return { address, data: new Float32Array(this.#buffer, address, length) };
  }

  words(values: readonly number[]): number {
    const address = this.#take(4 * values.length);
    new Uint32Array(this.#buffer, address, values.length).set(values);
    return address;
  }

  doubles(values: readonly number[]): { readonly address: number; readonly data: Float64Array } {
    const address = this.#take(8 * values.length);
    const data = new Float64Array(this.#buffer, address, values.length);
    data.set(values);
    return { address, data };
  }

  /** The address of at least so many bytes that every call may overwrite. */
  scratch(bytes: number): number {
    const rounded = roundUp(bytes, ALIGNMENT);
    if (rounded > this.#scratch) {
      this.#demand(rounded - this.#scratch);
      this.#scratch = rounded;
    }
    return this.#buffer.byteLength - rounded;
  }

  #take(bytes: number): number {
    const rounded = roundUp(bytes, ALIGNMENT);
    this.#demand(rounded);
    const address = this.#used;
    this.#used += rounded;
    return address;
  }

  #demand(bytes: number): void {
    const left = this.#buffer.byteLength - this.#used - this.#scratch;
    if (bytes <= left) return;
    const megabytes = this.#buffer.byteLength / 1_048_576;
    throw new RangeError(`networks, batches and matrices need more than the engine's ${megabytes} MiB`);
  }
}

export const roundUp = (n: number, multiple: number): number => Math.ceil(n / multiple) * multiple;

/**
 * Numbers from one row to the next. Rows are padded to vectors of four, and those of a multiple of a cache line by
 * one line more from `wide` on: with strides of a power of two a column would lie in very few sets of the cache.
 */
export function strideOf(columns: number, wide: number): number {
  const padded = roundUp(columns, 4);
  return padded >= wide && padded % LINE === 0 ? padded + LINE : padded;
}
