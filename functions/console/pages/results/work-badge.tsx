import type { StudentResults } from '#shared/contracts/gradebook.ts';
import { plain, t } from '../../i18n/index.ts';

export type WorkStatus = StudentResults['quizzes'][number]['status'];
const looks: Readonly<Record<WorkStatus, string>> = {
  none: '',
  in_progress: 'accent',
  waiting: 'accent',
  done: 'good',
  missing: 'bad',
};

/** How far a piece of work is, in one word for assignments, quizzes and tests. */
export const WorkBadge = ({ status, late }: { status: WorkStatus; late: boolean }) => (
  <span class="row">
    <span class={`badge ${looks[status]}`}>{plain(`workStatus.${status}`)}</span>
    {late && <span class="badge warn">{t('workStatus.late')}</span>}
  </span>
);
