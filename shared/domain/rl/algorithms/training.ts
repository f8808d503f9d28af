import type { Engine } from '../engine/engine.ts';
import { createEngine } from '../engine/index.ts';
import type { EnvironmentModel } from '../environments/environment.ts';
import { environmentModel } from '../environments/index.ts';
import { evaluationSeed } from '../random/streams.ts';
import {
  arraySection,
  openSnapshot,
  remember,
  type SnapshotMetadata,
  SnapshotMismatch,
  type SnapshotSection,
  snapshotMetadata,
  writeSnapshot,
} from '../snapshot.ts';
import { type Algorithm, requireFiniteWeights } from './algorithm.ts';
import { resolveTrainingConfig, type TrainingConfig, type TrainingRequest } from './config.ts';
import { Dqn } from './dqn/dqn.ts';
import { type Evaluation, evaluatePolicy } from './evaluation.ts';
import type { TrainingMetrics } from './metrics.ts';
import { Ppo } from './ppo/ppo.ts';
import { Sac } from './sac/sac.ts';
import type { Setting } from './setting.ts';

/** Written into snapshots; raise it when the meaning of a saved value changes. */
const SNAPSHOT_FORMAT = 'lyceum-training-2';

export interface TrainingOptions {
  readonly config: TrainingRequest;
  /** Integer, 0 <= seed < 2^53. The same seed and configuration give the same weights, byte for byte. */
  readonly seed: number;
  /** A monotonic clock in milliseconds, only for `time/*` and progress. */
  readonly now: () => number;
  /** Asked at least every 256 environment steps and every gradient step; true stops. */
  readonly poll?: () => boolean;
  /** The engine that `config.engine` names, by default a new one. */
  readonly engine?: Engine;
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
  /** No earlier evaluation of this training had a higher mean; of equal ones the one that trained longer is the best. */
  readonly best: boolean;
}

/** The whole state at a boundary, as safetensors files. */
export interface Snapshot {
  readonly state: Uint8Array;
  /** The filled part of the replay buffer, apart because it is large and compresses well; null for PPO. */
  readonly replay: Uint8Array | null;
}

/**
 * A training that can be stopped and resumed at any iteration boundary:
 *
 *     const training = createTraining({ config, seed, now });
 *     while (!training.done) {
 *       const metrics = training.advance();
 *       if (metrics === null) break; // poll asked to stop
 *       if (training.evaluationDue) training.evaluate();
 *       if (training.saveDue) save(training.snapshot());
 *     }
 *
 * An iteration (PPO: a rollout and its update; DQN and SAC: some hundred steps) either completes or has
 * not happened: when `poll` stops it, or it throws, the training is back at the boundary before it.
 */
export interface Training {
  readonly config: TrainingConfig;
  readonly seed: number;
  /** Environment steps taken. */
  readonly step: number;
  /** Iterations completed. */
  readonly iterations: number;
  /** The boundary at or after `max_steps` is reached. */
  readonly done: boolean;
  /** This boundary is the first at or after a multiple of `eval_frequency`, or the last. */
  readonly evaluationDue: boolean;
  /** This boundary is the first at or after a multiple of `save_frequency`, or the last. */
  readonly saveDue: boolean;
  /**
   * One iteration.
   * @returns its metrics; null if `poll` asked to stop
   * @throws TrainingDiverged; RangeError if the training is done
   */
  advance(): TrainingMetrics | null;
  /**
   * Evaluates the deterministic policy in separate environments, 20 episodes by default. The episodes
   * depend on the seed and the step alone, and evaluating changes nothing in the training but which
   * evaluation is the best.
   * @returns null if `poll` asked to stop
   */
  evaluate(episodes?: number): TrainingEvaluation | null;
  /** The whole state at this boundary; `restore` continues from it exactly. */
  snapshot(): Snapshot;
  /**
   * Continues from a snapshot of a training with the same configuration, seed and engine. `time/*` and
   * progress count from here.
   * @throws SnapshotMismatch, and the training is unchanged
   */
  restore(snapshot: Snapshot): void;
  /** The weights as a safetensors file under Stable-Baselines3's names, and what normalises observations. */
  weights(): Uint8Array<ArrayBuffer>;
  progress(): TrainingProgress;
}

/** @throws InvalidTrainingConfig; RangeError for a seed that is none */
export function createTraining(options: TrainingOptions): Training {
  return new Run(options);
}

function createAlgorithm(config: TrainingConfig, setting: Setting): Algorithm<object> {
  switch (config.algorithm) {
    case 'ppo':
      return new Ppo(config, setting);
    case 'dqn':
      return new Dqn(config, setting);
    case 'sac':
      return new Sac(config, setting);
  }
}

// Indices into the counters, which are saved as one vector.
const STEP = 0;
const ITERATIONS = 1;
const BEST_MEAN = 2;
const BEST_STEP = 3;
const PREVIOUS_STEP = 4;

class Run implements Training {
  readonly config: TrainingConfig;
  readonly seed: number;
  readonly #model: EnvironmentModel;
  readonly #engine: Engine;
  readonly #algorithm: Algorithm<object>;
  readonly #now: () => number;
  readonly #poll: () => boolean;
  readonly #counters = Float64Array.of(0, 0, Number.NEGATIVE_INFINITY, -1, 0);
  readonly #sections: readonly SnapshotSection[];
  #startedAt: number;
  #startedStep = 0;

  constructor({ config, seed, now, poll = () => false, engine }: TrainingOptions) {
    this.config = resolveTrainingConfig(config);
    this.seed = seed;
    this.#model = environmentModel(this.config.environment, this.config.env_kwargs);
    this.#engine = engine ?? createEngine(this.config.engine);
    this.#now = now;
    this.#poll = poll;
    this.#algorithm = createAlgorithm(this.config, {
      engine: this.#engine,
      model: this.#model,
      seed,
      poll,
    });
    const { weights, state } = this.#algorithm;
    this.#sections = [...weights, ...state, arraySection('counters', this.#counters)];
    this.#startedAt = now();
  }

  get step(): number {
    return this.#counters[STEP] ?? 0;
  }

  get iterations(): number {
    return this.#counters[ITERATIONS] ?? 0;
  }

  get done(): boolean {
    return this.step >= this.config.max_steps;
  }

  get evaluationDue(): boolean {
    return this.#isDue(this.config.eval_frequency);
  }

  get saveDue(): boolean {
    return this.#isDue(this.config.save_frequency);
  }

  advance(): TrainingMetrics | null {
    if (this.done) throw new RangeError('the training is done');
    const { replay } = this.#algorithm;
    const goBack = remember(this.#sections);
    replay?.mark();
    let metrics: TrainingMetrics | null = null;
    try {
      metrics = this.#iterate();
    } finally {
      if (metrics === null) {
        replay?.goBack();
        goBack();
      }
    }
    return metrics;
  }

  evaluate(episodes = 20): TrainingEvaluation | null {
    const { step, seed } = this;
    const { policy } = this.#algorithm;
    const evaluation = evaluatePolicy(policy, this.#model, evaluationSeed(seed, step), episodes, this.#poll);
    if (evaluation === null) return null;
    const again = this.#counters[BEST_STEP] === step;
    const best = again || evaluation.mean_reward >= (this.#counters[BEST_MEAN] ?? 0);
    if (best) this.#counters.set([evaluation.mean_reward, step], BEST_MEAN);
    return { step, best, ...evaluation };
  }

  snapshot(): Snapshot {
    const { replay } = this.#algorithm;
    const step = String(this.step);
    return {
      state: writeSnapshot(this.#metadata('state', { step }), this.#sections),
      replay:
        replay === null
          ? null
          : writeSnapshot(
              this.#metadata('replay', { step, rows: String(replay.rows) }),
              replay.sections(replay.rows),
            ),
    };
  }

  restore({ state, replay }: Snapshot): void {
    const { step = '' } = snapshotMetadata(state);
    const loadState = openSnapshot(state, this.#metadata('state', { step }), this.#sections);
    const loadReplay = this.#openReplay(replay, step);
    loadState();
    loadReplay();
    this.#startedAt = this.#now();
    this.#startedStep = this.step;
  }

  weights(): Uint8Array<ArrayBuffer> {
    return writeSnapshot({ format: `lyceum-${this.config.algorithm}-1` }, this.#algorithm.weights);
  }

  progress(): TrainingProgress {
    const { step } = this;
    const { max_steps } = this.config;
    const elapsed = this.#elapsedSeconds();
    const fps = elapsed > 0 ? (step - this.#startedStep) / elapsed : 0;
    return { step, max_steps, fps, eta_s: fps > 0 ? Math.max(0, max_steps - step) / fps : null };
  }

  #iterate(): TrainingMetrics | null {
    const before = this.step;
    const iteration = this.#algorithm.iterate(before);
    if (iteration === null) return null;
    const { step, metrics } = iteration;
    requireFiniteWeights(step, this.#algorithm.weights);
    this.#counters[PREVIOUS_STEP] = before;
    this.#counters[STEP] = step;
    this.#counters[ITERATIONS] = this.iterations + 1;
    const { episodes } = this.#algorithm;
    // The algorithm's part is the one of its configuration, which `createAlgorithm` matched.
    return {
      'rollout/ep_rew_mean': episodes.meanReturn,
      'rollout/ep_len_mean': episodes.meanLength,
      'time/iterations': this.iterations,
      'time/fps': Math.trunc(this.progress().fps),
      'time/time_elapsed': Math.trunc(this.#elapsedSeconds()),
      'time/total_timesteps': step,
      ...metrics,
    } as TrainingMetrics;
  }

  #elapsedSeconds(): number {
    return (this.#now() - this.#startedAt) / 1000;
  }

  #isDue(frequency: number): boolean {
    if (this.step === 0) return false;
    const before = this.#counters[PREVIOUS_STEP] ?? 0;
    return this.done || Math.floor(this.step / frequency) > Math.floor(before / frequency);
  }

  #openReplay(bytes: Uint8Array | null, step: string): () => void {
    const { replay } = this.#algorithm;
    if (replay === null || bytes === null) {
      if (replay !== null || bytes !== null) {
        throw new SnapshotMismatch('the replay buffer is missing, or of another training');
      }
      return () => undefined;
    }
    const { rows = '' } = snapshotMetadata(bytes);
    const sections = replay.sections(replay.checkedRows(Number(rows)));
    return openSnapshot(bytes, this.#metadata('replay', { step, rows }), sections);
  }

  #metadata(part: 'state' | 'replay', more: SnapshotMetadata): SnapshotMetadata {
    return {
      format: SNAPSHOT_FORMAT,
      part,
      engine: this.#engine.version,
      seed: String(this.seed),
      config: JSON.stringify(this.config),
      ...more,
    };
  }
}
