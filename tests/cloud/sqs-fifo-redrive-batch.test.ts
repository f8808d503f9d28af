import {
  BatchEntryIdsNotDistinct,
  BatchRequestTooLong,
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  EmptyBatchRequest,
  ListMessageMoveTasksCommand,
  SendMessageBatchCommand,
  StartMessageMoveTaskCommand,
  TooManyEntriesInBatchRequest,
} from '@aws-sdk/client-sqs';
import { afterAll, expect, test } from 'vitest';
import { bodies, startSqs } from '#tests/support/cloud-sqs.ts';

const world = await startSqs();
const { cloud, client, stop, advance, aQueue, send, receive } = world;

afterAll(async () => {
  expect(cloud.failures).toEqual([]);
  await stop();
});

test('a standard queue takes a group (fair queues) but no deduplication id', async () => {
  const { QueueUrl } = await aQueue();
  await send(QueueUrl, 'x', { MessageGroupId: 'class-1' });
  const [message] = await receive(QueueUrl, { MessageSystemAttributeNames: ['MessageGroupId'] });
  expect(message?.Attributes).toEqual({ MessageGroupId: 'class-1' });
  const refused = send(QueueUrl, 'x', { MessageDeduplicationId: 'd' });
  await expect(refused).rejects.toMatchObject({ name: 'InvalidParameterValue' });
});

test('a FIFO queue keeps the order of a group and hands out one batch of it at a time', async () => {
  const { QueueUrl } = await aQueue({ FifoQueue: 'true', ContentBasedDeduplication: 'true' });
  for (const body of ['a1', 'a2', 'a3']) await send(QueueUrl, body, { MessageGroupId: 'a' });
  await send(QueueUrl, 'b1', { MessageGroupId: 'b' });
  const first = await receive(QueueUrl, { MaxNumberOfMessages: 2 });
  expect(bodies(first)).toEqual(['a1', 'a2']);
  expect(bodies(await receive(QueueUrl, { MaxNumberOfMessages: 10 }))).toEqual(['b1']);
  const waiting = receive(QueueUrl, { WaitTimeSeconds: 5 });
  for (const { ReceiptHandle } of first)
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  expect(bodies(await waiting)).toEqual(['a3']);
});

test('a FIFO queue drops a duplicate for five minutes', async () => {
  const { QueueUrl } = await aQueue({ FifoQueue: 'true' });
  const sendOnce = (id: string) => send(QueueUrl, 'x', { MessageGroupId: 'g', MessageDeduplicationId: id });
  const first = await sendOnce('one');
  const second = await sendOnce('one');
  expect(second).toMatchObject({ MessageId: first.MessageId, SequenceNumber: first.SequenceNumber });
  expect(await receive(QueueUrl, { MaxNumberOfMessages: 10 })).toHaveLength(1);
  advance(300_001);
  expect((await sendOnce('one')).MessageId).not.toBe(first.MessageId);
});

test('a FIFO queue refuses what it cannot order or deduplicate, and late deletions', async () => {
  const { QueueUrl } = await aQueue({ FifoQueue: 'true' });
  await expect(send(QueueUrl, 'x', { MessageDeduplicationId: 'd' })).rejects.toMatchObject({
    name: 'MissingParameter',
  });
  const invalid = { name: 'InvalidParameterValue' };
  await expect(send(QueueUrl, 'x', { MessageGroupId: 'g' })).rejects.toMatchObject(invalid);
  const group = { MessageGroupId: 'g', MessageDeduplicationId: 'd' };
  await expect(send(QueueUrl, 'x', { ...group, DelaySeconds: 5 })).rejects.toMatchObject(invalid);
  await send(QueueUrl, 'x', group);
  const [{ ReceiptHandle } = {}] = await receive(QueueUrl);
  advance(30_000);
  await expect(client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }))).rejects.toMatchObject(
    invalid,
  );
});

test('a message received too often moves to the dead-letter queue and can be moved back', async () => {
  const dead = await aQueue();
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 2 });
  const live = await aQueue({ RedrivePolicy });
  await send(live.QueueUrl, 'poison');
  const [first] = await receive(live.QueueUrl, { VisibilityTimeout: 0 });
  expect(await receive(live.QueueUrl, { VisibilityTimeout: 0 })).toHaveLength(1);
  const waiting = receive(dead.QueueUrl, {
    WaitTimeSeconds: 5,
    MessageSystemAttributeNames: ['All'],
    VisibilityTimeout: 0,
  });
  expect(await receive(live.QueueUrl)).toHaveLength(0);
  const [message] = await waiting;
  expect(message).toMatchObject({ MessageId: first?.MessageId, Body: 'poison' });
  expect(message?.Attributes).toMatchObject({
    DeadLetterQueueSourceArn: live.arn,
    ApproximateReceiveCount: '3',
  });

  await client.send(new StartMessageMoveTaskCommand({ SourceArn: dead.arn }));
  const { Results } = await client.send(new ListMessageMoveTasksCommand({ SourceArn: dead.arn }));
  expect(Results).toMatchObject([{ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 1 }]);
  const [back] = await receive(live.QueueUrl, { MessageSystemAttributeNames: ['ApproximateReceiveCount'] });
  expect(back).toMatchObject({ Body: 'poison', Attributes: { ApproximateReceiveCount: '1' } });
  expect(await receive(dead.QueueUrl)).toHaveLength(0);
});

test('only a dead-letter queue can be the source of a move', async () => {
  const { arn } = await aQueue();
  const move = (SourceArn: string) => client.send(new StartMessageMoveTaskCommand({ SourceArn }));
  await expect(move(arn)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  await expect(move(`${arn}-nope`)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('entries of a batch succeed and fail one by one', async () => {
  const { QueueUrl } = await aQueue();
  const sent = await client.send(
    new SendMessageBatchCommand({
      QueueUrl,
      Entries: [
        { Id: 'good', MessageBody: 'one' },
        { Id: 'bad', MessageBody: 'two\u0001' },
        { Id: 'late', MessageBody: 'three', DelaySeconds: 1000 },
        { Id: 'fine', MessageBody: 'four' },
      ],
    }),
  );
  expect(sent.Successful?.map(({ Id }) => Id)).toEqual(['good', 'fine']);
  expect(sent.Failed?.map(({ Id, Code, SenderFault }) => ({ Id, Code, SenderFault }))).toEqual([
    { Id: 'bad', Code: 'InvalidMessageContents', SenderFault: true },
    { Id: 'late', Code: 'InvalidParameterValue', SenderFault: true },
  ]);
  const received = await receive(QueueUrl, { MaxNumberOfMessages: 10 });
  expect(bodies(received)).toEqual(['one', 'four']);

  const [one, four] = received.map(({ ReceiptHandle }) => ReceiptHandle);
  const changed = await client.send(
    new ChangeMessageVisibilityBatchCommand({
      QueueUrl,
      Entries: [
        { Id: 'a', ReceiptHandle: one, VisibilityTimeout: 0 },
        { Id: 'b', ReceiptHandle: 'made up', VisibilityTimeout: 0 },
      ],
    }),
  );
  expect(changed).toMatchObject({
    Successful: [{ Id: 'a' }],
    Failed: [{ Id: 'b', Code: 'ReceiptHandleIsInvalid' }],
  });
  const deleted = await client.send(
    new DeleteMessageBatchCommand({
      QueueUrl,
      Entries: [
        { Id: 'a', ReceiptHandle: four },
        { Id: 'b', ReceiptHandle: '' },
      ],
    }),
  );
  expect(deleted).toMatchObject({
    Successful: [{ Id: 'a' }],
    Failed: [{ Id: 'b', Code: 'MissingParameter' }],
  });
  expect(bodies(await receive(QueueUrl, { MaxNumberOfMessages: 10 }))).toEqual(['one']);
});

test('a batch that is empty, too long, too large or ambiguous is refused whole', async () => {
  const { QueueUrl } = await aQueue();
  const entries = (count: number, body = 'x') =>
    Array.from({ length: count }, (_, index) => ({ Id: `e${index}`, MessageBody: body }));
  const sendBatch = (Entries: { Id: string; MessageBody: string }[]) =>
    client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  await expect(sendBatch([])).rejects.toBeInstanceOf(EmptyBatchRequest);
  await expect(sendBatch(entries(11))).rejects.toBeInstanceOf(TooManyEntriesInBatchRequest);
  await expect(sendBatch(entries(2, 'x'.repeat(524_289)))).rejects.toBeInstanceOf(BatchRequestTooLong);
  await expect(sendBatch([...entries(1), ...entries(1)])).rejects.toBeInstanceOf(BatchEntryIdsNotDistinct);
  expect(await receive(QueueUrl)).toEqual([]);
});
