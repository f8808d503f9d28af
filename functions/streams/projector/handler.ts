import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { dynamoDb, readableObjectsIn } from '#shared/aws/clients.ts';
import { readEnv } from '#shared/env.ts';
import type { ExamWorld } from '#shared/exams/world.ts';
import { systemClock } from '#shared/ids.ts';
import { examSessions, examStates } from '#shared/table/exam-session.ts';
import { imageOf } from '#shared/table/stream.ts';
import { createTable } from '#shared/table/table.ts';
import { concludeSessions } from './ends.ts';
import { createRing } from './ring.ts';
import { countSessions } from './statistics.ts';
import { together } from './together.ts';

const env = readEnv(
  ...(['TABLE_NAME', 'ARTIFACTS_BUCKET', 'AWS_ENDPOINT_URL'] as const),
  ...(['TRAINING_QUEUE_URL', 'GRADING_QUEUE_URL', 'VERIFICATION_QUEUE_URL'] as const),
);
const ring = createRing({
  training: env.TRAINING_QUEUE_URL,
  grading: env.GRADING_QUEUE_URL,
  verification: env.VERIFICATION_QUEUE_URL,
  // the queue of what gets a task of its own
  calibration: env.TRAINING_QUEUE_URL,
});
const world: ExamWorld = {
  table: createTable(dynamoDb(), env.TABLE_NAME),
  now: systemClock.now,
  objects: readableObjectsIn(env.ARTIFACTS_BUCKET, env.AWS_ENDPOINT_URL),
};
const processor = new BatchProcessor(EventType.DynamoDBStreams);

/**
 * The outbox: what the table has committed goes on from here. Jobs ring their queues; tests that are over become
 * results, and results are counted, each once a batch and all of them together, since those of a class and of a bank
 * move the same sums.
 */
export const handler = async (event: DynamoDBStreamEvent) => {
  const counted = together((exam_session_ids) => countSessions(world.table, exam_session_ids));
  const concluded = together((exam_session_ids) => concludeSessions(world, exam_session_ids));
  const project = async (record: DynamoDBRecord): Promise<void> => {
    const image = imageOf(record.dynamodb?.NewImage);
    if (image?.['type'] === examStates.type) return concluded(examStates.parse(image).exam_session_id);
    if (image?.['type'] === examSessions.type) return counted(examSessions.parse(image).exam_session_id);
    return ring(record);
  };
  return processPartialResponse(event, project, processor, { throwOnFullBatchFailure: false });
};
