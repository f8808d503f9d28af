import type { Matrix, Network, ParameterSet } from '../../engine/engine.ts';
import { HALF_LOG_TAU, log } from '../../numeric.ts';
import type { Pcg64 } from '../../random/pcg64.ts';
import { activateRows, StateDependentNoise, throughActivation } from '../state-dependent-noise.ts';
import type { ActionDistribution } from './distribution.ts';
import { writeMeans } from './means.ts';

/**
 * Normal actions with noise that depends on the state (gSDE) and lasts until `resetNoise`. As in
 * Stable-Baselines3's PPO the features are not learnt through the noise (learn_features false).
 */
export class StateDependentGaussian implements ActionDistribution {
  readonly actionSize: number;
  /** Observation to features, whose activation is applied here. */
  readonly #trunk: Network;
  /** Features to the mean of the action. */
  readonly #head: Network;
  readonly #noise: StateDependentNoise;

  /** The trunk is network 0, the head network 1; ln σ is the vector `log_std`. */
  constructor(parameters: ParameterSet, logStdInit: number) {
    this.#trunk = parameters.network(0);
    this.#head = parameters.network(1);
    const { inputs, outputs } = this.#head.plan;
    this.actionSize = outputs;
    this.#noise = new StateDependentNoise(parameters.vector('log_std'), inputs, outputs, logStdInit);
  }

  forward(input: Matrix, batch: number, firstRow = 0): void {
    const features = this.#trunk.output;
    this.#trunk.forward(input, batch, firstRow);
    activateRows(features, batch, this.#trunk.plan.activation);
    this.#head.forward(features, batch);
    this.#noise.refresh();
  }

  sample(row: number, actions: Float64Array, at: number): number {
    this.decide(row, actions, at);
    for (let j = 0; j < this.actionSize; j++) {
      actions[at + j] = (actions[at + j] ?? 0) + this.#noise.noise(this.#trunk.output, row, j);
    }
    return this.logProbability(row, actions, at);
  }

  decide(row: number, actions: Float64Array, at: number): void {
    writeMeans(this.#head.output, row, actions, at);
  }

  logProbability(row: number, actions: Float64Array, at: number): number {
    const { data, stride } = this.#head.output;
    let sum = 0;
    for (let j = 0; j < this.actionSize; j++) {
      const variance = this.#noise.variance(this.#trunk.output, row, j);
      const distance = (actions[at + j] ?? 0) - (data[row * stride + j] ?? 0);
      sum -= (distance * distance) / (2 * variance) + log(variance) / 2 + HALF_LOG_TAU;
    }
    return sum;
  }

  /** With v the variance and d = a - μ: d ln π/dμ = d/v, d ln π/dv = d²/2v² - 1/2v, dH/dv = 1/2v. */
  differentiate(
    row: number,
    actions: Float64Array,
    at: number,
    byLogProbability: number,
    entropyWeight: number,
  ): number {
    const { output, outputGradient } = this.#head;
    let entropy = 0;
    for (let j = 0; j < this.actionSize; j++) {
      const variance = this.#noise.variance(this.#trunk.output, row, j);
      const distance = (actions[at + j] ?? 0) - (output.data[row * output.stride + j] ?? 0);
      outputGradient.data[row * outputGradient.stride + j] = (byLogProbability * distance) / variance;
      const spread = (distance * distance) / variance;
      const byVariance = (byLogProbability * (spread - 1) - entropyWeight) / (2 * variance);
      this.#noise.addVarianceGradient(this.#trunk.output, row, j, byVariance);
      entropy += log(variance) / 2 + 0.5 + HALF_LOG_TAU;
    }
    return entropy;
  }

  backward(input: Matrix, batch: number): void {
    const trunk = this.#trunk;
    this.#noise.writeGradient();
    this.#head.backward(trunk.output, batch, 'both');
    throughActivation(
      trunk.output,
      this.#head.inputGradient,
      trunk.outputGradient,
      batch,
      trunk.plan.activation,
    );
    trunk.backward(input, batch, 'parameters');
  }

  resetNoise(environments: number, random: Pcg64): void {
    this.#noise.reset(environments, random);
  }

  meanStd(): number {
    return this.#noise.meanStd();
  }
}
