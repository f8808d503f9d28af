/** The operations by their API name: what each reads from its input, and which grant it needs. */
import type { Grant } from '../aws/call.ts';
import type { Fields } from '../aws/fields.ts';
import { batch } from './batch.ts';
import { sqsError } from './errors.ts';
import {
  createQueue,
  deleteQueue,
  findQueue,
  getAttributes,
  listQueues,
  purgeQueue,
  type Queue,
  setAttributes,
} from './queues.ts';
import { changeVisibility, deleteMessage } from './receipts.ts';
import { receiveMessage } from './receive.ts';
import { listMoveTasks, startMoveTask } from './redrive.ts';
import { sendMessage, sizeOf } from './send.ts';
import { nameIn, type Store } from './store.ts';

export type Operation = (
  store: Store,
  input: Fields,
  signal: AbortSignal | undefined,
) => object | Promise<object>;

/** Wakes the queue's readers once the work is committed. */
const ringing =
  (operation: Operation): Operation =>
  async (store, input, signal) => {
    const output = await operation(store, input, signal);
    store.bell.ring(nameIn(input.text('QueueUrl')));
    return output;
  };

/** 1 MiB, for one message and for all entries of a batch together. */
const largestRequest = 1_048_576;

const onQueue =
  (work: (store: Store, queue: Queue, input: Fields) => object | undefined): Operation =>
  (store, input) =>
    work(store, findQueue(store, input.text('QueueUrl')), input) ?? {};

const inTransaction = (work: (store: Store, queue: Queue, input: Fields) => object): Operation =>
  onQueue((store, queue, input) => store.db.transaction(() => work(store, queue, input)));

const eachEntry = (work: (store: Store, queue: Queue, entry: Fields) => object): Operation =>
  onQueue((store, queue, input) => batch(store, input, (entry) => work(store, queue, entry)));

export const operations: Readonly<Record<string, Operation>> = {
  CreateQueue: (store, input) => {
    const name = input.text('QueueName');
    createQueue(store, name, input.map('Attributes'));
    return { QueueUrl: store.urlOf(name) };
  },
  GetQueueUrl: (store, input) => ({ QueueUrl: store.urlOf(findQueue(store, input.text('QueueName')).name) }),
  ListQueues: (store, input) => ({
    QueueUrls: listQueues(store, input.optionalText('QueueNamePrefix') ?? ''),
  }),
  DeleteQueue: onQueue((store, queue) => void deleteQueue(store, queue)),
  PurgeQueue: onQueue((store, queue) => void purgeQueue(store, queue)),
  GetQueueAttributes: (store, input) => ({ Attributes: getAttributes(store, input) }),
  SetQueueAttributes: onQueue(
    (store, queue, input) => void setAttributes(store, queue, input.map('Attributes')),
  ),
  SendMessage: ringing(inTransaction(sendMessage)),
  SendMessageBatch: ringing((store, input, signal) => {
    const size = input.list('Entries').reduce((sum, entry) => sum + sizeOf(entry), 0);
    if (size > largestRequest) {
      const message = `Batch requests cannot be longer than ${largestRequest} bytes. You have sent ${size} bytes.`;
      throw sqsError('BatchRequestTooLong', message);
    }
    return eachEntry(sendMessage)(store, input, signal);
  }),
  ReceiveMessage: receiveMessage,
  DeleteMessage: onQueue(deleteMessage),
  DeleteMessageBatch: eachEntry(deleteMessage),
  ChangeMessageVisibility: onQueue(changeVisibility),
  ChangeMessageVisibilityBatch: eachEntry(changeVisibility),
  StartMessageMoveTask: startMoveTask,
  ListMessageMoveTasks: listMoveTasks,
};

/** A batch needs the grant of its single operation; moving messages needs what doing it by hand would. */
export const grantsOf = (store: Store, operation: string, input: Fields): Grant[] => {
  const grant = (name: string, queue: string): Grant => ({
    action: `sqs:${name}`,
    resource: store.arnOf(queue),
  });
  switch (operation) {
    case 'ListQueues':
      return [{ action: 'sqs:ListQueues', resource: '*' }];
    case 'CreateQueue':
    case 'GetQueueUrl':
      return [grant(operation, input.text('QueueName'))];
    case 'StartMessageMoveTask': {
      const source = nameIn(input.text('SourceArn'));
      const destination = input.optionalText('DestinationArn');
      return [
        ...[operation, 'ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'].map((name) =>
          grant(name, source),
        ),
        ...(destination === undefined ? [] : [grant('SendMessage', nameIn(destination))]),
      ];
    }
    case 'ListMessageMoveTasks':
      return [grant(operation, nameIn(input.text('SourceArn')))];
    default:
      return [grant(operation.replace(/Batch$/, ''), nameIn(input.text('QueueUrl')))];
  }
};
