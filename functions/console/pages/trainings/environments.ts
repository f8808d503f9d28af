import type { EnvironmentView } from '#shared/contracts/training-environments.ts';
import { api } from '../../app/api.ts';
import { type Resource, useResource } from '../../data/resource.ts';

/** What can be trained in; the same for everybody. */
export const useEnvironments = (): Resource<readonly EnvironmentView[]> =>
  useResource('environments', async (signal) => (await api.training.environments({ signal })).environments);
