import type { TrainingRequest } from '#shared/domain/rl/index.ts';

/** What is trained, and what it should come to. */
export interface Row {
  readonly config: Omit<TrainingRequest, 'engine'>;
  /** The least mean return; null where nothing is promised. */
  readonly aim: number | null;
  /** Each seed’s best evaluation has to reach the aim, instead of the mean over the seeds. */
  readonly everySeed?: boolean;
}

const zoo = (algorithm: string, environment: string, aim: number | null, everySeed = false): Row => ({
  config: { algorithm, environment, preset: 'zoo' },
  aim,
  everySeed,
});
const tuned = (environment: string, aim: number): Row => ({
  config: { algorithm: 'dqn', environment, preset: 'tuned' },
  aim,
});
const untuned = (environment: string): Row => ({
  config: { algorithm: 'ppo', environment, max_steps: 100_000 },
  aim: null,
});

/** Each algorithm on each environment that it can learn: tuned values where there are any, else the defaults. */
export const rows: readonly Row[] = [
  {
    config: { algorithm: 'ppo', environment: 'CartPole-v1', max_steps: 100_000 },
    aim: 500,
    everySeed: true,
  },
  zoo('ppo', 'Acrobot-v1', -90),
  zoo('ppo', 'MountainCar-v0', null),
  zoo('ppo', 'MountainCarContinuous-v0', null),
  zoo('ppo', 'Pendulum-v1', null),
  ...['FrozenLake-v1', 'FrozenLake8x8-v1', 'CliffWalking-v1', 'Taxi-v4', 'Blackjack-v1'].map(untuned),
  zoo('dqn', 'CartPole-v1', 500, true),
  zoo('dqn', 'Acrobot-v1', -90),
  zoo('dqn', 'MountainCar-v0', -115),
  tuned('FrozenLake-v1', 0.7),
  tuned('FrozenLake8x8-v1', 0.85),
  tuned('CliffWalking-v1', -13),
  tuned('Taxi-v4', 7.5),
  { ...tuned('Blackjack-v1', -0.06), aim: null },
  zoo('sac', 'Pendulum-v1', -180),
  zoo('sac', 'MountainCarContinuous-v0', 90),
];

export const nameOf = ({ config: { algorithm, environment } }: Row): string =>
  `${algorithm.toUpperCase()} ${environment}`;
