import { useSignal } from '@preact/signals';
import {
  type Attempt,
  type ExamSessionWithAttempts,
  examSessionOperations,
} from '#shared/contracts/exam-sessions.ts';
import { may } from '../../app/session.ts';
import { testing } from '../../app/testing-api.ts';
import { toast } from '../../app/toasts.ts';
import { useResource } from '../../data/resource.ts';
import { ItemTitle } from '../item-banks/item-title.tsx';
import '../../i18n/class-exams.ts';
import { duration, isKey, number, plain, t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Failure, Skeleton } from '../../ui/feedback.tsx';
import { Field } from '../../ui/field.tsx';
import { useForm } from '../../ui/form.ts';
import { DialogForm } from '../../ui/form-card.tsx';
import { PageHead } from '../../ui/page.tsx';
import { Select } from '../../ui/select.tsx';
import { Table } from '../../ui/table.tsx';
import { difficultyOf, letterOf, logit } from '../item-banks/words.ts';
import { Whisker } from '../pictures/whisker.tsx';

/** A student's test, answer by answer, as the staff sees it. */
export function ExamSessionPage({ id }: { id: string }) {
  const amending = useSignal<Attempt | undefined>(undefined);
  const { data, error, reload } = useResource(`exam-session.${id}`, (signal) =>
    testing.sessions.getExamSession({ params: { exam_session_id: id }, signal }),
  );
  if (error !== undefined && !data) return <Failure error={error} retry={reload} />;
  if (!data) return <Skeleton lines={5} height={48} />;
  const test = data.plan_name ?? t(`examType.${data.exam_type}`);
  return (
    <>
      <PageHead
        title={t('session.title', { name: data.student_name, test })}
        back={{ href: `/classes/${data.class_id}/live`, label: t('class.tab.live') }}
        lead={t(`examStatus.${data.status}`)}
      />
      <Facts session={data} />
      <section class="card table-wrap">
        <div class="card-head">
          <h2>{t('session.answers')}</h2>
        </div>
        <Answers
          session={data}
          onAmend={(attempt) => {
            amending.value = attempt;
          }}
        />
      </section>
      <Amendments session={data} />
      {amending.value && (
        <Amend
          attempt={amending.value}
          onAmended={reload}
          onClose={() => {
            amending.value = undefined;
          }}
        />
      )}
    </>
  );
}

const stopText = (reason: string | null): string => {
  const key = `session.stop.${reason}`;
  return reason === null ? '–' : isKey(key) ? plain(key) : reason;
};

function Facts({ session }: { session: ExamSessionWithAttempts }) {
  const { score, theta, standard_error, stop_reason, duration_sec } = session;
  return (
    <dl class="rules card">
      <div>
        <dt>{t('session.score')}</dt>
        <dd>{score === null ? '–' : number(score, 0)}</dd>
      </div>
      <div>
        <dt>{t('picture.theta')}</dt>
        <dd>
          {theta === null ? (
            '–'
          ) : (
            <span class="theta-cell">
              <Whisker
                value={theta}
                error={standard_error}
                title={t('watch.abilityOf', { theta: logit(theta), se: logit(standard_error ?? 0) })}
              />
              {t('picture.plusMinus', { value: logit(theta), error: logit(standard_error ?? 0) })}
            </span>
          )}
        </dd>
      </div>
      <div>
        <dt>{t('session.stop')}</dt>
        <dd>{stopText(stop_reason)}</dd>
      </div>
      <div>
        <dt>{t('session.time')}</dt>
        <dd>{duration_sec === null ? '–' : duration(duration_sec)}</dd>
      </div>
    </dl>
  );
}

interface AnswersProps {
  readonly session: ExamSessionWithAttempts;
  readonly onAmend: (attempt: Attempt) => void;
}
const Answers = ({ session, onAmend }: AnswersProps) => (
  <Table
    label={t('session.answers')}
    items={session.attempts}
    keyOf={({ attempt_id }) => attempt_id}
    columns={[
      {
        label: t('session.question'),
        role: 'lead',
        cell: ({ n, question, item_id, parameters }) => (
          <span class="cell-main">
            <span class="test-number numbers" aria-hidden="true">
              {n + 1}
            </span>
            <span>
              <a class="row-link item-title" href={`/item-banks/${session.bank_id}/items/${item_id}`}>
                {question ? <ItemTitle body={question.body} /> : item_id}
              </a>
              {parameters && <small>{t('items.difficultyIs', { b: logit(difficultyOf(parameters)) })}</small>}
            </span>
          </span>
        ),
      },
      { label: t('session.answer'), cell: (attempt) => answerText(attempt) },
      { label: t('watch.status'), cell: (attempt) => <Outcome attempt={attempt} /> },
      {
        label: t('session.time'),
        role: 'end',
        cell: ({ response_time_ms }) => duration(response_time_ms / 1000),
      },
      {
        label: t('table.actions'),
        role: 'actions',
        cell: (attempt) =>
          session.status !== 'in_progress' &&
          attempt.pilot !== true &&
          may(examSessionOperations.updateAttempt) && (
            <Button size="small" kind="quiet" icon="edit" onClick={() => onAmend(attempt)}>
              {t('session.amend')}
              <span class="visually-hidden"> {attempt.n + 1}</span>
            </Button>
          ),
      },
    ]}
  />
);

function answerText({ answer, kind }: Attempt): string {
  if (answer === null) return t('session.noAnswer');
  if (kind === 'choice' && typeof answer === 'number') return letterOf(answer);
  if (Array.isArray(answer)) return answer.map(letterOf).join(', ');
  return String(answer);
}

function Outcome({ attempt: { correct, score, voided, pilot } }: { attempt: Attempt }) {
  if (voided) return <span class="badge">{t('session.voided')}</span>;
  if (pilot) return <span class="badge">{t('session.pilot')}</span>;
  if (correct) return <span class="badge good">{t('session.right')}</span>;
  if (score !== null && score > 0)
    return <span class="badge warn">{t('session.part', { percent: number(score * 100) })}</span>;
  return <span class="badge bad">{t('session.wrong')}</span>;
}

function Amendments({ session: { amendments } }: { session: ExamSessionWithAttempts }) {
  if (amendments.length === 0) return null;
  return (
    <section class="card">
      <div class="card-head">
        <h2>{t('session.amendments')}</h2>
      </div>
      <ul class="card-body plain-list">
        {amendments.map(({ at, by_name, theta_before, theta_after, reason }) => (
          <li key={at}>
            {t('session.amendmentIs', {
              name: by_name,
              before: theta_before === null ? '–' : logit(theta_before),
              after: theta_after === null ? '–' : logit(theta_after),
              reason,
            })}
          </li>
        ))}
      </ul>
    </section>
  );
}

interface AmendProps {
  readonly attempt: Attempt;
  readonly onAmended: () => void;
  readonly onClose: () => void;
}
const acts = ['void', 'rescore', 'rescoreWrong'] as const;

function Amend({ attempt: { attempt_id, parameters }, onAmended, onClose }: AmendProps) {
  const most = parameters && 'thresholds' in parameters ? parameters.thresholds.length : 1;
  const form = useForm(
    { action: 'void', reason: '' },
    {
      check: ({ reason }) => ({ reason: reason.trim() === '' && t('session.reasonMissing') }),
      submit: async ({ action, reason }) => {
        const { session } = await testing.sessions.updateAttempt({
          params: { attempt_id },
          body:
            action === 'void'
              ? { action, reason }
              : { action: 'rescore', category: action === 'rescore' ? most : 0, reason },
        });
        toast('good', t('session.amended', { theta: session.theta === null ? '–' : logit(session.theta) }));
        onAmended();
        onClose();
      },
    },
  );
  return (
    <Dialog title={t('session.amend')} onClose={onClose}>
      <DialogForm form={form} action={t('action.save')} onClose={onClose}>
        <Field label={t('session.amend')}>
          {({ class: _, ...control }) => (
            <Select {...control} value={form.values.action} onChange={(action) => form.set('action', action)}>
              {acts.map((act) => (
                <option key={act} value={act}>
                  {t(`session.${act}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t('session.reason')} hint={t('session.reasonHint')} problem={form.problems.reason}>
          {(control) => <input {...control} {...form.control('reason')} maxLength={500} />}
        </Field>
      </DialogForm>
    </Dialog>
  );
}
