/** Queues and their attributes. */
import type { Fields } from '../aws/fields.ts';
import { invalidParameter, sqsError } from './errors.ts';
import { nameIn, type Store } from './store.ts';

export interface Queue {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly fifo: boolean;
}

export interface RedrivePolicy {
  readonly deadLetterQueue: string;
  readonly maxReceiveCount: number;
}

interface QueueRow {
  readonly name: string;
  readonly attributes: string;
  readonly created_at: number;
  readonly modified_at: number;
}

const defaults: Readonly<Record<string, string>> = {
  DelaySeconds: '0',
  MaximumMessageSize: '1048576',
  MessageRetentionPeriod: '345600',
  ReceiveMessageWaitTimeSeconds: '0',
  VisibilityTimeout: '30',
  SqsManagedSseEnabled: 'true',
};

const between = (min: number, max: number) => (value: string) =>
  /^\d{1,9}$/.test(value) && Number(value) >= min && Number(value) <= max;
const oneOf =
  (...values: string[]) =>
  (value: string) =>
    values.includes(value);
const json = (value: string) => value === '' || parseJson(value) !== undefined;

/** Source: SetQueueAttributes in the SQS API reference. */
const rules: Readonly<Record<string, (value: string) => boolean>> = {
  DelaySeconds: between(0, 900),
  MaximumMessageSize: between(1_024, 1_048_576),
  MessageRetentionPeriod: between(60, 1_209_600),
  ReceiveMessageWaitTimeSeconds: between(0, 20),
  VisibilityTimeout: between(0, 43_200),
  FifoQueue: oneOf('true', 'false'),
  ContentBasedDeduplication: oneOf('true', 'false'),
  DeduplicationScope: oneOf('messageGroup', 'queue'),
  FifoThroughputLimit: oneOf('perQueue', 'perMessageGroupId'),
  Policy: json,
  RedrivePolicy: json,
  RedriveAllowPolicy: json,
  KmsMasterKeyId: () => true,
  KmsDataKeyReusePeriodSeconds: between(60, 86_400),
  SqsManagedSseEnabled: oneOf('true', 'false'),
};

export const findQueue = (store: Store, urlOrArn: string): Queue => {
  const row = queueRow(store, nameIn(urlOrArn));
  if (row === undefined) throw sqsError('QueueDoesNotExist', 'The specified queue does not exist.');
  return toQueue(row);
};

export const createQueue = (
  store: Store,
  name: string,
  attributes: Readonly<Record<string, string>>,
): void => {
  checkName(name, attributes);
  checkAttributes(store, name, attributes);
  store.db.transaction(() => {
    const existing = queueRow(store, name);
    if (existing === undefined) {
      const now = store.now();
      store.db.run(
        'INSERT INTO queues VALUES (?, ?, ?, ?, NULL)',
        name,
        JSON.stringify(attributes),
        now,
        now,
      );
      return;
    }
    const present = { ...defaults, ...toQueue(existing).attributes };
    const differing = Object.keys(attributes).find((key) => attributes[key] !== present[key]);
    if (differing !== undefined) {
      const message = `A queue already exists with the same name and a different value for attribute ${differing}`;
      throw sqsError('QueueNameExists', message);
    }
  });
};

/** Like a deployment: creates the queue, or sets exactly these attributes on it. */
export const ensureQueue = (
  store: Store,
  name: string,
  attributes: Readonly<Record<string, string>>,
): void => {
  checkName(name, attributes);
  checkAttributes(store, name, attributes);
  const now = store.now();
  store.db.run(
    `INSERT INTO queues VALUES (?1, ?2, ?3, ?3, NULL)
     ON CONFLICT (name) DO UPDATE SET attributes = ?2, modified_at = ?3 WHERE attributes <> ?2`,
    name,
    JSON.stringify(attributes),
    now,
  );
};

export const setAttributes = (
  store: Store,
  queue: Queue,
  changes: Readonly<Record<string, string>>,
): void => {
  checkAttributes(store, queue.name, changes);
  if ((changes['FifoQueue'] ?? String(queue.fifo)) !== String(queue.fifo)) {
    throw sqsError('InvalidAttributeName', 'You can specify the FifoQueue only during queue creation.');
  }
  // An empty value takes the attribute back.
  const merged = Object.entries({ ...queue.attributes, ...changes }).filter(([, value]) => value !== '');
  store.db.run(
    'UPDATE queues SET attributes = ?, modified_at = ? WHERE name = ?',
    JSON.stringify(Object.fromEntries(merged)),
    store.now(),
    queue.name,
  );
  store.bell.ring(queue.name);
};

export const getAttributes = (store: Store, input: Fields): Record<string, string> => {
  const row = queueRow(store, findQueue(store, input.text('QueueUrl')).name);
  if (row === undefined) return {};
  const queue = toQueue(row);
  const all: Record<string, string> = {
    ...defaults,
    ...(queue.fifo ? { ContentBasedDeduplication: 'false', DeduplicationScope: 'queue' } : {}),
    ...queue.attributes,
    QueueArn: store.arnOf(queue.name),
    CreatedTimestamp: String(Math.floor(row.created_at / 1000)),
    LastModifiedTimestamp: String(Math.floor(row.modified_at / 1000)),
    ...messageCounts(store, queue),
  };
  const names = input.texts('AttributeNames');
  const unknown = names.find(
    (name) => name !== 'All' && all[name] === undefined && rules[name] === undefined,
  );
  if (unknown !== undefined) throw sqsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
  return Object.fromEntries(
    Object.entries(all).filter(([name]) => names.includes('All') || names.includes(name)),
  );
};

const messageCounts = (store: Store, queue: Queue): Record<string, string> => {
  const counts = store.db.get<{ visible: number | null; in_flight: number | null; delayed: number | null }>(
    `SELECT sum(visible_at <= ?1) AS visible, sum(visible_at > ?1 AND receipt IS NOT NULL) AS in_flight,
       sum(visible_at > ?1 AND receipt IS NULL) AS delayed
     FROM messages WHERE queue = ?2 AND sent_at > ?3`,
    store.now(),
    queue.name,
    oldestKept(store, queue),
  );
  return {
    ApproximateNumberOfMessages: String(counts?.visible ?? 0),
    ApproximateNumberOfMessagesNotVisible: String(counts?.in_flight ?? 0),
    ApproximateNumberOfMessagesDelayed: String(counts?.delayed ?? 0),
  };
};

export const listQueues = (store: Store, prefix: string): string[] =>
  store.db
    .all<{ name: string }>('SELECT name FROM queues ORDER BY name')
    .filter(({ name }) => name.startsWith(prefix))
    .map(({ name }) => store.urlOf(name));

export const deleteQueue = (store: Store, { name }: Queue): void => {
  store.db.transaction(() => {
    for (const table of ['messages', 'deduplications'])
      store.db.run(`DELETE FROM ${table} WHERE queue = ?`, name);
    store.db.run('DELETE FROM queues WHERE name = ?', name);
  });
  store.bell.ring(name); // those who wait learn that the queue is gone
};

export const purgeQueue = (store: Store, { name }: Queue): void => {
  store.db.transaction(() => {
    const now = store.now();
    const { changes } = store.db.run(
      'UPDATE queues SET purged_at = ?1 WHERE name = ?2 AND coalesce(purged_at, 0) <= ?1 - 60000',
      now,
      name,
    );
    if (changes === 0) {
      throw sqsError(
        'PurgeQueueInProgress',
        `Only one PurgeQueue operation on ${name} is allowed every 60 seconds.`,
      );
    }
    store.db.run('DELETE FROM messages WHERE queue = ?', name);
  });
};

/** A numeric attribute, or its default. */
export const numberOf = (queue: Queue, attribute: string): number =>
  Number(queue.attributes[attribute] ?? defaults[attribute]);

/** Messages sent before this instant have outlived the queue's retention. */
export const oldestKept = (store: Store, queue: Queue): number =>
  store.now() - numberOf(queue, 'MessageRetentionPeriod') * 1000;

export const redrivePolicy = (queue: Queue): RedrivePolicy | undefined =>
  parseRedrivePolicy(queue.attributes['RedrivePolicy'] ?? '');

const parseRedrivePolicy = (text: string): RedrivePolicy | undefined => {
  if (text === '') return undefined;
  const { deadLetterTargetArn, maxReceiveCount } = parseJson(text) ?? {};
  const count = Number(maxReceiveCount);
  if (typeof deadLetterTargetArn !== 'string' || !(Number.isInteger(count) && count >= 1 && count <= 1000)) {
    throw invalidParameter(
      'RedrivePolicy',
      text,
      'It needs a deadLetterTargetArn and a maxReceiveCount of 1 to 1000.',
    );
  }
  return { deadLetterQueue: nameIn(deadLetterTargetArn), maxReceiveCount: count };
};

const checkName = (name: string, attributes: Readonly<Record<string, string>>): void => {
  const fifo = attributes['FifoQueue'] === 'true';
  if (!/^[\w-]{1,80}$/.test(name.replace(/\.fifo$/, '')) || name.length > 80) {
    const reason = 'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length';
    throw sqsError('InvalidParameterValue', reason);
  }
  if (name.endsWith('.fifo') !== fifo) {
    throw invalidParameter('QueueName', name, 'The name of a FIFO queue, and of no other, ends in .fifo');
  }
};

const checkAttributes = (store: Store, queue: string, attributes: Readonly<Record<string, string>>): void => {
  for (const [name, value] of Object.entries(attributes)) {
    const rule = rules[name];
    if (rule === undefined) throw sqsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
    if (!rule(value)) throw sqsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);
  }
  const policy = parseRedrivePolicy(attributes['RedrivePolicy'] ?? '');
  if (policy === undefined) return;
  const target = queueRow(store, policy.deadLetterQueue);
  if (target === undefined || target.name.endsWith('.fifo') !== queue.endsWith('.fifo')) {
    const reason = target === undefined ? 'Dead letter target does not exist.' : 'Queue types differ.';
    throw invalidParameter('RedrivePolicy', attributes['RedrivePolicy'], reason);
  }
};

const queueRow = (store: Store, name: string): QueueRow | undefined =>
  store.db.get<QueueRow>('SELECT name, attributes, created_at, modified_at FROM queues WHERE name = ?', name);

const toQueue = (row: QueueRow): Queue => ({
  name: row.name,
  attributes: JSON.parse(row.attributes),
  fifo: row.name.endsWith('.fifo'),
});

const parseJson = (text: string): Record<string, unknown> | undefined => {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : undefined;
  } catch {
    return undefined;
  }
};
