import { dynamoDb, objectsIn } from '#shared/aws/clients.ts';
import { banksContract } from '#shared/contracts/banks.ts';
import { readEnv } from '#shared/env.ts';
import { serve } from '#shared/http/serve.ts';
import { createIdentity } from '#shared/identity/authenticate.ts';
import { systemClock } from '#shared/ids.ts';
import { createTable } from '#shared/table/table.ts';
import { itemBankHandlers } from './banks/index.ts';
import { calibrationHandlers } from './calibrations/index.ts';
import { itemHandlers } from './items/index.ts';
import { itemStatisticsHandlers } from './items/statistics.ts';
import type { BanksWorld } from './world.ts';

const env = readEnv('TABLE_NAME', 'SCHOOL', 'SCHOOL_SETTINGS', 'ARTIFACTS_BUCKET', 'AWS_ENDPOINT_URL');
const table = createTable(dynamoDb(), env.TABLE_NAME);
const world: BanksWorld = {
  ...systemClock,
  table,
  settings: env.SCHOOL_SETTINGS,
  events_days: env.SCHOOL_SETTINGS.retention.events_days,
  objects: objectsIn(env.ARTIFACTS_BUCKET, env.AWS_ENDPOINT_URL),
};
const { authenticate } = createIdentity(table, env.SCHOOL);

export const handler = serve(banksContract, { authenticate })({
  ...itemBankHandlers(world),
  ...itemHandlers(world),
  ...itemStatisticsHandlers(world),
  ...calibrationHandlers(world),
});
