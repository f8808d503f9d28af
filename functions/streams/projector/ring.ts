import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { DynamoDBRecord } from 'aws-lambda';
import { sqs } from '#shared/aws/clients.ts';
import { isWaiting, type Queue, queueOf } from '#shared/domain/jobs/states.ts';
import { jobs } from '#shared/jobs/job.ts';
import { imageOf } from '#shared/table/stream.ts';

/** A job that now waits rings the queue of its kind; a ring too many costs nothing, because who hears it looks at the job. */
export const createRing =
  (queueUrls: Readonly<Record<Queue, string>>) =>
  async ({ dynamodb }: DynamoDBRecord): Promise<void> => {
    const job = jobs.parse(imageOf(dynamodb?.NewImage));
    const before = dynamodb?.OldImage && jobs.parse(imageOf(dynamodb.OldImage));
    const rings = isWaiting(job.state) && (before?.state !== job.state || before.queued_at !== job.queued_at);
    if (!rings) return;
    await sqs().send(
      new SendMessageCommand({
        QueueUrl: queueUrls[queueOf(job.kind)],
        MessageBody: JSON.stringify({ job_id: job.job_id }),
      }),
    );
  };
