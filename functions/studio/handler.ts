import { randomInt } from 'node:crypto';
import { documents } from '#shared/aws/clients.ts';
import { studioContract } from '#shared/contracts/training-studio.ts';
import { readEnv } from '#shared/env.ts';
import { serve } from '#shared/http/serve.ts';
import { createIdentity } from '#shared/identity/authenticate.ts';
import { systemClock } from '#shared/ids.ts';
import { createTable } from '#shared/table/table.ts';
import { listEnvironments } from './environments.ts';
import { startTraining } from './start.ts';
import type { StudioWorld } from './world.ts';

const env = readEnv('TABLE_NAME', 'SCHOOL', 'SCHOOL_SETTINGS');
const table = createTable(documents(), env.TABLE_NAME);
const world: StudioWorld = {
  ...systemClock,
  table,
  settings: env.SCHOOL_SETTINGS,
  events_days: env.SCHOOL_SETTINGS.retention.events_days,
  newSeed: () => randomInt(2 ** 32),
};
const { authenticate } = createIdentity(table, env.SCHOOL);

export const handler = serve(studioContract, { authenticate })({
  start: ({ body, caller, idempotency_key }) => startTraining(world, caller, body, idempotency_key),
  environments: listEnvironments,
});
