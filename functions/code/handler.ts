import { dynamoDb } from '#shared/aws/clients.ts';
import { gradingContract } from '#shared/contracts/grading.ts';
import { readEnv } from '#shared/env.ts';
import { serve } from '#shared/http/serve.ts';
import { createIdentity } from '#shared/identity/authenticate.ts';
import { systemClock } from '#shared/ids.ts';
import { createTable } from '#shared/table/table.ts';
import { assignmentHandlers } from './assignments/index.ts';
import { executionHandlers } from './executions/index.ts';
import { exerciseHandlers } from './exercises/index.ts';
import { graderService } from './graders.ts';
import { receiptHandlers } from './receipts/index.ts';
import { loadReceiptSecrets } from './receipts/key.ts';
import { regradeHandlers } from './regrades/index.ts';
import { reviewHandlers } from './reviews/index.ts';
import { similarityHandlers } from './similarity/index.ts';
import { submissionHandlers } from './submissions/index.ts';
import type { CodeWorld } from './world.ts';

const env = readEnv(
  'TABLE_NAME',
  'SCHOOL',
  'SCHOOL_SETTINGS',
  'CLUSTER_ARN',
  'GRADER_SERVICE',
  'RECEIPT_SECRET_ARN',
);
const table = createTable(dynamoDb(), env.TABLE_NAME);
const world: CodeWorld = {
  ...systemClock,
  table,
  school: env.SCHOOL,
  settings: env.SCHOOL_SETTINGS,
  events_days: env.SCHOOL_SETTINGS.retention.events_days,
  askForGrader: graderService(env.CLUSTER_ARN, env.GRADER_SERVICE, systemClock.now),
  receiptSecrets: loadReceiptSecrets(table, env.RECEIPT_SECRET_ARN, systemClock.now),
};
const { authenticate } = createIdentity(table, env.SCHOOL);

/** Each part has its own folder; what one of them lacks does not compile. */
export const handler = serve(gradingContract, { authenticate })({
  ...executionHandlers(world),
  ...exerciseHandlers(world),
  ...assignmentHandlers(world),
  ...submissionHandlers(world),
  ...reviewHandlers(world),
  ...receiptHandlers(world),
  ...similarityHandlers(world),
  ...regradeHandlers(world),
});
