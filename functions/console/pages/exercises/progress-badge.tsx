import { counted, t } from '../../i18n/index.ts';
import { Icon } from '../../ui/icon.tsx';
import { type ExerciseSummary, gradeText } from './words.ts';

interface ProgressBadgeProps {
  readonly progress: ExerciseSummary['progress'];
  /** Nothing at all where nothing was tried. */
  readonly quiet?: boolean;
}
/** How far one is with an exercise. */
export function ProgressBadge({ progress, quiet }: ProgressBadgeProps) {
  if (progress?.solved)
    return (
      <span class="badge good">
        <Icon name="check" size={14} />
        {t('progress.solved')}
      </span>
    );
  if (!progress || progress.attempts === 0)
    return quiet ? null : <span class="small muted">{t('progress.notStarted')}</span>;
  return (
    <span class="badge warn">
      {progress.best_grade === null
        ? counted('attempts', progress.attempts)
        : t('progress.best', { grade: gradeText(progress.best_grade) })}
    </span>
  );
}
