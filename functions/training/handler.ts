import { randomInt } from 'node:crypto';
import { dynamoDb, readableObjectsIn } from '#shared/aws/clients.ts';
import { trainingContract } from '#shared/contracts/training.ts';
import { readEnv } from '#shared/env.ts';
import { serve } from '#shared/http/serve.ts';
import { createIdentity } from '#shared/identity/authenticate.ts';
import { systemClock } from '#shared/ids.ts';
import { viewSession, viewState } from '#shared/jobs/training-view.ts';
import { createTable } from '#shared/table/table.ts';
import { compareTrainings } from './compare.ts';
import { cancelTraining, cloneTraining, pauseTraining, redriveTraining, resumeTraining } from './control.ts';
import { listEnvironments } from './environments.ts';
import { exportCheckpoint } from './export-checkpoint.ts';
import { exportMetrics, exportTable } from './export-metrics.ts';
import { listTrainings } from './list.ts';
import { readMetrics, readReplay, readTraining } from './read.ts';
import { listCheckpoints, listEvaluations } from './records.ts';
import { startTraining } from './start.ts';
import { cancelSweep, getSweep, listSweeps, startSweep } from './sweeps.ts';
import type { TrainingWorld } from './world.ts';

const env = readEnv('TABLE_NAME', 'SCHOOL', 'SCHOOL_SETTINGS', 'ARTIFACTS_BUCKET', 'AWS_ENDPOINT_URL');
const table = createTable(dynamoDb(), env.TABLE_NAME);
const world: TrainingWorld = {
  ...systemClock,
  table,
  settings: env.SCHOOL_SETTINGS,
  events_days: env.SCHOOL_SETTINGS.retention.events_days,
  objects: readableObjectsIn(env.ARTIFACTS_BUCKET, env.AWS_ENDPOINT_URL),
  newSeed: () => randomInt(2 ** 32),
};
const { authenticate } = createIdentity(table, env.SCHOOL);

export const handler = serve(trainingContract, { authenticate })({
  start: ({ body, caller, idempotency_key }) => startTraining(world, caller, body, idempotency_key),
  environments: listEnvironments,
  startSweep: ({ body, caller, idempotency_key }) => startSweep(world, caller, body, idempotency_key),
  listSweeps: ({ query, caller }) => listSweeps(world, caller, query),
  getSweep: ({ params, caller }) => getSweep(world, caller, params.sweep_id),
  cancelSweep: ({ params, caller }) => cancelSweep(world, caller, params.sweep_id),
  compare: ({ query, caller }) => compareTrainings(world, caller, query.ids),
  list: ({ query, caller }) => listTrainings(world, caller, query),
  get: async ({ params, caller }) => viewSession(world, await readTraining(world, caller, params.session_id)),
  status: async ({ params, caller }) =>
    viewState(world, await readTraining(world, caller, params.session_id)),
  metrics: ({ params, query, caller }) => readMetrics(world, caller, params.session_id, query),
  replay: ({ params, caller }) => readReplay(world, caller, params.session_id),
  evaluations: ({ params, query, caller }) => listEvaluations(world, caller, params.session_id, query),
  checkpoints: ({ params, query, caller }) => listCheckpoints(world, caller, params.session_id, query),
  exportCheckpoint: ({ params, caller }) => exportCheckpoint(world, caller, params),
  exportMetrics: ({ params, query, caller }) => exportMetrics(world, caller, params.session_id, query.format),
  exportTable: ({ query, caller }) => exportTable(world, caller, query),
  cancel: ({ params, caller }) => cancelTraining(world, caller, params.session_id),
  pause: ({ params, caller }) => pauseTraining(world, caller, params.session_id),
  resume: ({ params, caller }) => resumeTraining(world, caller, params.session_id),
  clone: ({ params, body, caller, idempotency_key }) =>
    cloneTraining(world, caller, params.session_id, body, idempotency_key),
  redrive: ({ params, caller }) => redriveTraining(world, caller, params.session_id),
});
