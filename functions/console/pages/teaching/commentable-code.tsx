import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { type Submission, submissionOperations } from '#shared/contracts/submissions.ts';
import { may } from '../../app/session.ts';
import { t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { CommentForm, type Comments } from '../exercises/comments.tsx';

interface CommentableCodeProps {
  readonly submission: Submission;
  readonly comments: Comments;
  readonly children: ComponentChildren;
}

/** The program, with a comment for the line whose number one clicks; by keyboard the line is typed. */
export function CommentableCode({ submission, comments, children }: CommentableCodeProps) {
  const line = useSignal<number | undefined>(undefined);
  if (!may(submissionOperations.addComment)) return <>{children}</>;
  return (
    <div class="commentable">
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the button below does the same by keyboard */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a shortcut for those with a pointer */}
      <div
        onClick={(event) => {
          const clicked = lineOf(event);
          if (clicked !== undefined) line.value = clicked;
        }}
      >
        {children}
      </div>
      <div class="row comment-bar">
        <Button
          size="small"
          icon="comment"
          onClick={() => {
            line.value = 1;
          }}
        >
          {t('work.commentLine')}
        </Button>
        <span class="small muted pointer-hint">{t('work.commentHint')}</span>
      </div>
      {line.value !== undefined && (
        <CommentDialog
          submission={submission}
          comments={comments}
          first={line.value}
          onClose={() => {
            line.value = undefined;
          }}
        />
      )}
    </div>
  );
}

/** The number beside which somebody clicked; the editor lies in a shadow root, so the path of the event tells. */
function lineOf(event: Event): number | undefined {
  const path = event.composedPath().filter((part) => part instanceof HTMLElement);
  const number = path.find((part) => part.classList.contains('cm-gutterElement'));
  const isNumbers = path.some((part) => part.classList.contains('cm-lineNumbers'));
  const line = Number(number?.textContent);
  return isNumbers && Number.isInteger(line) && line > 0 ? line : undefined;
}

interface CommentDialogProps extends Omit<CommentableCodeProps, 'children'> {
  readonly first: number;
  readonly onClose: () => void;
}
function CommentDialog({ submission, comments, first, onClose }: CommentDialogProps) {
  const lines = submission.submission_code.split('\n');
  const typed = useSignal(String(first));
  const number = Number(typed.value);
  const isThere = Number.isInteger(number) && number >= 1 && number <= lines.length;
  return (
    <Dialog title={t('work.commentTitle')} onClose={onClose}>
      <Field label={t('work.line')} problem={isThere ? undefined : t('work.noLine', { n: lines.length })}>
        {(control) => (
          <input
            {...control}
            class="control line-number"
            inputMode="numeric"
            value={typed.value}
            onInput={({ currentTarget }) => {
              typed.value = currentTarget.value;
            }}
          />
        )}
      </Field>
      {isThere && (
        <>
          <pre class="quoted-line">{lines[number - 1]?.trim() === '' ? ' ' : lines[number - 1]}</pre>
          <CommentForm
            submission_id={submission.submission_id}
            line={number}
            onAdded={(comment) => {
              comments.add(comment);
              onClose();
            }}
          />
        </>
      )}
    </Dialog>
  );
}
