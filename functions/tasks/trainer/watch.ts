import type { RecordedConfig, TrainingWarning } from '#shared/contracts/training.ts';
import { diagnose, environmentModel, type MetricsRow } from '#shared/domain/rl/index.ts';

/** A trouble lasts a dozen iterations; so many of the newest are enough to see since when. */
export const remembered = 500;

/**
 * Looks through the metrics, iteration by iteration, for what goes wrong, and warns of each trouble once: what it
 * says and at which step depends on the metrics alone.
 */
export class Watch {
  readonly #context: { readonly reward_threshold: number | null };
  readonly #known: Set<string>;
  #history: MetricsRow[];

  /**
   * @param before the first iteration and the newest, of those that an attempt before has made
   * @param warned what was warned of already
   */
  constructor(
    { environment, env_kwargs }: Pick<RecordedConfig, 'environment' | 'env_kwargs'>,
    before: readonly MetricsRow[] = [],
    warned: readonly TrainingWarning[] = [],
  ) {
    this.#context = { reward_threshold: environmentModel(environment, env_kwargs).rewardThreshold };
    this.#known = new Set(warned.map(({ code }) => code));
    this.#history = [];
    for (const row of before) this.#remember(row);
  }

  /** Everything is computed again; what was warned of stays known. */
  restart(): void {
    this.#history = [];
  }

  /** @returns what goes wrong from this iteration on and was not warned of before */
  add(row: MetricsRow): TrainingWarning[] {
    this.#remember(row);
    const step = row['time/total_timesteps'] ?? 0;
    const found = diagnose(this.#history, this.#context).filter(({ code }) => !this.#known.has(code));
    for (const { code } of found) this.#known.add(code);
    return found.map((one) => ({
      ...one,
      step,
      value: Math.abs(one.value) <= 1e15 ? Number(one.value.toPrecision(6)) : null,
      remedies: one.remedies.map((remedy) => ({ ...remedy })),
    }));
  }

  #remember(row: MetricsRow): void {
    this.#history.push(row);
    // the first stays: it is what the others are compared with
    if (this.#history.length > remembered) this.#history.splice(1, 1);
  }
}
