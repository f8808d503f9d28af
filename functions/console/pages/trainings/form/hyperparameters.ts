import type { AlgorithmName } from '#shared/contracts/training-config.ts';
import type { EnvironmentView } from '#shared/contracts/training-environments.ts';
import { dqnHyperparameters } from '#shared/domain/rl/algorithms/dqn/hyperparameters.ts';
import type {
  HyperparameterForm,
  HyperparameterSchema,
} from '#shared/domain/rl/algorithms/hyperparameter.ts';
import { ppoHyperparameters } from '#shared/domain/rl/algorithms/ppo/hyperparameters.ts';
import { tunedHyperparameters, tunedSteps } from '#shared/domain/rl/algorithms/presets.ts';
import { sacHyperparameters } from '#shared/domain/rl/algorithms/sac/hyperparameters.ts';

const schemas: Readonly<Record<AlgorithmName, HyperparameterSchema>> = {
  ppo: ppoHyperparameters,
  dqn: dqnHyperparameters,
  sac: sacHyperparameters,
};

export type Hyperparameter = readonly [name: string, form: HyperparameterForm];

/** The hyperparameters of an algorithm, in the order to ask for them. */
export const hyperparametersOf = (algorithm: AlgorithmName): Hyperparameter[] =>
  Object.entries(schemas[algorithm]).map(([name, { form }]) => [name, form]);

/** Those that mean something in this environment. */
export const meaningfulIn = (environment: EnvironmentView, all: readonly Hyperparameter[]) =>
  all.filter(
    ([name]) =>
      !(ofNoise.includes(name) && environment.action_space.type === 'Discrete') &&
      !(name === 'norm_obs' && environment.observation_space.type !== 'Box'),
  );
const ofNoise = ['use_sde', 'sde_sample_freq', 'use_sde_at_warmup', 'log_std_init'];

export const groups = ['rollout', 'optimiser', 'objective', 'exploration', 'network'] as const;
export type Group = (typeof groups)[number];

const members: Readonly<Record<Exclude<Group, 'objective'>, readonly string[]>> = {
  rollout: ['n_envs', 'n_steps', 'gamma', 'gae_lambda', 'buffer_size', 'learning_starts'],
  optimiser: [
    'learning_rate',
    'batch_size',
    'n_epochs',
    'train_freq',
    'gradient_steps',
    'max_grad_norm',
    'norm_obs',
    'norm_reward',
    'normalize_advantage',
  ],
  exploration: [
    'exploration_fraction',
    'exploration_initial_eps',
    'exploration_final_eps',
    'use_sde',
    'sde_sample_freq',
    'use_sde_at_warmup',
    'log_std_init',
  ],
  network: ['hidden_sizes', 'activation', 'ortho_init'],
};
/** Where the form asks for it. */
export const groupOf = (name: string): Group =>
  groups.find((group) => group !== 'objective' && members[group].includes(name)) ?? 'objective';

/** What is set before anybody changes anything: the tuned values, where they are wanted, over the defaults. */
export function startingValues(
  algorithm: AlgorithmName,
  environment: string,
  preset: string,
): Readonly<Record<string, unknown>> {
  const defaults = Object.fromEntries(
    hyperparametersOf(algorithm).map(([name, form]) => [name, form.default]),
  );
  const tuned = preset === 'tuned' ? tunedHyperparameters(algorithm, environment) : null;
  return { ...defaults, ...tuned };
}
export const startingSteps = (algorithm: AlgorithmName, environment: string, preset: string): number =>
  (preset === 'tuned' ? tunedSteps(algorithm, environment) : null) ?? 100_000;

interface Linear {
  readonly schedule: 'linear';
  readonly start: number;
  readonly end: number;
}
export const isLinear = (value: unknown): value is Linear =>
  typeof value === 'object' && value !== null && 'schedule' in value;

/** As it is typed into the form and read beside a training. */
export function shownValue(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (isLinear(value)) return String(value.start);
  return Array.isArray(value) ? value.join(', ') : String(value);
}
