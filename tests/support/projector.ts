/** The projector in this process, after `aSchool()`: tests come to it as the table's stream brings them. */
import { expect } from 'vitest';
import {
  type ExamSessionRecord,
  type ExamState,
  examSessions,
  examStates,
} from '#shared/table/exam-session.ts';

export async function aProjector() {
  for (const name of ['TRAINING', 'GRADING', 'VERIFICATION'])
    process.env[`${name}_QUEUE_URL`] ??= 'http://127.0.0.1:9/queue';
  const { handler } = await import('#functions/streams/projector/handler.ts');
  const { marshall } = await import('@aws-sdk/util-dynamodb');

  type Records = Parameters<typeof handler>[0]['Records'];
  const recordOf = (image: Record<string, unknown>, at: number): Records[number] => ({
    eventName: 'MODIFY',
    // Lambda's type of an attribute value is the SDK's, declared apart
    dynamodb: { SequenceNumber: `${at}`, NewImage: marshall(image) as never },
  });
  const deliver = async (images: readonly Record<string, unknown>[]): Promise<void> => {
    let left = images.map(recordOf);
    for (let attempt = 0; left.length > 0 && attempt < 20; attempt++) {
      const { batchItemFailures } = await handler({ Records: left });
      const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      left = left.filter(({ dynamodb }) => failed.has(dynamodb?.SequenceNumber ?? ''));
    }
    expect(left).toEqual([]);
  };

  return {
    /** One batch; what fails comes again, as the stream has it. */
    deliver: (sessions: readonly ExamSessionRecord[]) => deliver(sessions.map(examSessions.stored)),
    /** The same of states that say that their test is over. */
    deliverEnds: (states: readonly ExamState[]) => deliver(states.map(examStates.stored)),
  };
}
