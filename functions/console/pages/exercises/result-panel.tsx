import type { Exercise } from '#shared/contracts/exercises.ts';
import type { Submission } from '#shared/contracts/submissions.ts';
import { counted, t } from '../../i18n/index.ts';
import { Empty } from '../../ui/feedback.tsx';
import { isJudged, type LiveSubmission } from './live-submission.ts';
import { NextStep } from './next-step.tsx';
import { Refusal } from './refusal.tsx';
import { VerdictHead } from './verdict-head.tsx';
import { VerdictTable } from './verdict-table.tsx';

interface ResultPanelProps {
  readonly handed: LiveSubmission;
  readonly exercise: Exercise;
  readonly retry: () => void;
  readonly onShow: (line: number, column: number | null) => void;
}

/** What became of the program that was handed in, from its place in the queue to the verdict of each test. */
export function ResultPanel({ handed, exercise, retry, onShow }: ResultPanelProps) {
  const submission = handed.submission.value;
  if (handed.refusal.value !== undefined)
    return (
      <div class="card-body">
        <Refusal error={handed.refusal.value} retry={retry} />
      </div>
    );
  if (!submission && !handed.sending.value)
    return (
      <Empty
        icon="flag"
        title={t('submit.nothingYet')}
        text={counted('submit.nothingYetText', exercise.test_count)}
      />
    );
  if (!submission || !isJudged(submission)) return <Pending submission={submission} exercise={exercise} />;
  return (
    <>
      <VerdictHead submission={submission}>
        <NextStep exercise={exercise} submission={submission} />
      </VerdictHead>
      {submission.test_results && (
        <VerdictTable results={submission.test_results} language={submission.language} onShow={onShow} />
      )}
    </>
  );
}

interface PendingProps {
  readonly submission: Submission | undefined;
  readonly exercise: Exercise;
}
/** The tests to come, in the shape that their verdicts will have. */
const Pending = ({ submission, exercise }: PendingProps) => (
  <div aria-busy="true">
    <div class="verdict-head">
      <p class="verdict-title" role="status">
        <span class="badge accent">
          <span class="dot live" />
          {stageOf(submission)}
        </span>
      </p>
      <p class="small muted">{t('submit.canLeave')}</p>
    </div>
    <ol class="verdicts" aria-hidden="true">
      {Array.from({ length: Math.min(8, exercise.test_count) }, (_, index) => (
        <li key={index}>
          <div class="verdict-row">
            <span class="skeleton round" />
            <span class="verdict-name">
              {exercise.public_tests[index]?.name ?? <span class="skeleton" style={{ width: '40%' }} />}
            </span>
          </div>
        </li>
      ))}
    </ol>
  </div>
);

function stageOf(submission: Submission | undefined): string {
  if (!submission) return t('submit.sending');
  if (submission.status === 'grading') return t('submit.grading');
  return submission.queue_position === null
    ? t('submit.waiting')
    : t('submit.waitingAt', { n: submission.queue_position });
}
