import { type EngineName, engineNames } from '../engine/index.ts';
import type { EnvironmentModel } from '../environments/environment.ts';
import { type AlgorithmName, environmentModel, UnknownEnvironment } from '../environments/index.ts';
import { type GivenKwargs, InvalidEnvironmentKwarg } from '../environments/kwargs.ts';
import { type DqnHyperparameters, dqnHyperparameters } from './dqn/hyperparameters.ts';
import type { HyperparameterSchema } from './hyperparameter.ts';
import { type PpoHyperparameters, ppoHyperparameters } from './ppo/hyperparameters.ts';
import { presetNameOf, presetNames, tunedHyperparameters, tunedSteps } from './presets.ts';
import { type SacHyperparameters, sacHyperparameters } from './sac/hyperparameters.ts';

/** What to train, unchecked; everything but algorithm and environment has a default. */
export interface TrainingRequest {
  readonly algorithm: string;
  /** Gymnasium's id. */
  readonly environment: string;
  readonly env_kwargs?: GivenKwargs | undefined;
  /**
   * `zoo` (RL Baselines3 Zoo's) or `tuned` (ours, where the zoo has none): tuned values instead of the defaults, where
   * nothing else is given.
   */
  readonly preset?: string | null | undefined;
  /** By the API's names or Stable-Baselines3's. */
  readonly hyperparameters?: Readonly<Record<string, unknown>> | undefined;
  /** Environment steps; the run ends at the first boundary at or after it. 100,000 by default. */
  readonly max_steps?: number | undefined;
  /** Steps between evaluations, 10,000 by default. */
  readonly eval_frequency?: number | undefined;
  /** Steps between checkpoints, 50,000 by default. */
  readonly save_frequency?: number | undefined;
  readonly engine?: string | undefined;
}

interface ConfigOf<A extends AlgorithmName, H> {
  readonly algorithm: A;
  readonly environment: string;
  readonly env_kwargs: GivenKwargs;
  readonly hyperparameters: H;
  readonly max_steps: number;
  readonly eval_frequency: number;
  readonly save_frequency: number;
  readonly engine: EngineName;
}

export type PpoConfig = ConfigOf<'ppo', PpoHyperparameters>;
export type DqnConfig = ConfigOf<'dqn', DqnHyperparameters>;
export type SacConfig = ConfigOf<'sac', SacHyperparameters>;
/** A request with every default filled in; resolving it again changes nothing. */
export type TrainingConfig = PpoConfig | DqnConfig | SacConfig;

/** A rule that a request breaks. */
export interface ConfigIssue {
  /** Path in the request, such as `hyperparameters.batch_size`. */
  readonly field: string;
  /** What holds for the field, to be read after its name. */
  readonly rule: string;
}

export class InvalidTrainingConfig extends Error {
  /** At least one. */
  readonly issues: readonly ConfigIssue[];
  constructor(issues: readonly ConfigIssue[]) {
    super(issues.map(({ field, rule }) => `${field} ${rule}`).join('; '));
    this.name = 'InvalidTrainingConfig';
    this.issues = issues;
  }
}

/** The hyperparameters of each algorithm, in the order to ask for them. */
export const hyperparametersOf: Readonly<Record<AlgorithmName, HyperparameterSchema>> = {
  ppo: ppoHyperparameters,
  dqn: dqnHyperparameters,
  sac: sacHyperparameters,
};

const algorithmNames: readonly AlgorithmName[] = ['ppo', 'dqn', 'sac'];

/** The most environment steps of one training. */
export const MOST_STEPS = 10_000_000;

/**
 * Checks a request and fills in presets and defaults, in a fixed order of keys.
 * @throws InvalidTrainingConfig with every rule that is broken
 */
export function resolveTrainingConfig(request: TrainingRequest): TrainingConfig {
  const issues: ConfigIssue[] = [];
  const algorithm = algorithmNames.find((name) => name === request.algorithm);
  if (algorithm === undefined) {
    issues.push({ field: 'algorithm', rule: `must be one of: ${algorithmNames.join(', ')}` });
  }
  const model = modelOf(request, issues);
  const engine = engineNames.find((name) => name === (request.engine ?? 'fast'));
  if (engine === undefined) {
    issues.push({ field: 'engine', rule: `must be one of: ${engineNames.join(', ')}` });
  }
  const preset = presetOf(request, algorithm, issues);
  const steps = {
    max_steps: request.max_steps ?? preset.max_steps ?? 100_000,
    eval_frequency: request.eval_frequency ?? 10_000,
    save_frequency: request.save_frequency ?? 50_000,
  };
  for (const [field, value] of Object.entries(steps)) checkSteps(field, value, issues);
  const hyperparameters =
    algorithm === undefined
      ? {}
      : resolveHyperparameters(algorithm, preset.hyperparameters, request.hyperparameters ?? {}, issues);
  if (algorithm !== undefined && model !== null) {
    checkSpaces(algorithm, model, hyperparameters, issues);
    checkTogether(hyperparameters, issues);
  }
  if (issues.length > 0) throw new InvalidTrainingConfig(issues);
  const { environment, env_kwargs = {} } = request;
  // Each hyperparameter was parsed by the algorithm's own schema, which the types of its keys come from.
  return { algorithm, environment, env_kwargs, hyperparameters, ...steps, engine } as TrainingConfig;
}

function modelOf(
  { environment, env_kwargs = {} }: TrainingRequest,
  issues: ConfigIssue[],
): EnvironmentModel | null {
  try {
    return environmentModel(environment, env_kwargs);
  } catch (error) {
    if (error instanceof UnknownEnvironment) issues.push({ field: 'environment', rule: error.message });
    else if (error instanceof InvalidEnvironmentKwarg) {
      issues.push({ field: `env_kwargs.${error.field}`, rule: error.reason });
    } else throw error;
    return null;
  }
}

function presetOf(
  { preset, environment }: TrainingRequest,
  algorithm: AlgorithmName | undefined,
  issues: ConfigIssue[],
): { readonly hyperparameters: Readonly<Record<string, unknown>>; readonly max_steps?: number } {
  if (preset === undefined || preset === null || algorithm === undefined) return { hyperparameters: {} };
  if (!presetNames.some((name) => name === preset)) {
    issues.push({ field: 'preset', rule: 'must be "zoo", "tuned" or absent' });
    return { hyperparameters: {} };
  }
  const isOf = preset === presetNameOf(environment);
  const hyperparameters = isOf ? tunedHyperparameters(algorithm, environment) : null;
  const max_steps = tunedSteps(algorithm, environment);
  if (hyperparameters === null || max_steps === null) {
    issues.push({ field: 'preset', rule: `"${preset}" has no ${algorithm} for ${environment}` });
    return { hyperparameters: {} };
  }
  return { hyperparameters, max_steps };
}

function checkSteps(field: string, value: number, issues: ConfigIssue[]): void {
  if (Number.isInteger(value) && value >= 1 && value <= MOST_STEPS) return;
  issues.push({ field, rule: `must be an integer from 1 to ${MOST_STEPS}` });
}

/** Defaults, over them the preset, over it what was given. */
function resolveHyperparameters(
  algorithm: AlgorithmName,
  preset: Readonly<Record<string, unknown>>,
  given: Readonly<Record<string, unknown>>,
  issues: ConfigIssue[],
): Record<string, unknown> {
  const schema = hyperparametersOf[algorithm];
  const named: Record<string, unknown> = { ...preset };
  for (const [key, value] of Object.entries(given)) {
    const name = nameOf(schema, key);
    if (name === undefined) issues.push({ field: `hyperparameters.${key}`, rule: stranger(algorithm, key) });
    else if (name !== key && Object.hasOwn(given, name)) {
      issues.push({ field: `hyperparameters.${key}`, rule: `is the same as ${name}; give one` });
    } else if (value !== undefined) named[name] = value;
  }
  const values = Object.entries(schema).map(([name, hyperparameter]) => {
    if (named[name] === undefined) return [name, hyperparameter.default];
    try {
      return [name, hyperparameter.parse(named[name])];
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      issues.push({ field: `hyperparameters.${name}`, rule: error.message });
      return [name, hyperparameter.default];
    }
  });
  return Object.fromEntries(values);
}

/** The API's name of a hyperparameter that was given by it or by its alias. */
function nameOf(schema: HyperparameterSchema, key: string): string | undefined {
  if (Object.hasOwn(schema, key)) return key;
  return Object.keys(schema).find((name) => schema[name]?.form.alias === key);
}

/** Why there is no such hyperparameter, and whose it is. */
function stranger(algorithm: AlgorithmName, key: string): string {
  const owners = algorithmNames.filter((name) => nameOf(hyperparametersOf[name], key) !== undefined);
  if (owners.length > 0) return `belongs to ${owners.join(' and ')}, not to ${algorithm}`;
  return `does not exist; ${algorithm} has: ${Object.keys(hyperparametersOf[algorithm]).join(', ')}`;
}

function checkSpaces(
  algorithm: AlgorithmName,
  { id, actionSpace, observationSpace }: EnvironmentModel,
  hyperparameters: Readonly<Record<string, unknown>>,
  issues: ConfigIssue[],
): void {
  const continuous = actionSpace.kind === 'box';
  if (algorithm === 'sac' && !continuous) {
    issues.push({
      field: 'algorithm',
      rule: `sac needs continuous actions, and those of ${id} are discrete`,
    });
  }
  if (algorithm === 'dqn' && continuous) {
    issues.push({
      field: 'algorithm',
      rule: `dqn needs discrete actions, and those of ${id} are continuous`,
    });
  }
  if (hyperparameters['use_sde'] === true && !continuous) {
    const rule = `needs continuous actions, and those of ${id} are discrete`;
    issues.push({ field: 'hyperparameters.use_sde', rule });
  }
  if (hyperparameters['norm_obs'] === true && observationSpace.kind !== 'box') {
    const rule = `needs real observations, and those of ${id} are discrete`;
    issues.push({ field: 'hyperparameters.norm_obs', rule });
  }
}

/** The most samples of one rollout: what a trainer's memory holds with ease. */
const LARGEST_ROLLOUT = 262_144;

/** Rules between hyperparameters. */
function checkTogether(hyperparameters: Readonly<Record<string, unknown>>, issues: ConfigIssue[]): void {
  const number = (name: string): number => Number(hyperparameters[name] ?? Number.NaN);
  const add = (name: string, rule: string): void => {
    if (!issues.some(({ field }) => field === `hyperparameters.${name}`)) {
      issues.push({ field: `hyperparameters.${name}`, rule });
    }
  };
  const rollout = number('n_steps') * number('n_envs');
  if (number('batch_size') > rollout) {
    add('batch_size', `must be at most n_steps · n_envs, which is ${rollout}`);
  }
  if (rollout > LARGEST_ROLLOUT) add('n_steps', `times n_envs must be at most ${LARGEST_ROLLOUT}`);
  for (const name of ['sde_sample_freq', 'gradient_steps']) {
    if (number(name) === 0) add(name, 'must be −1 or at least 1');
  }
  if (number('buffer_size') < number('n_envs')) add('buffer_size', 'must be at least n_envs');
}
