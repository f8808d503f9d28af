import type { Engine, Matrix, Optimizer } from '../../engine/engine.ts';
import type { EnvironmentModel } from '../../environments/environment.ts';
import { vectorEnvironmentSection } from '../../environments/saved.ts';
import { sizeOf } from '../../environments/spaces.ts';
import { VectorEnvironment } from '../../environments/vector.ts';
import type { Pcg64 } from '../../random/pcg64.ts';
import { actionStream, initialisationStream, shuffleStream } from '../../random/streams.ts';
import { arraySection, type SnapshotSection } from '../../snapshot.ts';
import { type Algorithm, type Iteration, storedSections } from '../algorithm.ts';
import type { PpoConfig } from '../config.ts';
import { EpisodeWindow } from '../episode-window.ts';
import type { PpoUpdateMetrics } from '../metrics.ts';
import { Normaliser } from '../normaliser.ts';
import { clipActions, Observer, type Policy } from '../policy.ts';
import { scheduled } from '../schedule.ts';
import { EVALUATION_ROWS, randomSection, type Setting } from '../setting.ts';
import { type ActorCritic, createActorCritic, initialise } from './actor-critic.ts';
import { createMinibatch, type PpoMinibatch } from './loss.ts';
import { collectRollout, createRollout, type Rollout } from './rollout.ts';
import { type UpdateSettings, updatePolicy } from './update.ts';

/** PyTorch's PPO convention; its own default is 1e-8. */
const ADAM_EPSILON = 1e-5;

/**
 * Proximal policy optimisation (Schulman et al. 2017) exactly as Stable-Baselines3's PPO: an iteration
 * is a rollout of n_steps in each of n_envs environments, and the update from it.
 */
export class Ppo implements Algorithm<PpoUpdateMetrics> {
  readonly policy: Policy;
  readonly episodes = new EpisodeWindow();
  readonly weights: readonly SnapshotSection[];
  readonly state: readonly SnapshotSection[];
  readonly replay = null;
  readonly #config: PpoConfig;
  readonly #poll: () => boolean;
  readonly #vector: VectorEnvironment;
  readonly #network: ActorCritic;
  readonly #optimizer: Optimizer;
  readonly #observer: Observer;
  readonly #actions: Pcg64;
  readonly #shuffles: Pcg64;
  readonly #rollout: Rollout;
  readonly #minibatch: PpoMinibatch;
  readonly #terminal: Matrix;
  /** Epochs begun since the start. */
  readonly #epochs = new Float64Array(1);

  constructor(config: PpoConfig, { engine, model, seed, poll }: Setting) {
    const { hyperparameters } = config;
    const { n_envs, n_steps, batch_size } = hyperparameters;
    this.#config = config;
    this.#poll = poll;
    this.#vector = new VectorEnvironment(model, n_envs, seed);
    const { observationSize } = this.#vector;
    this.#network = createActorCritic(engine, {
      observationSize,
      actionSpace: model.actionSpace,
      hiddenSizes: hyperparameters.hidden_sizes,
      activation: hyperparameters.activation,
      maxBatch: Math.max(batch_size, n_envs, EVALUATION_ROWS),
      stateDependentNoise: hyperparameters.use_sde,
      logStdInit: hyperparameters.log_std_init,
    });
    initialise(this.#network, initialisationStream(seed), hyperparameters.ortho_init);
    this.#optimizer = engine.adam(this.#network.parameters, ADAM_EPSILON);
    this.#actions = actionStream(seed);
    this.#shuffles = shuffleStream(seed);
    const { actionSize } = this.#network.actor;
    this.#rollout = createRollout(engine, n_steps, n_envs, observationSize, actionSize);
    this.#minibatch = createMinibatch(engine, batch_size, observationSize, actionSize);
    this.#terminal = engine.matrix(1, observationSize);
    const normaliser = createNormaliser(config, this.#vector);
    this.#observer = new Observer(model, normaliser);
    this.policy = policyOf(engine, model, this.#network, this.#observer);
    this.weights = [
      ...storedSections('', this.#network.parameters.tensors),
      ...(normaliser?.policySections ?? []),
    ];
    this.state = [
      ...storedSections('adam.', this.#optimizer.state),
      ...(normaliser?.sections ?? []).filter((section) => !this.weights.includes(section)),
      arraySection('epochs', this.#epochs),
      arraySection('episodes', this.episodes.values),
      randomSection('random.action', this.#actions),
      randomSection('random.shuffle', this.#shuffles),
      vectorEnvironmentSection('environments', this.#vector),
    ];
  }

  iterate(from: number): Iteration<PpoUpdateMetrics> | null {
    const { gamma, gae_lambda: gaeLambda, sde_sample_freq: noiseEvery } = this.#config.hyperparameters;
    const rollout = this.#rollout;
    const collected = collectRollout(rollout, {
      network: this.#network,
      vector: this.#vector,
      observer: this.#observer,
      terminal: this.#terminal,
      random: this.#actions,
      episodes: this.episodes,
      gamma,
      gaeLambda,
      noiseEvery,
      poll: this.#poll,
    });
    if (!collected) return null;
    const step = from + rollout.steps * rollout.environments;
    const outcome = updatePolicy(
      rollout,
      {
        network: this.#network,
        optimizer: this.#optimizer,
        minibatch: this.#minibatch,
        random: this.#shuffles,
        poll: this.#poll,
        step,
      },
      this.#updateSettings(step),
    );
    if (outcome === null) return null;
    const epochs = (this.#epochs[0] ?? 0) + outcome.epochs;
    this.#epochs[0] = epochs;
    return { step, metrics: { 'train/n_updates': epochs, ...outcome.metrics } };
  }

  /** Stable-Baselines3 evaluates schedules after the rollout, with its steps counted. */
  #updateSettings(step: number): UpdateSettings {
    const { hyperparameters, max_steps } = this.#config;
    const remaining = 1 - step / max_steps;
    const { clip_range_vf } = hyperparameters;
    return {
      learningRate: scheduled(hyperparameters.learning_rate, remaining),
      clipRange: scheduled(hyperparameters.clip_range, remaining),
      clipRangeVf: clip_range_vf === null ? null : scheduled(clip_range_vf, remaining),
      epochs: hyperparameters.n_epochs,
      batchSize: hyperparameters.batch_size,
      valueCoef: hyperparameters.value_coef,
      entropyCoef: hyperparameters.entropy_coef,
      maxGradNorm: hyperparameters.max_grad_norm,
      targetKl: hyperparameters.target_kl,
      normalizeAdvantage: hyperparameters.normalize_advantage,
    };
  }
}

/** The normaliser, which has seen the first observations; null where nothing is normalised. */
function createNormaliser({ hyperparameters }: PpoConfig, vector: VectorEnvironment): Normaliser | null {
  const { norm_obs, norm_reward, gamma } = hyperparameters;
  if (!norm_obs && !norm_reward) return null;
  const normaliser = new Normaliser({
    observationSize: vector.observationSize,
    environments: vector.count,
    observations: norm_obs,
    rewards: norm_reward,
    gamma,
  });
  const first = new Float64Array(vector.count * vector.observationSize);
  vector.flattenObservations(first);
  normaliser.countObservations(first);
  return normaliser;
}

function policyOf(
  engine: Engine,
  model: EnvironmentModel,
  { actor }: ActorCritic,
  observer: Observer,
): Policy {
  const input = engine.matrix(EVALUATION_ROWS, observer.size);
  const actionSize = sizeOf(model.actionSpace);
  return {
    input,
    observer,
    decide(count, actions) {
      actor.forward(input, count);
      for (let i = 0; i < count; i++) actor.decide(i, actions, i * actionSize);
      clipActions(model, actions, count);
    },
  };
}
