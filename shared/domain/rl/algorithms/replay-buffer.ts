import type { Matrix } from '../engine/engine.ts';
import { flatten, type RealArray, type Space, sizeOf } from '../environments/spaces.ts';
import type { Pcg64 } from '../random/pcg64.ts';
import { SnapshotMismatch, type SnapshotSection } from '../snapshot.ts';

export interface ReplayBufferOptions {
  /** Transitions that are kept; then each new one takes the place of the oldest. */
  readonly capacity: number;
  readonly observationSpace: Space;
  /** Numbers of an action. */
  readonly actionSize: number;
}

/** A column of numbers of each transition. */
interface Column {
  readonly name: string;
  readonly width: number;
  readonly data: Float32Array;
}

/** Sampled transitions as networks take them. */
export interface ReplayBatch {
  /** s, one row a transition; may be wider, where actions follow. */
  readonly observations: Matrix;
  /** s' */
  readonly nextObservations: Matrix;
  /** [batch][actionSize] */
  readonly actions: Float64Array;
  readonly rewards: Float64Array;
  /** 1 where the episode terminated: nothing follows. The time limit does not count. */
  readonly dones: Float64Array;
}

/**
 * Past transitions to learn from (Lin 1992), in float32 as Stable-Baselines3 keeps them, and
 * observations as the environment gives them: a discrete one is an index here and one-hot only in a
 * batch, so that a transition of Taxi takes 20 bytes instead of 4 KB.
 */
export class ReplayBuffer {
  readonly #capacity: number;
  readonly #space: Space;
  readonly #observations: Column;
  readonly #nextObservations: Column;
  readonly #actions: Column;
  readonly #rewards: Column;
  readonly #dones: Column;
  readonly #columns: readonly Column[];
  /** Filled rows, and the row that is written next. */
  readonly #cursor = new Float64Array(2);
  /** What has been overwritten since `mark`, oldest first, and the cursor of then. */
  readonly #overwritten: Float32Array[] = [];
  readonly #marked = new Float64Array(2);

  constructor({ capacity, observationSpace, actionSize }: ReplayBufferOptions) {
    const column = (name: string, width: number): Column => ({
      name,
      width,
      data: new Float32Array(capacity * width),
    });
    this.#capacity = capacity;
    this.#space = observationSpace;
    this.#observations = column('observations', sizeOf(observationSpace));
    this.#nextObservations = column('next_observations', sizeOf(observationSpace));
    this.#actions = column('actions', actionSize);
    this.#rewards = column('rewards', 1);
    this.#dones = column('dones', 1);
    this.#columns = [this.#observations, this.#nextObservations, this.#actions, this.#rewards, this.#dones];
  }

  /** Transitions that can be sampled. */
  get rows(): number {
    return this.#cursor[0] ?? 0;
  }

  /**
   * Adds a transition. Observations and action are read from the given offsets on.
   * @param done 1 if the episode terminated here
   */
  add(
    observations: RealArray,
    observationAt: number,
    nextObservations: RealArray,
    nextAt: number,
    actions: Float64Array,
    actionAt: number,
    reward: number,
    done: number,
  ): void {
    const row = this.#cursor[1] ?? 0;
    if (this.rows === this.#capacity) this.#keepOverwritten(row);
    write(this.#observations, row, observations, observationAt);
    write(this.#nextObservations, row, nextObservations, nextAt);
    write(this.#actions, row, actions, actionAt);
    this.#rewards.data[row] = reward;
    this.#dones.data[row] = done;
    this.#cursor[0] = Math.min(this.rows + 1, this.#capacity);
    this.#cursor[1] = (row + 1) % this.#capacity;
  }

  /** Fills the batch with `count` transitions, drawn uniformly with replacement. */
  sample(batch: ReplayBatch, count: number, random: Pcg64): void {
    const width = this.#observations.width;
    const actionSize = this.#actions.width;
    const { observations, nextObservations } = batch;
    for (let i = 0; i < count; i++) {
      const row = random.integers(this.rows);
      const from = row * width;
      flatten(this.#space, this.#observations.data, from, observations.data, i * observations.stride);
      flatten(
        this.#space,
        this.#nextObservations.data,
        from,
        nextObservations.data,
        i * nextObservations.stride,
      );
      for (let j = 0; j < actionSize; j++) {
        batch.actions[i * actionSize + j] = this.#actions.data[row * actionSize + j] ?? 0;
      }
      batch.rewards[i] = this.#rewards.data[row] ?? 0;
      batch.dones[i] = this.#dones.data[row] ?? 0;
    }
  }

  /** A boundary: `goBack` returns to here. */
  mark(): void {
    this.#overwritten.length = 0;
    this.#marked.set(this.#cursor);
  }

  /** Undoes all that was added since `mark`. */
  goBack(): void {
    const [rows = 0, next = 0] = this.#marked;
    // Overwriting begins when the buffer is full.
    const first = next + this.#capacity - rows;
    // The newest first, since a row may have been overwritten twice.
    for (let i = this.#overwritten.length - 1; i >= 0; i--) {
      const row = (first + i) % this.#capacity;
      const values = this.#overwritten[i];
      let at = 0;
      for (const { data, width } of this.#columns) {
        data.set(values?.subarray(at, at + width) ?? [], row * width);
        at += width;
      }
    }
    this.#cursor.set(this.#marked);
    this.#overwritten.length = 0;
  }

  /** The first `rows` rows as sections of a snapshot of their own; see `cursorSection`. */
  sections(rows: number): SnapshotSection[] {
    return this.#columns.map(({ name, width, data }) => ({
      name,
      shape: [rows, width],
      precision: 'F32',
      read: () => data.subarray(0, rows * width),
      write: (values) => data.set(values),
    }));
  }

  /** How full it is, for the state that belongs to the same snapshot. */
  get cursorSection(): SnapshotSection {
    return {
      name: 'replay.cursor',
      shape: [2],
      read: () => this.#cursor,
      write: (values) => this.#cursor.set(values),
    };
  }

  /** @throws SnapshotMismatch if that many rows cannot be */
  checkedRows(rows: number): number {
    if (Number.isInteger(rows) && rows >= 0 && rows <= this.#capacity) return rows;
    throw new SnapshotMismatch('the replay buffer is of another training');
  }

  #keepOverwritten(row: number): void {
    const values = this.#columns.map(({ data, width }) => data.subarray(row * width, (row + 1) * width));
    const kept = new Float32Array(values.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of values) {
      kept.set(part, at);
      at += part.length;
    }
    this.#overwritten.push(kept);
  }
}

function write({ data, width }: Column, row: number, source: RealArray | Float64Array, from: number): void {
  for (let j = 0; j < width; j++) data[row * width + j] = source[from + j] ?? 0;
}
