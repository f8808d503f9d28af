import type { RecordedConfig, TrainingWarning } from '#shared/contracts/training.ts';
import { diagnose, environmentModel, type TrainingMetrics } from '#shared/domain/rl/index.ts';

/** A trouble lasts a dozen iterations; so many of the newest are enough to see since when. */
const remembered = 500;

/** Looks through the metrics as they come for what goes wrong. */
export class Watch {
  readonly #context: { readonly reward_threshold: number | null };
  readonly #history: TrainingMetrics[] = [];

  constructor({ environment, env_kwargs }: Pick<RecordedConfig, 'environment' | 'env_kwargs'>) {
    this.#context = { reward_threshold: environmentModel(environment, env_kwargs).rewardThreshold };
  }

  add(metrics: TrainingMetrics): void {
    this.#history.push(metrics);
    // the first stays: it is what the others are compared with
    if (this.#history.length > remembered) this.#history.splice(1, 1);
  }

  /** What goes wrong now and was not warned of before. */
  warnings(before: readonly TrainingWarning[]): TrainingWarning[] {
    const step = this.#history.at(-1)?.['time/total_timesteps'] ?? 0;
    const known = new Set(before.map(({ code }) => code));
    return diagnose(this.#history, this.#context)
      .filter(({ code }) => !known.has(code))
      .map((found) => ({
        ...found,
        step,
        value: Math.abs(found.value) <= 1e15 ? Number(found.value.toPrecision(6)) : null,
        remedies: found.remedies.map((remedy) => ({ ...remedy })),
      }));
  }
}
