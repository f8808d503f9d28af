import type { AlgorithmName } from '../environments/index.ts';
import { type LinearPreset, type PpoPreset, type Presets, zooPresets } from '../presets.ts';
import { tunedPresets } from '../tuned-presets.ts';
import type { Schedule } from './schedule.ts';

/** `zoo`: RL Baselines3 Zoo's values; `tuned`: ours, where the zoo has none. */
export const presetNames = ['zoo', 'tuned'] as const;
export type PresetName = (typeof presetNames)[number];

const tables = { zoo: zooPresets, tuned: tunedPresets } as const;

/** Whose tuned values there are for an environment; no environment has both. */
export function presetNameOf(environment: string): PresetName | null {
  return presetNames.find((name) => Object.keys(tables[name](environment)).length > 0) ?? null;
}

/** The tuned values for an environment, by algorithm; empty where there are none. */
export function presetsOf(environment: string): Presets {
  const name = presetNameOf(environment);
  return name === null ? {} : tables[name](environment);
}

/** Tuned hyperparameters in the words of the API; null where there are none. */
export function tunedHyperparameters(
  algorithm: AlgorithmName,
  environment: string,
): Readonly<Record<string, unknown>> | null {
  const presets = presetsOf(environment);
  const preset = presets[algorithm];
  if (preset === undefined) return null;
  const { n_timesteps: _, policy_kwargs = {}, learning_rate, ...others } = preset;
  const { net_arch, ...kwargs } = policy_kwargs;
  const given = {
    ...others,
    ...kwargs,
    ...(learning_rate !== undefined && { learning_rate: scheduleOf(learning_rate) }),
    ...(net_arch !== undefined && { hidden_sizes: net_arch }),
  };
  return renamed(algorithm === 'ppo' ? { ...given, ...ppoOnly(presets.ppo) } : given);
}

/** Environment steps of the training that the hyperparameters were tuned for. */
export function tunedSteps(algorithm: AlgorithmName, environment: string): number | null {
  return presetsOf(environment)[algorithm]?.n_timesteps ?? null;
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
