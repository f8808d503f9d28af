import type { StudentResults } from '#shared/contracts/gradebook.ts';
import { taking } from '../../app/taking-api.ts';
import { useResource } from '../../data/resource.ts';
import { counted, number, t } from '../../i18n/index.ts';
import '../../i18n/taking.ts';
import { Empty, Failure, Skeleton } from '../../ui/feedback.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { Ago } from '../../ui/words.tsx';
import { gradeText } from '../exercises/words.ts';
import { examScore } from './exam-score.ts';
import { assignmentHref } from './result-links.ts';
import { WorkBadge } from './work-badge.tsx';

/** Everything that a student achieved, as far as its reader may see it: tests, quizzes, assignments. */
export function ResultsOf({ student_id }: { student_id: string }) {
  const { data, error, reload } = useResource(`results.${student_id}`, (signal) =>
    taking.results.studentResults({ params: { student_id }, signal }),
  );
  if (error !== undefined && !data) return <Failure error={error} retry={reload} />;
  if (!data) return <Skeleton lines={3} height={56} />;
  if (data.exams.length + data.quizzes.length + data.assignments.length === 0)
    return (
      <div class="card">
        <Empty icon="flag" title={t('results.none')} text={t('results.noneText')} />
      </div>
    );
  return (
    <div class="stack-l">
      {data.exams.length > 0 && (
        <Part title={t('results.exams')} note={averageOf(data)}>
          <Table
            label={t('results.exams')}
            columns={examColumns()}
            items={data.exams}
            keyOf={(one) => one.exam_session_id}
          />
        </Part>
      )}
      {data.quizzes.length > 0 && (
        <Part title={t('results.quizzes')}>
          <Table
            label={t('results.quizzes')}
            columns={quizColumns()}
            items={data.quizzes}
            keyOf={(one) => one.quiz_id}
          />
        </Part>
      )}
      {data.assignments.length > 0 && (
        <Part title={t('results.assignments')}>
          <Table
            label={t('results.assignments')}
            columns={assignmentColumns()}
            items={data.assignments}
            keyOf={(one) => one.assignment_id}
          />
        </Part>
      )}
    </div>
  );
}

interface PartProps {
  readonly title: string;
  readonly note?: string | undefined;
  readonly children: preact.ComponentChildren;
}
const Part = ({ title, note, children }: PartProps) => (
  <section>
    <div class="section-head">
      <h2>{title}</h2>
      {note !== undefined && <span class="small muted numbers">{note}</span>}
    </div>
    <div class="card table-wrap">{children}</div>
  </section>
);

const averageOf = ({ exam_stats: { average_score, completed_exams } }: StudentResults): string | undefined =>
  average_score === null || completed_exams < 2
    ? undefined
    : t('results.average', { score: number(average_score), n: counted('results.tests', completed_exams) });

type Exam = StudentResults['exams'][number];
type QuizResult = StudentResults['quizzes'][number];
type AssignmentResult = StudentResults['assignments'][number];

const nothing = <span class="muted">–</span>;

const examColumns = (): Column<Exam>[] => [
  {
    label: t('results.what'),
    role: 'lead',
    cell: ({ exam_session_id, plan_name, exam_type, class_name }) => (
      <Titled
        href={`/tests/${exam_session_id}/result`}
        title={plan_name ?? t(`testType.${exam_type}`)}
        under={class_name}
      />
    ),
  },
  { label: t('results.when'), cell: ({ ended_at, started_at }) => <Ago at={ended_at ?? started_at} /> },
  { label: t('results.state'), cell: ({ status }) => t(`exam.${status}`) },
  {
    label: t('results.score'),
    role: 'end',
    cell: (exam) => <span class="numbers">{examScore(exam) ?? nothing}</span>,
  },
];

const quizColumns = (): Column<QuizResult>[] => [
  {
    label: t('results.what'),
    role: 'lead',
    cell: ({ quiz_id, title, class_name }) => (
      <Titled href={`/quizzes/${quiz_id}`} title={title} under={class_name} />
    ),
  },
  { label: t('results.due'), cell: ({ due_at }) => (due_at === null ? nothing : <Ago at={due_at} />) },
  { label: t('results.state'), cell: ({ status, late }) => <WorkBadge status={status} late={late} /> },
  {
    label: t('results.score'),
    role: 'end',
    cell: ({ percent }) =>
      percent === null ? (
        nothing
      ) : (
        <span class="numbers">{t('quiz.percent', { percent: number(percent, 1) })}</span>
      ),
  },
];

const assignmentColumns = (): Column<AssignmentResult>[] => [
  {
    label: t('results.what'),
    role: 'lead',
    cell: ({ assignment_id, title, class_name }) => (
      <Titled href={assignmentHref(assignment_id)} title={title} under={class_name} />
    ),
  },
  { label: t('results.due'), cell: ({ due_at }) => (due_at === null ? nothing : <Ago at={due_at} />) },
  { label: t('results.state'), cell: ({ status, late }) => <WorkBadge status={status} late={late} /> },
  {
    label: t('results.score'),
    role: 'end',
    cell: ({ grade }) =>
      grade === null ? (
        nothing
      ) : (
        <span class="numbers">{t('quiz.percent', { percent: gradeText(grade) })}</span>
      ),
  },
];

interface TitledProps {
  readonly href: string | undefined;
  readonly title: string;
  readonly under: string;
}
const Titled = ({ href, title, under }: TitledProps) => (
  <span>
    {href === undefined ? (
      title
    ) : (
      <a class="row-link" href={href}>
        {title}
      </a>
    )}
    <small class="under">{under}</small>
  </span>
);
