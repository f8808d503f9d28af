import type { Engine, Matrix } from '../../engine/engine.ts';
import type { BoxSpace } from '../../environments/spaces.ts';
import type { Pcg64 } from '../../random/pcg64.ts';
import { initialisationStream, noiseStream } from '../../random/streams.ts';
import { arraySection, type SnapshotSection } from '../../snapshot.ts';
import { type Algorithm, type Iteration, requireFinite, storedSections } from '../algorithm.ts';
import type { SacConfig } from '../config.ts';
import type { EpisodeWindow } from '../episode-window.ts';
import { initialiseUniform } from '../initialisation.ts';
import type { SacUpdateMetrics } from '../metrics.ts';
import { Experience, iterateOffPolicy, type OffPolicyLearner } from '../off-policy.ts';
import { boxOf, Observer, type Policy } from '../policy.ts';
import type { ReplayBuffer } from '../replay-buffer.ts';
import { scheduled } from '../schedule.ts';
import { EVALUATION_ROWS, randomSection, type Setting } from '../setting.ts';
import type { SquashedActor } from './actor.ts';
import { GaussianActor } from './gaussian-actor.ts';
import { StateDependentActor } from './state-dependent-actor.ts';
import { createCritics, type SacLosses, SacUpdate } from './update.ts';

/** Sums of the losses of an iteration's gradient steps. */
type LossSums = { -readonly [K in keyof SacLosses]: number };

const noLosses = (): LossSums => ({
  actor_loss: 0,
  critic_loss: 0,
  ent_coef: 0,
  ent_coef_loss: 0,
  log_prob: 0,
});

/** Soft actor-critic (Haarnoja et al. 2018) exactly as Stable-Baselines3's SAC. */
export class Sac implements Algorithm<SacUpdateMetrics>, OffPolicyLearner {
  readonly policy: Policy;
  readonly episodes: EpisodeWindow;
  readonly weights: readonly SnapshotSection[];
  readonly state: readonly SnapshotSection[];
  readonly replay: ReplayBuffer;
  readonly #config: SacConfig;
  readonly #poll: () => boolean;
  readonly #experience: Experience;
  readonly #space: BoxSpace;
  readonly #update: SacUpdate;
  readonly #observer: Observer;
  /** One row for each environment. */
  readonly #input: Matrix;
  readonly #noise: Pcg64;
  /** Gradient steps since the start. */
  readonly #updates = new Float64Array(1);
  #losses = noLosses();
  #lossCount = 0;

  constructor(config: SacConfig, setting: Setting) {
    const { engine, model, seed, poll } = setting;
    const { n_envs } = config.hyperparameters;
    this.#config = config;
    this.#poll = poll;
    this.#space = boxOf(model);
    this.#experience = new Experience(config, setting);
    this.episodes = this.#experience.episodes;
    this.replay = this.#experience.replay;
    this.#observer = new Observer(model, null);
    this.#update = createUpdate(config, setting, this.#observer.size, this.#space.low.length);
    this.#input = engine.matrix(n_envs, this.#observer.size);
    this.#noise = noiseStream(seed);
    const { actor, critics, targets, temperature, optimizers } = this.#update;
    this.policy = policyOf(engine, actor, this.#space, this.#observer);
    this.weights = [
      ...storedSections('actor.', actor.tensors),
      ...storedSections('critic.', critics.tensors),
    ];
    this.state = [
      ...storedSections('critic_target.', targets.tensors),
      ...storedSections('', temperature?.tensors ?? []),
      ...Object.entries(optimizers).flatMap(([name, adam]) =>
        storedSections(`adam.${name}.`, adam?.state ?? []),
      ),
      arraySection('updates', this.#updates),
      randomSection('random.noise', this.#noise),
      ...this.#experience.sections,
    ];
  }

  iterate(from: number): Iteration<SacUpdateMetrics> | null {
    this.#losses = noLosses();
    this.#lossCount = 0;
    const step = iterateOffPolicy(from, this.#config, this.#experience, this, this.#poll);
    if (step === null) return null;
    const mean = (key: keyof SacLosses): number => this.#losses[key] / this.#lossCount;
    return {
      step,
      metrics: {
        'time/episodes': this.episodes.finished,
        'train/n_updates': this.#updates[0] ?? 0,
        'train/learning_rate': this.#learningRate(step),
        'train/actor_loss': mean('actor_loss'),
        'train/critic_loss': mean('critic_loss'),
        'train/ent_coef': mean('ent_coef'),
        ...(this.#update.temperature && { 'train/ent_coef_loss': mean('ent_coef_loss') }),
        'train/entropy_loss': mean('log_prob'),
      },
    };
  }

  beginRound(): void {
    this.#resetNoise();
  }

  /** Uniform before `learning_starts`. */
  act(step: number, inRound: number): void {
    const { actions, taken, stored, vector } = this.#experience;
    const { learning_starts, use_sde, use_sde_at_warmup, sde_sample_freq } = this.#config.hyperparameters;
    const { actor } = this.#update;
    if (sde_sample_freq > 0 && inRound > 0 && inRound % sde_sample_freq === 0) this.#resetNoise();
    if (step < learning_starts && !(use_sde && use_sde_at_warmup)) {
      for (let i = 0; i < stored.length; i++) stored[i] = actions.uniform(-1, 1);
    } else {
      const size = vector.observations.length / vector.count;
      for (let i = 0; i < vector.count; i++) {
        this.#observer.write(vector.observations, i * size, this.#input, i);
      }
      actor.forward(this.#input, vector.count);
      for (let i = 0; i < vector.count; i++) actor.explore(i, stored, i * actor.actionSize, actions);
    }
    scaleActions(taken, stored, stored.length, this.#space);
  }

  stepped(): void {}

  learn(step: number): void {
    const { batch_size } = this.#config.hyperparameters;
    const update = this.#update;
    this.replay.sample(update.batch, batch_size, this.#experience.samples);
    const losses = update.step(update.actor.drawNoise(batch_size, this.#noise), this.#learningRate(step));
    const { actor_loss, critic_loss, ent_coef } = losses;
    requireFinite(step, { critic_loss, actor_loss, ent_coef });
    this.#updates[0] = (this.#updates[0] ?? 0) + 1;
    this.#losses.actor_loss += actor_loss;
    this.#losses.critic_loss += critic_loss;
    this.#losses.ent_coef += ent_coef;
    this.#losses.ent_coef_loss += losses.ent_coef_loss;
    this.#losses.log_prob += losses.log_prob;
    this.#lossCount += 1;
  }

  #resetNoise(): void {
    this.#update.actor.resetNoise?.(this.#experience.vector.count, this.#experience.actions);
  }

  #learningRate(step: number): number {
    const { hyperparameters, max_steps } = this.#config;
    return scheduled(hyperparameters.learning_rate, 1 - step / max_steps);
  }
}

function createUpdate(
  { hyperparameters }: SacConfig,
  { engine, seed }: Setting,
  observationSize: number,
  actionSize: number,
): SacUpdate {
  const { hidden_sizes: hiddenSizes, activation, batch_size, n_envs } = hyperparameters;
  const { entropy_coef, target_entropy } = hyperparameters;
  const maxBatch = Math.max(batch_size, n_envs, EVALUATION_ROWS);
  const shape = { observationSize, actionSize, hiddenSizes, activation, maxBatch };
  const actor = hyperparameters.use_sde
    ? new StateDependentActor(engine, shape, hyperparameters.log_std_init)
    : new GaussianActor(engine, shape);
  const criticShape = { inputs: observationSize + actionSize, hiddenSizes, activation, maxBatch };
  const critics = createCritics(engine, criticShape);
  const targets = createCritics(engine, criticShape);
  const random = initialisationStream(seed);
  initialiseUniform(
    actor.parameters.tensors.filter(({ name }) => name !== 'log_std'),
    random,
  );
  initialiseUniform(critics.tensors, random);
  engine.blend(targets, critics, 1);
  const learnt = entropy_coef === 'auto';
  return new SacUpdate(engine, actor, [critics, targets], {
    observationSize,
    batchSize: batch_size,
    gamma: hyperparameters.gamma,
    tau: hyperparameters.tau,
    entropyCoef: learnt ? 1 : entropy_coef,
    targetEntropy: learnt ? (target_entropy === 'auto' ? -actionSize : target_entropy) : null,
  });
}

/** From (-1, 1) to the bounds of the space. */
function scaleActions(
  taken: Float64Array,
  stored: Float64Array,
  length: number,
  { low, high }: BoxSpace,
): void {
  for (let i = 0; i < length; i++) {
    const from = low[i % low.length] ?? 0;
    const to = high[i % low.length] ?? 0;
    taken[i] = from + 0.5 * ((stored[i] ?? 0) + 1) * (to - from);
  }
}

function policyOf(engine: Engine, actor: SquashedActor, space: BoxSpace, observer: Observer): Policy {
  const input = engine.matrix(EVALUATION_ROWS, observer.size);
  return {
    input,
    observer,
    decide(count, actions) {
      actor.forward(input, count);
      for (let i = 0; i < count; i++) actor.decide(i, actions, i * actor.actionSize);
      scaleActions(actions, actions, count * actor.actionSize, space);
    },
  };
}
