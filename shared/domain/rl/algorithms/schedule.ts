/** A value that goes from `start` to `end` linearly over the training. */
export interface LinearSchedule {
  readonly schedule: 'linear';
  readonly start: number;
  readonly end: number;
  /** Part of the training after which `end` is reached; 1 by default. */
  readonly end_fraction?: number | undefined;
}

/** A hyperparameter that is constant or changes with the training's progress. */
export type Schedule = number | LinearSchedule;

/**
 * The value of a schedule (Stable-Baselines3's `LinearSchedule`).
 * @param progressRemaining 1 at the start of the training, 0 at its end; a run that ends at the
 *   first rollout boundary past `max_steps` goes slightly below 0, where `end` holds
 */
export function scheduled(schedule: Schedule, progressRemaining: number): number {
  if (typeof schedule === 'number') return schedule;
  const { start, end, end_fraction: endFraction = 1 } = schedule;
  const progress = 1 - progressRemaining;
  if (progress > endFraction) return end;
  return start + (progress * (end - start)) / endFraction;
}
