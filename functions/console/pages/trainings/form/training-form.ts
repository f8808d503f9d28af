import type * as z from 'zod';
import { type RecordedConfig, trainingConfig } from '#shared/contracts/training.ts';
import type { AlgorithmName } from '#shared/contracts/training-config.ts';
import type { EnvironmentView } from '#shared/contracts/training-environments.ts';
import type { HyperparameterForm } from '#shared/domain/rl/algorithms/hyperparameter.ts';
import { t } from '../../../i18n/index.ts';
import { problemText } from '../../../i18n/problems.ts';
import { hyperparametersOf, isLinear, shownValue, startingSteps, startingValues } from './hyperparameters.ts';

export const runDefaults = {
  name: '',
  environment: 'CartPole-v1',
  algorithm: 'ppo',
  preset: 'none',
  max_steps: '100000',
  seed: '',
  class_id: '',
  eval_frequency: '10000',
  save_frequency: '50000',
  engine: 'fast',
};
/** The run's own fields, and under their names the hyperparameters and what the environment may be told. */
export type TrainingValues = typeof runDefaults & Record<string, string>;
export type Kwarg = EnvironmentView['kwargs'][number];

export const algorithmIn = ({ algorithm }: TrainingValues): AlgorithmName =>
  algorithm === 'dqn' || algorithm === 'sac' ? algorithm : 'ppo';
export const scheduleField = (name: string): string => `${name}_schedule`;

/** Whether there are tuned values for this pair. */
export const isTuned = ({ presets }: EnvironmentView, algorithm: AlgorithmName): boolean =>
  presets[algorithm] !== undefined;

/** The form for a pair of environment and algorithm: what belongs to the run is kept, the rest starts anew. */
export function valuesFor(
  before: TrainingValues,
  environment: EnvironmentView,
  algorithm: AlgorithmName,
  preset: string,
): TrainingValues {
  const { name, seed, class_id, eval_frequency, save_frequency, engine } = before;
  return {
    ...hyperparameterValues(algorithm, startingValues(algorithm, environment.id, preset)),
    ...kwargValues(environment.kwargs, {}),
    name,
    seed,
    class_id,
    eval_frequency,
    save_frequency,
    engine,
    preset,
    environment: environment.id,
    algorithm,
    max_steps: String(startingSteps(algorithm, environment.id, preset)),
  };
}

/** A training's own settings as a start for the next one; the seed is left to be drawn anew. */
export function fromConfig(config: RecordedConfig, environment: EnvironmentView): TrainingValues {
  return {
    ...runDefaults,
    ...hyperparameterValues(config.algorithm, config.hyperparameters),
    ...kwargValues(environment.kwargs, config.env_kwargs),
    name: config.name ?? '',
    environment: config.environment,
    algorithm: config.algorithm,
    class_id: config.class_id ?? '',
    max_steps: String(config.max_steps),
    eval_frequency: String(config.eval_frequency),
    save_frequency: String(config.save_frequency),
    engine: config.engine,
  };
}

type Given = Readonly<Record<string, unknown>>;

function hyperparameterValues(algorithm: AlgorithmName, given: Given): Record<string, string> {
  const shown = hyperparametersOf(algorithm).flatMap(([name, { type }]) => [
    [name, shownValue(given[name])],
    ...(type === 'schedule' ? [[scheduleField(name), scheduleOf(given[name])]] : []),
  ]);
  return Object.fromEntries(shown);
}
/** The line along which a value falls, as JSON; empty for a value that stays. */
const scheduleOf = (value: unknown): string => (isLinear(value) ? JSON.stringify(value) : '');
export const linearToZero = JSON.stringify({ schedule: 'linear', end: 0 });

const kwargValues = (kwargs: readonly Kwarg[], given: Given): Record<string, string> =>
  Object.fromEntries(kwargs.map(({ name, default: usual }) => [name, shownKwarg(given[name] ?? usual)]));
/** A third is typed as nobody would: what is as usual is not sent, so that nothing is lost by rounding. */
const shownKwarg = (value: unknown): string =>
  typeof value === 'number' ? String(Number(value.toPrecision(6))) : shownValue(value);

/** An empty field leaves the choice to the server; what is no number stays as it is and is refused. */
export const numeric = (value: string): number | string | undefined => {
  const given = value.trim();
  if (given === '') return undefined;
  return Number.isFinite(Number(given)) ? Number(given) : given;
};
export const listed = (value: string): string[] => value.split(/[\s,]+/).filter((part) => part !== '');
export const filled = (entries: Given) =>
  Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined));
export const own = (text: string) => (text.trim() === '' ? undefined : text.trim());

function hyperparameterOf(
  values: TrainingValues,
  name: string,
  { type, nullable }: HyperparameterForm,
): unknown {
  const text = values[name] ?? '';
  if (text.trim() === '' && nullable) return null;
  if (type === 'boolean') return text === 'true';
  if (type === 'choice') return text;
  if (type === 'integers') return listed(text).map(numeric);
  const value = numeric(text);
  const schedule = values[scheduleField(name)] ?? '';
  if (type !== 'schedule' || schedule === '' || value === undefined) return value;
  return { ...JSON.parse(schedule), start: value };
}

function kwargOf(values: TrainingValues, { name, type }: Kwarg): unknown {
  const text = values[name] ?? '';
  if (text.trim() === '') return undefined;
  if (type === 'boolean') return text === 'true';
  if (type === 'numbers') return listed(text).map(numeric);
  if (type === 'lines') return listed(text);
  return type === 'number' ? numeric(text) : text;
}

/** Only what differs from what the environment is anyway: its board is that of everybody who changed nothing. */
export const kwargsOf = (values: TrainingValues, kwargs: readonly Kwarg[]) =>
  filled(
    Object.fromEntries(
      kwargs.map((kwarg) => [
        kwarg.name,
        values[kwarg.name] === shownKwarg(kwarg.default) ? undefined : kwargOf(values, kwarg),
      ]),
    ),
  );

const most_seeds = 10;
export const isSeed = (seed: string): boolean => /^\d{1,10}$/.test(seed) && Number(seed) <= 4_294_967_295;

/** One run for each seed; none given is one run whose seed is drawn. */
export const seedsIn = ({ seed }: TrainingValues): (number | undefined)[] => {
  const given = [...new Set(listed(seed))];
  return given.length === 0 ? [undefined] : given.map(Number);
};

export const toConfig = (values: TrainingValues, kwargs: readonly Kwarg[], seed?: number) =>
  trainingConfig.safeParse(givenConfig(values, kwargs, seed));

/** What the form says, as it would be sent; whether it can be is for the contract to say. */
export function givenConfig(values: TrainingValues, kwargs: readonly Kwarg[], seed?: number) {
  const algorithm = algorithmIn(values);
  return {
    algorithm,
    environment: values.environment,
    env_kwargs: kwargsOf(values, kwargs),
    engine: values.engine,
    ...filled({
      name: own(values.name),
      class_id: own(values.class_id),
      max_steps: numeric(values.max_steps),
      seed,
      eval_frequency: numeric(values.eval_frequency),
      save_frequency: numeric(values.save_frequency),
    }),
    hyperparameters: filled(
      Object.fromEntries(
        hyperparametersOf(algorithm).map(([name, form]) => [name, hyperparameterOf(values, name, form)]),
      ),
    ),
  };
}

export type Problems = Partial<Record<string, string>>;

/** The same rules as the server's, from the same contract, before anything is sent. */
export function formProblems(values: TrainingValues, kwargs: readonly Kwarg[]): Problems {
  return { ...contractProblems(values, toConfig(values, kwargs).error), ...togetherProblems(values) };
}

/** What a contract refuses, at the fields that it names; the rest at the name, which every form has. */
export function contractProblems(values: TrainingValues, refused: z.core.$ZodError | undefined): Problems {
  const problems: Problems = {};
  for (const issue of refused?.issues ?? []) {
    const field = issue.path.findLast((part) => typeof part === 'string' && Object.hasOwn(values, part));
    if (typeof field === 'string') problems[field] ??= issueText(issue);
    else problems['name'] ??= t('problem.value');
  }
  return problems;
}

function togetherProblems(values: TrainingValues): Problems {
  const seeds = listed(values.seed);
  const rollout = Number(values['n_steps'] ?? Number.NaN) * Number(values['n_envs'] ?? Number.NaN);
  return {
    ...((seeds.length > most_seeds || !seeds.every(isSeed)) && { seed: t('newTraining.seedsProblem') }),
    ...(Number(values['batch_size']) > rollout && { batch_size: t('hyper.batchTooLarge', { rollout }) }),
  };
}

/** Says the bound that a number is beyond, rather than only that it is. */
function issueText(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_union') return t('problem.value');
  if (issue.code === 'invalid_type' && issue.expected === 'int') return t('problem.whole');
  if (issue.code === 'too_small' && issue.origin !== 'string')
    return t(issue.inclusive ? 'problem.atLeast' : 'problem.above', { min: Number(issue.minimum) });
  if (issue.code === 'too_big' && issue.origin !== 'string')
    return t('problem.atMost', { max: Number(issue.maximum) });
  return problemText({ msg: issue.message, type: issue.code });
}
