/** ReceiveMessage: visibility, order within FIFO groups, the dead-letter queue, and long polls. */
import { randomUUID } from 'node:crypto';
import type { Fields } from '../aws/fields.ts';
import { type MessageAttributes, md5, md5OfAttributes, selectAttributes } from './message-attributes.ts';
import { findQueue, numberOf, oldestKept, type Queue, redrivePolicy } from './queues.ts';
import { encodeReceipt } from './receipts.ts';
import { sequenceNumber } from './send.ts';
import type { MessageRow, Store } from './store.ts';

/** A clock may step, so a wait is measured on the monotonic one, and a little late rather than early. */
const leastWait_ms = 5;

export const receiveMessage = async (
  store: Store,
  input: Fields,
  signal: AbortSignal | undefined,
): Promise<{ Messages?: object[] }> => {
  const url = input.text('QueueUrl');
  const wait_s = input.integer(
    'WaitTimeSeconds',
    { min: 0, max: 20 },
    numberOf(findQueue(store, url), 'ReceiveMessageWaitTimeSeconds'),
  );
  const deadline = performance.now() + wait_s * 1000;
  while (signal?.aborted !== true) {
    const queue = findQueue(store, url);
    const rows = take(store, queue, input);
    if (rows.length > 0) return { Messages: rows.map((row) => present(store, queue, row, input)) };
    const left_ms = deadline - performance.now();
    if (left_ms <= 0) break;
    const untilVisible_ms = Math.max(leastWait_ms, nextVisible(store, queue) - store.now());
    await store.bell.wait(queue.name, Math.min(left_ms, untilVisible_ms), signal);
  }
  return {};
};

/** Marks up to `MaxNumberOfMessages` messages as in flight and returns them. */
const take = (store: Store, queue: Queue, input: Fields): MessageRow[] => {
  const limit = input.integer('MaxNumberOfMessages', { min: 1, max: 10 }, 1);
  const visibility_s = input.integer(
    'VisibilityTimeout',
    { min: 0, max: 43_200 },
    numberOf(queue, 'VisibilityTimeout'),
  );
  return store.db.transaction(() => {
    discardExpired(store, queue);
    moveExhausted(store, queue);
    const now = store.now();
    return store.db
      .all<{ seq: number }>(queue.fifo ? selectFifo : selectStandard, queue.name, now, limit)
      .flatMap(({ seq }) =>
        store.db.all<MessageRow>(
          `UPDATE messages SET visible_at = ?1 + ?2, received_at = ?1, receipt = ?3,
             receive_count = receive_count + 1, first_received_at = coalesce(first_received_at, ?1)
           WHERE seq = ?4 RETURNING *`,
          now,
          visibility_s * 1000,
          randomUUID(),
          seq,
        ),
      );
  });
};

const selectStandard = 'SELECT seq FROM messages WHERE queue = ?1 AND visible_at <= ?2 ORDER BY seq LIMIT ?3';

/** A group waits while one of its messages is in flight, or an earlier one is not visible yet. */
const selectFifo = `
  SELECT seq FROM messages AS candidate WHERE queue = ?1 AND visible_at <= ?2 AND NOT EXISTS (
    SELECT 1 FROM messages AS other
    WHERE other.queue = candidate.queue AND other.group_id = candidate.group_id AND other.visible_at > ?2
      AND (other.receipt IS NOT NULL OR other.seq < candidate.seq)
  ) ORDER BY seq LIMIT ?3`;

const discardExpired = (store: Store, queue: Queue): void => {
  store.db.run('DELETE FROM messages WHERE queue = ? AND sent_at <= ?', queue.name, oldestKept(store, queue));
};

const moveExhausted = (store: Store, queue: Queue): void => {
  const policy = redrivePolicy(queue);
  if (policy === undefined) return;
  const { changes } = store.db.run(
    `UPDATE messages SET queue = ?1, receipt = NULL, visible_at = ?2, dead_letter_source = ?3
     WHERE queue = ?4 AND visible_at <= ?2 AND receive_count >= ?5`,
    policy.deadLetterQueue,
    store.now(),
    store.arnOf(queue.name),
    queue.name,
    policy.maxReceiveCount,
  );
  if (changes > 0) store.bell.ring(policy.deadLetterQueue);
};

const nextVisible = (store: Store, queue: Queue): number =>
  store.db.get<{ at: number | null }>(
    'SELECT min(visible_at) AS at FROM messages WHERE queue = ? AND visible_at > ?',
    queue.name,
    store.now(),
  )?.at ?? Number.POSITIVE_INFINITY;

const present = (store: Store, queue: Queue, row: MessageRow, input: Fields): object => {
  const wanted = [...input.texts('MessageSystemAttributeNames'), ...input.texts('AttributeNames')];
  const system = Object.entries(systemAttributes(store, queue, row)).filter(
    ([name, value]) => value !== null && (wanted.includes('All') || wanted.includes(name)),
  );
  const all: MessageAttributes = JSON.parse(row.attributes ?? '{}');
  const attributes = selectAttributes(all, input.texts('MessageAttributeNames'));
  return {
    MessageId: row.id,
    ReceiptHandle: encodeReceipt(row.receipt ?? ''),
    MD5OfBody: md5(row.body),
    Body: row.body,
    ...(system.length > 0 ? { Attributes: Object.fromEntries(system) } : {}),
    ...(Object.keys(attributes).length > 0
      ? { MessageAttributes: attributes, MD5OfMessageAttributes: md5OfAttributes(attributes) }
      : {}),
  };
};

const systemAttributes = (store: Store, queue: Queue, row: MessageRow): Record<string, string | null> => ({
  SenderId: store.arnOf(queue.name).split(':')[4] ?? null,
  SentTimestamp: String(row.sent_at),
  ApproximateReceiveCount: String(row.receive_count),
  ApproximateFirstReceiveTimestamp: String(row.first_received_at),
  MessageGroupId: row.group_id,
  MessageDeduplicationId: row.deduplication_id,
  SequenceNumber: queue.fifo ? sequenceNumber(row.seq) : null,
  AWSTraceHeader: row.trace_header,
  DeadLetterQueueSourceArn: row.dead_letter_source,
});
