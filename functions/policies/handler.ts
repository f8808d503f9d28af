import { dynamoDb, objectsIn } from '#shared/aws/clients.ts';
import { policiesContract } from '#shared/contracts/training-policies.ts';
import { readEnv } from '#shared/env.ts';
import { serve } from '#shared/http/serve.ts';
import { createIdentity } from '#shared/identity/authenticate.ts';
import { systemClock } from '#shared/ids.ts';
import { createTable } from '#shared/table/table.ts';
import { assets } from './assets.ts';
import { readBoard } from './board.ts';
import { enterBoard, readEntry, readEntryReplay } from './entries.ts';
import { exportPolicy } from './export.ts';
import { uploadPolicy } from './uploads.ts';
import type { PoliciesWorld } from './world.ts';

const env = readEnv('TABLE_NAME', 'SCHOOL', 'SCHOOL_SETTINGS', 'ARTIFACTS_BUCKET', 'AWS_ENDPOINT_URL');
const table = createTable(dynamoDb(), env.TABLE_NAME);
const world: PoliciesWorld = {
  ...systemClock,
  table,
  events_days: env.SCHOOL_SETTINGS.retention.events_days,
  objects: objectsIn(env.ARTIFACTS_BUCKET, env.AWS_ENDPOINT_URL),
  assets,
};
const { authenticate } = createIdentity(table, env.SCHOOL);

export const handler = serve(policiesContract, { authenticate })({
  exportPolicy: ({ params, query, caller }) => exportPolicy(world, caller, params.session_id, query.format),
  uploadPolicy: ({ body, caller, idempotency_key }) => uploadPolicy(world, caller, body, idempotency_key),
  leaderboard: ({ params, query, caller }) => readBoard(world, caller, params.environment, query),
  enter: ({ params, body, caller, idempotency_key }) =>
    enterBoard(world, caller, params.environment, body, idempotency_key),
  entry: ({ params, caller }) => readEntry(world, caller, params),
  entryReplay: ({ params, query, caller }) => readEntryReplay(world, caller, params, query.episode),
});
