import type { Pcg64 } from '../random/pcg64.ts';

/**
 * Fills `weight` ([rows][columns]) with `gain` times a (semi-)orthogonal matrix, uniformly distributed:
 * the Q of a Gaussian matrix whose R has a positive diagonal (Saxe, McClelland, Ganguli 2014, as
 * `torch.nn.init.orthogonal_`). The shorter side's vectors are orthonormal.
 */
export function orthogonal(
  weight: Float64Array,
  rows: number,
  columns: number,
  gain: number,
  random: Pcg64,
): void {
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
      weight[wide ? j * columns + i : i * columns + j] = gain * x;
    });
  });
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
