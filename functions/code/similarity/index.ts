import type { assignmentOperations } from '#shared/contracts/assignments.ts';
import type { Handlers } from '#shared/http/serve.ts';
import type { CodeWorld } from '../world.ts';
import { getSimilarity } from './read.ts';
import { startSimilarity } from './start.ts';

type Operations = Pick<typeof assignmentOperations, 'startSimilarity' | 'getSimilarity'>;

export const similarityHandlers = (world: CodeWorld): Handlers<Operations> => ({
  startSimilarity: ({ params, caller, idempotency_key }) =>
    startSimilarity(world, caller, params.assignment_id, idempotency_key),
  getSimilarity: ({ params, caller }) => getSimilarity(world, caller, params.assignment_id),
});
