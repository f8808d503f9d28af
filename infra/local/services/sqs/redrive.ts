/** StartMessageMoveTask and ListMessageMoveTasks: a dead-letter queue's messages go back, as new messages. */
import { randomUUID } from 'node:crypto';
import type { Fields } from '../aws/fields.ts';
import { sqsError } from './errors.ts';
import { findQueue, redrivePolicy } from './queues.ts';
import { type MessageRow, nameIn, type Store } from './store.ts';

/** Locally the move is done when the task has started: one transaction. */
export const startMoveTask = (store: Store, input: Fields): object => {
  const source = sourceQueue(store, input);
  const destination = input.optionalText('DestinationArn');
  const to = destination === undefined ? undefined : findQueue(store, destination).name;
  const handle = randomUUID();
  const moved = store.db.transaction(() => {
    const targets = store.db
      .all<MessageRow>('SELECT * FROM messages WHERE queue = ? ORDER BY seq', source)
      .flatMap((row) => moveBack(store, row, to));
    store.db.run(
      'INSERT INTO move_tasks VALUES (?, ?, ?, ?, ?)',
      handle,
      source,
      to ?? null,
      targets.length,
      store.now(),
    );
    return targets;
  });
  for (const queue of new Set(moved)) store.bell.ring(queue);
  return { TaskHandle: Buffer.from(handle).toString('base64') };
};

/** The queue it went to; none if it was sent to the dead-letter queue directly and so has no origin. */
const moveBack = (store: Store, row: MessageRow, destination: string | undefined): string[] => {
  const to = destination ?? nameIn(row.dead_letter_source ?? '');
  if (to === '') return [];
  store.db.run('DELETE FROM messages WHERE seq = ?', row.seq);
  const now = store.now();
  store.db.run(
    `INSERT INTO messages (id, queue, body, attributes, trace_header, group_id, deduplication_id, sent_at, visible_at)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)`,
    randomUUID(),
    to,
    row.body,
    row.attributes,
    row.trace_header,
    row.group_id,
    row.deduplication_id,
    now,
  );
  return [to];
};

export const listMoveTasks = (store: Store, input: Fields): object => {
  const source = sourceQueue(store, input);
  const tasks = store.db.all<{ moved: number; started_at: number; destination: string | null }>(
    'SELECT moved, started_at, destination FROM move_tasks WHERE source = ? ORDER BY started_at DESC LIMIT ?',
    source,
    input.integer('MaxResults', { min: 1, max: 10 }, 1),
  );
  return {
    Results: tasks.map(({ moved, started_at, destination }) => ({
      Status: 'COMPLETED',
      SourceArn: store.arnOf(source),
      ...(destination === null ? {} : { DestinationArn: store.arnOf(destination) }),
      ApproximateNumberOfMessagesMoved: moved,
      ApproximateNumberOfMessagesToMove: moved,
      StartedTimestamp: started_at,
    })),
  };
};

const sourceQueue = (store: Store, input: Fields): string => {
  const arn = input.text('SourceArn');
  const name = nameIn(arn);
  const known = store.db.all<{ name: string }>('SELECT name FROM queues').map((row) => row.name);
  if (!known.includes(name)) {
    throw sqsError(
      'ResourceNotFoundException',
      'The resource that you specified for the SourceArn parameter does not exist.',
    );
  }
  const feeds = known.some((queue) => redrivePolicy(findQueue(store, queue))?.deadLetterQueue === name);
  if (!feeds) {
    throw sqsError('InvalidParameterValue', 'Source queue must be configured as a Dead Letter Queue.');
  }
  return name;
};
