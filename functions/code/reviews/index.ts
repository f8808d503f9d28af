import type { submissionOperations } from '#shared/contracts/submissions.ts';
import type { Handlers } from '#shared/http/serve.ts';
import type { CodeWorld } from '../world.ts';
import { addComment, listComments } from './comments.ts';
import { review } from './review.ts';

type Operations = Pick<typeof submissionOperations, 'requestReview' | 'listComments' | 'addComment'>;

export const reviewHandlers = (world: CodeWorld): Handlers<Operations> => ({
  requestReview: ({ params, body, caller, idempotency_key }) =>
    review(world, caller, params.submission_id, body, idempotency_key),
  listComments: ({ params, query, caller }) => listComments(world, caller, params.submission_id, query),
  addComment: ({ params, body, caller, idempotency_key }) =>
    addComment(world, caller, params.submission_id, body, idempotency_key),
});
