import { LINE, roundUp, strideOf } from './memory.ts';

/** Narrower weights fit the cache as they are, and the optimiser passes over what pads them. */
const WIDE = 128;

/** Where a tensor lies: PyTorch's element (o, i) at `offset + o * outputStep + i * inputStep`; a vector's i is 0. */
export interface Shelf {
  readonly name: string;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly outputStep: number;
  readonly inputStep: number;
  /** Numbers it takes, with padding. */
  readonly length: number;
}

/** @param narrow whether the rows are those of PyTorch, [outputs][inputs], and not its columns */
export function weightShelf(
  name: string,
  offset: number,
  outputs: number,
  inputs: number,
  narrow: boolean,
): Shelf {
  const stride = strideOf(narrow ? inputs : outputs, WIDE);
  const [outputStep, inputStep] = narrow ? [stride, 1] : [1, stride];
  const length = roundUp(stride * (narrow ? outputs : roundUp(inputs, 4)), LINE);
  return { name, shape: [outputs, inputs], offset, inputs, outputs, outputStep, inputStep, length };
}

export function vectorShelf(name: string, offset: number, outputs: number): Shelf {
  const length = roundUp(outputs, LINE);
  return { name, shape: [outputs], offset, inputs: 1, outputs, outputStep: 1, inputStep: 0, length };
}

const sizeOf = (shelves: readonly Shelf[]): number =>
  shelves.reduce((sum, { inputs, outputs }) => sum + inputs * outputs, 0);

/** Copies tensors out, one after the other, each row by row. */
export function read(shelves: readonly Shelf[], data: Float32Array): Float64Array {
  const values = new Float64Array(sizeOf(shelves));
  eachElement(shelves, (at, n) => {
    values[n] = data[at] ?? 0;
  });
  return values;
}

/** Copies tensors in. */
export function write(shelves: readonly Shelf[], data: Float32Array, values: ArrayLike<number>): void {
  const size = sizeOf(shelves);
  if (values.length !== size) throw new RangeError(`expected ${size} numbers, not ${values.length}`);
  eachElement(shelves, (at, n) => {
    data[at] = values[n] ?? 0;
  });
}

function eachElement(shelves: readonly Shelf[], visit: (at: number, n: number) => void): void {
  let n = 0;
  for (const { offset, inputs, outputs, outputStep, inputStep } of shelves) {
    for (let o = 0; o < outputs; o++) {
      for (let i = 0; i < inputs; i++, n++) visit(offset + o * outputStep + i * inputStep, n);
    }
  }
}
