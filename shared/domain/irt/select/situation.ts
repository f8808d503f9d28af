import { copyOf, doubles } from '../arrays.ts';
import type { Answers, Bank } from '../bank.ts';
import { timesLikelihood } from '../estimate/eap.ts';
import { type ItemTable, tabulate } from '../estimate/grid.ts';
import { type EstimateOptions, resolvePrior } from '../estimate/options.ts';

/** How far a test has come, for criteria that depend on it. */
export interface Progress {
  /** Most items of the test. */
  readonly max_items: number;
  /** The SE at which the test stops, when it does. */
  readonly se?: number | undefined;
}

/** Where a session stands. */
export interface Standing {
  /** Scored answers. */
  readonly answers: Answers;
  readonly theta: number;
  readonly se: number;
  /** For criteria that draw. */
  readonly seed: number;
}

/**
 * What a criterion weighs candidates by. Arrays over nodes are those of `table.grid`, computed when first asked for. A
 * class, because an object literal's getters would be made anew for every choice.
 */
export class Situation {
  readonly bank: Bank;
  readonly candidates: Int32Array;
  readonly progress: Progress;
  readonly theta: number;
  readonly se: number;
  readonly seed: number;
  /** Number of answers so far. */
  readonly answered: number;
  private readonly answers: Answers;
  private readonly estimator: EstimateOptions;
  private knownTable: ItemTable | undefined = undefined;
  private knownLikelihood: Float64Array | undefined = undefined;

  constructor(
    bank: Bank,
    candidates: Int32Array,
    { answers, theta, se, seed }: Standing,
    progress: Progress,
    estimator: EstimateOptions,
  ) {
    this.bank = bank;
    this.candidates = candidates;
    this.progress = progress;
    this.theta = theta;
    this.se = se;
    this.seed = seed;
    this.answered = answers.items.length;
    this.answers = answers;
    this.estimator = estimator;
  }

  get table(): ItemTable {
    this.knownTable ??= tabulate(this.bank, this.estimator.quadrature);
    return this.knownTable;
  }

  /** L(θ) at the nodes. */
  get likelihood(): Float64Array {
    this.knownLikelihood ??= likelihoodOf(this.table, this.answers);
    return this.knownLikelihood;
  }

  /** L(θ) and L(θ) φ(θ) times the trapezoid rule's weights. */
  get likelihoodMasses(): Float64Array {
    return product(this.likelihood, this.table.grid.weights);
  }

  get posteriorMasses(): Float64Array {
    return product(this.likelihoodMasses, this.prior);
  }

  /** φ(θ), the prior's density. */
  get prior(): Float64Array {
    return this.table.density(resolvePrior(this.estimator.prior));
  }
}

function likelihoodOf(table: ItemTable, answers: Answers): Float64Array {
  const ones = doubles(table.grid.nodes.length).fill(1);
  return copyOf(timesLikelihood(table, answers, ones));
}

export function product(a: Float64Array, b: Float64Array): Float64Array {
  const values = doubles(a.length);
  for (let q = 0; q < values.length; q++) values[q] = (a[q] ?? 0) * (b[q] ?? 0);
  return values;
}
