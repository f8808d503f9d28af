import type { Activation, Matrix, Reals } from '../engine/engine.ts';
import { exp, tanhInPlace } from '../numeric.ts';
import type { Pcg64 } from '../random/pcg64.ts';
import { mean } from '../statistics.ts';

/** Keeps the variance from 0, as Stable-Baselines3's `epsilon`. */
const EPSILON = 1e-6;

/**
 * Generalised state-dependent exploration (Raffin, Kober, Stulp 2021; Stable-Baselines3's
 * `StateDependentNoiseDistribution` with full_std and without use_expln): the noise of an action is
 * fᵀE, where f are the actor's features of the state and E a matrix [features][actions] drawn once in a
 * while from N(0, σ²) entry by entry. Seen from outside, an action is normal with the variance
 * (f²)ᵀσ² + 1e-6. ln σ are parameters, [features][actions].
 */
export class StateDependentNoise {
  readonly features: number;
  readonly actions: number;
  readonly #logStd: { readonly values: Reals; readonly gradient: Reals };
  /** σ and σ² as of the last `refresh`, [features][actions]. */
  readonly std: Float64Array;
  readonly variances: Float64Array;
  readonly #byLogStd: Float64Array;
  #matrices: readonly Float64Array[] = [];

  /** @param logStd vector of features · actions parameters, filled with `logStdInit` */
  constructor(
    logStd: { readonly values: Reals; readonly gradient: Reals },
    features: number,
    actions: number,
    logStdInit: number,
  ) {
    this.features = features;
    this.actions = actions;
    this.#logStd = logStd;
    this.std = new Float64Array(features * actions);
    this.variances = new Float64Array(features * actions);
    this.#byLogStd = new Float64Array(features * actions);
    for (let i = 0; i < features * actions; i++) logStd.values[i] = logStdInit;
  }

  /** Reads the parameters, and starts a new sum of their gradients. */
  refresh(): void {
    for (let i = 0; i < this.std.length; i++) {
      const sigma = exp(this.#logStd.values[i] ?? 0);
      this.std[i] = sigma;
      this.variances[i] = sigma * sigma;
    }
    this.#byLogStd.fill(0);
  }

  /** Variance of component j of the action in the state of `row`. */
  variance({ data, stride }: Matrix, row: number, j: number): number {
    const { actions, variances } = this;
    let sum = EPSILON;
    for (let h = 0; h < this.features; h++) {
      const f = data[row * stride + h] ?? 0;
      sum += f * f * (variances[h * actions + j] ?? 0);
    }
    return sum;
  }

  /** Draws a matrix for each environment. */
  reset(environments: number, random: Pcg64): void {
    this.refresh();
    this.#matrices = Array.from({ length: environments }, () => this.draw(random));
  }

  /** A matrix E of the present σ. */
  draw(random: Pcg64): Float64Array {
    const matrix = new Float64Array(this.std.length);
    random.normals(matrix, matrix.length);
    for (let i = 0; i < matrix.length; i++) matrix[i] = (matrix[i] ?? 0) * (this.std[i] ?? 0);
    return matrix;
  }

  /** Noise of component j for the state of `row`, which is that of environment `row`. */
  noise(features: Matrix, row: number, j: number): number {
    const matrix = this.#matrices[row];
    if (matrix === undefined) throw new RangeError('no noise was drawn for this environment');
    return this.noiseOf(matrix, features, row, j);
  }

  /** The same with a given matrix. */
  noiseOf(matrix: Float64Array, { data, stride }: Matrix, row: number, j: number): number {
    let sum = 0;
    for (let h = 0; h < this.features; h++) {
      sum += (data[row * stride + h] ?? 0) * (matrix[h * this.actions + j] ?? 0);
    }
    return sum;
  }

  /** Adds to the gradient of ln σ: from d loss / d variance of component j in the state of `row`. */
  addVarianceGradient({ data, stride }: Matrix, row: number, j: number, byVariance: number): void {
    const sums = this.#byLogStd;
    for (let h = 0, i = j; h < this.features; h++, i += this.actions) {
      const f = data[row * stride + h] ?? 0;
      sums[i] = (sums[i] ?? 0) + 2 * byVariance * f * f * (this.variances[i] ?? 0);
    }
  }

  /**
   * Where the features are learnt through the noise n = fᵀE and its variance v too: adds to the gradient
   * of ln σ, and to d loss / d features. With E = σ∘ε: dn/d ln σ = fE, dn/df = E, dv/df = 2fσ².
   */
  addGradients(
    matrix: Float64Array,
    features: Matrix,
    row: number,
    j: number,
    byNoise: number,
    byVariance: number,
    byFeatures: Matrix,
  ): void {
    const sums = this.#byLogStd;
    const { variances } = this;
    const { data } = features;
    const { data: target } = byFeatures;
    const from = row * features.stride;
    const to = row * byFeatures.stride;
    for (let h = 0, i = j; h < this.features; h++, i += this.actions) {
      const f = data[from + h] ?? 0;
      const throughNoise = byNoise * (matrix[i] ?? 0);
      const throughVariance = 2 * byVariance * f * (variances[i] ?? 0);
      sums[i] = (sums[i] ?? 0) + f * (throughNoise + throughVariance);
      target[to + h] = (target[to + h] ?? 0) + throughNoise + throughVariance;
    }
  }

  /** Writes the summed gradient for the optimiser. */
  writeGradient(): void {
    for (let i = 0; i < this.#byLogStd.length; i++) this.#logStd.gradient[i] = this.#byLogStd[i] ?? 0;
  }

  meanStd(): number {
    return mean(Array.from({ length: this.std.length }, (_, i) => exp(this.#logStd.values[i] ?? 0)));
  }
}

/** Applies an activation to the first `batch` rows, in place. */
export function activateRows({ data, stride }: Matrix, batch: number, activation: Activation): void {
  // What pads a row is 0, and stays so.
  if (activation === 'tanh') tanhInPlace(data, batch * stride);
  else for (let i = 0; i < batch * stride; i++) if ((data[i] ?? 0) < 0) data[i] = 0;
}

/**
 * Writes d loss / d z into `target` from d loss / d y of `gradient`, where y is the activation of z:
 * tanh' = 1 - y², relu' = 1 where y is positive.
 */
export function throughActivation(
  result: Matrix,
  gradient: Matrix,
  target: Matrix,
  batch: number,
  activation: Activation,
): void {
  for (let r = 0; r < batch; r++) {
    for (let c = 0; c < result.columns; c++) {
      const y = result.data[r * result.stride + c] ?? 0;
      const slope = activation === 'tanh' ? 1 - y * y : y > 0 ? 1 : 0;
      target.data[r * target.stride + c] = (gradient.data[r * gradient.stride + c] ?? 0) * slope;
    }
  }
}
