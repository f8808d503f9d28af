import type { Quiz } from '#shared/contracts/quizzes.ts';
import { now } from '../../app/clock.ts';
import { t } from '../../i18n/index.ts';
import { dateText, useSchoolZone } from '../teaching/school-time.ts';

/** Draft, open, closed; or when it will open. */
export function QuizBadge({ quiz: { status, opens_at } }: { quiz: Pick<Quiz, 'status' | 'opens_at'> }) {
  const zone = useSchoolZone();
  const opensLater = status === 'open' && opens_at !== null && Date.parse(opens_at) > now.value;
  if (opensLater)
    return <span class="badge accent">{t('quizzes.opensLater', { when: dateText(opens_at, zone) })}</span>;
  return <span class={`badge ${status === 'open' ? 'good' : ''}`}>{t(`quizzes.status.${status}`)}</span>;
}
