import type * as z from 'zod';
import type { QuizDetail, quizProgress } from '#shared/contracts/quizzes.ts';
import { testing } from '../../app/testing-api.ts';
import { everyPage } from '../../data/list.ts';
import { useResource } from '../../data/resource.ts';
import { number, t } from '../../i18n/index.ts';
import { Table } from '../../ui/table.tsx';
import { Ago, Avatar } from '../../ui/words.tsx';
import { StudentsByNeed } from '../teaching/students-by-need.tsx';
import { useClassChanges } from '../teaching/watch-class.ts';

type Progress = z.output<typeof quizProgress>;
const needs = ['all', 'not_started', 'in_progress', 'low', 'done'] as const;
type Need = (typeof needs)[number];
const half = 50;
const telling = new Set(['quiz.progress']);

function isWanted(need: Need, { status, percent }: Progress): boolean {
  switch (need) {
    case 'all':
      return true;
    case 'low':
      return percent !== null && percent < half;
    case 'done':
      return status === 'submitted' || status === 'expired';
    default:
      return status === need;
  }
}

/** Who has done it, as it happens. */
export function QuizStudents({ quiz: { quiz_id, class_id } }: { quiz: QuizDetail }) {
  const progress = useResource(`quiz-progress.${quiz_id}`, (signal) =>
    everyPage((page) =>
      testing.quizzes.quizProgress({ params: { quiz_id }, query: { limit: 100, ...page }, signal }),
    ),
  );
  useClassChanges(class_id, progress.reload, telling);
  return (
    <section aria-label={t('quizPage.view.progress')}>
      <StudentsByNeed
        progress={progress}
        label={t('quizPage.need')}
        needs={needs}
        isWanted={isWanted}
        textOf={(need) => t(`quizPage.need.${need}`)}
        nobody={() => ({ title: t('quizPage.nobody'), text: t('quizPage.nobodyText') })}
      >
        {(found) => <ProgressTable items={found} />}
      </StudentsByNeed>
    </section>
  );
}

const looks = { not_started: '', in_progress: 'accent', submitted: 'good', expired: 'warn' } as const;

const ProgressTable = ({ items }: { items: readonly Progress[] }) => (
  <Table
    label={t('quizPage.view.progress')}
    items={items}
    keyOf={({ student_id }) => student_id}
    columns={[
      {
        label: t('form.name'),
        role: 'lead',
        cell: ({ student_id, student_name }) => (
          <span class="cell-main">
            <Avatar name={student_name} small />
            <a class="row-link" href={`/students/${student_id}`}>
              {student_name}
            </a>
          </span>
        ),
      },
      {
        label: t('quizPage.standing'),
        cell: ({ status, late }) => (
          <span class="row standing">
            <span class={`badge ${looks[status]}`}>{t(`quizPage.status.${status}`)}</span>
            {late && <span class="badge warn">{t('attempt.late')}</span>}
          </span>
        ),
      },
      {
        label: t('quizPage.result'),
        role: 'end',
        cell: ({ percent }) =>
          percent === null ? '–' : t('quizStats.percent', { value: number(percent, 0) }),
      },
      { label: t('board.attempts'), role: 'end', cell: ({ attempts }) => number(attempts) },
      {
        label: t('quizPage.last'),
        role: 'end',
        cell: ({ last_at }) => (last_at === null ? '–' : <Ago at={last_at} />),
      },
      {
        label: t('table.actions'),
        role: 'actions',
        cell: ({ last_attempt_id, student_name }) =>
          last_attempt_id !== null && (
            <a class="button small quiet" href={`/quiz-attempts/${last_attempt_id}`}>
              {t('quizPage.look')}
              <span class="visually-hidden"> {student_name}</span>
            </a>
          ),
      },
    ]}
  />
);
