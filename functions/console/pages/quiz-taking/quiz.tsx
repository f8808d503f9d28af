import type { QuizAttempt, QuizDetail } from '#shared/contracts/quiz-views.ts';
import { navigate } from '../../app/location.ts';
import { taking } from '../../app/taking-api.ts';
import { useAct } from '../../data/act.ts';
import { useList } from '../../data/list.ts';
import { useResource } from '../../data/resource.ts';
import { counted, number, t, timeLimit } from '../../i18n/index.ts';
import { Fact } from '../../ui/facts.tsx';
import { BeginButton } from '../taking/begin-button.tsx';
import '../../i18n/taking.ts';
import { LinkButton } from '../../ui/button.tsx';
import { Failure, Note, Skeleton } from '../../ui/feedback.tsx';
import { Icon } from '../../ui/icon.tsx';
import { PageHead } from '../../ui/page.tsx';
import { Ago } from '../../ui/words.tsx';
import { whenText } from '../assignments-student/due.ts';
import { ItemBody } from '../item-body/item-body.tsx';
import { back } from '../results/result-links.ts';
import { dueMoment, useSchoolZone } from '../teaching/school-time.ts';
import { AttemptBadge } from './attempt-badge.tsx';

/** A quiz before it is begun: what it asks, how long one has, and how the earlier attempts went. */
export function QuizIntro({ id }: { id: string }) {
  const { data, error, reload } = useResource(`quiz.${id}`, (signal) =>
    taking.quizzes.getQuiz({ params: { quiz_id: id }, signal }),
  );
  if (error !== undefined && !data) return <Failure error={error} retry={reload} />;
  if (!data) return <Skeleton lines={5} height={48} />;
  return (
    <>
      <PageHead title={data.title} back={back()} lead={data.class_name} />
      <div class="columns">
        <div class="stack-l">
          <Start quiz={data} />
          <Attempts quiz={data} />
        </div>
        <section class="card card-body" aria-label={t('quiz.rules')}>
          <Rules quiz={data} />
        </section>
      </div>
    </>
  );
}

function Start({ quiz }: { quiz: QuizDetail }) {
  const { busy, failure, run } = useAct();
  const { mine } = quiz;
  const running = mine?.status === 'in_progress' ? mine.last_attempt_id : null;
  const begin = () =>
    run('start', async () => {
      const { attempt_id } = await taking.quizzes.startQuizAttempt({ params: { quiz_id: quiz.quiz_id } });
      navigate(`/quiz-attempts/${attempt_id}`);
    });
  return (
    <section class="card card-body stack">
      {quiz.description !== '' && <ItemBody text={quiz.description} />}
      <Failure error={failure} />
      {running === null && mine && !mine.is_open && (
        <Note kind="warn" icon="clock">
          {mine.attempts_left === 0 ? t('quiz.noneLeft') : t('quiz.shut')}
        </Note>
      )}
      {running !== null && (
        <Note kind="warn" icon="clock">
          {t('quiz.underWay')}
        </Note>
      )}
      <div class="row">
        {running !== null ? (
          <LinkButton kind="primary" size="large" icon="play" href={`/quiz-attempts/${running}`}>
            {t('quiz.goOn')}
          </LinkButton>
        ) : (
          mine?.is_open &&
          mine.attempts_left !== 0 && (
            <BeginButton isAgain={mine.attempts > 0} busy={busy !== undefined} onBegin={() => void begin()} />
          )
        )}
      </div>
      {running === null && mine?.is_open && mine.time_limit_s !== null && (
        <p class="small muted">{t('quiz.clockRuns')}</p>
      )}
    </section>
  );
}

function Rules({ quiz }: { quiz: QuizDetail }) {
  const { mine, due_at } = quiz;
  const limit = mine?.time_limit_s ?? quiz.time_limit_s;
  const zone = useSchoolZone();
  const hasExtra =
    mine?.time_limit_s != null && quiz.time_limit_s !== null && mine.time_limit_s > quiz.time_limit_s;
  return (
    <dl class="facts">
      <Fact label={t('quiz.questions')}>{number(quiz.question_count)}</Fact>
      <Fact label={t('quiz.time')}>
        {limit === null ? t('quiz.noLimit') : timeLimit(limit)}
        {hasExtra && <small class="muted"> {t('quiz.extraTime')}</small>}
      </Fact>
      <Fact label={t('quiz.due')}>
        {due_at === null ? (
          t('due.none')
        ) : (
          <time dateTime={due_at} title={dueMoment(due_at, zone)}>
            {whenText(due_at)}
          </time>
        )}
      </Fact>
      <Fact label={t('quiz.attempts')}>
        {mine?.attempts_left == null ? t('quiz.anyNumber') : counted('quiz.left', mine.attempts_left)}
      </Fact>
      {quiz.max_attempts !== 1 && <Fact label={t('quiz.counts')}>{t(`counts.${quiz.counts}`)}</Fact>}
      <Fact label={t('quiz.feedback')}>{t(`feedback.${quiz.feedback.when}`)}</Fact>
      {mine?.percent != null && (
        <Fact label={t('quiz.result')}>{t('quiz.percent', { percent: number(mine.percent, 1) })}</Fact>
      )}
    </dl>
  );
}

function Attempts({ quiz }: { quiz: QuizDetail }) {
  const list = useList(`quiz.attempts.${quiz.quiz_id}`, (page, signal) =>
    taking.quizzes.listQuizAttempts({ params: { quiz_id: quiz.quiz_id }, query: page, signal }),
  );
  if (list.error !== undefined) return <Failure error={list.error} retry={list.reload} />;
  if (!list.items || list.items.length === 0) return null;
  return (
    <section>
      <div class="section-head">
        <h2>{t('quiz.myAttempts')}</h2>
      </div>
      <div class="card">
        <ul class="list-links">
          {list.items.map((attempt) => (
            <li key={attempt.attempt_id}>
              <AttemptLink attempt={attempt} />
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

const AttemptLink = ({ attempt }: { attempt: QuizAttempt }) => (
  <a class="list-link" href={`/quiz-attempts/${attempt.attempt_id}`}>
    <div class="grow">
      <span class="title">{t('quiz.attempt', { n: attempt.number })}</span>
      <span class="under">
        <Ago at={attempt.submitted_at ?? attempt.started_at} />
      </span>
    </div>
    <AttemptBadge attempt={attempt} />
    <Icon name="chevron" />
  </a>
);
