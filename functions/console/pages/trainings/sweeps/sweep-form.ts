import { mostRuns, sweepBody } from '#shared/contracts/training-sweeps.ts';
import type { HyperparameterForm } from '#shared/domain/rl/algorithms/hyperparameter.ts';
import { t } from '../../../i18n/index.ts';
import { type Hyperparameter, hyperparametersOf } from '../form/hyperparameters.ts';
import {
  algorithmIn,
  contractProblems,
  filled,
  givenConfig,
  isSeed,
  type Kwarg,
  listed,
  numeric,
  own,
  type Problems,
  runDefaults,
  type TrainingValues,
} from '../form/training-form.ts';

/** A sweep is asked for with the fields of a training, these, and some for each setting that is varied. */
export const searchDefaults = {
  method: 'grid',
  /** Names of what is varied. */
  space: '',
  seeds: '3',
  trials: '8',
  max_total_steps: '',
};

/** `values`: what is tried, as typed; `draw`: how a random search draws; `min`, `max`: between what. */
type Part = 'values' | 'draw' | 'min' | 'max';
export const partOf = (name: string, part: Part): string => `${part}_of_${name}`;
const isPart = (field: string): boolean => /^(values|draw|min|max)_of_/.test(field);

export const isRandom = ({ method }: TrainingValues): boolean => method === 'random';

/** What is varied, of what the algorithm has. */
export function variedIn(values: TrainingValues): Hyperparameter[] {
  const names = listed(values['space'] ?? '');
  const known = hyperparametersOf(algorithmIn(values));
  return names.flatMap((name) => known.filter(([one]) => one === name));
}

/** Another environment or algorithm has come: what was said about the search stays, as far as it has the settings. */
export function withSearchOf(before: TrainingValues, settings: TrainingValues): TrainingValues {
  const kept = Object.keys(before).filter((field) => field in searchDefaults || isPart(field));
  const next = { ...settings, ...Object.fromEntries(kept.map((field) => [field, before[field] ?? ''])) };
  return { ...next, space: namesOf(variedIn(next)) };
}
const namesOf = (varied: readonly Hyperparameter[]): string => varied.map(([name]) => name).join(',');

/** The fields of a setting that begins to be varied: something around what it is now. */
export function varying(values: TrainingValues, [name, form]: Hyperparameter): Record<string, string> {
  const now = Number(values[name] || Number.NaN);
  const within = (value: number) =>
    Math.min(form.maximum ?? value, Math.max(form.minimum ?? value, Number(value.toPrecision(2))));
  const range = Number.isFinite(now) && now > 0 ? [within(now / 10), within(now * 10)] : [];
  return {
    space: namesOf([...variedIn(values), [name, form]]),
    [partOf(name, 'values')]: around(now, form)?.join(', ') ?? values[name] ?? '',
    [partOf(name, 'draw')]: form.type === 'schedule' ? 'log' : 'linear',
    [partOf(name, 'min')]: String(range[0] ?? ''),
    [partOf(name, 'max')]: String(range[1] ?? ''),
  };
}

function around(now: number, { type, minimum = 0, maximum = 1 }: HyperparameterForm): number[] | undefined {
  if (!Number.isFinite(now) || now <= 0) return undefined;
  if (type === 'integer')
    return [now / 2, now, now * 2].filter((n) => n >= minimum && n <= maximum && n % 1 === 0);
  if (type !== 'schedule') return [now];
  return [Number((now / 3).toPrecision(1)), now, Number((now * 3).toPrecision(1))].filter(
    (n) => n <= maximum,
  );
}

export const notVarying = (values: TrainingValues, name: string): string =>
  namesOf(variedIn(values).filter(([one]) => one !== name));

/** All there are, of a setting that has few; undefined where they are typed. */
export function everyValue({ type, options = [] }: HyperparameterForm): (boolean | string)[] | undefined {
  if (type === 'boolean') return [false, true];
  return type === 'choice' ? [...options] : undefined;
}

/** Whether a random search may draw it from between two numbers. */
export const isDrawn = (values: TrainingValues, [name, { type }]: Hyperparameter): boolean =>
  isRandom(values) &&
  ['number', 'integer', 'schedule', 'number_or_auto'].includes(type) &&
  values[partOf(name, 'draw')] !== 'values';

function valuesOf(values: TrainingValues, [name, form]: Hyperparameter): unknown[] {
  const text = values[partOf(name, 'values')] ?? '';
  if (form.type === 'integers')
    return text
      .split(';')
      .map((sizes) => listed(sizes).map(numeric))
      .filter(({ length }) => length > 0);
  return everyValue(form) ?? listed(text).map(numeric);
}

const rangeOf = (values: TrainingValues, [name, { type }]: Hyperparameter) => ({
  min: numeric(values[partOf(name, 'min')] ?? ''),
  max: numeric(values[partOf(name, 'max')] ?? ''),
  scale: values[partOf(name, 'draw')],
  integer: type === 'integer',
});

function searchOf(values: TrainingValues, seed: number | undefined) {
  const varied = variedIn(values);
  const space = (of: (one: Hyperparameter) => unknown) =>
    Object.fromEntries(varied.map((one) => [one[0], of(one)]));
  if (!isRandom(values)) return { method: 'grid', space: space((one) => valuesOf(values, one)) };
  return {
    method: 'random',
    trials: numeric(values['trials'] ?? ''),
    ...filled({ seed }),
    space: space((one) => (isDrawn(values, one) ? rangeOf(values, one) : { values: valuesOf(values, one) })),
  };
}

const seedIn = ({ seed }: TrainingValues): number | undefined => (isSeed(seed) ? Number(seed) : undefined);

export function toSweep(values: TrainingValues, kwargs: readonly Kwarg[]) {
  const given = givenConfig({ ...values, name: '' }, kwargs, seedIn(values));
  const varied = variedIn(values).map(([one]) => one);
  const fixed = Object.entries(given.hyperparameters).filter(([one]) => !varied.includes(one));
  return sweepBody.safeParse({
    ...filled({
      name: own(values.name),
      max_total_steps: numeric(values['max_total_steps'] ?? ''),
    }),
    config: { ...given, hyperparameters: Object.fromEntries(fixed) },
    search: searchOf(values, seedIn(values)),
    seeds: numeric(values['seeds'] ?? ''),
  });
}

export interface Plan {
  readonly trials: number;
  readonly runs: number;
  readonly steps: number;
}

/** What the form comes to as it stands; a random search draws no more than its budget pays for. */
export function planOf(values: TrainingValues): Plan {
  const count = (field: string) => Math.max(0, Number(values[field]) || 0);
  const seeds = count('seeds');
  const each = seeds * (count('max_steps') || Number(runDefaults.max_steps));
  const budget = count('max_total_steps');
  const trials = isRandom(values) ? count('trials') : gridSize(values);
  const affordable = isRandom(values) && budget > 0 && each > 0 ? Math.floor(budget / each) : trials;
  const drawn = Math.min(trials, affordable);
  return { trials: drawn, runs: drawn * seeds, steps: drawn * each };
}
const gridSize = (values: TrainingValues): number => {
  const varied = variedIn(values);
  return varied.length === 0 ? 0 : varied.reduce((size, one) => size * valuesOf(values, one).length, 1);
};

/** The same rules as the server's, before anything is sent. */
export function sweepProblems(values: TrainingValues, kwargs: readonly Kwarg[]): Problems {
  const { error } = toSweep(values, kwargs);
  return { ...contractProblems(values, error), ...spaceProblems(values), ...sizeProblems(values) };
}

function spaceProblems(values: TrainingValues): Problems {
  const varied = variedIn(values);
  if (varied.length === 0) return { space: t('sweep.nothingVaried') };
  const found = varied.map((one) => [one[0], problemOf(values, one)] as const);
  return Object.fromEntries(found.filter(([, problem]) => problem !== undefined));
}

function problemOf(values: TrainingValues, one: Hyperparameter): string | undefined {
  if (!isDrawn(values, one)) return valuesOf(values, one).length === 0 ? t('sweep.noValues') : undefined;
  const { min, max, scale } = rangeOf(values, one);
  if (typeof min !== 'number' || typeof max !== 'number' || min >= max) return t('sweep.noRange');
  return scale === 'log' && min <= 0 ? t('sweep.logAboveZero') : undefined;
}

function sizeProblems(values: TrainingValues): Problems {
  const { runs, steps } = planOf(values);
  const budget = numeric(values['max_total_steps'] ?? '');
  const isBeyond = typeof budget === 'number' && (isRandom(values) ? runs === 0 : steps > budget);
  const tooMany = runs > mostRuns && t('sweep.tooMany', { runs, most: mostRuns });
  return {
    ...(tooMany && { [isRandom(values) ? 'trials' : 'space']: tooMany }),
    ...(isBeyond && { max_total_steps: t('sweep.beyondBudget') }),
    ...(values.seed.trim() !== '' && !isSeed(values.seed.trim()) && { seed: t('sweep.seedProblem') }),
  };
}
