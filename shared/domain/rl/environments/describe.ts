import { type PresetName, presetNameOf, presetsOf } from '../algorithms/presets.ts';
import type { Presets } from '../presets.ts';
import type { EnvironmentModel } from './environment.ts';
import { type AlgorithmName, environmentDefinition, environmentIds, environmentModel } from './index.ts';
import type { KwargForm } from './kwargs.ts';
import { flattenedSize, type Space } from './spaces.ts';

/** A space as JSON, named as in Gymnasium; a bound is null where there is none. */
export type SpaceDescription =
  | { readonly type: 'Discrete'; readonly n: number }
  | { readonly type: 'Tuple'; readonly spaces: readonly SpaceDescription[] }
  | {
      readonly type: 'Box';
      readonly low: readonly (number | null)[];
      readonly high: readonly (number | null)[];
      readonly shape: readonly [number];
      readonly dtype: 'float32';
    };

/** An environment as pure data, for a form. */
export interface EnvironmentDescription {
  readonly id: string;
  readonly title: string;
  /** Keyword arguments (`env_kwargs`) in the order to ask for them. */
  readonly kwargs: readonly ({ readonly name: string } & KwargForm)[];
  /** Spaces, limit and threshold are those of the default keyword arguments. */
  readonly observation_space: SpaceDescription;
  readonly action_space: SpaceDescription;
  /** Inputs of a network: the observation flattened. */
  readonly observation_size: number;
  readonly max_episode_steps: number | null;
  readonly reward_threshold: number | null;
  readonly render_fps: number;
  /** What can learn it: DQN needs discrete actions, SAC continuous ones. */
  readonly algorithms: readonly AlgorithmName[];
  readonly suggested_algorithm: AlgorithmName;
  /** The `preset` to ask for; null where there are no tuned values. */
  readonly preset: PresetName | null;
  /** Tuned hyperparameters, for the algorithms that there are any for. */
  readonly presets: Presets;
}

/** All environments, in the order to offer them. */
export function describeEnvironments(): EnvironmentDescription[] {
  return environmentIds.map((id) => {
    const { title, renderFps, suggested, kwargs } = environmentDefinition(id);
    const model = environmentModel(id);
    return {
      id,
      title,
      kwargs: Object.entries(kwargs).map(([name, form]) => ({ name, ...form })),
      observation_space: describeSpace(model.observationSpace),
      action_space: describeSpace(model.actionSpace),
      observation_size: flattenedSize(model.observationSpace),
      max_episode_steps: model.maxEpisodeSteps,
      reward_threshold: model.rewardThreshold,
      render_fps: renderFps,
      algorithms: algorithmsFor(model),
      suggested_algorithm: suggested,
      preset: presetNameOf(id),
      presets: presetsOf(id),
    };
  });
}

export function algorithmsFor({ actionSpace }: EnvironmentModel): AlgorithmName[] {
  return actionSpace.kind === 'discrete' ? ['ppo', 'dqn'] : ['ppo', 'sac'];
}

function describeSpace(space: Space): SpaceDescription {
  if (space.kind === 'discrete') return { type: 'Discrete', n: space.n };
  if (space.kind === 'tuple') return { type: 'Tuple', spaces: space.spaces.map(describeSpace) };
  const bounds = (values: readonly number[]) => values.map((x) => (Number.isFinite(x) ? x : null));
  const { low, high } = space;
  return { type: 'Box', low: bounds(low), high: bounds(high), shape: [low.length], dtype: 'float32' };
}
