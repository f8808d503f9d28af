import { useEffect, useMemo, useRef } from 'preact/hooks';
import { realtime } from '../../app/api.ts';
import { navigate } from '../../app/location.ts';
import { taking } from '../../app/taking-api.ts';
import { visible } from '../../app/visible.ts';
import { useResource } from '../../data/resource.ts';
import { t } from '../../i18n/index.ts';
import '../../i18n/taking.ts';
import { Button } from '../../ui/button.tsx';
import { Failure, Note, Skeleton } from '../../ui/feedback.tsx';
import { PageHead } from '../../ui/page.tsx';
import { Progress } from '../../ui/words.tsx';
import { type Answer, answerOf } from '../taking/answers.ts';
import { Countdown } from '../taking/countdown.tsx';
import { QuestionForm } from '../taking/question-form.tsx';
import { KeptHere } from '../taking/send-state.tsx';
import { EndTest } from './end-test.tsx';
import { type Asked, LiveTest } from './live-test.ts';

/** An adaptive test: one question a screen, no way back, and nothing lost on the way. */
export function Test({ id }: { id: string }) {
  const test = useMemo(() => new LiveTest(id), [id]);
  const session = useResource(`exam.${id}`, (signal) =>
    taking.sessions.getExamSession({ params: { exam_session_id: id }, signal }),
  );
  useEffect(() => {
    void test.open();
    // another device may have answered meanwhile: the server says how many answers there are
    const leave = realtime.subscribe(`exam:${id}`, {
      onEvent: () => void test.look(),
      onRefused: () => {},
    });
    return () => {
      leave();
      test.dispose();
    };
  }, [test]);
  useEffect(() => {
    if (visible.value) void test.look();
  }, [visible.value]);

  const asked = test.asked.value;
  const isOver = asked !== undefined && asked.status !== 'in_progress';
  useEffect(() => {
    if (isOver) navigate(`/tests/${id}/result`, { replace: true });
  }, [isOver]);

  const title = session.data?.plan_name ?? t('test.title');
  return (
    <div class="taking">
      <PageHead title={title}>
        {asked && !isOver && <Clocks asked={asked} test={test} started_at={session.data?.started_at} />}
      </PageHead>
      {test.failure.value !== undefined && (
        <Failure error={test.failure.value} retry={() => void test.open()} />
      )}
      {!asked && test.failure.value === undefined && <Skeleton lines={4} height={52} />}
      {asked && !isOver && <TestQuestion asked={asked} test={test} id={id} />}
    </div>
  );
}

interface ClocksProps {
  readonly asked: Asked;
  readonly test: LiveTest;
  readonly started_at: string | undefined;
}

function Clocks({ asked, test, started_at }: ClocksProps) {
  const { heard_ms, item_deadline_at } = asked;
  const { deadline_at, elapsed_s } = asked.progress;
  // deadlines count on the server's clock, from which this device's may differ
  const ahead_ms = started_at === undefined ? 0 : Date.parse(started_at) + elapsed_s * 1000 - heard_ms;
  return (
    <>
      {item_deadline_at !== null && item_deadline_at !== deadline_at && (
        <Countdown
          key={item_deadline_at}
          ends_ms={Date.parse(item_deadline_at) - ahead_ms}
          label={t('timer.ofQuestion')}
          words={t('timer.forQuestion')}
          onEnd={() => void test.look()}
        />
      )}
      {deadline_at !== null && (
        <Countdown
          ends_ms={Date.parse(deadline_at) - ahead_ms}
          label={t('timer.ofTest')}
          onEnd={() => void test.look()}
        />
      )}
    </>
  );
}

function TestQuestion({ asked, test, id }: { asked: Asked; test: LiveTest; id: string }) {
  const { progress, next_item: item } = asked;
  const box = useRef<HTMLDivElement>(null);
  const isFirst = useRef(true);
  // who answers by keyboard or by ear goes on at the new question
  useEffect(() => {
    if (!isFirst.current) box.current?.querySelector('h2')?.focus();
    isFirst.current = false;
  }, [item?.item_id]);
  if (!item) return null;
  const answer = answerOf(item, test.draft.value);
  const state = test.sending.value;
  const give = (given: Answer | undefined) => {
    if (given !== undefined) void test.give(given);
  };
  return (
    <div ref={box} class="stack">
      <Progress
        value={progress.answered / progress.max_items}
        label={t('test.progress', { n: progress.answered, most: progress.max_items })}
      />
      {test.overtaken.value && (
        <Note kind="warn" icon="alert">
          {t('test.overtaken')}
        </Note>
      )}
      <section class="card card-body">
        <QuestionForm
          key={item.item_id}
          question={item}
          draft={test.draft.value}
          disabled={state !== 'no'}
          onChange={(next) => test.write(next)}
          onSubmit={() => give(answer)}
          heading={t('test.question', { n: progress.answered + 1 })}
        >
          {state === 'kept' && <KeptHere retry={() => test.retry()} />}
          <div class="question-foot">
            <span class="small muted keys-hint">{t(hintFor(item.kind))}</span>
            <Button
              kind="primary"
              size="large"
              submit
              busy={state === 'sending'}
              disabled={answer === undefined || state === 'kept'}
            >
              {t('test.answer')}
            </Button>
          </div>
        </QuestionForm>
      </section>
      <div class="spread">
        <p class="small muted">{t('test.noWayBack')}</p>
        <EndTest id={id} answered={progress.answered} />
      </div>
    </div>
  );
}

const hintFor = (kind: string) =>
  kind === 'choice' ? 'test.keysChoice' : kind === 'multi' ? 'test.keysMulti' : 'test.keysField';
