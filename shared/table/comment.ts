import * as z from 'zod';
import { comment } from '../contracts/submissions.ts';
import { entity } from './entity.ts';

/**
 * What somebody said about a submission, or one of its lines. Never changed.
 *
 * Access patterns:
 * - by submission, time and id: `submission#<id>` / `comment#<at>#<comment>`
 * - all of a submission, oldest first: `submission#<id>`, prefix `comment#`
 */
export const comments = entity({
  type: 'submission_comment',
  schema: z.object({ ...comment.shape, at: z.string() }),
  key: (id: { submission_id: string; at: string; comment_id: string }) => ({
    pk: `submission#${id.submission_id}`,
    sk: `comment#${id.at}#${id.comment_id}`,
  }),
});
export type CommentRecord = z.output<typeof comments.schema>;
