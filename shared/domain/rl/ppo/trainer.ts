import type { Environment } from '../environments/environment.ts';
import { makeEnvironment } from '../environments/index.ts';
import { environmentSection } from '../environments/saved.ts';
import { Adam } from '../networks/adam.ts';
import { type Pcg64, RANDOM_STATE_LENGTH } from '../random/pcg64.ts';
import { actionStream, evaluationSeed, initialisationStream, shuffleStream } from '../random/streams.ts';
import { arraySection, readSnapshot, type SnapshotSection, writeSnapshot } from '../snapshot.ts';
import { type ActorCritic, createActorCritic, initialise } from './actor-critic.ts';
import { type PpoTrainingConfig, type PpoTrainingRequest, resolvePpoConfig } from './config.ts';
import { EpisodeWindow } from './episode-window.ts';
import { type Evaluation, evaluatePolicy } from './evaluation.ts';
import type { PpoMetrics, UpdateMetrics } from './metrics.ts';
import { collectRollout, createRollout, type Rollout } from './rollout.ts';
import { scheduled } from './schedule.ts';
import { type UpdateSettings, updatePolicy } from './update.ts';

/** Written into snapshots; raise it when the meaning of a saved value changes. */
const SNAPSHOT_FORMAT = 'lyceum-ppo-1';

/** PyTorch's PPO convention; its own default is 1e-8. */
const ADAM_EPSILON = 1e-5;

export interface TrainingOptions {
  readonly config: PpoTrainingRequest;
  /** Integer, 0 <= seed < 2^53. The same seed and configuration give the same weights, byte for byte. */
  readonly seed: number;
  /** A monotonic clock in milliseconds, only for `time/*` and progress. */
  readonly now: () => number;
  /** Asked every 256 environment steps, every minibatch and every evaluation episode; true stops. */
  readonly poll?: () => boolean;
}

/** The training produced a loss, gradient or parameter that is not finite. */
export class TrainingDiverged extends Error {
  /** Environment steps taken when it happened. */
  readonly step: number;
  constructor(step: number) {
    super(`the training diverged at step ${step}`);
    this.name = 'TrainingDiverged';
    this.step = step;
  }
}

export interface TrainingProgress {
  readonly step: number;
  readonly max_steps: number;
  /** Environment steps per second; 0 before the first iteration. */
  readonly fps: number;
  /** Seconds to go; null while the speed is unknown. */
  readonly eta_s: number | null;
}

/** An evaluation in the course of a training. */
export interface TrainingEvaluation extends Evaluation {
  readonly step: number;
  /** No earlier evaluation of this training had a higher or equal mean. */
  readonly best: boolean;
}

/**
 * A PPO training, exactly Stable-Baselines3's with one environment, that can be stopped and resumed
 * at any iteration boundary:
 *
 *     const training = createTraining({ config, seed, now });
 *     while (!training.done) {
 *       const metrics = training.collectAndUpdate();
 *       if (metrics === null) break; // poll asked to stop
 *       if (training.evaluationDue) training.evaluate();
 *       if (training.saveDue) save(training.snapshot());
 *     }
 *
 * An iteration either completes or has not happened: when `poll` stops it, or it throws, the training
 * is back at the boundary before it.
 * @throws RangeError, UnknownEnvironment
 */
export function createTraining(options: TrainingOptions): Training {
  return new Training(options);
}

// Indices into the counters, which are saved as one vector.
const STEP = 0;
const ITERATIONS = 1;
const EPOCHS = 2;
const BEST_MEAN = 3;
const BEST_STEP = 4;

export class Training {
  readonly config: PpoTrainingConfig;
  readonly seed: number;
  readonly #now: () => number;
  readonly #poll: () => boolean;
  readonly #environment: Environment;
  readonly #network: ActorCritic;
  readonly #optimizer: Adam;
  readonly #actions: Pcg64;
  readonly #shuffles: Pcg64;
  readonly #episodes = new EpisodeWindow();
  readonly #rollout: Rollout;
  readonly #counters = Float64Array.of(0, 0, 0, Number.NEGATIVE_INFINITY, -1);
  readonly #sections: readonly SnapshotSection[];
  #startedAt: number;
  #startedStep = 0;

  constructor({ config, seed, now, poll = () => false }: TrainingOptions) {
    this.config = resolvePpoConfig(config);
    this.seed = seed;
    this.#now = now;
    this.#poll = poll;
    const { environment, hyperparameters } = this.config;
    this.#environment = makeEnvironment(environment, seed);
    const { observationSize } = this.#environment;
    this.#network = createActorCritic({
      observationSize,
      actionCount: actionCount(this.#environment),
      hiddenSizes: hyperparameters.hidden_sizes,
      maxBatch: Math.min(hyperparameters.batch_size, hyperparameters.n_steps),
    });
    initialise(this.#network, initialisationStream(seed));
    this.#optimizer = new Adam(this.#network.parameters.length, ADAM_EPSILON);
    this.#actions = actionStream(seed);
    this.#shuffles = shuffleStream(seed);
    this.#rollout = createRollout(hyperparameters.n_steps, observationSize);
    this.#sections = [...this.#weightSections(), ...this.#stateSections()];
    this.#startedAt = now();
  }

  /** Environment steps taken, a multiple of `n_steps`. */
  get step(): number {
    return this.#counters[STEP] ?? 0;
  }

  /** Iterations completed. */
  get iterations(): number {
    return this.#counters[ITERATIONS] ?? 0;
  }

  /** The boundary at or after `max_steps` is reached. */
  get done(): boolean {
    return this.step >= this.config.max_steps;
  }

  /** This boundary is the first at or after a multiple of `eval_frequency`, or the last. */
  get evaluationDue(): boolean {
    return this.#isDue(this.config.eval_frequency);
  }

  /** This boundary is the first at or after a multiple of `save_frequency`, or the last. */
  get saveDue(): boolean {
    return this.#isDue(this.config.save_frequency);
  }

  /**
   * One iteration: collects a rollout and updates the policy from it.
   * @returns its metrics; null if `poll` asked to stop
   * @throws TrainingDiverged; RangeError if the training is done
   */
  collectAndUpdate(): PpoMetrics | null {
    if (this.done) throw new RangeError('the training is done');
    const boundary = this.snapshot();
    let metrics: PpoMetrics | null = null;
    try {
      metrics = this.#iterate();
    } finally {
      if (metrics === null) this.#load(boundary);
    }
    return metrics;
  }

  /**
   * Evaluates the deterministic policy in a separate environment. The episodes depend on the seed and
   * the step alone, and evaluating changes nothing in the training but which evaluation is the best.
   * @returns null if `poll` asked to stop
   */
  evaluate(episodes = 20): TrainingEvaluation | null {
    const { step, seed, config } = this;
    const evaluation = evaluatePolicy(
      this.#network,
      config.environment,
      evaluationSeed(seed, step),
      episodes,
      this.#poll,
    );
    if (evaluation === null) return null;
    const again = this.#counters[BEST_STEP] === step;
    const best = again || evaluation.mean_reward > (this.#counters[BEST_MEAN] ?? 0);
    if (best) this.#counters.set([evaluation.mean_reward, step], BEST_MEAN);
    return { step, best, ...evaluation };
  }

  /** The whole state at this boundary; `restore` continues from it exactly. A safetensors file. */
  snapshot(): Uint8Array {
    return writeSnapshot(this.#metadata(), this.#sections);
  }

  /**
   * Continues from a snapshot of a training with the same configuration and seed. `time/*` and
   * progress count from here.
   * @throws SnapshotMismatch, and the training is unchanged
   */
  restore(snapshot: Uint8Array): void {
    this.#load(snapshot);
    this.#startedAt = this.#now();
    this.#startedStep = this.step;
  }

  /** The weights as a safetensors file, float64, under Stable-Baselines3's names. */
  weights(): Uint8Array {
    return writeSnapshot({ format: SNAPSHOT_FORMAT }, this.#weightSections());
  }

  progress(): TrainingProgress {
    const { step } = this;
    const { max_steps } = this.config;
    const elapsed = this.#elapsedSeconds();
    const fps = elapsed > 0 ? (step - this.#startedStep) / elapsed : 0;
    return { step, max_steps, fps, eta_s: fps > 0 ? Math.max(0, max_steps - step) / fps : null };
  }

  #iterate(): PpoMetrics | null {
    const { gamma, gae_lambda: gaeLambda, n_steps } = this.config.hyperparameters;
    const network = this.#network;
    const poll = this.#poll;
    const collected = collectRollout(this.#rollout, {
      network,
      environment: this.#environment,
      random: this.#actions,
      episodes: this.#episodes,
      gamma,
      gaeLambda,
      poll,
    });
    if (!collected) return null;
    const step = this.step + n_steps;
    const outcome = updatePolicy(
      this.#rollout,
      { network, optimizer: this.#optimizer, random: this.#shuffles, poll },
      this.#updateSettings(step),
    );
    if (outcome.kind === 'stopped') return null;
    if (outcome.kind === 'diverged') throw new TrainingDiverged(step);
    this.#counters[STEP] = step;
    this.#counters[ITERATIONS] = this.iterations + 1;
    this.#counters[EPOCHS] = (this.#counters[EPOCHS] ?? 0) + outcome.epochs;
    return this.#metrics(outcome.metrics);
  }

  /** Stable-Baselines3 evaluates schedules after the rollout, with its steps counted. */
  #updateSettings(step: number): UpdateSettings {
    const { hyperparameters, max_steps } = this.config;
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

  #metrics(update: UpdateMetrics): PpoMetrics {
    return {
      'rollout/ep_rew_mean': this.#episodes.meanReturn,
      'rollout/ep_len_mean': this.#episodes.meanLength,
      'time/iterations': this.iterations,
      'time/fps': Math.trunc(this.progress().fps),
      'time/time_elapsed': Math.trunc(this.#elapsedSeconds()),
      'time/total_timesteps': this.step,
      'train/n_updates': this.#counters[EPOCHS] ?? 0,
      ...update,
    };
  }

  #elapsedSeconds(): number {
    return (this.#now() - this.#startedAt) / 1000;
  }

  #isDue(frequency: number): boolean {
    const before = this.step - this.config.hyperparameters.n_steps;
    if (before < 0) return false;
    return this.done || Math.floor(this.step / frequency) > Math.floor(before / frequency);
  }

  #load(snapshot: Uint8Array): void {
    readSnapshot(snapshot, this.#metadata(), this.#sections);
  }

  #metadata(): Record<string, string> {
    return { format: SNAPSHOT_FORMAT, seed: String(this.seed), config: JSON.stringify(this.config) };
  }

  #weightSections(): SnapshotSection[] {
    return this.#network.tensors.map(({ name, shape, values }) => arraySection(name, shape, values));
  }

  #stateSections(): SnapshotSection[] {
    const { m, v, counters: adam } = this.#optimizer;
    return [
      arraySection('adam.m', [m.length], m),
      arraySection('adam.v', [v.length], v),
      arraySection('adam.counters', [adam.length], adam),
      arraySection('counters', [this.#counters.length], this.#counters),
      arraySection('episodes', [this.#episodes.values.length], this.#episodes.values),
      randomSection('random.action', this.#actions),
      randomSection('random.shuffle', this.#shuffles),
      environmentSection('environment', this.#environment),
    ];
  }
}

function randomSection(name: string, random: Pcg64): SnapshotSection {
  return {
    name,
    shape: [RANDOM_STATE_LENGTH],
    read: () => random.getState(),
    write: (saved) => random.setState([...saved]),
  };
}

/** @throws RangeError if the actions are not discrete */
function actionCount({ model }: Environment): number {
  if (model.actionSpace.kind === 'discrete') return model.actionSpace.n;
  throw new RangeError(`environment: the actions of ${model.id} are continuous`);
}
