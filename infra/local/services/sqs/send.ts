/** SendMessage: size, characters, delay, and for FIFO queues order and deduplication. */
import { createHash, randomUUID } from 'node:crypto';
import type { Fields } from '../aws/fields.ts';
import { invalidParameter, missingParameter, notForThisQueue, sqsError } from './errors.ts';
import {
  md5,
  md5OfAttributes,
  readMessageAttributes,
  refuseInvalidCharacters,
} from './message-attributes.ts';
import { numberOf, type Queue } from './queues.ts';
import type { Store } from './store.ts';

export interface Sent {
  readonly MessageId: string;
  readonly MD5OfMessageBody: string;
  readonly MD5OfMessageAttributes?: string | undefined;
  readonly SequenceNumber?: string;
}

const deduplicationInterval_ms = 5 * 60 * 1000;

/** To be called inside a transaction; the caller rings the bell after it. */
export const sendMessage = (store: Store, queue: Queue, input: Fields): Sent => {
  const body = input.text('MessageBody');
  const attributes = readMessageAttributes(input);
  refuseInvalidCharacters(body);
  checkSize(queue, input);
  const delay_s = readDelay(queue, input);
  const groupId = readToken(input, 'MessageGroupId');
  if (queue.fifo && groupId === undefined) throw missingParameter('MessageGroupId');
  const deduplicationId = readDeduplicationId(queue, input, body);

  const digests = { MD5OfMessageBody: md5(body), MD5OfMessageAttributes: md5OfAttributes(attributes) };
  const earlier =
    deduplicationId && findDuplicate(store, queue, deduplicationKey(queue, groupId, deduplicationId));
  if (earlier) return { ...digests, ...earlier };

  const now = store.now();
  const id = randomUUID();
  const { rowid } = store.db.run(
    `INSERT INTO messages (id, queue, body, attributes, trace_header, group_id, deduplication_id, sent_at, visible_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    id,
    queue.name,
    body,
    Object.keys(attributes).length === 0 ? null : JSON.stringify(attributes),
    readTraceHeader(input),
    groupId ?? null,
    deduplicationId ?? null,
    now,
    now + delay_s * 1000,
  );
  if (!queue.fifo || deduplicationId === undefined) return { MessageId: id, ...digests };
  const SequenceNumber = sequenceNumber(rowid);
  store.db.run(
    'INSERT OR REPLACE INTO deduplications VALUES (?, ?, ?, ?, ?)',
    queue.name,
    deduplicationKey(queue, groupId, deduplicationId),
    id,
    SequenceNumber,
    now,
  );
  return { MessageId: id, ...digests, SequenceNumber };
};

/** Bytes of body and attributes: names, types and values all count. Reads leniently, before validation. */
export const sizeOf = (input: Fields): number => {
  const attributes = input.optionalObject('MessageAttributes');
  const sizes = Object.keys(attributes?.all ?? {}).map((name) => {
    const attribute = attributes?.optionalObject(name);
    return (
      Buffer.byteLength(name) +
      Buffer.byteLength(attribute?.optionalText('DataType') ?? '') +
      Buffer.byteLength(attribute?.optionalText('StringValue') ?? '') +
      Buffer.byteLength(attribute?.optionalText('BinaryValue') ?? '', 'base64')
    );
  });
  return sizes.reduce((sum, size) => sum + size, Buffer.byteLength(input.optionalText('MessageBody') ?? ''));
};

export const sequenceNumber = (seq: number): string => String(seq).padStart(20, '0');

const checkSize = (queue: Queue, input: Fields): void => {
  const limit = numberOf(queue, 'MaximumMessageSize');
  if (sizeOf(input) > limit) {
    const message = `One or more parameters are invalid. Reason: Message must be shorter than ${limit} bytes.`;
    throw sqsError('InvalidParameterValue', message);
  }
};

const readDelay = (queue: Queue, input: Fields): number => {
  const own = input.all['DelaySeconds'];
  if (queue.fifo && own !== undefined && own !== 0) throw notForThisQueue('DelaySeconds', own);
  return input.integer('DelaySeconds', { min: 0, max: 900 }, numberOf(queue, 'DelaySeconds'));
};

const readToken = (input: Fields, name: string): string | undefined => {
  const token = input.optionalText(name);
  if (token !== undefined && !/^[!-~]{1,128}$/.test(token)) {
    throw invalidParameter(
      name,
      token,
      'It can only include alphanumeric and punctuation characters. 1 to 128 in length',
    );
  }
  return token;
};

const readDeduplicationId = (queue: Queue, input: Fields, body: string): string | undefined => {
  const own = readToken(input, 'MessageDeduplicationId');
  if (!queue.fifo) {
    if (own !== undefined) throw notForThisQueue('MessageDeduplicationId', own);
    return undefined;
  }
  if (own !== undefined) return own;
  if (queue.attributes['ContentBasedDeduplication'] === 'true')
    return createHash('sha256').update(body).digest('hex');
  throw sqsError(
    'InvalidParameterValue',
    'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
  );
};

const deduplicationKey = (queue: Queue, groupId: string | undefined, deduplicationId: string): string =>
  queue.attributes['DeduplicationScope'] === 'messageGroup'
    ? `${groupId} ${deduplicationId}`
    : deduplicationId;

const findDuplicate = (store: Store, queue: Queue, key: string) =>
  store.db.get<{ MessageId: string; SequenceNumber: string }>(
    `SELECT message_id AS MessageId, sequence_number AS SequenceNumber
     FROM deduplications WHERE queue = ? AND key = ? AND at > ?`,
    queue.name,
    key,
    store.now() - deduplicationInterval_ms,
  );

const readTraceHeader = (input: Fields): string | null =>
  input
    .optionalObject('MessageSystemAttributes')
    ?.optionalObject('AWSTraceHeader')
    ?.optionalText('StringValue') ?? null;
