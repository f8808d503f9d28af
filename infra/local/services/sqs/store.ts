/** What the operations share: the database, the clock, the names of queues, and the bell of waiting readers. */
import { openSqlite, type Sqlite } from '../aws/sqlite.ts';
import { type Bell, createBell } from './bell.ts';

export interface Store {
  readonly db: Sqlite;
  readonly bell: Bell;
  readonly now: () => number;
  readonly urlOf: (queue: string) => string;
  readonly arnOf: (queue: string) => string;
}

export interface MessageRow {
  readonly seq: number;
  readonly id: string;
  readonly queue: string;
  readonly body: string;
  /** MessageAttributes as JSON. */
  readonly attributes: string | null;
  readonly trace_header: string | null;
  readonly group_id: string | null;
  readonly deduplication_id: string | null;
  readonly sent_at: number;
  readonly visible_at: number;
  readonly receive_count: number;
  readonly first_received_at: number | null;
  readonly received_at: number | null;
  /** The handle of the last receive; a message is in flight while it has one and `visible_at` lies ahead. */
  readonly receipt: string | null;
  readonly dead_letter_source: string | null;
}

const schema = `
CREATE TABLE IF NOT EXISTS queues (
  name TEXT PRIMARY KEY, attributes TEXT NOT NULL, created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL,
  purged_at INTEGER
) STRICT;
CREATE TABLE IF NOT EXISTS messages (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, queue TEXT NOT NULL, body TEXT NOT NULL,
  attributes TEXT, trace_header TEXT, group_id TEXT, deduplication_id TEXT,
  sent_at INTEGER NOT NULL, visible_at INTEGER NOT NULL, receive_count INTEGER NOT NULL DEFAULT 0,
  first_received_at INTEGER, received_at INTEGER, receipt TEXT, dead_letter_source TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS messages_by_visibility ON messages (queue, visible_at);
CREATE INDEX IF NOT EXISTS messages_by_receipt ON messages (receipt) WHERE receipt IS NOT NULL;
CREATE INDEX IF NOT EXISTS messages_by_group ON messages (queue, group_id, seq);
CREATE TABLE IF NOT EXISTS deduplications (
  queue TEXT NOT NULL, key TEXT NOT NULL, message_id TEXT NOT NULL, sequence_number TEXT NOT NULL,
  at INTEGER NOT NULL, PRIMARY KEY (queue, key)
) STRICT;
CREATE TABLE IF NOT EXISTS move_tasks (
  handle TEXT PRIMARY KEY, source TEXT NOT NULL, destination TEXT, moved INTEGER NOT NULL, started_at INTEGER NOT NULL
) STRICT;`;

export const openStore = (options: {
  file: string;
  baseUrl: string;
  region: string;
  account: string;
  now: () => number;
}): Store => ({
  db: openSqlite(options.file, schema, 'normal'),
  bell: createBell(),
  now: options.now,
  urlOf: (queue) => `${options.baseUrl}/${options.account}/${queue}`,
  arnOf: (queue) => `arn:aws:sqs:${options.region}:${options.account}:${queue}`,
});

/** The queue's name is the last part both of its URL and of its ARN. */
export const nameIn = (urlOrArn: string): string => urlOrArn.split(/[:/]/).at(-1) ?? '';
