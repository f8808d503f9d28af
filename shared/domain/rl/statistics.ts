/**
 * 1 - Var(target - prediction) / Var(target), population variances: 1 is perfect, 0 no better than
 * the mean, negative worse. NaN if the targets do not vary (Stable-Baselines3's `explained_variance`).
 */
export function explainedVariance(predictions: Float64Array, targets: Float64Array): number {
  const variance = populationVariance(targets);
  if (variance === 0) return Number.NaN;
  const residuals = targets.map((target, i) => target - (predictions[i] ?? 0));
  return 1 - populationVariance(residuals) / variance;
}

export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] ?? 0;
  return sum / values.length;
}

export function populationVariance(values: ArrayLike<number>): number {
  const centre = mean(values);
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    const deviation = (values[i] ?? 0) - centre;
    squares += deviation * deviation;
  }
  return squares / values.length;
}

/**
 * Running mean and population variance of vectors, merged batch by batch (Chan, Golub, LeVeque 1979;
 * Stable-Baselines3's `RunningMeanStd`). Starts as `epsilon` observations of mean 0 and variance 1.
 */
export class RunningMeanStd {
  /** Length of the vectors. */
  readonly size: number;
  /** Means [size], variances [size], number of observations: all of it, to be saved. */
  readonly state: Float64Array;

  constructor(size: number, epsilon = 1e-4) {
    this.size = size;
    this.state = new Float64Array(2 * size + 1).fill(1, size, 2 * size);
    this.state[2 * size] = epsilon;
  }

  get mean(): Float64Array {
    return this.state.subarray(0, this.size);
  }

  get var(): Float64Array {
    return this.state.subarray(this.size, 2 * this.size);
  }

  get count(): number {
    return this.state[2 * this.size] ?? 0;
  }

  /** Adds `added` vectors, [added][size]. */
  update(rows: ArrayLike<number>, added: number): void {
    const { state, size, count } = this;
    if (added === 0) return;
    const total = count + added;
    for (let j = 0; j < size; j++) {
      let sum = 0;
      for (let i = j; i < added * size; i += size) sum += rows[i] ?? 0;
      const batchMean = sum / added;
      let batchSquares = 0;
      for (let i = j; i < added * size; i += size) {
        const deviation = (rows[i] ?? 0) - batchMean;
        batchSquares += deviation * deviation;
      }
      const delta = batchMean - (state[j] ?? 0);
      const squares = (state[size + j] ?? 0) * count + batchSquares + (delta * delta * count * added) / total;
      state[j] = (state[j] ?? 0) + (delta * added) / total;
      state[size + j] = squares / total;
    }
    state[2 * size] = total;
  }
}
