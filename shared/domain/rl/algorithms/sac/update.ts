import type { Engine, Matrix, Network, Optimizer, ParameterSet, Reals } from '../../engine/engine.ts';
import { exp, log } from '../../numeric.ts';
import type { ReplayBatch } from '../replay-buffer.ts';
import type { ActorNoise, SquashedActor } from './actor.ts';

/** PyTorch's default. */
const ADAM_EPSILON = 1e-8;

export interface SacSettings {
  readonly observationSize: number;
  readonly batchSize: number;
  readonly gamma: number;
  /** Part of the way that the target critics move. */
  readonly tau: number;
  /** Its starting value, where it is learnt. */
  readonly entropyCoef: number;
  /** Entropy to aim at; null: the coefficient is not learnt. */
  readonly targetEntropy: number | null;
}

/** What Stable-Baselines3 logs of a gradient step. */
export interface SacLosses {
  readonly actor_loss: number;
  readonly critic_loss: number;
  /** α that the step used: of before it. */
  readonly ent_coef: number;
  /** NaN where α is not learnt. */
  readonly ent_coef_loss: number;
  /** Mean ln π of the actor's actions. */
  readonly log_prob: number;
}

/** The plan of one of the critics; layers named as in Stable-Baselines3. */
function criticPlan(name: string, shape: CriticShape) {
  const { inputs, hiddenSizes: hidden, activation, maxBatch } = shape;
  const names = [...hidden, 1].map((_, l) => `${name}.${2 * l}`);
  return { inputs, hidden, outputs: 1, activation, maxBatch, names };
}

export interface CriticShape {
  /** Numbers of an observation and an action. */
  readonly inputs: number;
  readonly hiddenSizes: readonly number[];
  readonly activation: 'tanh' | 'relu';
  readonly maxBatch: number;
}

/** Twin critics, which value an action in a state: `qf0` and `qf1`. */
export function createCritics(engine: Engine, shape: CriticShape): ParameterSet {
  return engine.parameters({ networks: [criticPlan('qf0', shape), criticPlan('qf1', shape)] });
}

/**
 * One gradient step of soft actor-critic (Haarnoja et al. 2018, with a learnt temperature), in
 * Stable-Baselines3's order: entropy coefficient, critics, the actor against the updated critics, and
 * the target critics.
 */
export class SacUpdate {
  readonly batch: ReplayBatch;
  readonly actor: SquashedActor;
  readonly critics: ParameterSet;
  readonly targets: ParameterSet;
  /** ln α as a set of its own; null where it is not learnt. */
  readonly temperature: ParameterSet | null;
  readonly optimizers: Readonly<Record<'actor' | 'critic' | 'ent_coef', Optimizer | null>>;
  readonly #engine: Engine;
  readonly #settings: SacSettings;
  readonly #actions: Float64Array;
  readonly #logProbs: Float64Array;
  readonly #nextActions: Float64Array;
  readonly #nextLogProbs: Float64Array;
  readonly #returns: Float64Array;
  readonly #byActions: Float64Array;
  /** Observation and action side by side, [batch][observationSize + actionSize]. */
  readonly #critiqued: Matrix;

  constructor(engine: Engine, actor: SquashedActor, critics: readonly ParameterSet[], settings: SacSettings) {
    const [online, target] = critics;
    if (online === undefined || target === undefined) throw new RangeError('critics and target critics');
    const { batchSize, observationSize, entropyCoef, targetEntropy } = settings;
    const { actionSize } = actor;
    this.#engine = engine;
    this.#settings = settings;
    this.actor = actor;
    this.critics = online;
    this.targets = target;
    this.temperature =
      targetEntropy === null
        ? null
        : engine.parameters({ networks: [], vectors: [{ name: 'log_ent_coef', length: 1 }] });
    if (this.temperature) this.temperature.vector('log_ent_coef').values[0] = log(entropyCoef);
    this.optimizers = {
      actor: engine.adam(actor.parameters, ADAM_EPSILON),
      critic: engine.adam(online, ADAM_EPSILON),
      ent_coef: this.temperature && engine.adam(this.temperature, ADAM_EPSILON),
    };
    const ofActions = (): Float64Array => new Float64Array(batchSize * actionSize);
    this.batch = {
      observations: engine.matrix(batchSize, observationSize),
      nextObservations: engine.matrix(batchSize, observationSize),
      actions: ofActions(),
      rewards: new Float64Array(batchSize),
      dones: new Float64Array(batchSize),
    };
    this.#actions = ofActions();
    this.#nextActions = ofActions();
    this.#byActions = ofActions();
    this.#logProbs = new Float64Array(batchSize);
    this.#nextLogProbs = new Float64Array(batchSize);
    this.#returns = new Float64Array(batchSize);
    this.#critiqued = engine.matrix(batchSize, observationSize + actionSize);
  }

  /** Learns from what `batch` holds. */
  step(noise: ActorNoise, learningRate: number): SacLosses {
    const { actor, batch } = this;
    const { batchSize } = this.#settings;
    actor.forward(batch.nextObservations, batchSize);
    actor.sample(batchSize, noise.next, this.#nextActions, this.#nextLogProbs);
    actor.forward(batch.observations, batchSize);
    actor.sample(batchSize, noise.now, this.#actions, this.#logProbs);
    const logProb = meanOf(this.#logProbs);
    const entCoef = this.entropyCoef;
    const entCoefLoss = this.#learnTemperature(logProb, learningRate);
    const criticLoss = this.#learnCritics(entCoef, learningRate);
    const actorLoss = this.#learnActor(noise.now, entCoef, logProb, learningRate);
    this.#engine.blend(this.targets, this.critics, this.#settings.tau);
    return {
      actor_loss: actorLoss,
      critic_loss: criticLoss,
      ent_coef: entCoef,
      ent_coef_loss: entCoefLoss,
      log_prob: logProb,
    };
  }

  /** α */
  get entropyCoef(): number {
    const learnt = this.temperature?.vector('log_ent_coef').values[0];
    return learnt === undefined ? this.#settings.entropyCoef : exp(learnt);
  }

  /** Loss -ln α · mean(ln π + target entropy). */
  #learnTemperature(logProb: number, learningRate: number): number {
    const { targetEntropy } = this.#settings;
    const vector = this.temperature?.vector('log_ent_coef');
    if (vector === undefined || targetEntropy === null) return Number.NaN;
    const surplus = logProb + targetEntropy;
    const loss = -(vector.values[0] ?? 0) * surplus;
    vector.gradient[0] = -surplus;
    this.optimizers.ent_coef?.step(learningRate, null);
    return loss;
  }

  /** Loss ½ Σ MSE(Q_k, r + γ (1 - done) (min Q_target - α ln π')). */
  #learnCritics(entCoef: number, learningRate: number): number {
    const { batch } = this;
    const { batchSize, gamma } = this.#settings;
    const returns = this.#returns;
    this.#sideBySide(batch.nextObservations, this.#nextActions);
    const [first, second] = this.#valuesOf(this.targets);
    for (let i = 0; i < batchSize; i++) {
      const value = Math.min(valueAt(first, i), valueAt(second, i)) - entCoef * (this.#nextLogProbs[i] ?? 0);
      returns[i] = (batch.rewards[i] ?? 0) + gamma * (1 - (batch.dones[i] ?? 0)) * value;
    }
    this.#sideBySide(batch.observations, batch.actions);
    let loss = 0;
    for (const critic of this.#valuesOf(this.critics)) {
      const { data, stride } = critic.outputGradient;
      for (let i = 0; i < batchSize; i++) {
        const error = valueAt(critic, i) - (returns[i] ?? 0);
        loss += error * error;
        data[i * stride] = error / batchSize;
      }
      critic.backward(this.#critiqued, batchSize, 'parameters');
    }
    this.optimizers.critic?.step(learningRate, null);
    return loss / (2 * batchSize);
  }

  /** Loss mean(α ln π - min Q(s, a)), with a as a function of the actor's parameters. */
  #learnActor(noise: Float64Array, entCoef: number, logProb: number, learningRate: number): number {
    const { actor, batch } = this;
    const { batchSize, observationSize } = this.#settings;
    this.#sideBySide(batch.observations, this.#actions);
    const critics = this.#valuesOf(this.critics);
    const [first, second] = critics;
    let sum = 0;
    for (let i = 0; i < batchSize; i++) {
      const isFirst = valueAt(first, i) <= valueAt(second, i);
      sum += valueAt(isFirst ? first : second, i);
      setGradient(first, i, isFirst ? -1 / batchSize : 0);
      setGradient(second, i, isFirst ? 0 : -1 / batchSize);
    }
    this.#byActions.fill(0);
    for (const critic of critics) {
      critic.backward(this.#critiqued, batchSize, 'input');
      addColumns(this.#byActions, critic.inputGradient, batchSize, observationSize, actor.actionSize);
    }
    const byLogProb = entCoef / batchSize;
    actor.backward(batch.observations, batchSize, noise, this.#actions, this.#byActions, byLogProb);
    this.optimizers.actor?.step(learningRate, null);
    return entCoef * logProb - sum / batchSize;
  }

  /** Both critics, after they have valued what is side by side. */
  #valuesOf(critics: ParameterSet): readonly [Network, Network] {
    const { batchSize } = this.#settings;
    const pair = [critics.network(0), critics.network(1)] as const;
    for (const critic of pair) critic.forward(this.#critiqued, batchSize);
    return pair;
  }

  #sideBySide(observations: Matrix, actions: Float64Array): void {
    const { batchSize, observationSize } = this.#settings;
    const { data, stride } = this.#critiqued;
    const { actionSize } = this.actor;
    for (let i = 0; i < batchSize; i++) {
      copyRow(data, i * stride, observations.data, i * observations.stride, observationSize);
      copyRow(data, i * stride + observationSize, actions, i * actionSize, actionSize);
    }
  }
}

function copyRow(target: Reals, to: number, source: Reals, from: number, count: number): void {
  for (let k = 0; k < count; k++) target[to + k] = source[from + k] ?? 0;
}

function valueAt({ output }: Network, row: number): number {
  return output.data[row * output.stride] ?? 0;
}

function setGradient({ outputGradient }: Network, row: number, value: number): void {
  outputGradient.data[row * outputGradient.stride] = value;
}

/** Adds `count` columns of a matrix from `first` on to `target`, [rows][count]. */
function addColumns(target: Float64Array, matrix: Matrix, rows: number, first: number, count: number): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < count; j++) {
      const at = i * count + j;
      target[at] = (target[at] ?? 0) + (matrix.data[i * matrix.stride + first + j] ?? 0);
    }
  }
}

function meanOf(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] ?? 0;
  return sum / values.length;
}
