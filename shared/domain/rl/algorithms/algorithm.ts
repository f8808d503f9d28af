import type { StoredArray } from '../engine/engine.ts';
import type { SnapshotSection } from '../snapshot.ts';
import type { EpisodeWindow } from './episode-window.ts';
import type { Policy } from './policy.ts';
import type { ReplayBuffer } from './replay-buffer.ts';

/**
 * What an algorithm gives to a `Training`, which turns it into something that stops, resumes,
 * evaluates and saves.
 */
export interface Algorithm<M> {
  readonly policy: Policy;
  readonly episodes: EpisodeWindow;
  /** The weights to give away: the policy's, and its critics'. */
  readonly weights: readonly SnapshotSection[];
  /** What else an exact continuation needs, the replay buffer excepted. */
  readonly state: readonly SnapshotSection[];
  readonly replay: ReplayBuffer | null;
  /**
   * Goes on from a boundary to the next.
   * @param from environment steps taken so far
   * @returns null if it was asked to stop: the state is then somewhere between
   * @throws TrainingDiverged
   */
  iterate(from: number): Iteration<M> | null;
}

export interface Iteration<M> {
  /** Environment steps taken now. */
  readonly step: number;
  /** What belongs to this algorithm's update. */
  readonly metrics: M;
}

/** The training produced a number that is not finite. */
export class TrainingDiverged extends Error {
  /** Environment steps taken when it happened. */
  readonly step: number;
  /** What was not finite, such as `value_loss`, `gradient` or a weight's name. */
  readonly what: string;
  constructor(step: number, what: string) {
    super(`the training diverged at step ${step}: ${what} is not finite`);
    this.name = 'TrainingDiverged';
    this.step = step;
    this.what = what;
  }
}

/** @throws TrainingDiverged naming the first of the values that is not finite */
export function requireFinite(step: number, values: Readonly<Record<string, number>>): void {
  for (const what in values) if (!Number.isFinite(values[what])) throw new TrainingDiverged(step, what);
}

/** @throws TrainingDiverged naming the first of the weights that is not finite */
export function requireFiniteWeights(step: number, weights: readonly SnapshotSection[]): void {
  for (const { name, read } of weights) {
    const values = read();
    for (let i = 0; i < values.length; i++) {
      if (!Number.isFinite(values[i])) throw new TrainingDiverged(step, name);
    }
  }
}

/** Arrays of an engine as sections, each name after the prefix. */
export function storedSections(prefix: string, arrays: readonly StoredArray[]): SnapshotSection[] {
  return arrays.map((array) => ({
    name: `${prefix}${array.name}`,
    shape: array.shape,
    precision: array.precision,
    read: () => array.read(),
    write: (values) => array.write(values),
  }));
}
