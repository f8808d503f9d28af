import type { TrainingWarning } from '#shared/contracts/training.ts';
import { t } from '../../i18n/index.ts';
import { Icon } from '../../ui/icon.tsx';

/** What goes wrong, as the curves tell it, and what to try next time. */
export const Warnings = ({ warnings }: { warnings: readonly TrainingWarning[] }) => (
  <>
    {warnings.map(({ code, step, remedies }) => (
      <div class="note warn" key={code}>
        <Icon name="bulb" />
        <p>
          {t(`warning.${code}`)} <small>{t('warning.at', { step })}</small>
          {remedies.length > 0 && (
            <small>
              {t('warning.try')}{' '}
              {remedies
                .map(({ change, hyperparameter }) => t(`warning.${change}`, { name: hyperparameter }))
                .join(' · ')}
            </small>
          )}
        </p>
      </div>
    ))}
  </>
);
