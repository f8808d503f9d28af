import type { QuizAttemptDetail } from '#shared/contracts/quiz-views.ts';
import { counted, exactTime, number, t } from '../../i18n/index.ts';
import { Empty, Note } from '../../ui/feedback.tsx';
import { PageHead } from '../../ui/page.tsx';
import { Ago, Progress } from '../../ui/words.tsx';
import { type Answered, AnsweredQuestion } from '../taking/answered-question.tsx';

interface AttemptResultProps {
  readonly attempt: QuizAttemptDetail;
  /** Answers that came after the end. */
  readonly tooLate: number;
}

/** What came out of an attempt, as far as the quiz shows it now. */
export function AttemptResult({ attempt, tooLate }: AttemptResultProps) {
  return (
    <>
      <PageHead
        title={attempt.quiz_title}
        back={{ href: `/quizzes/${attempt.quiz_id}`, label: t('quiz.back') }}
        lead={
          <>
            {t('quiz.attempt', { n: attempt.number })}
            {attempt.submitted_at !== null && (
              <>
                {' · '}
                <Ago at={attempt.submitted_at} />
              </>
            )}
          </>
        }
      />
      <div class="stack-l">
        {attempt.status === 'expired' && (
          <Note kind="warn" icon="clock">
            {t('quiz.expired')} {tooLate > 0 && counted('quiz.tooLate', tooLate)}
          </Note>
        )}
        {attempt.late && (
          <Note kind="warn" icon="clock">
            {t('quiz.late')}
          </Note>
        )}
        {attempt.status === 'in_progress' ? (
          <div class="card">
            <Empty icon="clock" title={t('quiz.running')} text={t('quiz.runningText')} />
          </div>
        ) : (
          <Result attempt={attempt} />
        )}
      </div>
    </>
  );
}

function Result({ attempt }: { attempt: QuizAttemptDetail }) {
  const { result, feedback_at } = attempt;
  if (result === null)
    return (
      <div class="card">
        <Empty
          icon="check"
          title={t('quiz.done')}
          text={
            feedback_at === null
              ? t('quiz.resultHidden')
              : t('quiz.resultAt', { when: exactTime(feedback_at) })
          }
        />
      </div>
    );
  const answered = answeredOf(attempt);
  const right = result.questions?.filter(({ correct }) => correct).length;
  return (
    <>
      <section class="card card-body stack quiz-score" aria-label={t('result.title')}>
        <p class="eyebrow">{t('result.title')}</p>
        <p class="big-number">{t('quiz.percent', { percent: number(result.percent, 1) })}</p>
        <Progress value={result.percent / 100} label={t('result.title')} />
        <p class="muted">
          {t('quiz.pointsOf', { score: number(result.score, 2), max: number(result.max_score, 2) })}
          {right !== undefined && ` · ${t('quiz.rightOf', { n: right, all: result.questions?.length ?? 0 })}`}
        </p>
      </section>
      {answered.length > 0 && (
        <section class="stack">
          <div class="section-head">
            <h2>{t('result.answers')}</h2>
          </div>
          {answered.map((one, index) => (
            <AnsweredQuestion key={one.question.item_id} n={index + 1} answered={one} />
          ))}
        </section>
      )}
    </>
  );
}

/** Questions of the attempt beside their scores, in the order of the attempt. */
function answeredOf({ questions, answers, result }: QuizAttemptDetail): Answered[] {
  const scores = new Map(result?.questions?.map((score) => [score.item_id, score]));
  return questions.map((question) => {
    const score = scores.get(question.item_id);
    return {
      question,
      answer: answers[question.item_id],
      verdict: score === undefined ? null : score.correct ? 'right' : score.points > 0 ? 'partly' : 'wrong',
      solution: score?.key ?? undefined,
      explanation: score?.explanation ?? null,
      ...(score && {
        note: t('quiz.pointsOf', { score: number(score.points, 2), max: number(score.max_points, 2) }),
      }),
    };
  });
}
