import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { documents } from '#shared/aws/clients.ts';
import { readEnv } from '#shared/env.ts';
import { examSessions } from '#shared/table/exam-session.ts';
import { imageOf } from '#shared/table/stream.ts';
import { createTable } from '#shared/table/table.ts';
import { createRing } from './ring.ts';
import { countSession } from './statistics.ts';
import { createTurns } from './turns.ts';

const env = readEnv('TABLE_NAME', 'TRAINING_QUEUE_URL', 'GRADING_QUEUE_URL', 'VERIFICATION_QUEUE_URL');
const ring = createRing({
  training: env.TRAINING_QUEUE_URL,
  grading: env.GRADING_QUEUE_URL,
  verification: env.VERIFICATION_QUEUE_URL,
  // the queue of what gets a task of its own
  calibration: env.TRAINING_QUEUE_URL,
});
const table = createTable(documents(), env.TABLE_NAME);
const processor = new BatchProcessor(EventType.DynamoDBStreams);

/**
 * The outbox: what the table has committed goes on from here. Jobs ring their queues; tests are counted, each once a
 * batch, and those of a class one after the other, since all of them move the same sums.
 */
export const handler = async (event: DynamoDBStreamEvent) => {
  const inTurn = createTurns();
  const counted = new Map<string, Promise<void>>();
  const project = async (record: DynamoDBRecord): Promise<void> => {
    const image = imageOf(record.dynamodb?.NewImage);
    if (image?.['type'] !== examSessions.type) return ring(record);
    const { exam_session_id, class_id } = examSessions.parse(image);
    const counting =
      counted.get(exam_session_id) ?? inTurn(class_id, () => countSession(table, exam_session_id));
    counted.set(exam_session_id, counting);
    return counting;
  };
  return processPartialResponse(event, project, processor, { throwOnFullBatchFailure: false });
};
