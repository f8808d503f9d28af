import type { Engine, Matrix, NetworkPlan, Optimizer, ParameterSet } from '../../engine/engine.ts';
import { initialisationStream } from '../../random/streams.ts';
import { arraySection, type SnapshotSection } from '../../snapshot.ts';
import { type Algorithm, type Iteration, storedSections, TrainingDiverged } from '../algorithm.ts';
import type { DqnConfig } from '../config.ts';
import type { EpisodeWindow } from '../episode-window.ts';
import { initialiseUniform } from '../initialisation.ts';
import type { DqnUpdateMetrics } from '../metrics.ts';
import { Experience, iterateOffPolicy, type OffPolicyLearner } from '../off-policy.ts';
import { greatest, Observer, type Policy } from '../policy.ts';
import type { ReplayBatch, ReplayBuffer } from '../replay-buffer.ts';
import { scheduled } from '../schedule.ts';
import { EVALUATION_ROWS, type Setting } from '../setting.ts';
import { dqnLoss, dqnTargets } from './loss.ts';

/** PyTorch's default. */
const ADAM_EPSILON = 1e-8;

/** Deep Q-learning (Mnih et al. 2015) exactly as Stable-Baselines3's DQN, with double Q-learning if asked for. */
export class Dqn implements Algorithm<DqnUpdateMetrics>, OffPolicyLearner {
  readonly policy: Policy;
  readonly episodes: EpisodeWindow;
  readonly weights: readonly SnapshotSection[];
  readonly state: readonly SnapshotSection[];
  readonly replay: ReplayBuffer;
  readonly #config: DqnConfig;
  readonly #engine: Engine;
  readonly #poll: () => boolean;
  readonly #experience: Experience;
  readonly #choices: number;
  readonly #online: ParameterSet;
  readonly #target: ParameterSet;
  readonly #optimizer: Optimizer;
  readonly #observer: Observer;
  /** One row for each environment. */
  readonly #input: Matrix;
  readonly #batch: ReplayBatch;
  readonly #targets: Float64Array;
  /** Gradient steps since the start. */
  readonly #updates = new Float64Array(1);
  #lossSum = 0;
  #lossCount = 0;

  constructor(config: DqnConfig, setting: Setting) {
    const { engine, model, seed, poll } = setting;
    const { batch_size, n_envs, hidden_sizes: hidden, activation } = config.hyperparameters;
    if (model.actionSpace.kind !== 'discrete') throw new RangeError('DQN needs discrete actions');
    this.#config = config;
    this.#engine = engine;
    this.#poll = poll;
    this.#experience = new Experience(config, setting);
    this.episodes = this.#experience.episodes;
    this.replay = this.#experience.replay;
    this.#choices = model.actionSpace.n;
    this.#observer = new Observer(model, null);
    const plan = qNetwork(
      this.#observer.size,
      hidden,
      this.#choices,
      activation,
      Math.max(batch_size, n_envs, EVALUATION_ROWS),
    );
    this.#online = engine.parameters({ networks: [plan] });
    this.#target = engine.parameters({ networks: [plan] });
    initialiseUniform(this.#online.tensors, initialisationStream(seed));
    engine.blend(this.#target, this.#online, 1);
    this.#optimizer = engine.adam(this.#online, ADAM_EPSILON);
    this.#input = engine.matrix(n_envs, this.#observer.size);
    this.#batch = {
      observations: engine.matrix(batch_size, this.#observer.size),
      nextObservations: engine.matrix(batch_size, this.#observer.size),
      actions: new Float64Array(batch_size),
      rewards: new Float64Array(batch_size),
      dones: new Float64Array(batch_size),
    };
    this.#targets = new Float64Array(batch_size);
    this.policy = policyOf(engine, this.#online, this.#observer);
    this.weights = storedSections('', this.#online.tensors);
    this.state = [
      ...storedSections('target.', this.#target.tensors),
      ...storedSections('adam.', this.#optimizer.state),
      arraySection('updates', this.#updates),
      ...this.#experience.sections,
    ];
  }

  iterate(from: number): Iteration<DqnUpdateMetrics> | null {
    this.#lossSum = 0;
    this.#lossCount = 0;
    const step = iterateOffPolicy(from, this.#config, this.#experience, this, this.#poll);
    if (step === null) return null;
    return {
      step,
      metrics: {
        'rollout/exploration_rate': this.#epsilon(step),
        'time/episodes': this.episodes.finished,
        'train/n_updates': this.#updates[0] ?? 0,
        'train/learning_rate': this.#learningRate(step),
        'train/loss': this.#lossSum / this.#lossCount,
      },
    };
  }

  beginRound(): void {}

  /** Random before `learning_starts`; then one coin for all environments, as Stable-Baselines3. */
  act(step: number): void {
    const { actions, taken, stored, vector } = this.#experience;
    const { learning_starts } = this.#config.hyperparameters;
    if (step < learning_starts || actions.random() < this.#epsilon(step)) {
      for (let i = 0; i < taken.length; i++) taken[i] = actions.integers(this.#choices);
    } else {
      const network = this.#online.network(0);
      const size = vector.observations.length / taken.length;
      for (let i = 0; i < taken.length; i++) {
        this.#observer.write(vector.observations, i * size, this.#input, i);
      }
      network.forward(this.#input, taken.length);
      for (let i = 0; i < taken.length; i++) taken[i] = greatest(network.output, i);
    }
    stored.set(taken);
  }

  stepped(step: number): void {
    const { target_update_interval, n_envs } = this.#config.hyperparameters;
    const every = Math.max(Math.floor(target_update_interval / n_envs), 1);
    if ((step / n_envs) % every === 0) this.#engine.blend(this.#target, this.#online, 1);
  }

  learn(step: number): void {
    const { batch_size, gamma, max_grad_norm, double_q } = this.#config.hyperparameters;
    const online = this.#online.network(0);
    const batch = this.#batch;
    this.replay.sample(batch, batch_size, this.#experience.samples);
    dqnTargets(this.#targets, this.#target.network(0), double_q ? online : null, batch, batch_size, gamma);
    const loss = dqnLoss(online, batch, batch_size, this.#targets);
    if (!Number.isFinite(loss)) throw new TrainingDiverged(step, 'loss');
    online.backward(batch.observations, batch_size, 'parameters');
    const norm = this.#optimizer.step(this.#learningRate(step), max_grad_norm);
    if (!Number.isFinite(norm)) throw new TrainingDiverged(step, 'gradient');
    this.#updates[0] = (this.#updates[0] ?? 0) + 1;
    this.#lossSum += loss;
    this.#lossCount += 1;
  }

  #learningRate(step: number): number {
    const { hyperparameters, max_steps } = this.#config;
    return scheduled(hyperparameters.learning_rate, 1 - step / max_steps);
  }

  /** ε falls linearly over the first `exploration_fraction` of the training. */
  #epsilon(step: number): number {
    const { hyperparameters, max_steps } = this.#config;
    const { exploration_fraction, exploration_initial_eps, exploration_final_eps } = hyperparameters;
    const progress = step / max_steps;
    if (progress >= exploration_fraction) return exploration_final_eps;
    const part = progress / exploration_fraction;
    return exploration_initial_eps + part * (exploration_final_eps - exploration_initial_eps);
  }
}

/** The network from observations to the value of each action; layers named as in Stable-Baselines3. */
export function qNetwork(
  inputs: number,
  hidden: readonly number[],
  outputs: number,
  activation: NetworkPlan['activation'],
  maxBatch: number,
): NetworkPlan {
  const names = [...hidden, outputs].map((_, l) => `q_net.${2 * l}`);
  return { inputs, hidden, outputs, activation, maxBatch, names };
}

function policyOf(engine: Engine, parameters: ParameterSet, observer: Observer): Policy {
  const input = engine.matrix(EVALUATION_ROWS, observer.size);
  const network = parameters.network(0);
  return {
    input,
    observer,
    decide(count, actions) {
      network.forward(input, count);
      for (let i = 0; i < count; i++) actions[i] = greatest(network.output, i);
    },
  };
}
