import { mean } from '../statistics.ts';

/** Returns and lengths of the last 100 finished episodes (Stable-Baselines3's `ep_info_buffer`). */
export class EpisodeWindow {
  /** Everything in one vector, so that it can be saved: see the offsets below. */
  readonly values = new Float64Array(FINISHED + 1);

  /** Adds a finished episode. */
  record(episodeReturn: number, length: number): void {
    const { values } = this;
    const finished = values[FINISHED] ?? 0;
    const slot = finished % WINDOW;
    values[slot] = episodeReturn;
    values[WINDOW + slot] = length;
    values[FINISHED] = finished + 1;
  }

  /** Episodes finished since the start of the training. */
  get finished(): number {
    return this.values[FINISHED] ?? 0;
  }

  /** Mean return, NaN before the first episode has ended. */
  get meanReturn(): number {
    return mean(this.values.subarray(0, Math.min(this.finished, WINDOW)));
  }

  /** Mean length in steps, NaN before the first episode has ended. */
  get meanLength(): number {
    return mean(this.values.subarray(WINDOW, WINDOW + Math.min(this.finished, WINDOW)));
  }
}

const WINDOW = 100;
// values: returns [100], lengths [100], number of finished episodes.
const FINISHED = 2 * WINDOW;
