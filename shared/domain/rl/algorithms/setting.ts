import type { Engine } from '../engine/engine.ts';
import type { EnvironmentModel } from '../environments/environment.ts';
import { type Pcg64, RANDOM_STATE_LENGTH } from '../random/pcg64.ts';
import type { SnapshotSection } from '../snapshot.ts';

/** Where an algorithm runs. */
export interface Setting {
  readonly engine: Engine;
  readonly model: EnvironmentModel;
  readonly seed: number;
  /** Asked again and again; true stops. */
  readonly poll: () => boolean;
}

/** Episodes that an evaluation runs side by side. */
export const EVALUATION_ROWS = 20;

/** A generator as a section of a snapshot. */
export function randomSection(name: string, random: Pcg64): SnapshotSection {
  return {
    name,
    shape: [RANDOM_STATE_LENGTH],
    read: () => random.getState(),
    write: (saved) => random.setState([...saved]),
  };
}
