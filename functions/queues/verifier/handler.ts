import { randomUUID } from 'node:crypto';
import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { getSecret } from '@aws-lambda-powertools/parameters/secrets';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import * as z from 'zod';
import { dynamoDb, objectsIn } from '#shared/aws/clients.ts';
import { isWaiting } from '#shared/domain/jobs/states.ts';
import { readEnv } from '#shared/env.ts';
import { systemClock } from '#shared/ids.ts';
import { episodesKey } from '#shared/jobs/artifacts.ts';
import { jobs } from '#shared/jobs/job.ts';
import { claim } from '#shared/jobs/lifecycle.ts';
import { logger, publishMetrics } from '#shared/observability.ts';
import { createTable } from '#shared/table/table.ts';
import { policyLoader } from './load.ts';
import { type VerifierWorld, verify } from './verify.ts';

const env = readEnv(
  'TABLE_NAME',
  'SCHOOL_SETTINGS',
  'ARTIFACTS_BUCKET',
  'BOARD_SECRET_ARN',
  'AWS_ENDPOINT_URL',
);
const table = createTable(dynamoDb(), env.TABLE_NAME);

const objects = objectsIn(env.ARTIFACTS_BUCKET, env.AWS_ENDPOINT_URL);

const world: VerifierWorld = {
  table,
  now: systemClock.now,
  events_days: env.SCHOOL_SETTINGS.retention.events_days,
  secret: async () => {
    const secret = await getSecret(env.BOARD_SECRET_ARN);
    if (typeof secret !== 'string' || secret.length < 32)
      throw new Error('the secret of the boards is too short');
    return secret;
  },
  load: policyLoader(table, objects.get),
  save: (job, episodes) => objects.put(episodesKey(job), JSON.stringify(episodes), 'application/json'),
};

const doorbell = z.strictObject({ job_id: z.string().min(1).max(64) });
const processor = new BatchProcessor(EventType.SQS);
const worker = `verifier-${randomUUID()}`;

/** Rings of the verification queue: each plays the policy that its job names, unless somebody does already. */
export const handler = async (event: SQSEvent) => {
  try {
    return await processPartialResponse(event, answer, processor, {
      throwOnFullBatchFailure: false,
      processInParallel: false,
    });
  } finally {
    publishMetrics();
  }
};

async function answer({ body }: SQSRecord): Promise<void> {
  const { job_id } = doorbell.parse(JSON.parse(body));
  const job = await table.get(jobs, { job_id }, { consistent: true });
  if (job?.kind !== 'verification' || !isWaiting(job.state)) return;
  const mine = await claim(world, job, worker);
  if (!mine) return;
  const outcome = await verify(world, mine);
  logger.info('verification.ended', { job_id, attempt: mine.attempt, outcome });
}
