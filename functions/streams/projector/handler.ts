import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { sqs } from '#shared/aws/clients.ts';
import { isWaiting, queueOf } from '#shared/domain/jobs/states.ts';
import { readEnv } from '#shared/env.ts';
import { jobs } from '#shared/jobs/job.ts';
import { imageOf } from '#shared/table/stream.ts';

const env = readEnv('TRAINING_QUEUE_URL', 'GRADING_QUEUE_URL', 'VERIFICATION_QUEUE_URL');
const queueUrls = {
  training: env.TRAINING_QUEUE_URL,
  grading: env.GRADING_QUEUE_URL,
  verification: env.VERIFICATION_QUEUE_URL,
} as const;
const processor = new BatchProcessor(EventType.DynamoDBStreams);

/**
 * The outbox: what the table has committed goes on from here. A job that now waits rings the queue of
 * its kind; a ring too many costs nothing, because who hears it looks at the job.
 */
export const handler = async (event: DynamoDBStreamEvent) =>
  processPartialResponse(event, project, processor, { throwOnFullBatchFailure: false });

async function project(record: DynamoDBRecord): Promise<void> {
  const job = jobs.parse(imageOf(record.dynamodb?.NewImage));
  const before = record.dynamodb?.OldImage && jobs.parse(imageOf(record.dynamodb.OldImage));
  const rings = isWaiting(job.state) && (before?.state !== job.state || before.queued_at !== job.queued_at);
  if (!rings) return;
  await sqs().send(
    new SendMessageCommand({
      QueueUrl: queueUrls[queueOf(job.kind)],
      MessageBody: JSON.stringify({ job_id: job.job_id }),
    }),
  );
}
