import { mean } from '../statistics.ts';

/** Returns and lengths of the last 100 finished episodes, and of the running one. */
export class EpisodeWindow {
  /** Everything in one vector, so that it can be saved: see the offsets below. */
  readonly values = new Float64Array(RUNNING + 2);

  /** Adds one step; `ended` closes the running episode. */
  record(reward: number, ended: boolean): void {
    const { values } = this;
    const total = (values[RUNNING] ?? 0) + reward;
    const length = (values[RUNNING + 1] ?? 0) + 1;
    values[RUNNING] = ended ? 0 : total;
    values[RUNNING + 1] = ended ? 0 : length;
    if (!ended) return;
    const finished = values[FINISHED] ?? 0;
    const slot = finished % WINDOW;
    values[slot] = total;
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
// values: returns [100], lengths [100], number of finished episodes, running return, running length.
const FINISHED = 2 * WINDOW;
const RUNNING = FINISHED + 1;
