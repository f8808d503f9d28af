import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueUrlCommand,
  InvalidMessageContents,
  ListQueuesCommand,
  MessageNotInflight,
  PurgeQueueCommand,
  PurgeQueueInProgress,
  QueueDoesNotExist,
  QueueNameExists,
  ReceiptHandleIsInvalid,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, expect, test } from 'vitest';
import { account, sleep } from '#tests/support/cloud.ts';
import { bodies, startSqs } from '#tests/support/cloud-sqs.ts';

const world = await startSqs();
const { cloud, client, stop, restart, advance, aQueue, send, receive, attributesOf } = world;

afterAll(async () => {
  expect(cloud.failures).toEqual([]);
  await stop();
});

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
  const refused = world.sqs.invoke('SendMessage', { QueueUrl, MessageBody: `a${char}` });
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
  advance(30_000);
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
  advance(60_000);
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
  advance(10_000);
  expect(bodies(await receive(QueueUrl, { MaxNumberOfMessages: 10 }))).toEqual(['own delay']);
  advance(50_000);
  expect(bodies(await receive(QueueUrl))).toContain('queue delay');
});

test('messages older than the retention are gone', async () => {
  const { QueueUrl } = await aQueue({ MessageRetentionPeriod: '60' });
  await send(QueueUrl, 'x');
  advance(60_000);
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

test('a purge empties the queue, once a minute', async () => {
  const { QueueUrl } = await aQueue();
  await send(QueueUrl, 'x');
  await client.send(new PurgeQueueCommand({ QueueUrl }));
  expect(await receive(QueueUrl)).toEqual([]);
  await expect(client.send(new PurgeQueueCommand({ QueueUrl }))).rejects.toBeInstanceOf(PurgeQueueInProgress);
  advance(60_000);
  await client.send(new PurgeQueueCommand({ QueueUrl }));
});

test('everything is still there after a restart, in-flight messages included', async () => {
  const { QueueUrl } = await aQueue({ VisibilityTimeout: '30' });
  await send(QueueUrl, 'in flight');
  await send(QueueUrl, 'waiting');
  const [taken] = await receive(QueueUrl);
  restart();
  expect(bodies(await receive(QueueUrl, { MaxNumberOfMessages: 10 }))).toEqual(['waiting']);
  await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: taken?.ReceiptHandle }));
  advance(30_000);
  expect(bodies(await receive(QueueUrl, { MaxNumberOfMessages: 10 }))).toEqual(['waiting']);
});

test('a deployment creates a queue once and later updates its attributes', () => {
  const url = world.sqs.ensureQueue('deployed', { VisibilityTimeout: '10' });
  expect(world.sqs.ensureQueue('deployed', { VisibilityTimeout: '20' })).toBe(url);
  return expect(attributesOf(url)).resolves.toMatchObject({ VisibilityTimeout: '20' });
});

test('the in-process API has the same shapes and stops waiting when told', async () => {
  const { QueueUrl } = await aQueue();
  await send(QueueUrl, 'x');
  const received = await world.sqs.invoke('ReceiveMessage', { QueueUrl });
  expect(received).toMatchObject({ Messages: [{ Body: 'x' }] });
  const stopped = world.sqs.invoke(
    'ReceiveMessage',
    { QueueUrl, WaitTimeSeconds: 20 },
    AbortSignal.timeout(50),
  );
  expect(await stopped).toEqual({});
});
