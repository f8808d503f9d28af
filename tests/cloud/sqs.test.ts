import { join } from 'node:path';
import {
  BatchEntryIdsNotDistinct,
  BatchRequestTooLong,
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  EmptyBatchRequest,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  InvalidMessageContents,
  ListMessageMoveTasksCommand,
  ListQueuesCommand,
  MessageNotInflight,
  PurgeQueueCommand,
  PurgeQueueInProgress,
  QueueDoesNotExist,
  QueueNameExists,
  ReceiptHandleIsInvalid,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
  TooManyEntriesInBatchRequest,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSqs, type Sqs } from '#infra/local/services/sqs/index.ts';
import { account, region, sleep, startCloud, temporaryFolder } from '#tests/support/cloud.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let cloud: Awaited<ReturnType<typeof startCloud>>;
let sqs: Sqs;
let client: SQSClient;
let clock_ms = 0;
const now = () => Date.now() + clock_ms;

const openSqs = () =>
  createSqs({ file: join(folder.path, 'sqs.sqlite'), baseUrl: cloud.url, region, account, now });

beforeAll(async () => {
  folder = await temporaryFolder();
  cloud = await startCloud();
  sqs = openSqs();
  cloud.register('sqs', sqs);
  client = new SQSClient(cloud.config());
});

afterAll(async () => {
  expect(cloud.failures).toEqual([]);
  client.destroy();
  await cloud[Symbol.asyncDispose]();
  sqs.close();
  await folder[Symbol.asyncDispose]();
});

let queues = 0;
const aQueue = async (Attributes: Record<string, string> = {}) => {
  queues += 1;
  const QueueName = `queue-${queues}${Attributes['FifoQueue'] === 'true' ? '.fifo' : ''}`;
  const { QueueUrl = '' } = await client.send(new CreateQueueCommand({ QueueName, Attributes }));
  return { QueueUrl, QueueName, arn: `arn:aws:sqs:${region}:${account}:${QueueName}` };
};

const send = (QueueUrl: string, MessageBody: string, more: object = {}) =>
  client.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more }));

const receive = async (QueueUrl: string, more: object = {}) =>
  (await client.send(new ReceiveMessageCommand({ QueueUrl, ...more }))).Messages ?? [];

const bodies = (messages: { Body?: string | undefined }[]) => messages.map(({ Body }) => Body);

const attributesOf = async (QueueUrl: string) =>
  (await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))).Attributes ?? {};

test('a queue is created, found, listed, changed and deleted', async () => {
  const { QueueUrl, QueueName, arn } = await aQueue({ VisibilityTimeout: '45' });
  expect(QueueUrl).toBe(`${cloud.url}/${account}/${QueueName}`);
  expect((await client.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl).toBe(QueueUrl);
  expect((await client.send(new ListQueuesCommand({ QueueNamePrefix: QueueName }))).QueueUrls).toEqual([
    QueueUrl,
  ]);
  await client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { DelaySeconds: '3' } }));
  expect(await attributesOf(QueueUrl)).toMatchObject({
    QueueArn: arn,
    VisibilityTimeout: '45',
    DelaySeconds: '3',
    MaximumMessageSize: '1048576',
    ApproximateNumberOfMessages: '0',
  });
  await client.send(new DeleteQueueCommand({ QueueUrl }));
  await expect(send(QueueUrl, 'x')).rejects.toBeInstanceOf(QueueDoesNotExist);
});

test('creating a queue again is the same queue, with other attributes it is refused', async () => {
  const { QueueUrl, QueueName } = await aQueue({ VisibilityTimeout: '45' });
  const again = (VisibilityTimeout: string) =>
    client.send(new CreateQueueCommand({ QueueName, Attributes: { VisibilityTimeout } }));
  expect((await again('45')).QueueUrl).toBe(QueueUrl);
  await expect(again('46')).rejects.toBeInstanceOf(QueueNameExists);
});

test.each([
  ['an unknown attribute', { Colour: 'red' }, 'InvalidAttributeName'],
  ['a value out of range', { VisibilityTimeout: '43201' }, 'InvalidAttributeValue'],
  [
    'a dead-letter queue that is none',
    { RedrivePolicy: '{"deadLetterTargetArn":"a:b:nope","maxReceiveCount":3}' },
    'InvalidParameterValue',
  ],
  [
    'a redrive policy without a count',
    { RedrivePolicy: '{"deadLetterTargetArn":"a:b:nope"}' },
    'InvalidParameterValue',
  ],
])('a queue with %s is refused', async (_, Attributes: Record<string, string>, name) => {
  await expect(aQueue(Attributes)).rejects.toMatchObject({ name });
});

test('errors carry the older code that SDK users compare with', async () => {
  await expect(client.send(new GetQueueUrlCommand({ QueueName: 'nope' }))).rejects.toMatchObject({
    name: 'QueueDoesNotExist',
    Code: 'AWS.SimpleQueueService.NonExistentQueue',
    $metadata: { httpStatusCode: 400 },
  });
});

test('a message comes back with its body, its attributes and its digests', async () => {
  const { QueueUrl } = await aQueue();
  const MessageAttributes = {
    'trace.id': { DataType: 'String', StringValue: '서울고등학교' },
    count: { DataType: 'Number', StringValue: '42' },
    seal: { DataType: 'Binary', BinaryValue: new Uint8Array([0, 255, 7]) },
  };
  const sent = await send(QueueUrl, '{"job_id":"서울"}', { MessageAttributes });
  const [message] = await receive(QueueUrl, {
    MessageAttributeNames: ['All'],
    MessageSystemAttributeNames: ['All'],
  });
  // The SDK has verified both MD5 sums against its own by now.
  expect(message).toMatchObject({ MessageId: sent.MessageId, Body: '{"job_id":"서울"}', MessageAttributes });
  expect(message?.MD5OfMessageAttributes).toBe(sent.MD5OfMessageAttributes);
  expect(message?.Attributes).toMatchObject({ ApproximateReceiveCount: '1' });
  expect(Number(message?.Attributes?.SentTimestamp)).toBeGreaterThan(0);
});

test('only the attributes asked for come back', async () => {
  const { QueueUrl } = await aQueue();
  const StringAttribute = (StringValue: string) => ({ DataType: 'String', StringValue });
  const MessageAttributes = {
    'a.one': StringAttribute('1'),
    'a.two': StringAttribute('2'),
    b: StringAttribute('3'),
  };
  await send(QueueUrl, 'x', { MessageAttributes });
  const [message] = await receive(QueueUrl, {
    MessageAttributeNames: ['a.*'],
    AttributeNames: ['SentTimestamp'],
  });
  expect(Object.keys(message?.MessageAttributes ?? {})).toEqual(['a.one', 'a.two']);
  expect(Object.keys(message?.Attributes ?? {})).toEqual(['SentTimestamp']);
});

test.each(['\uFFFE', '\uFFFF', '\u0000', '\u001F', '\uD800'])('the character %j is refused', async (char) => {
  const { QueueUrl } = await aQueue();
  const refused = sqs.invoke('SendMessage', { QueueUrl, MessageBody: `a${char}` });
  await expect(refused).rejects.toMatchObject({ code: 'InvalidMessageContents' });
  await expect(send(QueueUrl, 'a\u0001')).rejects.toBeInstanceOf(InvalidMessageContents);
});

test('a message of 1 MiB passes and one byte more is refused, attributes included', async () => {
  const { QueueUrl } = await aQueue();
  const MessageAttributes = { n: { DataType: 'String', StringValue: 'v' } };
  const attributes = 'n'.length + 'String'.length + 'v'.length;
  await send(QueueUrl, 'x'.repeat(1_048_576 - attributes), { MessageAttributes });
  await expect(
    send(QueueUrl, 'x'.repeat(1_048_577 - attributes), { MessageAttributes }),
  ).rejects.toMatchObject({
    name: 'InvalidParameterValue',
  });
});

test('an empty body, too long a delay and too many messages at once are refused', async () => {
  const { QueueUrl } = await aQueue();
  await expect(send(QueueUrl, '')).rejects.toMatchObject({ name: 'MissingParameter' });
  await expect(send(QueueUrl, 'x', { DelaySeconds: 901 })).rejects.toMatchObject({
    name: 'InvalidParameterValue',
  });
  await expect(receive(QueueUrl, { MaxNumberOfMessages: 11 })).rejects.toMatchObject({
    name: 'InvalidParameterValue',
  });
});

test('a received message is hidden until its visibility timeout has passed', async () => {
  const { QueueUrl } = await aQueue({ VisibilityTimeout: '30' });
  await send(QueueUrl, 'x');
  expect(await receive(QueueUrl)).toHaveLength(1);
  expect(await receive(QueueUrl)).toHaveLength(0);
  expect(await attributesOf(QueueUrl)).toMatchObject({ ApproximateNumberOfMessagesNotVisible: '1' });
  clock_ms += 30_000;
  const [again] = await receive(QueueUrl, { MessageSystemAttributeNames: ['ApproximateReceiveCount'] });
  expect(again?.Attributes?.ApproximateReceiveCount).toBe('2');
});

test('visibility can be extended and given back', async () => {
  const { QueueUrl } = await aQueue({ VisibilityTimeout: '30' });
  await send(QueueUrl, 'x');
  const [{ ReceiptHandle } = {}] = await receive(QueueUrl);
  const change = (VisibilityTimeout: number) =>
    client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }));
  await change(600);
  clock_ms += 60_000;
  expect(await receive(QueueUrl)).toHaveLength(0);
  await expect(change(43_200)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  await change(0);
  await expect(change(10)).rejects.toBeInstanceOf(MessageNotInflight);
  expect(await receive(QueueUrl)).toHaveLength(1);
});

test('an old receipt handle deletes nothing once the message was received again', async () => {
  const { QueueUrl } = await aQueue();
  await send(QueueUrl, 'x');
  const [first] = await receive(QueueUrl, { VisibilityTimeout: 0 });
  const [second] = await receive(QueueUrl, { VisibilityTimeout: 0 });
  await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first?.ReceiptHandle }));
  expect(await attributesOf(QueueUrl)).toMatchObject({ ApproximateNumberOfMessages: '1' });
  await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: second?.ReceiptHandle }));
  expect(await attributesOf(QueueUrl)).toMatchObject({ ApproximateNumberOfMessages: '0' });
  const made_up = client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: 'made up' }));
  await expect(made_up).rejects.toBeInstanceOf(ReceiptHandleIsInvalid);
});

test('a delayed message appears after its delay, its own or the queue’s', async () => {
  const { QueueUrl } = await aQueue({ DelaySeconds: '60' });
  await send(QueueUrl, 'queue delay');
  await send(QueueUrl, 'own delay', { DelaySeconds: 10 });
  await send(QueueUrl, 'no delay', { DelaySeconds: 0 });
  expect(bodies(await receive(QueueUrl, { MaxNumberOfMessages: 10 }))).toEqual(['no delay']);
  expect(await attributesOf(QueueUrl)).toMatchObject({ ApproximateNumberOfMessagesDelayed: '2' });
  clock_ms += 10_000;
  expect(bodies(await receive(QueueUrl, { MaxNumberOfMessages: 10 }))).toEqual(['own delay']);
  clock_ms += 50_000;
  expect(bodies(await receive(QueueUrl))).toContain('queue delay');
});

test('messages older than the retention are gone', async () => {
  const { QueueUrl } = await aQueue({ MessageRetentionPeriod: '60' });
  await send(QueueUrl, 'x');
  clock_ms += 60_000;
  expect(await receive(QueueUrl)).toHaveLength(0);
});

test('a long poll is answered as soon as a message arrives', async () => {
  const { QueueUrl } = await aQueue();
  const started = performance.now();
  const polled = receive(QueueUrl, { WaitTimeSeconds: 10 });
  await sleep(100);
  await send(QueueUrl, 'x');
  expect(bodies(await polled)).toEqual(['x']);
  expect(performance.now() - started).toBeLessThan(1_000);
});

test('a long poll sees a message whose delay ends meanwhile', async () => {
  const { QueueUrl } = await aQueue();
  await send(QueueUrl, 'x', { DelaySeconds: 1 });
  expect(bodies(await receive(QueueUrl, { WaitTimeSeconds: 5 }))).toEqual(['x']);
});

test('a long poll without messages ends empty after its wait', async () => {
  const { QueueUrl } = await aQueue({ ReceiveMessageWaitTimeSeconds: '1' });
  const started = performance.now();
  expect(await receive(QueueUrl)).toEqual([]);
  expect(performance.now() - started).toBeGreaterThan(950);
});

test('a reader who has left takes no message', async () => {
  const { QueueUrl } = await aQueue();
  const leaving = new AbortController();
  const command = new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 });
  const polled = client.send(command, { abortSignal: leaving.signal }).catch((error: Error) => error.name);
  await sleep(200);
  leaving.abort();
  expect(await polled).toBe('AbortError');
  await sleep(100);
  await send(QueueUrl, 'x');
  expect(bodies(await receive(QueueUrl))).toEqual(['x']);
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

test('a purge empties the queue, once a minute', async () => {
  const { QueueUrl } = await aQueue();
  await send(QueueUrl, 'x');
  await client.send(new PurgeQueueCommand({ QueueUrl }));
  expect(await receive(QueueUrl)).toEqual([]);
  await expect(client.send(new PurgeQueueCommand({ QueueUrl }))).rejects.toBeInstanceOf(PurgeQueueInProgress);
  clock_ms += 60_000;
  await client.send(new PurgeQueueCommand({ QueueUrl }));
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
  clock_ms += 300_001;
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
  clock_ms += 30_000;
  await expect(client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }))).rejects.toMatchObject(
    invalid,
  );
});

test('everything is still there after a restart, in-flight messages included', async () => {
  const { QueueUrl } = await aQueue({ VisibilityTimeout: '30' });
  await send(QueueUrl, 'in flight');
  await send(QueueUrl, 'waiting');
  const [taken] = await receive(QueueUrl);
  sqs.close();
  sqs = openSqs();
  cloud.register('sqs', sqs);
  expect(bodies(await receive(QueueUrl, { MaxNumberOfMessages: 10 }))).toEqual(['waiting']);
  await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: taken?.ReceiptHandle }));
  clock_ms += 30_000;
  expect(bodies(await receive(QueueUrl, { MaxNumberOfMessages: 10 }))).toEqual(['waiting']);
});

test('a deployment creates a queue once and later updates its attributes', () => {
  const url = sqs.ensureQueue('deployed', { VisibilityTimeout: '10' });
  expect(sqs.ensureQueue('deployed', { VisibilityTimeout: '20' })).toBe(url);
  return expect(attributesOf(url)).resolves.toMatchObject({ VisibilityTimeout: '20' });
});

test('the in-process API has the same shapes and stops waiting when told', async () => {
  const { QueueUrl } = await aQueue();
  await send(QueueUrl, 'x');
  const received = await sqs.invoke('ReceiveMessage', { QueueUrl });
  expect(received).toMatchObject({ Messages: [{ Body: 'x' }] });
  const stopped = sqs.invoke('ReceiveMessage', { QueueUrl, WaitTimeSeconds: 20 }, AbortSignal.timeout(50));
  expect(await stopped).toEqual({});
});
