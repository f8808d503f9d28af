import type { Matrix } from '../engine/engine.ts';
import type { EnvironmentModel } from '../environments/environment.ts';
import { type BoxSpace, flatten, flattenedSize, type RealArray } from '../environments/spaces.ts';
import type { Normaliser } from './normaliser.ts';

/** What acts without chance: the policy as it is evaluated. */
export interface Policy {
  /** Rows of observations to decide upon; each as training sees it: see `Observer`. */
  readonly input: Matrix;
  readonly observer: Observer;
  /**
   * Decides for the first `count` rows of `input`, and writes actions as the environment takes them
   * into `actions`, [count][sizeOf(actionSpace)].
   */
  decide(count: number, actions: Float64Array): void;
}

/** Turns an environment's observations into rows of a network's input: flattened, and normalised if so configured. */
export class Observer {
  readonly model: EnvironmentModel;
  readonly normaliser: Normaliser | null;
  /** Length of a row. */
  readonly size: number;

  constructor(model: EnvironmentModel, normaliser: Normaliser | null) {
    this.model = model;
    this.size = flattenedSize(model.observationSpace);
    this.normaliser = normaliser;
  }

  /** Writes the observation that `source` holds from `from` on into row `row` of `target`. */
  write(source: RealArray, from: number, target: Matrix, row: number): void {
    const at = row * target.stride;
    flatten(this.model.observationSpace, source, from, target.data, at);
    this.normaliser?.normaliseObservation(target.data, at);
  }
}

/** Clips `count` actions to their space, in place; discrete ones are inside already. */
export function clipActions({ actionSpace }: EnvironmentModel, actions: Float64Array, count: number): void {
  if (actionSpace.kind === 'discrete') return;
  const { low, high } = actionSpace;
  for (let i = 0; i < count * low.length; i++) {
    const j = i % low.length;
    actions[i] = Math.min(Math.max(actions[i] ?? 0, low[j] ?? 0), high[j] ?? 0);
  }
}

/** The index of the greatest of a row's first `columns` numbers; the first of equals. */
export function greatest(matrix: Matrix, row: number): number {
  const { data, columns } = matrix;
  const at = row * matrix.stride;
  let best = 0;
  for (let j = 1; j < columns; j++) if ((data[at + j] ?? 0) > (data[at + best] ?? 0)) best = j;
  return best;
}

/** The action space of a model with continuous actions. */
export function boxOf({ id, actionSpace }: EnvironmentModel): BoxSpace {
  if (actionSpace.kind === 'box') return actionSpace;
  throw new RangeError(`the actions of ${id} are discrete`);
}
