/** What one does with a receipt handle: DeleteMessage and ChangeMessageVisibility. */
import type { Fields } from '../aws/fields.ts';
import { invalidParameter, missingParameter, sqsError } from './errors.ts';
import type { Queue } from './queues.ts';
import type { MessageRow, Store } from './store.ts';

const longestInFlight_ms = 43_200 * 1000;

export const encodeReceipt = (receipt: string): string => Buffer.from(receipt).toString('base64');

const readReceipt = (input: Fields): string => {
  const handle = input.text('ReceiptHandle');
  const receipt = Buffer.from(handle, 'base64').toString();
  if (!/^[0-9a-f-]{36}$/.test(receipt)) {
    throw sqsError(
      'ReceiptHandleIsInvalid',
      `The input receipt handle "${handle}" is not a valid receipt handle.`,
    );
  }
  return receipt;
};

/** Deleting what is gone, or was received again since, succeeds and does nothing; a FIFO queue is stricter. */
export const deleteMessage = (store: Store, queue: Queue, input: Fields): object => {
  const receipt = readReceipt(input);
  const row = findByReceipt(store, queue, receipt);
  if (row === undefined) return {};
  if (queue.fifo && row.visible_at <= store.now()) {
    throw invalidParameter('ReceiptHandle', input.text('ReceiptHandle'), 'The receipt handle has expired.');
  }
  store.db.run('DELETE FROM messages WHERE seq = ?', row.seq);
  if (queue.fifo) store.bell.ring(queue.name); // the group's next message is free
  return {};
};

export const changeVisibility = (store: Store, queue: Queue, input: Fields): object => {
  const receipt = readReceipt(input);
  if (input.all['VisibilityTimeout'] === undefined) throw missingParameter('VisibilityTimeout');
  const timeout_s = input.integer('VisibilityTimeout', { min: 0, max: 43_200 }, 0);
  const row = findByReceipt(store, queue, receipt);
  const now = store.now();
  if (row === undefined) {
    const reason = 'Message does not exist or is not available for visibility timeout change.';
    throw invalidParameter('ReceiptHandle', input.text('ReceiptHandle'), reason);
  }
  if (row.visible_at <= now) throw sqsError('MessageNotInflight', 'The specified message is not in flight.');
  if (now + timeout_s * 1000 > (row.received_at ?? now) + longestInFlight_ms) {
    const reason = 'Total VisibilityTimeout for the message is beyond the limit [43200 seconds]';
    throw invalidParameter('VisibilityTimeout', timeout_s, reason);
  }
  store.db.run('UPDATE messages SET visible_at = ? WHERE seq = ?', now + timeout_s * 1000, row.seq);
  store.bell.ring(queue.name); // those who sleep until the old instant recompute
  return {};
};

const findByReceipt = (store: Store, queue: Queue, receipt: string): MessageRow | undefined =>
  store.db.get<MessageRow>('SELECT * FROM messages WHERE receipt = ? AND queue = ?', receipt, queue.name);
