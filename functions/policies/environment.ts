import { environmentModel, UnknownEnvironment } from '#shared/domain/rl/environments/index.ts';
import { type GivenKwargs, InvalidEnvironmentKwarg } from '#shared/domain/rl/environments/kwargs.ts';
import { canonicalKwargs } from '#shared/domain/rl/policy/index.ts';
import { invalid, notFound } from '#shared/errors.ts';
import { parsePlainJson } from '#shared/http/body.ts';

/**
 * The environment of a board from its address: its threshold, and its keyword arguments in canonical JSON.
 * @throws 404 for an environment that there is not, 422 for keyword arguments that it does not have
 */
export function boardEnvironment(environment: string, kwargs: string) {
  const given = parsed(kwargs);
  try {
    const { rewardThreshold } = environmentModel(environment, given);
    return { reward_threshold: rewardThreshold, env_kwargs: canonicalKwargs(environment, given) };
  } catch (error) {
    if (error instanceof UnknownEnvironment) throw notFound('environment');
    if (error instanceof InvalidEnvironmentKwarg)
      throw invalid(['query', 'env_kwargs', error.field], error.message);
    throw error;
  }
}

function parsed(kwargs: string): GivenKwargs {
  const value = parsePlainJson(kwargs);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid(['query', 'env_kwargs'], 'must be an object as JSON, such as {"map_name":"8x8"}');
  return { ...value };
}
