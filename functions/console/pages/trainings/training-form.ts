import type * as z from 'zod';
import { type RecordedConfig, trainingConfig } from '#shared/contracts/training.ts';
import type { Key } from '../../i18n/index.ts';
import { t } from '../../i18n/index.ts';
import { problemText } from '../../i18n/problems.ts';

/** Every hyperparameter of PPO that the form offers, with its default as the form shows it. */
export const hyperparameterDefaults = {
  learning_rate: '0.0003',
  n_steps: '2048',
  batch_size: '64',
  n_epochs: '10',
  gamma: '0.99',
  gae_lambda: '0.95',
  clip_range: '0.2',
  clip_range_vf: '',
  value_coef: '0.5',
  entropy_coef: '0.01',
  max_grad_norm: '0.5',
  target_kl: '',
};
export type Hyperparameter = keyof typeof hyperparameterDefaults;
// the object above is closed, so its keys are exactly these
export const hyperparameters = Object.keys(hyperparameterDefaults) as Hyperparameter[];
const scheduled = ['learning_rate', 'clip_range'] as const;
export type Scheduled = (typeof scheduled)[number];
export const isScheduled = (name: Hyperparameter): name is Scheduled =>
  scheduled.some((other) => other === name);

export const runDefaults = {
  name: '',
  max_steps: '100000',
  seed: '',
  class_id: '',
  eval_frequency: '10000',
  save_frequency: '50000',
  learning_rate_schedule: 'constant',
  clip_range_schedule: 'constant',
};
export const formDefaults = { ...runDefaults, ...hyperparameterDefaults };
export type TrainingValues = typeof formDefaults;

export const hintKey = (name: Hyperparameter): Key => `hyper.${name}`;

/** An empty field leaves the choice to the server; what is no number stays as it is and is refused. */
const numeric = (value: string): number | string | undefined => {
  const given = value.trim();
  if (given === '') return undefined;
  return Number.isFinite(Number(given)) ? Number(given) : given;
};

const filled = (entries: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined));

function hyperparameterValue(values: TrainingValues, name: Hyperparameter): unknown {
  const start = numeric(values[name]);
  const falls = isScheduled(name) && values[`${name}_schedule`] === 'linear';
  return falls && start !== undefined ? { schedule: 'linear', start, end: 0 } : start;
}

export function toConfig(values: TrainingValues) {
  return trainingConfig.safeParse({
    algorithm: 'ppo',
    environment: 'CartPole-v1',
    ...filled({
      name: values.name.trim() === '' ? undefined : values.name.trim(),
      class_id: values.class_id === '' ? undefined : values.class_id,
      max_steps: numeric(values.max_steps),
      seed: numeric(values.seed),
      eval_frequency: numeric(values.eval_frequency),
      save_frequency: numeric(values.save_frequency),
    }),
    hyperparameters: filled(
      Object.fromEntries(hyperparameters.map((name) => [name, hyperparameterValue(values, name)])),
    ),
  });
}

/** The same rules as the server's, from the same contract, before anything is sent. */
export function formProblems(values: TrainingValues): Partial<Record<keyof TrainingValues, string>> {
  const parsed = toConfig(values);
  if (parsed.success) return {};
  const problems: Partial<Record<keyof TrainingValues, string>> = {};
  for (const issue of parsed.error.issues) {
    const field = issue.path.findLast(
      (part) => typeof part === 'string' && Object.hasOwn(formDefaults, part),
    );
    if (isField(field)) problems[field] ??= issueText(field, issue);
    else problems.name ??= t('problem.value');
  }
  return problems;
}

/** Says the bound that a number is beyond, rather than only that it is. */
function issueText(field: keyof TrainingValues, issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_union') return t('problem.invalid_union');
  if (issue.code === 'custom' && field === 'batch_size') return t('hyper.batchTooLarge');
  if (issue.code === 'invalid_type' && issue.expected === 'int') return t('problem.whole');
  if (issue.code === 'too_small' && issue.origin !== 'string')
    return t(issue.inclusive ? 'problem.atLeast' : 'problem.above', { min: Number(issue.minimum) });
  if (issue.code === 'too_big' && issue.origin !== 'string')
    return t('problem.atMost', { max: Number(issue.maximum) });
  return problemText({ msg: issue.message, type: issue.code });
}
const isField = (name: unknown): name is keyof TrainingValues =>
  typeof name === 'string' && Object.hasOwn(formDefaults, name);

/** A training's own settings as a start for the next one; the seed is left to be drawn anew. */
export function fromConfig(config: RecordedConfig): TrainingValues {
  const given = config.hyperparameters;
  const shown = (name: Hyperparameter): string => {
    const value = given[name];
    if (value === null) return '';
    return String(typeof value === 'number' ? value : value.start);
  };
  const schedule = (name: Scheduled) => (typeof given[name] === 'number' ? 'constant' : 'linear');
  const numbers = Object.fromEntries(hyperparameters.map((name) => [name, shown(name)]));
  return {
    ...formDefaults,
    ...numbers,
    name: config.name ?? '',
    class_id: config.class_id ?? '',
    max_steps: String(config.max_steps),
    eval_frequency: String(config.eval_frequency),
    save_frequency: String(config.save_frequency),
    learning_rate_schedule: schedule('learning_rate'),
    clip_range_schedule: schedule('clip_range'),
  };
}
