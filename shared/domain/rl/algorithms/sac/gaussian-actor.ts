import type { Activation, Engine, Matrix, Network, ParameterSet, Tensor } from '../../engine/engine.ts';
import { exp, HALF_LOG_TAU, tanh } from '../../numeric.ts';
import type { Pcg64 } from '../../random/pcg64.ts';
import { type ActorNoise, type SquashedActor, squash, throughSquashing } from './actor.ts';

export interface ActorShape {
  readonly observationSize: number;
  readonly actionSize: number;
  readonly hiddenSizes: readonly number[];
  readonly activation: Activation;
  readonly maxBatch: number;
}

const LOWEST_LOG_STD = -20;
const HIGHEST_LOG_STD = 2;
/**
 * Normal distributions whose mean and ln σ both depend on the state (Stable-Baselines3's
 * `SquashedDiagGaussianDistribution`); ln σ is clamped to [-20, 2]. The two heads `mu` and `log_std` are
 * one layer here, mu first.
 */
export class GaussianActor implements SquashedActor {
  readonly parameters: ParameterSet;
  readonly tensors: readonly Tensor[];
  readonly actionSize: number;
  readonly #network: Network;
  readonly #noise: ActorNoise;
  /** σ of the last samples, [batch][actionSize]. */
  readonly #std: Float64Array;

  constructor(engine: Engine, shape: ActorShape) {
    const { observationSize: inputs, hiddenSizes: hidden, activation, maxBatch, actionSize } = shape;
    const names = [...hidden.map((_, l) => `latent_pi.${2 * l}`), 'heads'];
    const plan = { inputs, hidden, outputs: 2 * actionSize, activation, maxBatch, names };
    this.parameters = engine.parameters({ networks: [plan] });
    this.tensors = this.parameters.tensors.flatMap((tensor) =>
      tensor.name.startsWith('heads.') ? halves(tensor, ['mu', 'log_std']) : [tensor],
    );
    this.actionSize = actionSize;
    this.#network = this.parameters.network(0);
    const room = maxBatch * actionSize;
    this.#noise = { now: new Float64Array(room), next: new Float64Array(room) };
    this.#std = new Float64Array(room);
  }

  forward(input: Matrix, batch: number): void {
    this.#network.forward(input, batch);
  }

  decide(row: number, actions: Float64Array, at: number): void {
    const { data, stride } = this.#network.output;
    for (let j = 0; j < this.actionSize; j++) actions[at + j] = tanh(data[row * stride + j] ?? 0);
  }

  explore(row: number, actions: Float64Array, at: number, random: Pcg64): void {
    const { data, stride } = this.#network.output;
    for (let j = 0; j < this.actionSize; j++) {
      const u = (data[row * stride + j] ?? 0) + exp(this.#logStd(row, j)) * random.normal();
      actions[at + j] = tanh(u);
    }
  }

  drawNoise(batch: number, random: Pcg64): ActorNoise {
    random.normals(this.#noise.now, batch * this.actionSize);
    random.normals(this.#noise.next, batch * this.actionSize);
    return this.#noise;
  }

  /** ln π = Σ -½ε² - ln σ - ½ ln 2π - ln(1 - a² + 1e-6), with a = tanh(μ + σε). */
  sample(batch: number, noise: Float64Array, actions: Float64Array, logProbs: Float64Array): void {
    const { data, stride } = this.#network.output;
    for (let i = 0; i < batch; i++) {
      let sum = 0;
      for (let j = 0; j < this.actionSize; j++) {
        const at = i * this.actionSize + j;
        const epsilon = noise[at] ?? 0;
        const logStd = this.#logStd(i, j);
        const std = exp(logStd);
        const { action, logProb } = squash((data[i * stride + j] ?? 0) + std * epsilon);
        this.#std[at] = std;
        actions[at] = action;
        sum += logProb - (epsilon * epsilon) / 2 - logStd - HALF_LOG_TAU;
      }
      logProbs[i] = sum;
    }
  }

  /** With u = μ + σε: du/dμ = 1, du/d ln σ = σε, and ln π has -ln σ besides. */
  backward(
    input: Matrix,
    batch: number,
    noise: Float64Array,
    actions: Float64Array,
    byActions: Float64Array,
    byLogProb: number,
  ): void {
    const { output, outputGradient } = this.#network;
    const { actionSize } = this;
    for (let i = 0; i < batch; i++) {
      const row = i * outputGradient.stride;
      for (let j = 0; j < actionSize; j++) {
        const at = i * actionSize + j;
        const raw = output.data[i * output.stride + actionSize + j] ?? 0;
        const step = (this.#std[at] ?? 0) * (noise[at] ?? 0);
        const byU = throughSquashing(actions[at] ?? 0, byActions[at] ?? 0, byLogProb);
        const free = raw >= LOWEST_LOG_STD && raw <= HIGHEST_LOG_STD;
        outputGradient.data[row + j] = byU;
        outputGradient.data[row + actionSize + j] = free ? byU * step - byLogProb : 0;
      }
    }
    this.#network.backward(input, batch, 'parameters');
  }

  #logStd(row: number, j: number): number {
    const { data, stride } = this.#network.output;
    const raw = data[row * stride + this.actionSize + j] ?? 0;
    return Math.min(Math.max(raw, LOWEST_LOG_STD), HIGHEST_LOG_STD);
  }
}

/** The two halves of a layer's outputs as tensors of their own. */
function halves(whole: Tensor, names: readonly [string, string]): Tensor[] {
  const [rows = 0, ...columns] = whole.shape;
  const suffix = whole.name.slice(whole.name.indexOf('.'));
  const size = columns.reduce((product, n) => product * n, rows / 2);
  const replaced = (values: Float64Array, part: ArrayLike<number>, k: number): Float64Array => {
    values.set(part, k * size);
    return values;
  };
  return names.map((name, k) => ({
    name: `${name}${suffix}`,
    shape: [rows / 2, ...columns],
    precision: whole.precision,
    read: () => whole.read().slice(k * size, (k + 1) * size),
    write: (values) => whole.write(replaced(whole.read(), values, k)),
    readGradient: () => whole.readGradient().slice(k * size, (k + 1) * size),
    writeGradient: (values) => whole.writeGradient(replaced(whole.readGradient(), values, k)),
  }));
}
