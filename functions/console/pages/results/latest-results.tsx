import type { StudentResults } from '#shared/contracts/gradebook.ts';
import { taking } from '../../app/taking-api.ts';
import { useResource } from '../../data/resource.ts';
import { number, t } from '../../i18n/index.ts';
import '../../i18n/taking.ts';
import { CardWait, Empty } from '../../ui/feedback.tsx';
import { Ago } from '../../ui/words.tsx';
import { gradeText } from '../exercises/words.ts';
import { examScore } from './exam-score.ts';
import { assignmentHref } from './result-links.ts';
import { WorkBadge, type WorkStatus } from './work-badge.tsx';

/** One thing that was done, or should have been. */
interface Work {
  readonly key: string;
  readonly href: string | undefined;
  readonly title: string;
  readonly about: string;
  readonly at: string | null;
  readonly result: string | null;
  readonly status: WorkStatus;
  readonly late: boolean;
}

const shown = 6;

/** What came in lately and what is missing, in one short list. */
export function LatestResults({ student_id }: { student_id: string }) {
  const { data, error, reload } = useResource(`results.${student_id}`, (signal) =>
    taking.results.studentResults({ params: { student_id }, signal }),
  );
  if (!data) return <CardWait resource={{ data, error, reload }} lines={3} height={36} />;
  const works = latest(data);
  if (works.length === 0) return <Empty icon="flag" title={t('results.none')} text={t('results.noneText')} />;
  return (
    <ul class="list-links">
      {works.map((work) => (
        <li key={work.key}>
          {work.href === undefined ? (
            <div class="list-link">
              <Line work={work} />
            </div>
          ) : (
            <a class="list-link" href={work.href}>
              <Line work={work} />
            </a>
          )}
        </li>
      ))}
    </ul>
  );
}

const Line = ({ work: { title, about, at, result, status, late } }: { work: Work }) => (
  <>
    <div class="grow">
      <span class="title">{title}</span>
      <span class="under">
        {about}
        {at !== null && (
          <>
            {' · '}
            <Ago at={at} />
          </>
        )}
      </span>
    </div>
    {result === null ? <WorkBadge status={status} late={late} /> : <strong class="numbers">{result}</strong>}
  </>
);

/** Missing work first, then by date. What nobody has begun and is not due yet is not news. */
function latest({ exams, quizzes, assignments }: StudentResults): Work[] {
  const works: Work[] = [
    ...exams.map((one) => ({
      key: one.exam_session_id,
      href: `/tests/${one.exam_session_id}/result`,
      title: one.plan_name ?? t(`testType.${one.exam_type}`),
      about: one.class_name,
      at: one.ended_at ?? one.started_at,
      result: examScore(one) ?? null,
      status: one.status === 'in_progress' ? ('in_progress' as const) : ('done' as const),
      late: false,
    })),
    ...quizzes.map((one) => ({
      key: one.quiz_id,
      href: `/quizzes/${one.quiz_id}`,
      title: one.title,
      about: one.class_name,
      at: one.due_at,
      result: one.percent === null ? null : t('quiz.percent', { percent: number(one.percent, 1) }),
      status: one.status,
      late: one.late,
    })),
    ...assignments.map((one) => ({
      key: one.assignment_id,
      href: assignmentHref(one.assignment_id),
      title: one.title,
      about: one.class_name,
      at: one.due_at,
      result: one.grade === null ? null : t('quiz.percent', { percent: gradeText(one.grade) }),
      status: one.status,
      late: one.late,
    })),
  ];
  return works
    .filter(({ status }) => status !== 'none')
    .toSorted(
      (a, b) =>
        Number(b.status === 'missing') - Number(a.status === 'missing') ||
        (b.at ?? '').localeCompare(a.at ?? ''),
    )
    .slice(0, shown);
}
