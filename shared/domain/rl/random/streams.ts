import { Pcg64 } from './pcg64.ts';
import { seedWords } from './seed-sequence.ts';

/**
 * The independent random streams of one training. The environment's is NumPy's plain
 * `SeedSequence(seed)`, so that its first reset equals Gymnasium's `reset(seed)`; the others are
 * `SeedSequence(seed, spawn_key=(stream,))`. Drawing more from one never moves another.
 */
const INITIALISATION = 0;
const ACTION = 1;
const SHUFFLE = 2;
const EVALUATION = 3;
const REPLAY = 4;
const NOISE = 5;

/** The generator of the initial weights. */
export function initialisationStream(seed: number): Pcg64 {
  return new Pcg64(seed, [INITIALISATION]);
}

/** The generator that samples the actions of rollouts. */
export function actionStream(seed: number): Pcg64 {
  return new Pcg64(seed, [ACTION]);
}

/** The generator that shuffles minibatches. */
export function shuffleStream(seed: number): Pcg64 {
  return new Pcg64(seed, [SHUFFLE]);
}

/** The generator that samples transitions from the replay buffer. */
export function replayStream(seed: number): Pcg64 {
  return new Pcg64(seed, [REPLAY]);
}

/** The generator of the noise in SAC's updates. */
export function noiseStream(seed: number): Pcg64 {
  return new Pcg64(seed, [NOISE]);
}

/**
 * The seed of the evaluation environment at a step: a function of the training's seed and the step
 * alone, so an evaluation repeated after a crash sees the same episodes.
 */
export function evaluationSeed(seed: number, step: number): number {
  return seedWords(seed, [EVALUATION, step], 1)[0] ?? 0;
}
