import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { QuizAttemptDetail } from '#shared/contracts/quiz-views.ts';
import { now } from '../../app/clock.ts';
import { place, setQuery } from '../../app/location.ts';
import { remember, remembered } from '../../app/storage.ts';
import { counted, number, t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { Failure, Note } from '../../ui/feedback.tsx';
import { PageHead } from '../../ui/page.tsx';
import { Segments } from '../../ui/segments.tsx';
import { answerOf } from '../taking/answers.ts';
import { Countdown } from '../taking/countdown.tsx';
import { QuestionForm } from '../taking/question-form.tsx';
import { KeptHere } from '../taking/send-state.tsx';
import type { LiveAttempt } from './live-attempt.ts';
import { QuestionMap } from './question-map.tsx';
import { Saved } from './saved.tsx';

interface TakingProps {
  readonly live: LiveAttempt;
  readonly attempt: QuizAttemptDetail;
}
type View = 'one' | 'all';

/** A quiz that is being taken: its questions one by one or on one page, all answers saved by themselves. */
export function Taking({ live, attempt }: TakingProps) {
  const view = useSignal<View>(remembered('quizView') === 'all' ? 'all' : 'one');
  const asking = useSignal(false);
  const ends_ms = nearEnd(live, attempt);
  const state = live.state.value;
  return (
    <div class="taking">
      <PageHead title={attempt.quiz_title} lead={<Saved state={state} />}>
        {ends_ms !== undefined && (
          <Countdown ends_ms={ends_ms} label={t('timer.ofQuiz')} onEnd={() => void live.handIn()} />
        )}
        <Segments
          label={t('quiz.view')}
          value={view.value}
          options={[
            { value: 'one', label: t('quiz.viewOne') },
            { value: 'all', label: t('quiz.viewAll') },
          ]}
          onChange={(next) => {
            view.value = next;
            remember('quizView', next === 'all' ? next : undefined);
          }}
        />
      </PageHead>
      <div class="stack">
        {live.failure.value !== undefined && (
          <Failure error={live.failure.value} retry={() => live.retry()} />
        )}
        {state === 'kept' && <KeptHere retry={() => live.retry()} />}
        {live.gaveWay.value.length > 0 && (
          <Note kind="warn" icon="alert">
            {t('quiz.gaveWay', { questions: numbersOf(attempt, live.gaveWay.value) })}
          </Note>
        )}
        {view.value === 'one' ? (
          <OneByOne live={live} attempt={attempt} onHandIn={() => (asking.value = true)} />
        ) : (
          <OnOnePage live={live} attempt={attempt} onHandIn={() => (asking.value = true)} />
        )}
      </div>
      {asking.value && (
        <HandIn
          live={live}
          attempt={attempt}
          onClose={() => {
            asking.value = false;
          }}
        />
      )}
    </div>
  );
}

const hour_ms = 3_600_000;

/** The end where it concerns somebody: one by a limit always, a due date in its last hour. */
function nearEnd({ ends_ms }: LiveAttempt, { time_limit_s }: QuizAttemptDetail): number | undefined {
  if (ends_ms === undefined || time_limit_s !== null) return ends_ms;
  return ends_ms - now.value < hour_ms ? ends_ms : undefined;
}

type QuestionsProps = TakingProps & { readonly onHandIn: () => void };

const numbersOf = ({ questions }: QuizAttemptDetail, item_ids: readonly string[]): string =>
  item_ids.map((item_id) => number(questions.findIndex((one) => one.item_id === item_id) + 1)).join(', ');

const unanswered = (live: LiveAttempt, { questions }: QuizAttemptDetail): string[] =>
  questions.flatMap((question) =>
    answerOf(question, live.drafts.value[question.item_id]) === undefined ? [question.item_id] : [],
  );

function OneByOne({ live, attempt, onHandIn }: QuestionsProps) {
  const { questions } = attempt;
  const last = questions.length - 1;
  const asked = Number(place.value.query.get('q') ?? 1) - 1;
  const index = Number.isInteger(asked) ? Math.min(last, Math.max(0, asked)) : 0;
  const box = useRef<HTMLDivElement>(null);
  const moved = useRef(false);
  const goTo = (next: number) => {
    moved.current = true;
    setQuery('q', String(next + 1));
  };
  useEffect(() => {
    if (moved.current) box.current?.querySelector('h2')?.focus();
  }, [index]);
  const question = questions[index];
  if (!question) return null;
  return (
    <div class="quiz-grid">
      <div ref={box} class="card card-body">
        <OneQuestion
          key={question.item_id}
          live={live}
          attempt={attempt}
          index={index}
          onSubmit={() => (index < last ? goTo(index + 1) : onHandIn())}
        >
          <div class="question-foot">
            <span class="grow">
              {index > 0 && (
                <Button size="large" icon="back" onClick={() => goTo(index - 1)}>
                  {t('quiz.previous')}
                </Button>
              )}
            </span>
            {index < last ? (
              <Button kind="primary" size="large" submit>
                {t('quiz.next')}
              </Button>
            ) : (
              <Button kind="primary" size="large" submit busy={live.handingIn.value}>
                {t('quiz.handIn')}
              </Button>
            )}
          </div>
        </OneQuestion>
      </div>
      <QuestionMap live={live} attempt={attempt} current={index} onChoose={goTo} onHandIn={onHandIn} />
    </div>
  );
}

function OnOnePage({ live, attempt, onHandIn }: QuestionsProps) {
  const open = unanswered(live, attempt).length;
  return (
    <div class="stack">
      {attempt.questions.map(({ item_id }, index) => (
        <div key={item_id} class="card card-body">
          <OneQuestion live={live} attempt={attempt} index={index} />
        </div>
      ))}
      <div class="question-foot">
        <span class="small muted grow">{open > 0 && counted('quiz.open', open)}</span>
        <Button kind="primary" size="large" busy={live.handingIn.value} onClick={onHandIn}>
          {t('quiz.handIn')}
        </Button>
      </div>
    </div>
  );
}

interface OneQuestionProps extends TakingProps {
  readonly index: number;
  readonly onSubmit?: () => void;
  readonly children?: preact.ComponentChildren;
}
function OneQuestion({ live, attempt, index, onSubmit, children }: OneQuestionProps) {
  const question = attempt.questions[index];
  if (!question) return null;
  return (
    <QuestionForm
      question={question}
      draft={live.drafts.value[question.item_id]}
      disabled={live.handingIn.value}
      onChange={(draft) => live.write(question.item_id, draft)}
      {...(onSubmit && { onSubmit })}
      heading={
        <>
          {t('quiz.question', { n: index + 1, all: attempt.questions.length })}
          <span class="points">{counted('quiz.points', question.points)}</span>
        </>
      }
    >
      {children}
    </QuestionForm>
  );
}

function HandIn({ live, attempt, onClose }: TakingProps & { onClose: () => void }) {
  const open = unanswered(live, attempt);
  const text =
    open.length === 0 ? t('quiz.handInText') : t('quiz.handInOpen', { questions: numbersOf(attempt, open) });
  return (
    <Confirm
      title={t('quiz.handInTitle')}
      text={text}
      action={t('quiz.handIn')}
      kind="primary"
      keep={t('quiz.notYet')}
      onClose={onClose}
      act={() => live.handIn()}
    />
  );
}
