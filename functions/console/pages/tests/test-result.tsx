import { useEffect } from 'preact/hooks';
import type { ExamSession, ExamSessionWithAttempts } from '#shared/contracts/exam-sessions.ts';
import { navigate } from '../../app/location.ts';
import { taking } from '../../app/taking-api.ts';
import { useResource } from '../../data/resource.ts';
import { counted, duration, number, significant, t } from '../../i18n/index.ts';
import '../../i18n/taking.ts';
import { Empty, Failure, Note, Skeleton } from '../../ui/feedback.tsx';
import { PageHead } from '../../ui/page.tsx';
import { Ago } from '../../ui/words.tsx';
import { back } from '../results/result-links.ts';
import { AnsweredQuestion } from '../taking/answered-question.tsx';
import { answeredExam } from './answered-exam.ts';
import { ScorePicture } from './score-picture.tsx';

/** What came out of a test, how sure that is, and what was answered, as far as the plan shows it. */
export function TestResult({ id }: { id: string }) {
  const { data, error, reload } = useResource(`exam.${id}`, (signal) =>
    taking.sessions.getExamSession({ params: { exam_session_id: id }, signal }),
  );
  const isRunning = data?.status === 'in_progress' && error === undefined;
  if (error !== undefined && !data) return <Failure error={error} retry={reload} />;
  if (!data) return <Skeleton lines={5} height={64} />;
  return (
    <>
      <PageHead
        title={data.plan_name ?? t(`testType.${data.exam_type}`)}
        back={back()}
        lead={<Facts session={data} />}
      />
      {isRunning ? <StillRunning id={id} /> : <Ended session={data} />}
    </>
  );
}

const Facts = ({ session }: { session: ExamSession }) => (
  <>
    {t(`testType.${session.exam_type}`)}
    {' · '}
    {counted('test.answers', session.answered)}
    {session.duration_sec !== null && ` · ${duration(session.duration_sec)}`}
    {session.ended_at !== null && (
      <>
        {' · '}
        <Ago at={session.ended_at} />
      </>
    )}
  </>
);

/** Somebody who comes by an old link while the test runs goes on with it. */
function StillRunning({ id }: { id: string }) {
  useEffect(() => {
    const timer = setTimeout(() => navigate(`/tests/${id}`, { replace: true }), 300);
    return () => clearTimeout(timer);
  }, [id]);
  return <Skeleton lines={3} height={64} />;
}

function Ended({ session }: { session: ExamSessionWithAttempts }) {
  if (session.status !== 'completed')
    return (
      <div class="card">
        <Empty
          icon="flag"
          title={t(`exam.${session.status}`)}
          text={session.status === 'expired' ? t('exam.expiredText') : t('exam.abandonedText')}
        />
      </div>
    );
  if (session.band === null)
    return (
      <div class="card">
        <Empty icon="check" title={t('result.done')} text={t('result.hidden')} />
      </div>
    );
  return (
    <div class="stack-l">
      <Score session={session} band={session.band} />
      {session.source === 'import' && (
        <Note kind="good" icon="flag">
          {t('result.imported')}
        </Note>
      )}
      <Answers session={session} />
    </div>
  );
}

interface ScoreProps {
  readonly session: ExamSession;
  readonly band: NonNullable<ExamSession['band']>;
}

function Score({ session, band }: ScoreProps) {
  const { score } = session;
  const ends = { low: number(band.low), high: number(band.high) };
  return (
    <section class="card result-card" aria-label={t('result.title')}>
      <div class="stack">
        <p class="eyebrow">{t('result.title')}</p>
        <h2 class="result-head">
          {score === null ? t('result.between', ends) : number(score)}{' '}
          <span class={`badge ${band.level}`}>{t(`level.${band.level}`)}</span>
        </h2>
        <p>{score === null ? t('result.bandMeaning') : t('result.scoreMeaning', ends)}</p>
        <p class="small muted">{t('result.scale')}</p>
        {session.theta !== null && session.standard_error !== null && (
          <p class="small muted numbers">
            {t('result.theta', {
              theta: significant(session.theta),
              se: significant(session.standard_error),
            })}
          </p>
        )}
      </div>
      <ScorePicture band={band} score={score} />
    </section>
  );
}

function Answers({ session }: { session: ExamSessionWithAttempts }) {
  const shown = session.attempts.flatMap((attempt) => {
    const answered = answeredExam(attempt);
    return answered ? [answered] : [];
  });
  if (shown.length === 0) return <p class="small muted">{t('result.noAnswers')}</p>;
  return (
    <section class="stack">
      <div class="section-head">
        <h2>{t('result.answers')}</h2>
      </div>
      {shown.map((answered, index) => (
        <AnsweredQuestion key={answered.question.item_id} n={index + 1} answered={answered} />
      ))}
    </section>
  );
}
