import {
  type Bank,
  type Calibration,
  categoryProbabilities,
  createBank,
  type ItemParameters,
  normalOf,
  type Responses,
  responsesOf,
  uniformOf,
} from '#shared/domain/irt/index.ts';

/** ln ∫ Π P(x | θ) φ(θ; mean, sd) dθ summed over persons, term by term from the models on a grid of its own. */
export function directLogLikelihood(
  bank: Bank,
  { rows, items, data, counts }: Responses,
  mean = 0,
  sd = 1,
): number {
  const nodes = 81;
  const likelihoods = new Float64Array(rows);
  let mass = 0;
  for (let q = 0; q < nodes; q++) {
    const u = -8 + (16 * q) / (nodes - 1);
    const weight = Math.exp(-0.5 * u * u);
    mass += weight;
    const probabilities = Array.from({ length: items }, (_, i) =>
      categoryProbabilities(bank, i, mean + sd * u),
    );
    for (let r = 0; r < rows; r++) {
      let product = weight;
      for (let i = 0; i < items; i++) {
        const k = data[r * items + i] ?? -1;
        if (k >= 0) product *= probabilities[i]?.[k] ?? Number.NaN;
      }
      likelihoods[r] = (likelihoods[r] ?? 0) + product;
    }
  }
  return likelihoods.reduce((sum, likelihood, r) => sum + (counts[r] ?? 0) * Math.log(likelihood / mass), 0);
}

/** The items' parameters as one vector, and back. */
export function flatten(items: readonly ItemParameters[]): number[] {
  return items.flatMap((item) => {
    if ('thresholds' in item) return [item.a ?? 1, ...item.thresholds];
    return 'c' in item ? [item.a, item.b, item.c] : [item.a ?? 1, item.b];
  });
}

export function unflatten(items: readonly ItemParameters[], values: readonly number[]): ItemParameters[] {
  let next = 0;
  const take = (): number => values[next++] ?? Number.NaN;
  return items.map((item) => {
    const a = take();
    if ('thresholds' in item) return { ...item, a, thresholds: item.thresholds.map(take) };
    const b = take();
    return 'c' in item ? { ...item, a, b, c: take() } : { ...item, a, b };
  });
}

/** Central differences of f by each coordinate. */
export function slopes(f: (x: readonly number[]) => number, at: readonly number[], step = 1e-4): number[] {
  return at.map((_, i) => {
    const moved = (by: number): number => f(at.map((value, j) => (j === i ? value + by : value)));
    return (moved(step) - moved(-step)) / (2 * step);
  });
}

/** Second central differences of f. */
export function bends(f: (x: readonly number[]) => number, at: readonly number[], step = 2e-3): number[][] {
  const moved = (i: number, byI: number, j: number, byJ: number): number =>
    f(at.map((value, k) => value + (k === i ? byI : 0) + (k === j ? byJ : 0)));
  const lower = at.map((_, i) =>
    Array.from({ length: i + 1 }, (__, j) => {
      const [same, opposite] = [moved(i, step, j, step), moved(i, step, j, -step)];
      const [otherOpposite, otherSame] = [moved(i, -step, j, step), moved(i, -step, j, -step)];
      return (same - opposite - otherOpposite + otherSame) / (4 * step * step);
    }),
  );
  return at.map((_, i) => at.map((__, j) => lower[Math.max(i, j)]?.[Math.min(i, j)] ?? Number.NaN));
}

/** Inverse of a small matrix by Gauss and Jordan. */
export function inverse(matrix: readonly (readonly number[])[]): number[][] {
  const n = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
  for (let i = 0; i < n; i++) {
    const pivot = rows[i]?.[i] ?? 1;
    const scaled = (rows[i] ?? []).map((value) => value / pivot);
    for (let r = 0; r < n; r++) {
      const factor = rows[r]?.[i] ?? 0;
      if (r !== i) rows[r] = (rows[r] ?? []).map((value, k) => value - factor * (scaled[k] ?? 0));
    }
    rows[i] = scaled;
  }
  return rows.map((row) => row.slice(n));
}

/** Answers of persons with θ ~ N(mean, sd²) to a bank; `asks` says who is asked what. */
export function simulatedResponses(
  items: readonly ItemParameters[],
  persons: number,
  {
    seed = 1,
    mean = 0,
    sd = 1,
    D = 1,
    asks = () => true,
    thetaOf = (person: number) => mean + sd * normalOf(seed, person),
  }: {
    seed?: number;
    mean?: number;
    sd?: number;
    D?: number;
    asks?: (person: number, item: number) => boolean;
    thetaOf?: (person: number) => number;
  } = {},
): Responses {
  const bank = createBank(items, { D });
  return responsesOf(
    Array.from({ length: persons }, (_, person) =>
      items.map((__, item) => {
        if (!asks(person, item)) return null;
        let left = uniformOf(seed + 1, person, item);
        const probabilities = categoryProbabilities(bank, item, thetaOf(person));
        const category = probabilities.findIndex((p) => {
          left -= p;
          return left < 0;
        });
        return category < 0 ? probabilities.length - 1 : category;
      }),
    ),
  );
}

export const parametersIn = ({ items }: Pick<Calibration, 'items'>): ItemParameters[] =>
  items.map(({ parameters }) => parameters);
