import { vectorEnvironmentSection } from '../environments/saved.ts';
import { sizeOf } from '../environments/spaces.ts';
import { VectorEnvironment } from '../environments/vector.ts';
import type { Pcg64 } from '../random/pcg64.ts';
import { actionStream, replayStream } from '../random/streams.ts';
import { arraySection, type SnapshotSection } from '../snapshot.ts';
import type { DqnConfig, SacConfig } from './config.ts';
import { EpisodeWindow } from './episode-window.ts';
import { ReplayBuffer } from './replay-buffer.ts';
import { randomSection, type Setting } from './setting.ts';

/** What learns from a replay buffer, as the loop below drives it. */
export interface OffPolicyLearner {
  /** A new round of `train_freq` steps begins. */
  beginRound(): void;
  /**
   * Chooses an action for each environment at `step`, the `inRound`-th of its round: into
   * `experience.taken` what the environment gets, into `experience.stored` what is remembered.
   */
  act(step: number, inRound: number): void;
  /** The environments were stepped; `step` counts it. */
  stepped(step: number): void;
  /** One gradient step. @throws TrainingDiverged */
  learn(step: number): void;
}

/** The environments, and what happened in them. */
export class Experience {
  readonly vector: VectorEnvironment;
  readonly replay: ReplayBuffer;
  readonly episodes = new EpisodeWindow();
  /** Draws actions. */
  readonly actions: Pcg64;
  /** Draws transitions to learn from. */
  readonly samples: Pcg64;
  /** [environments][actionSize], see `OffPolicyLearner.act`. */
  readonly taken: Float64Array;
  readonly stored: Float64Array;
  readonly sections: readonly SnapshotSection[];
  readonly #before: Float64Array;
  readonly #observationSize: number;
  readonly #actionSize: number;

  constructor({ hyperparameters, max_steps }: DqnConfig | SacConfig, { model, seed }: Setting) {
    const { n_envs, train_freq, buffer_size } = hyperparameters;
    this.#observationSize = sizeOf(model.observationSpace);
    this.#actionSize = sizeOf(model.actionSpace);
    this.vector = new VectorEnvironment(model, n_envs, seed);
    this.replay = new ReplayBuffer({
      // Stable-Baselines3 keeps as many of each environment; and more than there will be is no use.
      capacity: Math.min(Math.floor(buffer_size / n_envs) * n_envs, max_steps + train_freq * n_envs),
      observationSpace: model.observationSpace,
      actionSize: this.#actionSize,
    });
    this.actions = actionStream(seed);
    this.samples = replayStream(seed);
    this.taken = new Float64Array(n_envs * this.#actionSize);
    this.stored = new Float64Array(n_envs * this.#actionSize);
    this.#before = new Float64Array(n_envs * this.#observationSize);
    this.sections = [
      arraySection('episodes', this.episodes.values),
      randomSection('random.action', this.actions),
      randomSection('random.replay', this.samples),
      vectorEnvironmentSection('environments', this.vector),
      this.replay.cursorSection,
    ];
  }

  /** Takes `taken` in the environments, and remembers the transitions with `stored`. */
  step(): void {
    const { vector, replay, episodes } = this;
    const size = this.#observationSize;
    this.#before.set(vector.observations);
    vector.step(this.taken);
    for (let i = 0; i < vector.count; i++) {
      const done = vector.dones[i] === 1;
      const next = done ? vector.terminalObservations : vector.observations;
      // What the time limit cut goes on (Pardo et al. 2018).
      const terminated = done && vector.timeouts[i] !== 1 ? 1 : 0;
      const reward = vector.rewards[i] ?? 0;
      replay.add(
        this.#before,
        i * size,
        next,
        i * size,
        this.stored,
        i * this.#actionSize,
        reward,
        terminated,
      );
      if (done) episodes.record(vector.episodeReturns[i] ?? 0, vector.episodeLengths[i] ?? 0);
    }
  }
}

/**
 * Environment steps of one iteration: a hundredth of the training, at most a thousand; it ends with the
 * round of `train_freq` steps that reaches them.
 */
export function iterationSteps(maxSteps: number): number {
  return Math.min(1000, Math.max(1, Math.round(maxSteps / 100)));
}

/**
 * Stable-Baselines3's `OffPolicyAlgorithm.learn` for one iteration: rounds of `train_freq` steps in each
 * environment, each followed by gradient steps once `learning_starts` has passed.
 * @returns the steps taken since the start of the training; null if `poll` asked to stop
 */
export function iterateOffPolicy(
  from: number,
  { hyperparameters, max_steps }: DqnConfig | SacConfig,
  experience: Experience,
  learner: OffPolicyLearner,
  poll: () => boolean,
): number | null {
  const { n_envs, train_freq, gradient_steps, learning_starts } = hyperparameters;
  const updates = gradient_steps < 0 ? train_freq * n_envs : gradient_steps;
  const end = Math.min(from + iterationSteps(max_steps), max_steps);
  let step = from;
  while (step < end) {
    learner.beginRound();
    for (let inRound = 0; inRound < train_freq; inRound++) {
      if (poll()) return null;
      learner.act(step, inRound);
      experience.step();
      step += n_envs;
      learner.stepped(step);
    }
    if (step <= learning_starts) continue;
    for (let update = 0; update < updates; update++) {
      if (poll()) return null;
      learner.learn(step);
    }
  }
  return step;
}
