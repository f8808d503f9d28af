import { setTimeout as sleep } from 'node:timers/promises';
import { DeleteMessageCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { errorFields, logger } from '#shared/observability.ts';

const message = z.strictObject({ job_id: z.string().min(1).max(64) });
const longPollS = 20;
const afterErrorMs = 1_000;

export interface Doorbell {
  /** Waits for a ring, up to 20 s; undefined when none came. */
  readonly wait: (signal: AbortSignal) => Promise<Ring | undefined>;
}
export interface Ring {
  readonly job_id: string;
  /** It was heard: some waiting job was taken for it, or none waits any more. */
  readonly answered: () => Promise<void>;
}

/**
 * The queue's messages: each says that a job came to wait, and is worth one look at the table. One that cannot be
 * parsed is left alone: after its last receipt the queue moves it to the dead letters.
 */
export function createDoorbell(sqs: SQSClient, queueUrl: string): Doorbell {
  const remove = async (receipt: string): Promise<void> => {
    try {
      await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: receipt }));
    } catch (error) {
      // it rings once more, for a job that no longer waits
      logger.warn('grader.ring_stays', errorFields(error));
    }
  };
  return {
    wait: async (signal) => {
      try {
        const { Messages = [] } = await sqs.send(
          new ReceiveMessageCommand({
            QueueUrl: queueUrl,
            MaxNumberOfMessages: 1,
            WaitTimeSeconds: longPollS,
          }),
          { abortSignal: signal },
        );
        const [first] = Messages;
        if (first?.ReceiptHandle === undefined) return undefined;
        const receipt = first.ReceiptHandle;
        const ring = parse(first.Body);
        return ring && { ...ring, answered: () => remove(receipt) };
      } catch (error) {
        if (signal.aborted) return undefined;
        logger.warn('grader.poll_failed', errorFields(error));
        await sleep(afterErrorMs * Math.random(), undefined, { signal }).catch(() => undefined);
        return undefined;
      }
    },
  };
}

function parse(body: string | undefined): z.output<typeof message> | undefined {
  try {
    return message.parse(JSON.parse(body ?? ''));
  } catch (error) {
    logger.error('grader.message_unreadable', errorFields(error));
    return undefined;
  }
}
