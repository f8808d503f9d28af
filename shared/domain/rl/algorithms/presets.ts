import type { AlgorithmName } from '../environments/index.ts';
import { type LinearPreset, type PpoPreset, zooPresets } from '../presets.ts';
import type { Schedule } from './schedule.ts';

/** RL-Zoo's hyperparameters in the words of the API; null where it has none. */
export function zooHyperparameters(
  algorithm: AlgorithmName,
  environment: string,
): Readonly<Record<string, unknown>> | null {
  const preset = zooPresets(environment)[algorithm];
  if (preset === undefined) return null;
  const { n_timesteps: _, policy_kwargs = {}, learning_rate, ...others } = preset;
  const { net_arch, ...kwargs } = policy_kwargs;
  const given = {
    ...others,
    ...kwargs,
    ...(learning_rate !== undefined && { learning_rate: scheduleOf(learning_rate) }),
    ...(net_arch !== undefined && { hidden_sizes: net_arch }),
  };
  return renamed(algorithm === 'ppo' ? { ...given, ...ppoOnly(zooPresets(environment).ppo) } : given);
}

/** Environment steps of the zoo's training. */
export function zooSteps(algorithm: AlgorithmName, environment: string): number | null {
  return zooPresets(environment)[algorithm]?.n_timesteps ?? null;
}

function scheduleOf(value: number | LinearPreset): Schedule {
  return typeof value === 'number' ? value : { schedule: 'linear', start: value.initial, end: 0 };
}

function ppoOnly(preset: PpoPreset | undefined): Record<string, unknown> {
  if (preset === undefined) return {};
  const { clip_range, normalize = false, batch_size = 64, n_steps, n_envs } = preset;
  return {
    ...(clip_range !== undefined && { clip_range: scheduleOf(clip_range) }),
    norm_obs: normalize,
    norm_reward: normalize,
    normalize: undefined,
    // The zoo has minibatches larger than a rollout, which are the rollout.
    batch_size: Math.min(batch_size, n_steps * n_envs),
  };
}

const names: Readonly<Record<string, string>> = { ent_coef: 'entropy_coef', vf_coef: 'value_coef' };

function renamed(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(given)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [names[key] ?? key, value]),
  );
}
