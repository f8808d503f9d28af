import type { Matrix, Network, ParameterSet, Reals } from '../../engine/engine.ts';
import { exp, HALF_LOG_TAU } from '../../numeric.ts';
import type { Pcg64 } from '../../random/pcg64.ts';
import { mean } from '../../statistics.ts';
import type { ActionDistribution } from './distribution.ts';
import { writeMeans } from './means.ts';

/**
 * Independent normal distributions around a network's outputs, with standard deviations that are
 * parameters of their own (Stable-Baselines3's `DiagGaussianDistribution`): ln σ in the vector
 * `log_std`, the same in every state.
 */
export class DiagonalGaussian implements ActionDistribution {
  readonly actionSize: number;
  readonly #network: Network;
  readonly #logStd: { readonly values: Reals; readonly gradient: Reals };
  /** σ, as of the last `forward`. */
  readonly #std: Float64Array;
  /** Sums the gradient of ln σ over a batch. */
  readonly #byLogStd: Float64Array;

  /** The actor is network 0. */
  constructor(parameters: ParameterSet, actionSize: number, logStdInit: number) {
    this.actionSize = actionSize;
    this.#network = parameters.network(0);
    this.#logStd = parameters.vector('log_std');
    this.#std = new Float64Array(actionSize);
    this.#byLogStd = new Float64Array(actionSize);
    for (let j = 0; j < actionSize; j++) this.#logStd.values[j] = logStdInit;
  }

  forward(input: Matrix, batch: number, firstRow = 0): void {
    this.#network.forward(input, batch, firstRow);
    for (let j = 0; j < this.actionSize; j++) this.#std[j] = exp(this.#logStd.values[j] ?? 0);
    this.#byLogStd.fill(0);
  }

  sample(row: number, actions: Float64Array, at: number, random: Pcg64): number {
    const { data, stride } = this.#network.output;
    for (let j = 0; j < this.actionSize; j++) {
      actions[at + j] = (data[row * stride + j] ?? 0) + (this.#std[j] ?? 0) * random.normal();
    }
    return this.logProbability(row, actions, at);
  }

  decide(row: number, actions: Float64Array, at: number): void {
    writeMeans(this.#network.output, row, actions, at);
  }

  logProbability(row: number, actions: Float64Array, at: number): number {
    const { data, stride } = this.#network.output;
    let sum = 0;
    for (let j = 0; j < this.actionSize; j++) {
      const z = ((actions[at + j] ?? 0) - (data[row * stride + j] ?? 0)) / (this.#std[j] ?? 1);
      sum -= (z * z) / 2 + (this.#logStd.values[j] ?? 0) + HALF_LOG_TAU;
    }
    return sum;
  }

  /** With z = (a - μ)/σ: d ln π/dμ = z/σ, d ln π/d ln σ = z² - 1, dH/d ln σ = 1. */
  differentiate(
    row: number,
    actions: Float64Array,
    at: number,
    byLogProbability: number,
    entropyWeight: number,
  ): number {
    const { output, outputGradient } = this.#network;
    let entropy = 0;
    for (let j = 0; j < this.actionSize; j++) {
      const std = this.#std[j] ?? 1;
      const z = ((actions[at + j] ?? 0) - (output.data[row * output.stride + j] ?? 0)) / std;
      outputGradient.data[row * outputGradient.stride + j] = (byLogProbability * z) / std;
      this.#byLogStd[j] = (this.#byLogStd[j] ?? 0) + byLogProbability * (z * z - 1) - entropyWeight;
      entropy += (this.#logStd.values[j] ?? 0) + 0.5 + HALF_LOG_TAU;
    }
    return entropy;
  }

  backward(input: Matrix, batch: number): void {
    for (let j = 0; j < this.actionSize; j++) this.#logStd.gradient[j] = this.#byLogStd[j] ?? 0;
    this.#network.backward(input, batch, 'parameters');
  }

  meanStd(): number {
    return mean(Array.from({ length: this.actionSize }, (_, j) => exp(this.#logStd.values[j] ?? 0)));
  }
}
