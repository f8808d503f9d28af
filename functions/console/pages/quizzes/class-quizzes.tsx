import { type Quiz, quizOperations } from '#shared/contracts/quizzes.ts';
import { may } from '../../app/session.ts';
import { testing } from '../../app/testing-api.ts';
import { useList } from '../../data/list.ts';
import { number, t } from '../../i18n/index.ts';
import '../../i18n/quizzes.ts';
import { LinkButton } from '../../ui/button.tsx';
import { Empty } from '../../ui/feedback.tsx';
import { ListCard } from '../../ui/list.tsx';
import { Table } from '../../ui/table.tsx';
import { dateText, useSchoolZone } from '../teaching/school-time.ts';
import { QuizBadge } from './quiz-badge.tsx';

/** The quizzes of a class, the next due first. */
export function ClassQuizzes({ class_id }: { class_id: string }) {
  const list = useList<Quiz>(`class-quizzes.${class_id}`, (page, signal) =>
    testing.quizzes.listQuizzes({ query: { class_id, ...page }, signal }),
  );
  const create = may(quizOperations.createQuiz) && (
    <LinkButton href={`/quizzes/new?class=${class_id}`} kind="primary" icon="plus">
      {t('quizzes.new')}
    </LinkButton>
  );
  const isEmpty = list.items?.length === 0;
  return (
    <>
      {!isEmpty && (
        <div class="toolbar">
          <span class="grow" />
          {create}
        </div>
      )}
      <ListCard
        list={list}
        empty={
          <Empty icon="flag" title={t('quizzes.none')} text={t('quizzes.noneText')}>
            {create}
          </Empty>
        }
      >
        {(quizzes) => <QuizTable quizzes={quizzes} />}
      </ListCard>
    </>
  );
}

function QuizTable({ quizzes }: { quizzes: readonly Quiz[] }) {
  const zone = useSchoolZone();
  return (
    <Table
      label={t('class.tab.quizzes')}
      items={quizzes}
      keyOf={({ quiz_id }) => quiz_id}
      columns={[
        {
          label: t('quizzes.quiz'),
          role: 'lead',
          cell: ({ quiz_id, title }) => (
            <a class="row-link" href={`/quizzes/${quiz_id}`}>
              {title}
            </a>
          ),
        },
        { label: t('quizzes.status'), cell: (quiz) => <QuizBadge quiz={quiz} /> },
        {
          label: t('quizzes.due'),
          cell: ({ due_at }) => (due_at === null ? t('due.none') : dateText(due_at, zone)),
        },
        {
          label: t('quizzes.questions'),
          role: 'end',
          cell: ({ question_count }) => number(question_count),
        },
      ]}
    />
  );
}
