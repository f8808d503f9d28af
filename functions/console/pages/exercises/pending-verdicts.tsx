import type { CodeVerdicts } from '#shared/contracts/code.ts';
import type { Submission } from '#shared/contracts/submissions.ts';
import { t } from '../../i18n/index.ts';
import { Icon } from '../../ui/icon.tsx';
import { doneCount, type LiveRow, liveRows } from './live-verdicts.ts';
import { lookOf, TestName, verdictIcon } from './verdict-table.tsx';

interface Pending {
  /** Undefined until the platform has taken it. */
  readonly submission: Submission | undefined;
  readonly verdicts: CodeVerdicts | undefined;
}
interface PendingVerdictsProps extends Pending {
  readonly testCount: number;
  /** Names of the public tests, where the exercise is at hand. */
  readonly names?: readonly string[];
}

/** The tests of a program that was handed in, each with its verdict as soon as it is there. */
export function PendingVerdicts({ submission, verdicts, testCount, names = [] }: PendingVerdictsProps) {
  const isRunning = submission?.status === 'grading' || verdicts !== undefined;
  const rows = liveRows({ count: testCount, names }, verdicts, isRunning);
  return (
    <>
      <div class="verdict-head">
        <p class="verdict-title">
          <span class="badge accent">
            <span class="dot live" />
            {stageOf(submission)}
          </span>
          {verdicts && <span class="small muted numbers">{progressText(verdicts)}</span>}
        </p>
        <p class="small muted">{t('submit.canLeave')}</p>
      </div>
      <ol class="verdicts" aria-label={t('verdict.tests')}>
        {rows.map((row, index) => (
          <Row key={index} row={row} n={index + 1} />
        ))}
      </ol>
    </>
  );
}

/** What a screen reader says of it. */
export const pendingText = ({ submission, verdicts }: Pending): string =>
  verdicts ? progressText(verdicts) : stageOf(submission);

const progressText = (verdicts: CodeVerdicts): string =>
  t('verdict.progress', { done: doneCount(verdicts), all: verdicts.verdicts.length });

function Row({ row: { name, isHidden, status }, n }: { row: LiveRow; n: number }) {
  const isJudged = status !== 'waiting' && status !== 'running';
  return (
    <li class={isJudged ? lookOf(status) : status}>
      <div class="verdict-row">
        <TestName
          mark={isJudged ? <Icon name={verdictIcon(status)} /> : <span class="ring" />}
          name={name ?? t('verdict.testNumber', { n })}
          isHidden={isHidden}
        />
        <span class="verdict-facts">
          <strong>{t(`verdict.test.${status}`)}</strong>
        </span>
      </div>
    </li>
  );
}

function stageOf(submission: Submission | undefined): string {
  if (!submission) return t('submit.sending');
  if (submission.status === 'grading') return t('submit.grading');
  return submission.queue_position === null
    ? t('submit.waiting')
    : t('submit.waitingAt', { n: submission.queue_position });
}
