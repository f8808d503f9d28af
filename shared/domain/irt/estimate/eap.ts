import { type Answers, at, type Bank, checkAnswers } from '../bank.ts';
import { type ItemTable, normalDensity, tabulate } from './grid.ts';
import { type Estimate, type EstimateOptions, resolvePrior } from './options.ts';

/**
 * Expected a posteriori: the mean of the posterior L(θ) φ(θ), and its standard deviation as SE, by the trapezoid rule
 * on equally spaced nodes (Bock & Mislevy 1982).
 *
 * @param answers items and their responses; none gives the prior
 * @param options `prior` N(0, 1) and `quadrature` 41 nodes on [−5, 5] by default
 * @throws RangeError for answers that are not the bank's, a prior or a quadrature out of range
 */
export function estimateEap(bank: Bank, answers: Answers, options: EstimateOptions = {}): Estimate {
  checkAnswers(bank, answers);
  return createEap(bank, options)(answers);
}

/** The EAP with table and prior prepared, for answers that are checked. @throws RangeError as `estimateEap` */
export function createEap(bank: Bank, options: EstimateOptions = {}): (answers: Answers) => Estimate {
  const table = tabulate(bank, options.quadrature);
  const prior = priorMasses(table, options);
  return (answers) => {
    const posterior = timesLikelihood(table, answers, prior);
    const estimate = momentsOf(table.grid.nodes, posterior);
    if (!Number.isNaN(estimate.theta)) return estimate;
    return momentsOf(table.grid.nodes, posteriorByLogarithms(table, answers, prior));
  };
}

/** The posterior where products underflow at every node: contradictory answers to items of extreme slopes. */
function posteriorByLogarithms(
  { bank, logProbability: { values } }: ItemTable,
  { items, responses }: Answers,
  prior: Float64Array,
): Float64Array {
  const logs = prior.map(Math.log);
  for (let k = 0; k < items.length; k++) {
    const start = (at(bank.rows, at(items, k)) + at(responses, k)) * logs.length;
    for (let q = 0; q < logs.length; q++) logs[q] = at(logs, q) + at(values, start + q);
  }
  const highest = logs.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  return logs.map((value) => Math.exp(value - highest));
}

/**
 * φ(θ) times the trapezoid rule's weights at the nodes.
 * @throws RangeError for a prior that lies outside the nodes, or between them
 */
function priorMasses({ grid }: ItemTable, options: EstimateOptions): Float64Array {
  const prior = resolvePrior(options.prior);
  const { nodes, weights } = grid;
  const lower = at(nodes, 0);
  const upper = at(nodes, nodes.length - 1);
  const step = at(nodes, 1) - lower;
  if (prior.mean < lower || prior.mean > upper)
    throw new RangeError(`the prior's mean ${prior.mean} is outside the quadrature's [${lower}, ${upper}]`);
  if (prior.sd < step / 2)
    throw new RangeError(`a prior with sd ${prior.sd} needs nodes closer than ${step} to each other`);
  return normalDensity(nodes, prior).map((value, q) => value * at(weights, q));
}

/**
 * `values` [nodes] times the likelihood of the answers, up to a constant where that would underflow.
 * @returns an array that the next call for the same table overwrites
 */
export const timesLikelihood = (
  { probability }: ItemTable,
  { items, responses }: Answers,
  values: Float64Array,
): Float64Array => probability.multiply(values, { items, rows: responses });

/** Mean and standard deviation of masses on nodes. */
export function momentsOf(nodes: Float64Array, masses: Float64Array): Estimate {
  let mass = 0;
  let first = 0;
  for (let q = 0; q < masses.length; q++) {
    const m = masses[q] ?? 0;
    mass += m;
    first += m * (nodes[q] ?? 0);
  }
  const theta = first / mass;
  let second = 0;
  for (let q = 0; q < masses.length; q++) {
    const away = (nodes[q] ?? 0) - theta;
    second += (masses[q] ?? 0) * away * away;
  }
  return { theta, se: Math.sqrt(second / mass), at_bound: false };
}

/** One line of the table that turns sum scores into θ. */
export interface SumScoreLine {
  readonly score: number;
  readonly theta: number;
  readonly se: number;
  /** Share of examinees expected to reach the score under the prior. */
  readonly probability: number;
}

/**
 * The EAP of each sum score: the likelihood of a score is the sum over all patterns with it, by the recursion of Lord &
 * Wingersky (1984) (Thissen, Pommerich, Billeaud & Williams 1995; mirt's EAPsum).
 *
 * @param items the items of the test; the whole bank by default
 * @returns a line for each score from 0 to the sum of the highest categories
 * @throws RangeError as `estimateEap`
 */
export function sumScoreTable(
  bank: Bank,
  options: EstimateOptions = {},
  items: ArrayLike<number> = Array.from({ length: bank.size }, (_, i) => i),
): SumScoreLine[] {
  checkAnswers(bank, { items, responses: new Uint8Array(items.length) });
  const table = tabulate(bank, options.quadrature);
  const { nodes } = table.grid;
  const prior = priorMasses(table, options);
  const total = prior.reduce((sum, value) => sum + value, 0);
  return scoreLikelihoods(table, items).map((likelihood, score) => {
    const posterior = likelihood.map((value, q) => value * at(prior, q));
    const { theta, se } = momentsOf(nodes, posterior);
    return { score, theta, se, probability: posterior.reduce((sum, value) => sum + value, 0) / total };
  });
}

/** Likelihood of each sum score at each node [scores][nodes]. */
function scoreLikelihoods({ bank, grid, probability }: ItemTable, items: ArrayLike<number>): Float64Array[] {
  const count = grid.nodes.length;
  let likelihoods = [new Float64Array(count).fill(1)];
  for (let i = 0; i < items.length; i++) {
    const item = at(items, i);
    const categories = at(bank.categories, item);
    const grown = Array.from({ length: likelihoods.length + categories - 1 }, () => new Float64Array(count));
    likelihoods.forEach((likelihood, score) => {
      for (let k = 0; k < categories; k++) {
        const start = (at(bank.rows, item) + k) * count;
        const target = grown[score + k];
        if (target === undefined) continue;
        addProduct(likelihood, probability.values, start, target);
      }
    });
    likelihoods = grown;
  }
  return likelihoods;
}

function addProduct(
  likelihood: Float64Array,
  table: Float64Array,
  start: number,
  target: Float64Array,
): void {
  for (let q = 0; q < target.length; q++)
    target[q] = (target[q] ?? 0) + (likelihood[q] ?? 0) * (table[start + q] ?? 0);
}

/**
 * EAP from the sum score alone (Lord & Wingersky 1984): patterns with the same sum over the same items get the same θ.
 * Options, errors as `estimateEap`.
 */
export function estimateEapSum(bank: Bank, answers: Answers, options: EstimateOptions = {}): Estimate {
  checkAnswers(bank, answers);
  let score = 0;
  for (let k = 0; k < answers.responses.length; k++) score += at(answers.responses, k);
  const line = sumScoreTable(bank, options, answers.items)[score];
  if (line === undefined) throw new RangeError(`no pattern has the sum score ${score}`);
  return { theta: line.theta, se: line.se, at_bound: false };
}
