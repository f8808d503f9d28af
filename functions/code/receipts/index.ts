import type { submissionOperations } from '#shared/contracts/submissions.ts';
import type { Handlers } from '#shared/http/serve.ts';
import type { CodeWorld } from '../world.ts';
import { getReceipt } from './receipt.ts';

export const receiptHandlers = (
  world: CodeWorld,
): Handlers<Pick<typeof submissionOperations, 'getReceipt'>> => ({
  getReceipt: ({ params, caller }) => getReceipt(world, caller, params.submission_id),
});
