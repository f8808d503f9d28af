import { acrobot } from './acrobot.ts';
import { blackjack, blackjackKwargs } from './blackjack.ts';
import { cartPoleKwargs, cartPoleWith } from './cartpole.ts';
import { cliffWalking, cliffWalkingKwargs } from './cliff-walking.ts';
import { Environment, type EnvironmentModel } from './environment.ts';
import { frozenLake, frozenLakeKwargs } from './frozen-lake.ts';
import {
  type GivenKwargs,
  type KwargForm,
  type KwargSchema,
  type KwargValues,
  resolveKwargs,
} from './kwargs.ts';
import { mountainCar, mountainCarKwargs } from './mountain-car.ts';
import { mountainCarContinuous, mountainCarContinuousKwargs } from './mountain-car-continuous.ts';
import { pendulum, pendulumKwargs } from './pendulum.ts';
import type { Scene } from './scene.ts';
import { taxi, taxiKwargs } from './taxi.ts';
import { VectorEnvironment } from './vector.ts';

export type AlgorithmName = 'ppo' | 'dqn' | 'sac';

interface About {
  readonly id: string;
  readonly title: string;
  /** Steps a second at which an episode is pleasant to watch. */
  readonly renderFps: number;
  /** The algorithm to try first. */
  readonly suggested: AlgorithmName;
}

/** An environment to be had: its id, its keyword arguments, and how to make it. */
export interface EnvironmentDefinition extends About {
  readonly kwargs: Readonly<Record<string, KwargForm>>;
  /** @throws InvalidEnvironmentKwarg */
  model(given: GivenKwargs): EnvironmentModel;
}

function define<S extends KwargSchema>(
  about: About,
  schema: S,
  make: (kwargs: KwargValues<S>) => EnvironmentModel,
): EnvironmentDefinition {
  let byDefault: EnvironmentModel | null = null; // made when first asked for: some are big tables
  const makeDefault = (): EnvironmentModel => {
    byDefault ??= make(resolveKwargs(about.id, schema, {}));
    return byDefault;
  };
  return {
    ...about,
    kwargs: Object.fromEntries(Object.entries(schema).map(([name, { form }]) => [name, form])),
    model: (given) =>
      Object.keys(given).length === 0 ? makeDefault() : make(resolveKwargs(about.id, schema, given)),
  };
}

const about = (id: string, title: string, suggested: AlgorithmName, renderFps: number): About => ({
  id,
  title,
  renderFps,
  suggested,
});

const definitions: readonly EnvironmentDefinition[] = [
  define(about('CartPole-v1', 'Cart and pole', 'ppo', 50), cartPoleKwargs, cartPoleWith),
  define(about('Acrobot-v1', 'Acrobot', 'dqn', 15), {}, () => acrobot),
  define(about('MountainCar-v0', 'Mountain car', 'dqn', 30), mountainCarKwargs, mountainCar),
  define(
    about('MountainCarContinuous-v0', 'Mountain car, continuous', 'sac', 30),
    mountainCarContinuousKwargs,
    mountainCarContinuous,
  ),
  define(about('Pendulum-v1', 'Pendulum', 'sac', 20), pendulumKwargs, pendulum),
  define(about('FrozenLake-v1', 'Frozen lake', 'dqn', 4), frozenLakeKwargs('4x4'), (kwargs) =>
    frozenLake('FrozenLake-v1', kwargs),
  ),
  define(about('FrozenLake8x8-v1', 'Frozen lake, 8 × 8', 'dqn', 4), frozenLakeKwargs('8x8'), (kwargs) =>
    frozenLake('FrozenLake8x8-v1', kwargs),
  ),
  define(about('CliffWalking-v1', 'Cliff walking', 'dqn', 4), cliffWalkingKwargs, cliffWalking),
  define(about('Taxi-v4', 'Taxi', 'dqn', 4), taxiKwargs, taxi),
  define(about('Blackjack-v1', 'Blackjack', 'dqn', 1), blackjackKwargs, blackjack),
];

const byId: ReadonlyMap<string, EnvironmentDefinition> = new Map(definitions.map((one) => [one.id, one]));

/** The ids of the environments that exist, in the order to offer them. */
export const environmentIds: readonly string[] = [...byId.keys()];

export class UnknownEnvironment extends Error {
  readonly id: string;
  constructor(id: string) {
    super(`there is no environment "${id}"; there are: ${environmentIds.join(', ')}`);
    this.name = 'UnknownEnvironment';
    this.id = id;
  }
}

/** @throws UnknownEnvironment */
export function environmentDefinition(id: string): EnvironmentDefinition {
  const definition = byId.get(id);
  if (definition === undefined) throw new UnknownEnvironment(id);
  return definition;
}

/**
 * The rules of an environment with these keyword arguments (`env_kwargs`, named as in Gymnasium).
 * @throws UnknownEnvironment, InvalidEnvironmentKwarg
 */
export function environmentModel(id: string, kwargs: GivenKwargs = {}): EnvironmentModel {
  return environmentDefinition(id).model(kwargs);
}

/**
 * A running environment, reset with `seed`.
 * @throws UnknownEnvironment, InvalidEnvironmentKwarg
 */
export function makeEnvironment(id: string, seed: number, kwargs: GivenKwargs = {}): Environment {
  return new Environment(environmentModel(id, kwargs), seed);
}

/**
 * `count` running environments, the i-th reset with `seed + i`.
 * @throws UnknownEnvironment, InvalidEnvironmentKwarg
 */
export function makeVectorEnvironment(
  id: string,
  count: number,
  seed: number,
  kwargs: GivenKwargs = {},
): VectorEnvironment {
  return new VectorEnvironment(environmentModel(id, kwargs), count, seed);
}

/**
 * What to draw for one recorded state of an environment, such as a frame of an episode's replay.
 * @throws UnknownEnvironment, InvalidEnvironmentKwarg
 */
export function renderState(id: string, state: ArrayLike<number>, kwargs: GivenKwargs = {}): Scene {
  return environmentModel(id, kwargs).render(state);
}
