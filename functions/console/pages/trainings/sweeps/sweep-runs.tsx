import { place, setQuery } from '../../../app/location.ts';
import { t } from '../../../i18n/index.ts';
import { Check } from '../../../ui/check.tsx';

/** Trainings that somebody started by themselves: the runs of a sweep come by the dozen, and it shows them. */
export const single = { sweep_id: 'none' } as const;

/** Whether a list has the runs of sweeps too, as the address says. */
export const hasSweepRuns = (): boolean => place.value.query.get('sweeps') === '1';

export const SweepRunsToo = () => (
  <Check
    label={t('trainings.sweepRuns')}
    checked={hasSweepRuns()}
    onChange={(checked) => setQuery('sweeps', checked ? '1' : '')}
  />
);
