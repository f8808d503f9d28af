import { dynamoDb, readableObjectsIn } from '#shared/aws/clients.ts';
import { testingContract } from '#shared/contracts/testing.ts';
import { readEnv } from '#shared/env.ts';
import { serve } from '#shared/http/serve.ts';
import { createIdentity } from '#shared/identity/authenticate.ts';
import { systemClock } from '#shared/ids.ts';
import { createTable } from '#shared/table/table.ts';
import { catHandlers } from './cat/index.ts';
import { planHandlers } from './plans/index.ts';
import { sessionHandlers } from './sessions/index.ts';
import type { TestingWorld } from './world.ts';

const env = readEnv('TABLE_NAME', 'SCHOOL', 'SCHOOL_SETTINGS', 'ARTIFACTS_BUCKET', 'AWS_ENDPOINT_URL');
const table = createTable(dynamoDb(), env.TABLE_NAME);
const world: TestingWorld = {
  ...systemClock,
  table,
  settings: env.SCHOOL_SETTINGS,
  events_days: env.SCHOOL_SETTINGS.retention.events_days,
  objects: readableObjectsIn(env.ARTIFACTS_BUCKET, env.AWS_ENDPOINT_URL),
};
const { authenticate } = createIdentity(table, env.SCHOOL);

export const handler = serve(testingContract, { authenticate })({
  ...planHandlers(world),
  ...sessionHandlers(world),
  ...catHandlers(world),
});
