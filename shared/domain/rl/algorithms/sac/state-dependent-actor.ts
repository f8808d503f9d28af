import type { Engine, Matrix, Network, ParameterSet, Tensor } from '../../engine/engine.ts';
import { HALF_LOG_TAU, log, tanh } from '../../numeric.ts';
import type { Pcg64 } from '../../random/pcg64.ts';
import { activateRows, StateDependentNoise, throughActivation } from '../state-dependent-noise.ts';
import { type ActorNoise, type SquashedActor, squash, throughSquashing } from './actor.ts';
import type { ActorShape } from './gaussian-actor.ts';

/** The mean is kept within ± this, as Stable-Baselines3's `clip_mean`. */
const CLIP_MEAN = 2;
/**
 * Actions with noise that depends on the state (gSDE), squashed. As in Stable-Baselines3's SAC the
 * features are learnt through mean, noise and variance (learn_features true), and the mean is clipped.
 */
export class StateDependentActor implements SquashedActor {
  readonly parameters: ParameterSet;
  readonly tensors: readonly Tensor[];
  readonly actionSize: number;
  /** Observation to features, whose activation is applied here. */
  readonly #trunk: Network;
  /** Features to the mean. */
  readonly #head: Network;
  readonly #noise: StateDependentNoise;
  /** d loss / d features, [batch][features]. */
  readonly #byFeatures: Matrix;
  /** Of the last samples, [batch][actionSize]. */
  readonly #sampledNoise: Float64Array;
  readonly #variances: Float64Array;

  constructor(engine: Engine, shape: ActorShape, logStdInit: number) {
    const { observationSize: inputs, hiddenSizes: hidden, activation, maxBatch, actionSize } = shape;
    const features = hidden.at(-1) ?? inputs;
    const names = hidden.map((_, l) => `latent_pi.${2 * l}`);
    const base = { activation, maxBatch };
    const trunk = { ...base, inputs, hidden: hidden.slice(0, -1), outputs: features, names };
    const head = { ...base, inputs: features, hidden: [], outputs: actionSize, names: ['mu.0'] };
    const vectors = [{ name: 'log_std', length: features * actionSize }];
    this.parameters = engine.parameters({ networks: [trunk, head], vectors });
    this.tensors = this.parameters.tensors;
    this.actionSize = actionSize;
    this.#trunk = this.parameters.network(0);
    this.#head = this.parameters.network(1);
    this.#noise = new StateDependentNoise(
      this.parameters.vector('log_std'),
      features,
      actionSize,
      logStdInit,
    );
    this.#byFeatures = engine.matrix(maxBatch, features);
    this.#sampledNoise = new Float64Array(maxBatch * actionSize);
    this.#variances = new Float64Array(maxBatch * actionSize);
  }

  forward(input: Matrix, batch: number): void {
    const features = this.#trunk.output;
    this.#trunk.forward(input, batch);
    activateRows(features, batch, this.#trunk.plan.activation);
    this.#head.forward(features, batch);
    this.#noise.refresh();
  }

  decide(row: number, actions: Float64Array, at: number): void {
    for (let j = 0; j < this.actionSize; j++) actions[at + j] = tanh(this.#mean(row, j));
  }

  explore(row: number, actions: Float64Array, at: number): void {
    for (let j = 0; j < this.actionSize; j++) {
      actions[at + j] = tanh(this.#mean(row, j) + this.#noise.noise(this.#trunk.output, row, j));
    }
  }

  resetNoise(environments: number, random: Pcg64): void {
    this.#noise.reset(environments, random);
  }

  /** One matrix for both batches, as Stable-Baselines3 draws one for each gradient step. */
  drawNoise(_batch: number, random: Pcg64): ActorNoise {
    this.#noise.refresh();
    const matrix = this.#noise.draw(random);
    return { now: matrix, next: matrix };
  }

  /** With n = fᵀE and v its variance: ln π = Σ -n²/2v - ½ ln v - ½ ln 2π - ln(1 - a² + 1e-6), a = tanh(μ + n). */
  sample(batch: number, noise: Float64Array, actions: Float64Array, logProbs: Float64Array): void {
    const features = this.#trunk.output;
    for (let i = 0; i < batch; i++) {
      let sum = 0;
      for (let j = 0; j < this.actionSize; j++) {
        const at = i * this.actionSize + j;
        const n = this.#noise.noiseOf(noise, features, i, j);
        const variance = this.#noise.variance(features, i, j);
        this.#sampledNoise[at] = n;
        this.#variances[at] = variance;
        const { action, logProb } = squash(this.#mean(i, j) + n);
        actions[at] = action;
        sum += logProb - (n * n) / (2 * variance) - log(variance) / 2 - HALF_LOG_TAU;
      }
      logProbs[i] = sum;
    }
  }

  backward(
    input: Matrix,
    batch: number,
    noise: Float64Array,
    actions: Float64Array,
    byActions: Float64Array,
    byLogProb: number,
  ): void {
    const features = this.#trunk.output;
    const byFeatures = this.#byFeatures;
    byFeatures.data.fill(0, 0, batch * byFeatures.stride);
    for (let i = 0; i < batch; i++) {
      for (let j = 0; j < this.actionSize; j++) {
        const at = i * this.actionSize + j;
        const byU = throughSquashing(actions[at] ?? 0, byActions[at] ?? 0, byLogProb);
        this.#differentiate(noise, i, j, byU, byLogProb);
      }
    }
    this.#noise.writeGradient();
    const { inputGradient } = this.#head;
    this.#head.backward(features, batch, 'both');
    for (let i = 0; i < batch; i++) {
      for (let h = 0; h < byFeatures.columns; h++) {
        const at = i * byFeatures.stride + h;
        byFeatures.data[at] =
          (byFeatures.data[at] ?? 0) + (inputGradient.data[i * inputGradient.stride + h] ?? 0);
      }
    }
    const { outputGradient, plan } = this.#trunk;
    throughActivation(features, byFeatures, outputGradient, batch, plan.activation);
    this.#trunk.backward(input, batch, 'parameters');
  }

  /**
   * Component j of the action of row i, with u = μ + n: d ln π/dn = -n/v besides what comes through u,
   * d ln π/dv = n²/2v² - 1/2v.
   */
  #differentiate(noise: Float64Array, i: number, j: number, byU: number, byLogProb: number): void {
    const features = this.#trunk.output;
    const { outputGradient, output } = this.#head;
    const at = i * this.actionSize + j;
    const n = this.#sampledNoise[at] ?? 0;
    const variance = this.#variances[at] ?? 0;
    const byNoise = byU - (byLogProb * n) / variance;
    const byVariance = (byLogProb * ((n * n) / variance - 1)) / (2 * variance);
    const raw = output.data[i * output.stride + j] ?? 0;
    outputGradient.data[i * outputGradient.stride + j] = Math.abs(raw) < CLIP_MEAN ? byU : 0;
    this.#noise.addGradients(noise, features, i, j, byNoise, byVariance, this.#byFeatures);
  }

  #mean(row: number, j: number): number {
    const { data, stride } = this.#head.output;
    return Math.min(Math.max(data[row * stride + j] ?? 0, -CLIP_MEAN), CLIP_MEAN);
  }
}
