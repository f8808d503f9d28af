import type * as z from 'zod';
import type { Caller } from '#shared/contracts/operation.ts';
import type { comment as shape } from '#shared/contracts/submissions.ts';
import { conflict, invalid, unauthorized } from '#shared/errors.ts';
import { pageOf } from '#shared/http/paging.ts';
import { type CommentRecord, comments } from '#shared/table/comment.ts';
import { idempotently } from '#shared/table/idempotency.ts';
import { retried } from '#shared/table/retry.ts';
import { submissions } from '#shared/table/submission.ts';
import { users } from '#shared/table/user.ts';
import { reachedSubmission } from '../submission.ts';
import { tell } from '../tell.ts';
import type { CodeWorld } from '../world.ts';

type Comment = z.output<typeof shape>;

/** A conversation, not a forum: a list that can be held whole. */
const mostComments = 200;

const allOf = ({ table }: CodeWorld, id: { readonly submission_id: string }): Promise<CommentRecord[]> =>
  table.queryAll(comments, { pk: submissions.key(id).pk, prefix: 'comment#' });

/** By line, those about the whole first; on one line the oldest first. */
export async function listComments(
  world: CodeWorld,
  caller: Caller,
  submission_id: string,
  query: { readonly limit: number; readonly cursor?: string | undefined },
) {
  await reachedSubmission(world, caller, submission_id);
  const all = await allOf(world, { submission_id });
  const byLine = all.sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.at < b.at ? -1 : 1));
  return pageOf({ caller, query, filters: { submission_id } }, byLine);
}

export function addComment(
  world: CodeWorld,
  caller: Caller,
  submission_id: string,
  { line, text }: Pick<Comment, 'line' | 'text'>,
  key: string | undefined,
): Promise<Comment> {
  const body = { submission_id, line, text };
  const request = { caller, operation: 'submission.comment', key, body, now: world.now() };
  return idempotently(
    world.table,
    request,
    async (done) => {
      const { submission_code } = await reachedSubmission(world, caller, submission_id);
      refuseNoSuchLine(submission_code, line);
      const author = await world.table.get(users, caller);
      if (!author) throw unauthorized('auth.ended', 'This account no longer exists.');
      if ((await allOf(world, { submission_id })).length >= mostComments)
        throw conflict('comments.limit', `A submission has at most ${mostComments} comments.`);
      const said: CommentRecord = {
        comment_id: world.newId(),
        submission_id,
        line,
        text,
        author_id: caller.user_id,
        author_name: author.name,
        at: world.now().toISOString(),
      };
      const { comment_id, author_name } = said;
      const told = { type: 'comment.added', data: { submission_id, comment_id, line, author_name } };
      await retried(() =>
        tell(world, { submission_id }, () => [told], [
          world.table.insert(comments, said),
          ...done(comment_id),
        ]),
      );
      return said;
    },
    async (id) => {
      const said = (await allOf(world, { submission_id })).find(({ comment_id }) => comment_id === id);
      if (!said) throw new Error(`comment ${id} was recorded but is not there`);
      return said;
    },
  );
}

function refuseNoSuchLine(code: string, line: number | null): void {
  const lines = code.split('\n').length;
  if (line !== null && line > lines)
    throw invalid(['body', 'line'], `this submission has ${lines} lines`, 'too_big');
}
