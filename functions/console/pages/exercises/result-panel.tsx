import type { Exercise } from '#shared/contracts/exercises.ts';
import { counted, t } from '../../i18n/index.ts';
import { Empty } from '../../ui/feedback.tsx';
import { Spoken } from '../../ui/spoken.tsx';
import { isJudged, type LiveSubmission } from './live-submission.ts';
import { NextStep } from './next-step.tsx';
import { PendingVerdicts, pendingText } from './pending-verdicts.tsx';
import { Refusal } from './refusal.tsx';
import { VerdictHead, verdictText } from './verdict-head.tsx';
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
  const pending = { submission, verdicts: handed.verdicts.value };
  const judged = submission && isJudged(submission) ? submission : undefined;
  return (
    <>
      <Spoken text={judged ? verdictText(judged) : pendingText(pending)} isEnd={judged !== undefined} />
      {judged ? (
        <>
          <VerdictHead submission={judged}>
            <NextStep exercise={exercise} submission={judged} />
          </VerdictHead>
          {judged.test_results && (
            <VerdictTable results={judged.test_results} language={judged.language} onShow={onShow} />
          )}
        </>
      ) : (
        <PendingVerdicts
          {...pending}
          testCount={exercise.test_count}
          names={exercise.public_tests.map(({ name }) => name)}
        />
      )}
    </>
  );
}
