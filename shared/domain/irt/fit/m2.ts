import { at, type Bank } from '../bank.ts';
import { choleskyInPlace, solveWithCholesky } from '../calibrate/linear-algebra.ts';
import { type Responses, UNANSWERED } from '../calibrate/responses.ts';
import { createCurves, evaluate } from '../models/curves.ts';
import { chiSquareUpper } from './distributions.ts';
import { checkResponses } from './s-x2.ts';
import { type ThetaDistribution, weightedTable } from './score-distribution.ts';

/** How well a whole test fits. */
export interface ModelFit {
  /** χ² of the shares of right answers to items and pairs of items. */
  readonly M2: number;
  readonly df: number;
  readonly p: number;
  /** √((M2/df − 1)/(N − 1)): below .05 close, below .08 fair. */
  readonly rmsea: number;
  /** √ of the mean squared difference of observed and expected correlations of items: below .05 good. */
  readonly srmsr: number;
  /** Against a model without θ: above .95 good. */
  readonly tli: number;
  readonly cfi: number;
  readonly persons: number;
}

/** Probabilities of right answers, and their derivatives, at weighted nodes. */
interface Model {
  readonly weights: Float64Array;
  /** [items][nodes]. */
  readonly probability: readonly Float64Array[];
  /** Of each parameter, the derivatives of the items that depend on it: [nodes]. */
  readonly parameters: readonly ReadonlyMap<number, Float64Array>[];
}

/** An item, or two different ones. */
type Margin = readonly number[];

/**
 * M2 (Maydeu-Olivares & Joe 2006): with e the differences between observed and expected shares of right answers to
 * single items and to pairs, Ξ their covariance and Δ the expected shares' derivatives by the parameters,
 * M2 = N eᵀ [Ξ⁻¹ − Ξ⁻¹Δ(ΔᵀΞ⁻¹Δ)⁻¹ΔᵀΞ⁻¹] e, χ² with (margins − parameters) degrees of freedom.
 *
 * For dichotomous items. Only persons who answered every item count. Items of 1PL share one slope, which counts once.
 *
 * @throws TypeError for polytomous items; RangeError for responses that do not belong to the bank, nobody who answered
 * everything, or too few items for their parameters
 */
export function modelFitM2(bank: Bank, responses: Responses, distribution: ThetaDistribution = {}): ModelFit {
  checkResponses(bank, responses);
  if (!bank.dichotomous) throw new TypeError('M2 is for dichotomous items');
  const margins = marginsOf(bank.size);
  const { shares, persons } = observedShares(responses, margins);
  if (!(persons > 0)) throw new RangeError('nobody answered every item');
  const model = modelOf(bank, distribution);
  const df = margins.length - model.parameters.length;
  if (df <= 0)
    throw new RangeError(`${bank.size} items are too few for ${model.parameters.length} parameters`);
  const M2 = statisticOf(model, margins, shares, persons);
  const alone = independence(shares, bank.size);
  const nullDf = margins.length - bank.size;
  const nullM2 = statisticOf(alone, margins, shares, persons);
  return {
    M2,
    df,
    p: chiSquareUpper(M2, df),
    rmsea: Math.sqrt(Math.max(0, M2 / df - 1) / (persons - 1)),
    srmsr: rootMeanSquareResidual(model, margins, shares),
    tli: (nullM2 / nullDf - M2 / df) / (nullM2 / nullDf - 1),
    cfi: Math.min(1, 1 - (M2 - df) / (nullM2 - nullDf)),
    persons,
  };
}

function marginsOf(items: number): Margin[] {
  const margins: Margin[] = Array.from({ length: items }, (_, i) => [i]);
  for (let i = 1; i < items; i++) for (let j = 0; j < i; j++) margins.push([j, i]);
  return margins;
}

function observedShares(
  { rows, items, data, counts }: Responses,
  margins: readonly Margin[],
): { shares: Float64Array; persons: number } {
  const shares = new Float64Array(margins.length);
  let persons = 0;
  for (let r = 0; r < rows; r++) {
    const row = data.subarray(r * items, (r + 1) * items);
    if (row.includes(UNANSWERED)) continue;
    persons += at(counts, r);
    margins.forEach((margin, m) => {
      if (margin.every((item) => row[item] === 1)) shares[m] = at(shares, m) + at(counts, r);
    });
  }
  return { shares: shares.map((count) => count / persons), persons };
}

/** With P' = dP/dθ: ∂P/∂b = −P', ∂P/∂a = P'(θ − b)/a, ∂P/∂c = (d − P)/(d − c), ∂P/∂d = (P − c)/(d − c). */
function modelOf(bank: Bank, distribution: ThetaDistribution): Model {
  const { table, weights } = weightedTable(bank, distribution);
  const { nodes } = table.grid;
  const curves = createCurves();
  const probability: Float64Array[] = [];
  const parameters: Map<number, Float64Array>[] = [];
  const shared = new Map<number, Float64Array>();
  for (let item = 0; item < bank.size; item++) {
    const [P, slope] = [new Float64Array(nodes.length), new Float64Array(nodes.length)];
    nodes.forEach((theta, q) => {
      evaluate(bank, item, theta, curves);
      P[q] = at(curves.p, 1);
      slope[q] = at(curves.p, 1) * at(curves.u, 1);
    });
    const [a, b, c, d] = [at(bank.a, item), at(bank.b, item), at(bank.c, item), at(bank.d, item)];
    const model = bank.models[item];
    const byA = slope.map((s, q) => (s * (at(nodes, q) - b)) / a);
    probability.push(P);
    parameters.push(new Map([[item, slope.map((s) => -s)]]));
    if (model === '1PL') shared.set(item, byA);
    else parameters.push(new Map([[item, byA]]));
    if (model === '3PL' || model === '4PL')
      parameters.push(new Map([[item, P.map((p) => (d - p) / (d - c))]]));
    if (model === '4PL') parameters.push(new Map([[item, P.map((p) => (p - c) / (d - c))]]));
  }
  if (shared.size > 0) parameters.push(shared);
  return { weights, probability, parameters };
}

/** Every item has its own share of right answers, whoever answers. */
function independence(shares: Float64Array, items: number): Model {
  return {
    weights: Float64Array.of(1),
    probability: Array.from({ length: items }, (_, i) => Float64Array.of(at(shares, i))),
    parameters: Array.from({ length: items }, (_, i) => new Map([[i, Float64Array.of(1)]])),
  };
}

/** ∫ Π P over the items, of which one may be replaced by its derivative. */
function expectedShare(
  { weights, probability }: Model,
  items: readonly number[],
  replaced = -1,
  derivative?: Float64Array,
): number {
  let sum = 0;
  for (let q = 0; q < weights.length; q++) {
    let product = weights[q] ?? 0;
    for (const item of items)
      product *= (item === replaced ? derivative?.[q] : probability[item]?.[q]) ?? Number.NaN;
    sum += product;
  }
  return sum;
}

function statisticOf(
  model: Model,
  margins: readonly Margin[],
  shares: Float64Array,
  persons: number,
): number {
  const s = margins.length;
  const expected = Float64Array.from(margins, (margin) => expectedShare(model, margin));
  const covariance = new Float64Array(s * s);
  for (let m = 0; m < s; m++)
    for (let n = 0; n <= m; n++) {
      const both = [...new Set([...(margins[m] ?? []), ...(margins[n] ?? [])])];
      covariance[m * s + n] = expectedShare(model, both) - at(expected, m) * at(expected, n);
    }
  if (!choleskyInPlace(covariance, s)) throw new RangeError('the margins’ covariance is singular');
  const differences = expected.map((share, m) => at(shares, m) - share);
  const solved = differences.slice();
  solveWithCholesky(covariance, s, solved);
  const columns = model.parameters.map((derivatives) =>
    Float64Array.from(margins, (margin) => {
      let sum = 0;
      for (const item of margin)
        if (derivatives.has(item)) sum += expectedShare(model, margin, item, derivatives.get(item));
      return sum;
    }),
  );
  return persons * (dot(differences, solved) - explained(covariance, s, columns, solved));
}

/** (Δᵀ Ξ⁻¹ e)ᵀ (Δᵀ Ξ⁻¹ Δ)⁻¹ (Δᵀ Ξ⁻¹ e). */
function explained(
  factor: Float64Array,
  s: number,
  columns: readonly Float64Array[],
  solved: Float64Array,
): number {
  const q = columns.length;
  const projected = Float64Array.from(columns, (column) => dot(column, solved));
  const normal = new Float64Array(q * q);
  columns.forEach((column, j) => {
    const inverse = column.slice();
    solveWithCholesky(factor, s, inverse);
    columns.forEach((other, k) => {
      normal[k * q + j] = dot(other, inverse);
    });
  });
  if (!choleskyInPlace(normal, q)) throw new RangeError('the parameters are not identified by the margins');
  const weights = projected.slice();
  solveWithCholesky(normal, q, weights);
  return dot(projected, weights);
}

function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < one.length; i++) sum += (one[i] ?? 0) * (other[i] ?? 0);
  return sum;
}

function rootMeanSquareResidual(model: Model, margins: readonly Margin[], shares: Float64Array): number {
  const singles = Float64Array.from(model.probability, (_, i) => expectedShare(model, [i]));
  const correlation = (both: number, p: number, q: number): number =>
    (both - p * q) / Math.sqrt(p * (1 - p) * q * (1 - q));
  let sum = 0;
  let pairs = 0;
  margins.forEach((margin, m) => {
    const [i = -1, j = -1] = margin;
    if (j < 0) return;
    const seen = correlation(at(shares, m), at(shares, i), at(shares, j));
    const hoped = correlation(expectedShare(model, margin), at(singles, i), at(singles, j));
    sum += (seen - hoped) ** 2;
    pairs++;
  });
  return Math.sqrt(sum / pairs);
}
