import { at, type Bank } from '../bank.ts';
import { type Responses, UNANSWERED } from '../calibrate/responses.ts';
import { chiSquareUpper } from './distributions.ts';
import { checkResponses, type ItemFit, parameterCount } from './s-x2.ts';
import { type ThetaDistribution, weightedTable } from './score-distribution.ts';

export interface PredictiveFitOptions extends ThetaDistribution {
  /** Items to test; all by default. */
  readonly items?: readonly number[];
  /** Groups of persons, at most 10 by default; fewer where that would leave a group fewer than 20. */
  readonly groups?: number;
  /** Estimated parameters of each item; by default all of its model. */
  readonly parameters?: ArrayLike<number>;
}

/** A person's score on an item against what their other answers foretell. */
interface Prediction {
  readonly expected: number;
  readonly variance: number;
  readonly score: number;
  readonly count: number;
}

const SMALLEST_GROUP = 20;

/**
 * Item fit where everybody answered other items, as in adaptive tests, for which S-X² does not exist. What a person
 * scores on an item is foretold by their other answers, p_k = ∫ P_ik(θ) L(others | θ) dF/∫ L(others | θ) dF, which
 * holds exactly for the true parameters; persons are put into groups of equal size by the foretold score (Hosmer &
 * Lemeshow 1980), and χ² = Σ_groups (Σ x − Σ E x)²/Σ Var x with (groups − parameters) degrees of freedom.
 *
 * @returns one entry for each of the items
 * @throws RangeError for responses that do not belong to the bank
 */
export function itemFitPredictive(
  bank: Bank,
  responses: Responses,
  options: PredictiveFitOptions = {},
): ItemFit[] {
  checkResponses(bank, responses);
  const { items = Array.from({ length: bank.size }, (_, i) => i), groups = 10 } = options;
  const predictions = predictionsOf(bank, responses, items, options);
  return items.map((item, i) => {
    const parameters =
      options.parameters === undefined ? parameterCount(bank, item) : at(options.parameters, item);
    return testOf(item, predictions[i] ?? [], groups, parameters);
  });
}

function predictionsOf(
  bank: Bank,
  { rows, items: size, data, counts }: Responses,
  items: readonly number[],
  distribution: ThetaDistribution,
): Prediction[][] {
  const { table, weights } = weightedTable(bank, distribution);
  const nodes = weights.length;
  const logWeights = weights.map(Math.log);
  const whole = new Float64Array(nodes);
  const predictions: Prediction[][] = items.map(() => []);
  for (let r = 0; r < rows; r++) {
    const answers = data.subarray(r * size, (r + 1) * size);
    whole.set(logWeights);
    answers.forEach((category, item) => {
      if (category === UNANSWERED) return;
      const row = ((bank.rows[item] ?? 0) + category) * nodes;
      for (let q = 0; q < nodes; q++)
        whole[q] = (whole[q] ?? 0) + (table.logProbability.values[row + q] ?? 0);
    });
    items.forEach((item, i) => {
      const category = at(answers, item);
      if (category === UNANSWERED) return;
      const row = (at(bank.rows, item) + category) * nodes;
      const others = whole.map((log, q) => log - (table.logProbability.values[row + q] ?? 0));
      const shares = sharesOf(bank, item, others, table.probability.values);
      const expected = shares.reduce((sum, share, k) => sum + k * share, 0);
      const square = shares.reduce((sum, share, k) => sum + k * k * share, 0);
      const variance = square - expected * expected;
      predictions[i]?.push({ expected, variance, score: category, count: at(counts, r) });
    });
  }
  return predictions;
}

/** p_k of an item, from ln (weight × likelihood of the other answers) at the nodes. */
function sharesOf(bank: Bank, item: number, others: Float64Array, probability: Float64Array): Float64Array {
  const highest = others.reduce((most, log) => Math.max(most, log), Number.NEGATIVE_INFINITY);
  const posterior = others.map((log) => Math.exp(log - highest));
  const total = posterior.reduce((sum, mass) => sum + mass, 0);
  const shares = new Float64Array(at(bank.categories, item));
  shares.forEach((_, k) => {
    const row = (at(bank.rows, item) + k) * others.length;
    shares[k] = posterior.reduce((sum, mass, q) => sum + mass * (probability[row + q] ?? 0), 0) / total;
  });
  return shares;
}

function testOf(item: number, predictions: readonly Prediction[], most: number, parameters: number): ItemFit {
  const persons = predictions.reduce((sum, { count }) => sum + count, 0);
  const groups = Math.max(1, Math.min(most, Math.floor(persons / SMALLEST_GROUP)));
  const residual = new Float64Array(groups);
  const variance = new Float64Array(groups);
  let before = 0;
  for (const { expected, variance: v, score, count } of predictions.toSorted(
    (a, b) => a.expected - b.expected,
  )) {
    const group = Math.min(groups - 1, Math.floor((groups * (before + count / 2)) / persons));
    residual[group] = at(residual, group) + count * (score - expected);
    variance[group] = at(variance, group) + count * v;
    before += count;
  }
  let statistic = 0;
  let filled = 0;
  residual.forEach((sum, group) => {
    if (!(at(variance, group) > 0)) return;
    statistic += sum ** 2 / at(variance, group);
    filled++;
  });
  const df = filled - parameters;
  return { item, statistic, df, p: df > 0 ? chiSquareUpper(statistic, df) : Number.NaN };
}
