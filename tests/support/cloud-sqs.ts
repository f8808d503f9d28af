/** SQS behind a gateway of its own, an SDK client, and the few calls that most tests make. */
import { join } from 'node:path';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { createSqs } from '#infra/local/services/sqs/index.ts';
import { account, region, startCloud } from '#tests/support/cloud.ts';
import { scratch } from '#tests/support/scratch.ts';

export const startSqs = async () => {
  const folder = scratch('sqs');
  const cloud = await startCloud();
  let ahead_ms = 0;
  const open = () => {
    const now = () => Date.now() + ahead_ms;
    const file = join(folder, 'sqs.sqlite');
    const opened = createSqs({ file, baseUrl: cloud.url, region, account, now });
    cloud.register('sqs', opened);
    return opened;
  };
  let sqs = open();
  const client = new SQSClient(cloud.config());
  let queues = 0;
  return {
    cloud,
    client,
    get sqs() {
      return sqs;
    },
    /** Moves the service's clock on. */
    advance: (ms: number) => {
      ahead_ms += ms;
    },
    restart: () => {
      sqs.close();
      sqs = open();
    },
    stop: async () => {
      client.destroy();
      await cloud[Symbol.asyncDispose]();
      sqs.close();
    },
    aQueue: async (Attributes: Record<string, string> = {}) => {
      queues += 1;
      const QueueName = `queue-${queues}${Attributes['FifoQueue'] === 'true' ? '.fifo' : ''}`;
      const { QueueUrl = '' } = await client.send(new CreateQueueCommand({ QueueName, Attributes }));
      return { QueueUrl, QueueName, arn: `arn:aws:sqs:${region}:${account}:${QueueName}` };
    },
    send: (QueueUrl: string, MessageBody: string, more: object = {}) =>
      client.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more })),
    receive: async (QueueUrl: string, more: object = {}) =>
      (await client.send(new ReceiveMessageCommand({ QueueUrl, ...more }))).Messages ?? [],
    attributesOf: async (QueueUrl: string) =>
      (await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))).Attributes ??
      {},
  };
};

export const bodies = (messages: { Body?: string | undefined }[]) => messages.map(({ Body }) => Body);
