import { t } from '../../i18n/index.ts';
import type { ExerciseSummary } from '../exercises/words.ts';

const look = { draft: 'warn', published: 'good', archived: '' } as const;

/** Where an exercise stands, and whether what students get is older than what was written. */
export const StatusBadge = ({ exercise }: { exercise: Omit<ExerciseSummary, 'progress'> }) => {
  const { status, version, published_version } = exercise;
  const isBehind = status === 'published' && published_version !== null && published_version < version;
  return (
    <span class="row">
      <span class={`badge ${look[status]}`}>{t(`library.status.${status}`)}</span>
      {isBehind && <span class="badge warn">{t('library.newer')}</span>}
    </span>
  );
};
