import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { Submission } from '#shared/contracts/submissions.ts';
import { api } from '../../app/api.ts';
import { everyPage } from '../../data/list.ts';
import { useResource } from '../../data/resource.ts';
import { CodeDiff } from '../../editor/code-diff.tsx';
import { CodeEditor } from '../../editor/code-editor.tsx';
import type { Mark } from '../../editor/marks.ts';
import { t } from '../../i18n/index.ts';
import { CardWait } from '../../ui/feedback.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Select } from '../../ui/select.tsx';
import { CommentCard, type Comments } from './comments.tsx';
import { messageOf } from './explain-error.ts';
import { fileNames } from './words.ts';

interface AttemptCodeProps {
  readonly submission: Submission;
  readonly comments: Comments;
}

/** The program that was handed in, with comments at their lines; or what changed since another attempt. */
export function AttemptCode({ submission, comments }: AttemptCodeProps) {
  const against = useSignal('');
  const earlier = useOtherAttempts(submission);
  const { attempt_number: n, language, submission_code } = submission;
  const notes = useMemo(
    () =>
      (comments.items ?? [])
        .filter((comment) => comment.line !== null)
        .map((comment) => ({
          key: comment.comment_id,
          line: comment.line ?? 1,
          content: <CommentCard comment={comment} />,
        })),
    [comments.items],
  );
  const marks = useMemo(() => marksOf(submission), [submission]);
  return (
    <section class="card editor-card" aria-label={t('attempt.code')}>
      <div class="card-head">
        <h2 class="file-name">
          <Icon name="code" size={16} />
          {fileNames[language]}
        </h2>
        {earlier.length > 0 && (
          <Select
            label={t('attempt.compareWith')}
            value={against.value}
            onChange={(id) => {
              against.value = id;
            }}
          >
            <option value="">{t('attempt.compareNone')}</option>
            {earlier.map(({ submission_id, attempt_number }) => (
              <option key={submission_id} value={submission_id}>
                {t('attempt.changesSince', { n: attempt_number })}
              </option>
            ))}
          </Select>
        )}
      </div>
      {against.value === '' ? (
        <CodeEditor
          label={t('attempt.codeOf', { n })}
          language={language}
          code={submission_code}
          marks={marks}
          notes={notes}
        />
      ) : (
        <Changes since={against.value} submission={submission} />
      )}
    </section>
  );
}

/** Attempts of the same student at the same exercise, newest first. */
function useOtherAttempts({ submission_id, exercise_id, student_id }: Submission) {
  const { data } = useResource(`others.${exercise_id}.${student_id}`, (signal) =>
    everyPage(
      (page) =>
        api.submissions.listSubmissions({ query: { exercise_id, student_id, limit: 50, ...page }, signal }),
      200,
    ),
  );
  return (data ?? []).filter((other) => other.submission_id !== submission_id);
}

function Changes({ since, submission }: { since: string; submission: Submission }) {
  const { data, error, reload } = useResource(`submission.${since}`, (signal) =>
    api.submissions.getSubmission({ params: { submission_id: since }, signal }),
  );
  if (!data || error !== undefined) return <CardWait resource={{ data, error, reload }} lines={6} />;
  if (data.submission_code === submission.submission_code)
    return <p class="card-body muted">{t('attempt.same')}</p>;
  return (
    <CodeDiff
      label={t('attempt.changesSince', { n: data.attempt_number })}
      language={submission.language}
      before={data.submission_code}
      after={submission.submission_code}
    />
  );
}

/** Each place where a test stopped, once. */
function marksOf({ test_results }: Submission): Mark[] {
  const marks = new Map<string, Mark>();
  for (const { error } of test_results ?? []) {
    if (!error || error.line === null) continue;
    const text = `${error.type}: ${messageOf(error)}`;
    marks.set(`${error.line}:${text}`, { kind: 'error', line: error.line, column: error.column, text });
  }
  return [...marks.values()];
}
