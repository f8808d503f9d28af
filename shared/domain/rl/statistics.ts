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
  readonly mean: Float64Array;
  readonly var: Float64Array;
  #count: number;

  constructor(size: number, epsilon = 1e-4) {
    this.mean = new Float64Array(size);
    this.var = new Float64Array(size).fill(1);
    this.#count = epsilon;
  }

  get count(): number {
    return this.#count;
  }

  /** Adds vectors, each of the size given to the constructor. */
  update(batch: readonly ArrayLike<number>[]): void {
    const added = batch.length;
    if (added === 0) return;
    const total = this.#count + added;
    for (let j = 0; j < this.mean.length; j++) {
      const column = batch.map((row) => row[j] ?? 0);
      const delta = mean(column) - (this.mean[j] ?? 0);
      const squares =
        (this.var[j] ?? 0) * this.#count +
        populationVariance(column) * added +
        (delta * delta * this.#count * added) / total;
      this.mean[j] = (this.mean[j] ?? 0) + (delta * added) / total;
      this.var[j] = squares / total;
    }
    this.#count = total;
  }
}
