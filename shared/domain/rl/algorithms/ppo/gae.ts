/** A rollout of `nSteps` steps in `nEnvs` environments; arrays are [nSteps][nEnvs], row by row. */
export interface RolloutForGae {
  readonly nSteps: number;
  readonly nEnvs: number;
  readonly rewards: Float64Array;
  /** V(s_t) */
  readonly values: Float64Array;
  /** 1 where step t is the first of an episode. */
  readonly episodeStarts: Float64Array;
  /** V of the observations after the last step, [nEnvs]. */
  readonly lastValues: Float64Array;
  /** 1 where the last step ended an episode, [nEnvs]. */
  readonly dones: Float64Array;
}

/**
 * Generalised advantage estimation (Schulman et al. 2016, eq. 16), backwards over the rollout:
 * δ_t = r_t + γ V_{t+1} (1 - done_t) - V_t, A_t = δ_t + γ λ (1 - done_t) A_{t+1}.
 * Fills `advantages` and `returns` = advantages + values, both [nSteps][nEnvs].
 */
export function generalisedAdvantages(
  rollout: RolloutForGae,
  gamma: number,
  lambda: number,
  advantages: Float64Array,
  returns: Float64Array,
): void {
  const { nSteps, nEnvs, rewards, values, episodeStarts, lastValues, dones } = rollout;
  for (let e = 0; e < nEnvs; e++) {
    let advantage = 0;
    let nextValue = lastValues[e] ?? 0;
    let goesOn = 1 - (dones[e] ?? 0);
    for (let i = (nSteps - 1) * nEnvs + e; i >= 0; i -= nEnvs) {
      const value = values[i] ?? 0;
      const delta = (rewards[i] ?? 0) + gamma * nextValue * goesOn - value;
      advantage = delta + gamma * lambda * goesOn * advantage;
      advantages[i] = advantage;
      returns[i] = advantage + value;
      nextValue = value;
      goesOn = 1 - (episodeStarts[i] ?? 0);
    }
  }
}
