import { createCurves, evaluate, informationOf } from '../models/curves.ts';
import type { Situation } from './situation.ts';

const curves = createCurves();
const after = createCurves();

/** Moments of the posterior after each possible response to one candidate: mass, Σ mθ, Σ mθ² by category. */
interface Moments {
  readonly mass: Float64Array;
  readonly first: Float64Array;
  readonly second: Float64Array;
}

/** Fills `moments` for one item; returns nothing, so that a loop over a bank makes no garbage. */
type Fill = (item: number, categories: number, moments: Moments) => void;

/**
 * Sums over the nodes for the categories above 0; those of category 0 are what remains of the posterior, unless that is
 * too little to be left by subtraction.
 */
function momentsAfter({ bank, table, posteriorMasses }: Situation): Fill {
  const { probability, grid } = table;
  const count = posteriorMasses.length;
  const linear = posteriorMasses.map((mass, q) => mass * (grid.nodes[q] ?? 0));
  const square = linear.map((value, q) => value * (grid.nodes[q] ?? 0));
  const [m0, m1, m2] = [posteriorMasses, linear, square].map((values) =>
    values.reduce((sum, value) => sum + value, 0),
  );
  const sumRow = (row: number, k: number, { mass, first, second }: Moments): void => {
    const start = row * count;
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    for (let q = 0; q < count; q++) {
      const p = probability[start + q] ?? 0;
      s0 += p * (posteriorMasses[q] ?? 0);
      s1 += p * (linear[q] ?? 0);
      s2 += p * (square[q] ?? 0);
    }
    mass[k] = s0;
    first[k] = s1;
    second[k] = s2;
  };
  return (item, categories, moments) => {
    const row = bank.rows[item] ?? 0;
    let [r0, r1, r2] = [m0 ?? 0, m1 ?? 0, m2 ?? 0];
    for (let k = 1; k < categories; k++) {
      sumRow(row + k, k, moments);
      r0 -= moments.mass[k] ?? 0;
      r1 -= moments.first[k] ?? 0;
      r2 -= moments.second[k] ?? 0;
    }
    if (r0 < 1e-4 * (m0 ?? 0)) {
      sumRow(row, 0, moments);
      return;
    }
    moments.mass[0] = r0;
    moments.first[0] = r1;
    moments.second[0] = r2;
  };
}

function createMoments(): Moments {
  const room = () => new Float64Array(curves.p.length);
  return { mass: room(), first: room(), second: room() };
}

/**
 * Minimum expected posterior variance: Σ_k P_k(θ̂) Var(θ | answers, response k) with the EAP's variances (van der Linden
 * 1998; catR's MEPV). The smallest wins.
 */
export function expectedPosteriorVariance(situation: Situation): Float64Array {
  const { bank, candidates, theta } = situation;
  const fill = momentsAfter(situation);
  const moments = createMoments();
  const { mass, first, second } = moments;
  const values = new Float64Array(candidates.length);
  for (let j = 0; j < values.length; j++) {
    const item = candidates[j] ?? 0;
    evaluate(bank, item, theta, curves);
    fill(item, curves.categories, moments);
    let sum = 0;
    for (let k = 0; k < curves.categories; k++) {
      const m = mass[k] ?? 0;
      if (m === 0) continue;
      const mean = (first[k] ?? 0) / m;
      sum += (curves.p[k] ?? 0) * ((second[k] ?? 0) / m - mean * mean);
    }
    values[j] = sum;
  }
  return values;
}

/**
 * Maximum expected information: Σ_k P_k(θ̂) I_j(θ̂_k), where θ̂_k is the EAP after response k (van der Linden 1998); with
 * `observed` −d² ln P_k/dθ² instead of the expected information. The largest wins.
 */
export function expectedInformation(situation: Situation, observed: boolean): Float64Array {
  const { bank, candidates, theta } = situation;
  const fill = momentsAfter(situation);
  const moments = createMoments();
  const { mass, first } = moments;
  const values = new Float64Array(candidates.length);
  for (let j = 0; j < values.length; j++) {
    const item = candidates[j] ?? 0;
    evaluate(bank, item, theta, curves);
    fill(item, curves.categories, moments);
    let sum = 0;
    for (let k = 0; k < curves.categories; k++) {
      const m = mass[k] ?? 0;
      if (m === 0) continue;
      evaluate(bank, item, (first[k] ?? 0) / m, after);
      sum += (curves.p[k] ?? 0) * (observed ? (after.w[k] ?? 0) : informationOf(after));
    }
    values[j] = sum;
  }
  return values;
}
