import type { Tensor } from '../engine/engine.ts';
import type { Pcg64 } from '../random/pcg64.ts';

/**
 * Writes `gain` times a (semi-)orthogonal matrix into a weight [rows][columns], uniformly distributed:
 * the Q of a Gaussian matrix whose R has a positive diagonal (Saxe, McClelland, Ganguli 2014, as
 * `torch.nn.init.orthogonal_`). The shorter side's vectors are orthonormal.
 */
export function initialiseOrthogonal(weight: Tensor, gain: number, random: Pcg64): void {
  const [rows = 0, columns = 0] = weight.shape;
  weight.write(orthogonal(rows, columns, gain, random));
}

/** The values of such a matrix, row by row. */
export function orthogonal(rows: number, columns: number, gain: number, random: Pcg64): Float64Array {
  const values = new Float64Array(rows * columns);
  const count = Math.min(rows, columns);
  const length = Math.max(rows, columns);
  const basis: Float64Array[] = [];
  while (basis.length < count) {
    const vector = Float64Array.from({ length }, () => random.normal());
    const norm = Math.sqrt(dot(vector, vector));
    // Twice is enough for orthogonality to rounding (Giraud, Langou, Rozložník 2005).
    removeProjections(vector, basis);
    removeProjections(vector, basis);
    const rest = Math.sqrt(dot(vector, vector));
    if (rest < 1e-10 * norm) continue;
    basis.push(vector.map((x) => x / rest));
  }
  const wide = columns > rows;
  basis.forEach((vector, j) => {
    vector.forEach((x, i) => {
      values[wide ? j * columns + i : i * columns + j] = gain * x;
    });
  });
  return values;
}

/**
 * PyTorch's default for affine layers: weights and biases uniform on ±1/√fan_in (`nn.Linear`'s
 * `reset_parameters`). `tensors` holds each layer's weight before its bias.
 */
export function initialiseUniform(tensors: readonly Tensor[], random: Pcg64): void {
  let bound = 0;
  for (const tensor of tensors) {
    const [rows = 0, columns] = tensor.shape;
    if (columns !== undefined) bound = 1 / Math.sqrt(columns);
    const length = rows * (columns ?? 1);
    tensor.write(Float64Array.from({ length }, () => random.uniform(-bound, bound)));
  }
}

function removeProjections(vector: Float64Array, basis: readonly Float64Array[]): void {
  for (const unit of basis) {
    const along = dot(vector, unit);
    for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] ?? 0) - along * (unit[i] ?? 0);
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
