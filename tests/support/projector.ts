/** The projector in this process, after `aSchool()`: sessions of tests come to it as the table's stream brings them. */
import { expect } from 'vitest';
import { type ExamSessionRecord, examSessions } from '#shared/table/exam-session.ts';

export async function aProjector() {
  for (const name of ['TRAINING', 'GRADING', 'VERIFICATION'])
    process.env[`${name}_QUEUE_URL`] ??= 'http://127.0.0.1:9/queue';
  const { handler } = await import('#functions/streams/projector/handler.ts');
  const { marshall } = await import('@aws-sdk/util-dynamodb');

  type Records = Parameters<typeof handler>[0]['Records'];
  const recordOf = (session: ExamSessionRecord, at: number): Records[number] => ({
    eventName: 'MODIFY',
    // Lambda's type of an attribute value is the SDK's, declared apart
    dynamodb: { SequenceNumber: `${at}`, NewImage: marshall(examSessions.stored(session)) as never },
  });

  return {
    /** One batch; what fails comes again, as the stream has it. */
    deliver: async (sessions: readonly ExamSessionRecord[]): Promise<void> => {
      let left = sessions.map(recordOf);
      for (let attempt = 0; left.length > 0 && attempt < 20; attempt++) {
        const { batchItemFailures } = await handler({ Records: left });
        const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
        left = left.filter(({ dynamodb }) => failed.has(dynamodb?.SequenceNumber ?? ''));
      }
      expect(left).toEqual([]);
    },
  };
}
