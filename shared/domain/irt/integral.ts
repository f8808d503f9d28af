/** Gauss and Legendre's nodes and weights for eight points on [−1, 1]; the other four mirror them. */
const LEGENDRE: readonly (readonly [number, number])[] = [
  [0.1834346424956498, 0.362683783378362],
  [0.525532409916329, 0.31370664587788727],
  [0.7966664774136267, 0.22238103445337448],
  [0.9602898564975363, 0.10122853629037626],
];

/** ∫ f(θ) dθ from `from` to `to`, which may be the lower, by Gauss and Legendre's rule on `pieces` equal pieces. */
export function integralOf(f: (theta: number) => number, from: number, to: number, pieces: number): number {
  const half = (to - from) / (2 * pieces);
  let sum = 0;
  for (let piece = 0; piece < pieces; piece++) {
    const centre = from + (2 * piece + 1) * half;
    for (const [node, weight] of LEGENDRE)
      sum += weight * (f(centre - node * half) + f(centre + node * half));
  }
  return pieces === 0 ? 0 : sum * half;
}
