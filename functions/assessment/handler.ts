import { dynamoDb } from '#shared/aws/clients.ts';
import { assessmentContract } from '#shared/contracts/assessment.ts';
import { readEnv } from '#shared/env.ts';
import { serve } from '#shared/http/serve.ts';
import { createIdentity } from '#shared/identity/authenticate.ts';
import { systemClock } from '#shared/ids.ts';
import { createTable } from '#shared/table/table.ts';
import { attemptHandlers } from './attempts/index.ts';
import { quizHandlers } from './quizzes/index.ts';
import type { AssessmentWorld } from './world.ts';

const env = readEnv('TABLE_NAME', 'SCHOOL', 'SCHOOL_SETTINGS');
const table = createTable(dynamoDb(), env.TABLE_NAME);
const world: AssessmentWorld = {
  ...systemClock,
  table,
  settings: env.SCHOOL_SETTINGS,
  events_days: env.SCHOOL_SETTINGS.retention.events_days,
};
const { authenticate } = createIdentity(table, env.SCHOOL);

export const handler = serve(assessmentContract, { authenticate })({
  ...quizHandlers(world),
  ...attemptHandlers(world),
});
