import { type AlgorithmName, environmentDefinition } from '../environments/index.ts';
import type { GivenKwargs } from '../environments/kwargs.ts';
import { InvalidPolicy } from './invalid-policy.ts';
import { isObject, type Json, type JsonObject, parseStrictJson } from './strict-json.ts';

/** Written into files of policies; raise it when the meaning of a field changes. */
export const policyFormat = 'lyceum-policy-1';

/** What a file says about the policy in it, as texts (safetensors' metadata). */
export interface PolicyLabel {
  readonly environment: string;
  readonly env_kwargs: GivenKwargs;
  readonly algorithm?: AlgorithmName | undefined;
}

/** The environment that a policy is wanted for. */
export interface WantedFor {
  readonly environment: string;
  readonly env_kwargs: GivenKwargs;
}

export const algorithmNames = ['ppo', 'dqn', 'sac'] as const satisfies readonly AlgorithmName[];

/**
 * Keyword arguments in one form, whatever their order and whether defaults were given: the same environment has the
 * same text.
 * @throws UnknownEnvironment
 */
export function canonicalKwargs(environment: string, kwargs: GivenKwargs | JsonObject): string {
  const forms = environmentDefinition(environment).kwargs;
  const defaultOf = (name: string) => (Object.hasOwn(forms, name) ? forms[name]?.default : undefined);
  const chosen = Object.entries(kwargs)
    .filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(defaultOf(name)))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(Object.fromEntries(chosen));
}

/**
 * Whether a file may be meant for `wanted`: one that says nothing may; one that names another environment does not.
 * @throws InvalidPolicy
 */
export function checkMeantFor(
  wanted: WantedFor,
  environment: string | undefined,
  kwargs: Json | undefined,
): void {
  if (environment === undefined) return;
  if (environment !== wanted.environment)
    throw new InvalidPolicy(
      'other_environment',
      'environment',
      `the file is for ${environment.slice(0, 60)}, not for ${wanted.environment}`,
    );
  if (kwargs === undefined) return;
  if (!isObject(kwargs)) throw new InvalidPolicy('malformed', 'env_kwargs', 'must be an object');
  const [told, asked] = [kwargs, wanted.env_kwargs].map((one) => canonicalKwargs(environment, one));
  if (told !== asked)
    throw new InvalidPolicy(
      'other_environment',
      'env_kwargs',
      `the file is for ${told?.slice(0, 120)}, not for ${asked?.slice(0, 120)}`,
    );
}

/** @throws InvalidPolicy */
export const parsedKwargs = (text: string | undefined): Json | undefined =>
  text === undefined ? undefined : parseStrictJson(text, 4);

/** @throws InvalidPolicy unless the text is one of these words, or absent */
export function oneOf<T extends string>(field: string, text: unknown, words: readonly T[]): T | undefined {
  if (text === undefined) return undefined;
  const word = words.find((one) => one === text);
  if (word === undefined) throw new InvalidPolicy('unsupported', field, `must be one of ${words.join(', ')}`);
  return word;
}
