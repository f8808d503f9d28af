import type { EnvironmentView } from '#shared/contracts/training-environments.ts';
import { describeEnvironments, type SpaceDescription } from '#shared/domain/rl/environments/describe.ts';

type SpaceView = EnvironmentView['observation_space'];

let described: EnvironmentView[] | undefined;

/** The same for everybody and for as long as the process lives. */
export function listEnvironments(): { environments: EnvironmentView[] } {
  described ??= describeEnvironments().map((one) => ({
    ...one,
    kwargs: one.kwargs.map(({ default: given, options, ...form }) => ({
      ...form,
      default: isList(given) ? [...given] : given,
      ...(options && { options: [...options] }),
    })),
    observation_space: shown(one.observation_space),
    action_space: shown(one.action_space),
    algorithms: [...one.algorithms],
    presets: Object.fromEntries(Object.entries(one.presets).map(([name, preset]) => [name, { ...preset }])),
  }));
  return { environments: described };
}

const isList = (value: unknown): value is readonly number[] => Array.isArray(value);

function shown(space: SpaceDescription): SpaceView {
  return space.type === 'Tuple' ? { type: space.type, spaces: space.spaces.map(flat) } : flat(space);
}

/** Gymnasium has spaces of spaces of spaces; these environments have not. */
function flat(space: SpaceDescription): Exclude<SpaceView, { type: 'Tuple' }> {
  if (space.type === 'Discrete') return space;
  if (space.type === 'Tuple') throw new TypeError('a space within a space is not described');
  const { low, high, shape, ...rest } = space;
  return { ...rest, low: [...low], high: [...high], shape: [...shape] };
}
