import { cartPole } from './cartpole.ts';
import { Environment, type EnvironmentModel } from './environment.ts';
import type { Scene } from './scene.ts';

const models: ReadonlyMap<string, EnvironmentModel> = new Map([cartPole].map((model) => [model.id, model]));

/** The ids of the environments that exist, in the order to offer them. */
export const environmentIds: readonly string[] = [...models.keys()];

export class UnknownEnvironment extends Error {
  readonly id: string;
  constructor(id: string) {
    super(`there is no environment "${id}"; there are: ${environmentIds.join(', ')}`);
    this.name = 'UnknownEnvironment';
    this.id = id;
  }
}

/** @throws UnknownEnvironment */
export function environmentModel(id: string): EnvironmentModel {
  const model = models.get(id);
  if (model === undefined) throw new UnknownEnvironment(id);
  return model;
}

/**
 * A running environment, reset with `seed`.
 * @throws UnknownEnvironment
 */
export function makeEnvironment(id: string, seed: number): Environment {
  return new Environment(environmentModel(id), seed);
}

/**
 * What to draw for one recorded state of an environment, such as a frame of an episode's replay.
 * @throws UnknownEnvironment
 */
export function renderState(id: string, state: ArrayLike<number>): Scene {
  return environmentModel(id).render(state);
}
