import type * as z from 'zod';
import { type comment as commentShape, submissionOperations } from '#shared/contracts/submissions.ts';
import { api } from '../../app/api.ts';
import { may } from '../../app/session.ts';
import { everyPage } from '../../data/list.ts';
import { useResource } from '../../data/resource.ts';
import { t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Failure } from '../../ui/feedback.tsx';
import { Field } from '../../ui/field.tsx';
import { useForm } from '../../ui/form.ts';
import { Ago, Avatar } from '../../ui/words.tsx';

export type Comment = z.output<typeof commentShape>;

export interface Comments {
  readonly items: readonly Comment[] | undefined;
  readonly error: unknown;
  reload(): void;
  add(comment: Comment): void;
}

export function useComments(submission_id: string): Comments {
  const { data, error, reload, set } = useResource(`comments.${submission_id}`, (signal) =>
    everyPage((page) =>
      api.submissions.listComments({ params: { submission_id }, query: { limit: 100, ...page }, signal }),
    ),
  );
  return { items: data, error, reload, add: (comment) => set([...(data ?? []), comment]) };
}

export const CommentCard = ({ comment }: { comment: Comment }) => (
  <div class="comment">
    <Avatar name={comment.author_name} small />
    <div class="grow">
      <p class="comment-head">
        <strong>{comment.author_name}</strong>{' '}
        <span class="muted">
          <Ago at={comment.at} />
        </span>
      </p>
      <p class="comment-text">{comment.text}</p>
    </div>
  </div>
);

interface CommentFormProps {
  readonly submission_id: string;
  /** Null: about the whole. */
  readonly line: number | null;
  readonly onAdded: (comment: Comment) => void;
}
export function CommentForm({ submission_id, line, onAdded }: CommentFormProps) {
  const form = useForm(
    { text: '' },
    {
      check: ({ text }) => ({ text: text.trim() === '' && t('comments.missing') }),
      submit: async ({ text }, idempotency_key) => {
        const added = await api.submissions.addComment({
          params: { submission_id },
          body: { line, text },
          idempotency_key,
        });
        form.reset({ text: '' });
        onAdded(added);
      },
    },
  );
  if (!may(submissionOperations.addComment)) return null;
  return (
    <form class="stack" noValidate onSubmit={form.onSubmit}>
      <Field label={t('comments.write')} problem={form.problems.text}>
        {(control) => (
          <textarea {...control} {...form.control('text')} class="control short" rows={2} maxLength={4000} />
        )}
      </Field>
      <Failure error={form.failure} />
      <div class="row">
        <Button size="small" submit busy={form.busy}>
          {t('comments.send')}
        </Button>
      </div>
    </form>
  );
}
