import { setTimeout as sleep } from 'node:timers/promises';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
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
  /** It was not: it rings for somebody else, at once. */
  readonly again: () => Promise<void>;
}

/**
 * The queue's messages: each says that a job came to wait, and is worth one look at the table. One that cannot be
 * parsed is left alone: after its last receipt the queue moves it to the dead letters.
 */
export function createDoorbell(sqs: SQSClient, queueUrl: string): Doorbell {
  /** What fails here comes back by itself: a ring too many costs a look, and one late is heard by the next look. */
  const settle = async (act: () => Promise<unknown>): Promise<void> => {
    try {
      await act();
    } catch (error) {
      logger.warn('grader.ring_stays', errorFields(error));
    }
  };
  const ringOf = (job_id: string, ReceiptHandle: string): Ring => {
    const which = { QueueUrl: queueUrl, ReceiptHandle };
    return {
      job_id,
      answered: () => settle(() => sqs.send(new DeleteMessageCommand(which))),
      again: () =>
        settle(() => sqs.send(new ChangeMessageVisibilityCommand({ ...which, VisibilityTimeout: 0 }))),
    };
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
        const rung = parse(first.Body);
        return rung && ringOf(rung.job_id, first.ReceiptHandle);
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
