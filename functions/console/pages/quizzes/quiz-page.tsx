import { useSignal } from '@preact/signals';
import { type QuizDetail, quizOperations } from '#shared/contracts/quizzes.ts';
import { navigate } from '../../app/location.ts';
import { may } from '../../app/session.ts';
import { testing } from '../../app/testing-api.ts';
import { toast } from '../../app/toasts.ts';
import { useAct } from '../../data/act.ts';
import { counted, number, t } from '../../i18n/index.ts';
import { type Labelled, RulesCard } from '../../ui/facts.tsx';
import '../../i18n/quizzes.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { Failure, Skeleton } from '../../ui/feedback.tsx';
import { PageHead } from '../../ui/page.tsx';
import { Segments } from '../../ui/segments.tsx';
import { dateText, useSchoolZone } from '../teaching/school-time.ts';
import { QuizBadge } from './quiz-badge.tsx';
import { QuestionCards } from './quiz-questions.tsx';
import { QuizStatisticsView } from './quiz-statistics.tsx';
import { QuizStudents } from './quiz-students.tsx';
import { useQuiz } from './write-quiz.tsx';

const views = ['progress', 'statistics', 'questions'] as const;

/** A quiz as its teacher sees it: who has done it, how its questions did. */
export function TeacherQuiz({ id }: { id: string }) {
  const { data, error, reload, set } = useQuiz(id);
  const view = useSignal<(typeof views)[number]>('progress');
  if (error !== undefined && !data) return <Failure error={error} retry={reload} />;
  if (!data) return <Skeleton lines={5} height={64} />;
  return (
    <>
      <QuizHead quiz={data} onChanged={set} />
      <Rules quiz={data} />
      <div class="toolbar">
        <Segments
          label={t('quizPage.view')}
          value={view.value}
          options={views.map((value) => ({ value, label: t(`quizPage.view.${value}`) }))}
          onChange={(value) => {
            view.value = value;
          }}
        />
      </div>
      {view.value === 'progress' && <QuizStudents quiz={data} />}
      {view.value === 'statistics' && <QuizStatisticsView quiz_id={id} />}
      {view.value === 'questions' && <QuestionCards questions={data.questions ?? []} />}
    </>
  );
}

interface QuizHeadProps {
  readonly quiz: QuizDetail;
  readonly onChanged: (quiz: QuizDetail) => void;
}
function QuizHead({ quiz, onChanged }: QuizHeadProps) {
  const { busy, failure, run } = useAct();
  const deleting = useSignal(false);
  const params = { quiz_id: quiz.quiz_id };
  const { title } = quiz;
  const become = (status: 'open' | 'closed') =>
    run(status, async () => {
      onChanged(await testing.quizzes.updateQuiz({ params, body: { status, version: quiz.version } }));
      toast('good', status === 'open' ? t('quizPage.opened', { title }) : t('quizPage.closed', { title }));
    });
  const isOwn = may(quizOperations.updateQuiz);
  return (
    <>
      <PageHead
        title={title}
        back={{ href: `/classes/${quiz.class_id}/quizzes`, label: quiz.class_name }}
        lead={
          <>
            <QuizBadge quiz={quiz} /> {counted('quizzes.questionCount', quiz.question_count)} ·{' '}
            {t('writeQuiz.total', { points: number(quiz.max_score, 2) })}
          </>
        }
      >
        {isOwn && (
          <>
            {!quiz.has_attempts && (
              <Button
                kind="quiet"
                icon="trash"
                onClick={() => {
                  deleting.value = true;
                }}
              >
                {t('quizPage.delete')}
              </Button>
            )}
            <LinkButton href={`/quizzes/${quiz.quiz_id}/edit`} icon="edit">
              {t('action.edit')}
            </LinkButton>
            {quiz.status === 'open' ? (
              <Button busy={busy !== undefined} onClick={() => void become('closed')}>
                {t('quizPage.close')}
              </Button>
            ) : (
              <Button
                kind={quiz.status === 'draft' ? 'primary' : 'plain'}
                busy={busy !== undefined}
                onClick={() => void become('open')}
              >
                {t('quizPage.open')}
              </Button>
            )}
          </>
        )}
      </PageHead>
      <Failure error={failure} />
      {deleting.value && (
        <Confirm
          title={t('quizPage.deleteTitle', { title })}
          text={t('quizPage.deleteText')}
          action={t('quizPage.delete')}
          onClose={() => {
            deleting.value = false;
          }}
          act={async () => {
            await testing.quizzes.deleteQuiz({ params });
            toast('good', t('quizPage.deleted', { title }));
            navigate(`/classes/${quiz.class_id}/quizzes`, { replace: true });
          }}
        />
      )}
    </>
  );
}

/** The rules in one line each, in the school's time. */
function Rules({ quiz }: { quiz: QuizDetail }) {
  const zone = useSchoolZone();
  const { opens_at, due_at, time_limit_s, late_policy, max_attempts, feedback } = quiz;
  const facts: Labelled[] = [
    [t('assign.opens'), opens_at === null ? t('assign.atOnce') : dateText(opens_at, zone)],
    [t('assign.due'), due_at === null ? t('due.none') : dateText(due_at, zone)],
    [t('writeQuiz.late'), t(`writeQuiz.late.${late_policy}`)],
    [
      t('quizPage.time'),
      time_limit_s === null
        ? t('quizPage.noTime')
        : t('quizPage.minutes', { n: number(time_limit_s / 60, 1) }),
    ],
    [t('writeQuiz.attempts'), max_attempts === null ? t('assign.unlimited') : String(max_attempts)],
    [t('writeQuiz.feedback'), t(`writeQuiz.when.${feedback.when}`)],
  ];
  return <RulesCard facts={facts} />;
}
