import type { QuizAttempt } from '#shared/contracts/quiz-views.ts';
import { number, plain, t } from '../../i18n/index.ts';

/** Its result, or else how it stands. */
export const AttemptBadge = ({ attempt }: { attempt: Pick<QuizAttempt, 'status' | 'percent'> }) =>
  attempt.percent === null ? (
    <span class={attempt.status === 'in_progress' ? 'badge accent' : 'badge'}>
      {plain(`quizAttempt.${attempt.status}`)}
    </span>
  ) : (
    <span class="badge good numbers">{t('quiz.percent', { percent: number(attempt.percent, 1) })}</span>
  );
