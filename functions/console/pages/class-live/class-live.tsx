import { useSignal } from '@preact/signals';
import { examSessionOperations } from '#shared/contracts/exam-sessions.ts';
import { connection } from '../../app/api.ts';
import { now } from '../../app/clock.ts';
import { may } from '../../app/session.ts';
import '../../i18n/class-exams.ts';
import { number, t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Empty, Failure, Skeleton } from '../../ui/feedback.tsx';
import { Segments } from '../../ui/segments.tsx';
import { Spoken } from '../../ui/spoken.tsx';
import { Table } from '../../ui/table.tsx';
import { Ago, Avatar, Progress } from '../../ui/words.tsx';
import { logit } from '../item-banks/words.ts';
import { Whisker } from '../pictures/whisker.tsx';
import { EndTest } from './end-test.tsx';
import { useLiveTests } from './live-tests.ts';
import type { LiveTest } from './moved-on.ts';
import { whyOf } from './who-needs-me.ts';

const needs = ['all', 'stuck', 'running', 'done'] as const;
type Need = (typeof needs)[number];
export interface Line {
  readonly test: LiveTest;
  readonly why: string | undefined;
}

function isWanted(need: Need, { test, why }: Line): boolean {
  switch (need) {
    case 'all':
      return true;
    case 'stuck':
      return why !== undefined;
    case 'running':
      return test.status === 'in_progress';
    case 'done':
      return test.status !== 'in_progress';
  }
}

/** A class while it takes a test: who is where, how sure their result is by now, who needs somebody. */
export function ClassLive({ class_id }: { class_id: string }) {
  const need = useSignal<Need>('all');
  const ending = useSignal<LiveTest | undefined>(undefined);
  const { tests, error, reload } = useLiveTests(class_id);
  const lines = inOrder((tests ?? []).map((test) => ({ test, why: whyOf(test, tests ?? [], now.value) })));
  const found = lines.filter((line) => isWanted(need.value, line));
  const count = (of: Need) => lines.filter((line) => isWanted(of, line)).length;
  const summary = t('watch.finished', { done: count('done'), all: lines.length });
  return (
    <section aria-label={t('watch.title')}>
      <Failure error={error} retry={reload} />
      {!tests && error === undefined && <Skeleton lines={6} height={40} />}
      {tests?.length === 0 && (
        <div class="card">
          <Empty icon="gauge" title={t('watch.none')} text={t('watch.noneText')}>
            <a class="button" href={`/exam-plans?class=${class_id}`}>
              {t('nav.examPlans')}
            </a>
          </Empty>
        </div>
      )}
      {lines.length > 0 && (
        <>
          <div class="toolbar">
            <Segments
              label={t('watch.need')}
              value={need.value}
              options={needs.map((value) => ({
                value,
                label: `${t(`watch.need.${value}`)} ${count(value)}`,
              }))}
              onChange={(value) => {
                need.value = value;
              }}
            />
            <span class="grow" />
            <span class="small muted numbers">{summary}</span>
            <Connection />
          </div>
          <Spoken text={summary} isEnd={count('running') === 0} />
          <p class="small muted found">{t('watch.scale')}</p>
          <div class="card table-wrap">
            {found.length === 0 ? (
              <Empty icon="check" title={t('board.nobody')} text={t('watch.nobodyNeeds')} />
            ) : (
              <LiveTable
                lines={found}
                onEnd={(test) => {
                  ending.value = test;
                }}
              />
            )}
          </div>
        </>
      )}
      {ending.value && (
        <EndTest
          test={ending.value}
          onEnded={reload}
          onClose={() => {
            ending.value = undefined;
          }}
        />
      )}
    </section>
  );
}

/** Who needs somebody first, then who is under way, then by name. */
const inOrder = (lines: readonly Line[]): Line[] => {
  const weight = ({ test, why }: Line) => {
    if (test.status === 'in_progress') return why === undefined ? 1 : 0;
    return 2;
  };
  return lines.toSorted(
    (a, b) => weight(a) - weight(b) || a.test.student_name.localeCompare(b.test.student_name),
  );
};

const Connection = () => {
  const isOpen = connection.value === 'open';
  // at the first try nothing is wrong yet
  if (!isOpen && connection.value !== 'waiting') return null;
  return (
    <span class={`badge ${isOpen ? 'good' : 'warn'}`}>
      <span class="dot" aria-hidden="true" />
      {t(isOpen ? 'watch.connected' : 'watch.offline')}
    </span>
  );
};

const looks = { in_progress: 'accent', completed: 'good', abandoned: 'warn', expired: 'warn' } as const;

interface LiveTableProps {
  readonly lines: readonly Line[];
  readonly onEnd: (test: LiveTest) => void;
}
const LiveTable = ({ lines, onEnd }: LiveTableProps) => (
  <Table
    label={t('watch.title')}
    items={lines}
    keyOf={({ test }) => test.exam_session_id}
    columns={[
      {
        label: t('watch.student'),
        role: 'lead',
        cell: ({ test, why }) => (
          <span class="cell-main">
            <Avatar name={test.student_name} small />
            <span>
              <a class="row-link" href={`/exam-sessions/${test.exam_session_id}`}>
                {test.student_name}
              </a>
              {why === undefined ? (
                <small>{test.plan_name ?? t(`examType.${test.exam_type}`)}</small>
              ) : (
                <small class="needs">{why}</small>
              )}
            </span>
          </span>
        ),
      },
      {
        label: t('watch.progress'),
        cell: ({ test }) => <Answered test={test} />,
      },
      {
        label: t('watch.ability'),
        cell: ({ test: { theta, standard_error } }) =>
          theta !== null && (
            <span class="theta-cell">
              <Whisker
                value={theta}
                error={standard_error}
                title={t('watch.abilityOf', { theta: logit(theta), se: logit(standard_error ?? 0) })}
              />
              <span class="numbers" aria-hidden="true">
                {t('picture.plusMinus', { value: logit(theta), error: logit(standard_error ?? 0) })}
              </span>
            </span>
          ),
      },
      {
        label: t('watch.status'),
        cell: ({ test: { status } }) => (
          <span class={`badge ${looks[status]}`}>{t(`examStatus.${status}`)}</span>
        ),
      },
      {
        label: t('watch.last'),
        role: 'end',
        cell: ({ test: { moved_at } }) => <Ago at={moved_at} />,
      },
      {
        label: t('table.actions'),
        role: 'actions',
        cell: ({ test }) =>
          test.status === 'in_progress' &&
          may(examSessionOperations.importExamSessions) && (
            <Button size="small" kind="quiet" icon="stop" onClick={() => onEnd(test)}>
              {t('watch.close')}
              <span class="visually-hidden"> {test.student_name}</span>
            </Button>
          ),
      },
    ]}
  />
);

function Answered({ test: { answered, max_items, status } }: { test: LiveTest }) {
  const most = max_items ?? answered;
  const words = t('watch.progressOf', { done: answered, most });
  return (
    <span class="answered-cell">
      {status === 'in_progress' && <Progress value={most === 0 ? 0 : answered / most} label={words} />}
      <span class="numbers">{number(answered)}</span>
    </span>
  );
}
