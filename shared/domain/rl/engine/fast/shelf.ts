/** Where a tensor lies: PyTorch's element (o, i) at `offset + i * stride + o`, a vector's element o likewise with i 0. */
export interface Shelf {
  readonly name: string;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly stride: number;
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
  for (const { offset, inputs, outputs, stride } of shelves) {
    for (let o = 0; o < outputs; o++) {
      for (let i = 0; i < inputs; i++, n++) visit(offset + i * stride + o, n);
    }
  }
}
