import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

const secure: QueueProps = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true };

/** Where messages end that nobody could process; each must have an alarm. */
export function deadLetterQueue(scope: Construct, id: string): Queue {
  const queue = new Queue(scope, id, { ...secure, retentionPeriod: Duration.days(14) });
  const reason = 'It is itself the dead-letter queue.';
  for (const rule of ['AwsSolutions-SQS3', 'Serverless-SQSRedrivePolicy']) {
    acknowledge(queue, { [rule]: reason });
  }
  return queue;
}

/** For a function, AWS asks for at least six times its timeout. */
export const hiddenFrom = (timeout: Duration): Duration => Duration.seconds(timeout.toSeconds() * 6);

/** A queue that hides a message for `hidden` from whoever else reads; one that fails five times goes to `failed`. */
export function workQueue(scope: Construct, id: string, props: { failed: Queue; hidden: Duration }): Queue {
  return new Queue(scope, id, {
    ...secure,
    visibilityTimeout: props.hidden,
    retentionPeriod: Duration.days(4),
    deadLetterQueue: { queue: props.failed, maxReceiveCount: 5 },
  });
}
