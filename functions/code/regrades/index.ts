import type { regradeOperations } from '#shared/contracts/regrades.ts';
import type { Handlers } from '#shared/http/serve.ts';
import type { CodeWorld } from '../world.ts';
import { applyRegrade } from './apply.ts';
import { createRegrade } from './create.ts';
import { getRegrade, listRegradeRows, listRegrades } from './read.ts';

export const regradeHandlers = (world: CodeWorld): Handlers<typeof regradeOperations> => ({
  createRegrade: ({ body, caller, idempotency_key }) => createRegrade(world, caller, body, idempotency_key),
  listRegrades: ({ query, caller }) => listRegrades(world, caller, query),
  getRegrade: ({ params, caller }) => getRegrade(world, caller, params.regrade_id),
  listRegradeRows: ({ params, query, caller }) => listRegradeRows(world, caller, params.regrade_id, query),
  applyRegrade: ({ params, body, caller }) => applyRegrade(world, caller, params.regrade_id, body ?? {}),
});
