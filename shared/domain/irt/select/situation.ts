import type { Answers, Bank } from '../bank.ts';
import { multiplyByLikelihood } from '../estimate/eap.ts';
import { type ItemTable, normalDensity, tabulate } from '../estimate/grid.ts';
import { type EstimateOptions, resolvePrior } from '../estimate/options.ts';

/** How far a test has come, for criteria that depend on it. */
export interface Progress {
  /** Most items of the test. */
  readonly max_items: number;
  /** The SE at which the test stops, when it does. */
  readonly se?: number | undefined;
}

/** What a criterion weighs candidates by. Arrays over nodes are those of `table.grid`, computed when first asked for. */
export interface Situation {
  readonly bank: Bank;
  readonly candidates: Int32Array;
  readonly theta: number;
  readonly se: number;
  /** Number of answers so far. */
  readonly answered: number;
  readonly progress: Progress;
  /** Seed of the session, for criteria that draw. */
  readonly seed: number;
  readonly table: ItemTable;
  /** L(θ) at the nodes. */
  readonly likelihood: Float64Array;
  /** L(θ) and L(θ) φ(θ) times the trapezoid rule's weights. */
  readonly likelihoodMasses: Float64Array;
  readonly posteriorMasses: Float64Array;
  /** φ(θ), the prior's density. */
  readonly prior: Float64Array;
}

export interface SituationOptions extends EstimateOptions {
  readonly bank: Bank;
  readonly candidates: Int32Array;
  readonly answers: Answers;
  readonly theta: number;
  readonly se: number;
  readonly progress: Progress;
  readonly seed: number;
}

export const createSituation = (options: SituationOptions): Situation => new LazySituation(options);

/** A class, because an object literal's getters would be made anew for every choice. */
class LazySituation implements Situation {
  readonly bank: Bank;
  readonly candidates: Int32Array;
  readonly theta: number;
  readonly se: number;
  readonly answered: number;
  readonly progress: Progress;
  readonly seed: number;
  private readonly options: SituationOptions;
  private knownTable: ItemTable | undefined = undefined;
  private knownLikelihood: Float64Array | undefined = undefined;
  private knownPrior: Float64Array | undefined = undefined;

  constructor(options: SituationOptions) {
    this.bank = options.bank;
    this.candidates = options.candidates;
    this.theta = options.theta;
    this.se = options.se;
    this.answered = options.answers.items.length;
    this.progress = options.progress;
    this.seed = options.seed;
    this.options = options;
  }

  get table(): ItemTable {
    this.knownTable ??= tabulate(this.bank, this.options.quadrature);
    return this.knownTable;
  }

  get likelihood(): Float64Array {
    this.knownLikelihood ??= likelihoodOf(this.table, this.options.answers);
    return this.knownLikelihood;
  }

  get likelihoodMasses(): Float64Array {
    return product(this.likelihood, this.table.grid.weights);
  }

  get posteriorMasses(): Float64Array {
    return product(this.likelihoodMasses, this.prior);
  }

  get prior(): Float64Array {
    this.knownPrior ??= normalDensity(this.table.grid.nodes, resolvePrior(this.options.prior));
    return this.knownPrior;
  }
}

function likelihoodOf(table: ItemTable, answers: Answers): Float64Array {
  const values = new Float64Array(table.grid.nodes.length).fill(1);
  multiplyByLikelihood(table, answers, values);
  return values;
}

export function product(a: Float64Array, b: Float64Array): Float64Array {
  const values = new Float64Array(a.length);
  for (let q = 0; q < values.length; q++) values[q] = (a[q] ?? 0) * (b[q] ?? 0);
  return values;
}
