import type { SweepState, SweepTrial } from '#shared/contracts/training-sweeps.ts';
import { t } from '../../../i18n/index.ts';
import { titleOf } from '../environment-title.ts';
import { settingText } from '../training-settings.tsx';

export const taskOf = ({ algorithm, environment }: SweepState): string =>
  [algorithm?.toUpperCase(), environment === null ? undefined : titleOf(environment)]
    .filter((part) => part !== undefined)
    .join(' · ');

export const sweepName = ({ name }: SweepState): string => name ?? t('sweep.untitled');

export const shareOf = ({ progress: { step, max_steps } }: SweepState): number =>
  max_steps > 0 ? Math.min(1, step / max_steps) : 0;

type Varied = Pick<SweepTrial, 'hyperparameters'>;

/** What is varied, in an order that the store does not keep. */
export const namesIn = ({ hyperparameters }: Varied): string[] => Object.keys(hyperparameters).sort();

/** `gamma 0.9 · learning_rate 0.001` */
export const settingsText = (trial: Varied): string =>
  namesIn(trial)
    .map((name) => `${name} ${settingText(trial.hyperparameters[name])}`)
    .join(' · ');
