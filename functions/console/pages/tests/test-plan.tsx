import type { ExamPlan } from '#shared/contracts/exam-plans.ts';
import { api } from '../../app/api.ts';
import { navigate } from '../../app/location.ts';
import { taking } from '../../app/taking-api.ts';
import { useAct } from '../../data/act.ts';
import { everyPage } from '../../data/list.ts';
import { useResource } from '../../data/resource.ts';
import { counted, number, t, timeLimit } from '../../i18n/index.ts';
import { Fact } from '../../ui/facts.tsx';
import { BeginButton } from '../taking/begin-button.tsx';
import '../../i18n/taking.ts';
import { LinkButton } from '../../ui/button.tsx';
import { Failure, Note, Skeleton } from '../../ui/feedback.tsx';
import { PageHead } from '../../ui/page.tsx';
import { whenText } from '../assignments-student/due.ts';
import { dueMoment, useSchoolZone } from '../teaching/school-time.ts';

/** An adaptive test before it is begun: how it goes, how long it takes, what one learns afterwards. */
export function TestPlan({ id }: { id: string }) {
  const { data, error, reload } = useResource(`plan.${id}`, async (signal) => {
    const [plan, classes] = await Promise.all([
      taking.plans.getExamPlan({ params: { plan_id: id }, signal }),
      everyPage((page) => api.school.listClasses({ query: { limit: 100, ...page }, signal })),
    ]);
    return { plan, class_id: classes.find((one) => plan.class_ids.includes(one.class_id))?.class_id };
  });
  if (error !== undefined && !data) return <Failure error={error} retry={reload} />;
  if (!data) return <Skeleton lines={5} height={48} />;
  const { plan, class_id } = data;
  return (
    <>
      <PageHead
        title={plan.name}
        back={{ href: '/tests', label: t('tests.title') }}
        lead={t(`testType.${plan.exam_type}`)}
      />
      <div class="columns">
        <section class="card card-body stack">
          {plan.description !== null && <p>{plan.description}</p>}
          <h2>{t('test.how')}</h2>
          <ul class="plain-list">
            <li>{t('test.howFits')}</li>
            <li>{t('test.howHard')}</li>
            <li>{t('test.howBack')}</li>
            <li>{t('test.howKept')}</li>
          </ul>
          <Begin plan={plan} class_id={class_id} />
        </section>
        <section class="card card-body" aria-label={t('quiz.rules')}>
          <Rules plan={plan} />
        </section>
      </div>
    </>
  );
}

function Begin({ plan, class_id }: { plan: ExamPlan; class_id: string | undefined }) {
  const { busy, failure, run } = useAct();
  const { mine, plan_id, exam_type } = plan;
  if (mine?.running_session_id != null)
    return (
      <div class="row">
        <LinkButton kind="primary" size="large" icon="play" href={`/tests/${mine.running_session_id}`}>
          {t('quiz.goOn')}
        </LinkButton>
      </div>
    );
  if (!mine?.can_start || class_id === undefined)
    return (
      <Note kind="warn" icon="clock">
        {mine?.next_at != null
          ? t('test.notYet', { when: whenText(mine.next_at) })
          : mine?.sessions_left === 0
            ? t('quiz.noneLeft')
            : t('quiz.shut')}
      </Note>
    );
  const begin = () =>
    run('start', async () => {
      const body = { plan_id, exam_type, class_id };
      const { exam_session_id } = await taking.sessions.startExamSession({ body });
      navigate(`/tests/${exam_session_id}`);
    });
  return (
    <>
      <Failure error={failure} />
      <div class="row">
        <BeginButton isAgain={mine.sessions > 0} busy={busy !== undefined} onBegin={() => void begin()} />
      </div>
    </>
  );
}

function Rules({ plan }: { plan: ExamPlan }) {
  const zone = useSchoolZone();
  return (
    <dl class="facts">
      <Fact label={t('quiz.questions')}>{counted('task.atMost', plan.max_items)}</Fact>
      <Fact label={t('quiz.time')}>
        {plan.time_limit_s === null ? t('quiz.noLimit') : timeLimit(plan.time_limit_s)}
      </Fact>
      {plan.item_time_limit_s !== null && (
        <Fact label={t('test.timeEach')}>{timeLimit(plan.item_time_limit_s)}</Fact>
      )}
      {plan.closes_at !== null && (
        <Fact label={t('quiz.due')}>
          <time dateTime={plan.closes_at} title={dueMoment(plan.closes_at, zone)}>
            {whenText(plan.closes_at)}
          </time>
        </Fact>
      )}
      <Fact label={t('quiz.attempts')}>
        {plan.mine?.sessions_left == null
          ? t('quiz.anyNumber')
          : counted('quiz.left', plan.mine.sessions_left)}
      </Fact>
      <Fact label={t('quiz.feedback')}>
        {plan.feedback.when === 'never' ? t('feedback.never') : t(`examFeedback.${plan.feedback.show}`)}
      </Fact>
      {plan.mine && plan.mine.sessions > 0 && (
        <Fact label={t('test.taken')}>
          {plan.mine.last_session_id === null ? (
            number(plan.mine.sessions)
          ) : (
            <a href={`/tests/${plan.mine.last_session_id}/result`}>{t('test.lastResult')}</a>
          )}
        </Fact>
      )}
    </dl>
  );
}
