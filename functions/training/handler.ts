import { randomInt } from 'node:crypto';
import { documents, s3 } from '#shared/aws/clients.ts';
import { trainingContract } from '#shared/contracts/training.ts';
import { readEnv } from '#shared/env.ts';
import { serve } from '#shared/http/serve.ts';
import { createIdentity } from '#shared/identity/authenticate.ts';
import { systemClock } from '#shared/ids.ts';
import { createTable } from '#shared/table/table.ts';
import { listTrainings } from './list.ts';
import { cancelTraining, readMetrics, readReplay, readTraining, redriveTraining } from './read.ts';
import { startTraining } from './start.ts';
import { viewSession, viewState } from './view.ts';
import type { TrainingWorld } from './world.ts';

const env = readEnv('TABLE_NAME', 'SCHOOL', 'SCHOOL_SETTINGS', 'ARTIFACTS_BUCKET');
const table = createTable(documents(), env.TABLE_NAME);
const world: TrainingWorld = {
  ...systemClock,
  table,
  settings: env.SCHOOL_SETTINGS,
  events_days: env.SCHOOL_SETTINGS.retention.events_days,
  s3: s3(),
  bucket: env.ARTIFACTS_BUCKET,
  newSeed: () => randomInt(2 ** 32),
};
const { authenticate } = createIdentity(table, env.SCHOOL);

export const handler = serve(trainingContract, { authenticate })({
  start: ({ body, caller, idempotency_key }) => startTraining(world, caller, body, idempotency_key),
  list: ({ query, caller }) => listTrainings(world, caller, query),
  get: async ({ params, caller }) => viewSession(world, await readTraining(world, caller, params.session_id)),
  status: async ({ params, caller }) =>
    viewState(world, await readTraining(world, caller, params.session_id)),
  metrics: ({ params, query, caller }) => readMetrics(world, caller, params.session_id, query),
  replay: ({ params, caller }) => readReplay(world, caller, params.session_id),
  cancel: ({ params, caller }) => cancelTraining(world, caller, params.session_id),
  redrive: ({ params, caller }) => redriveTraining(world, caller, params.session_id),
});
