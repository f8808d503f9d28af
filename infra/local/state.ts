import { closeSync, openSync, readSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { openSqlite, type Sqlite } from './services/aws/sqlite.ts';

/**
 * What the runner itself must not forget between two starts, `kill -9` included: how far each stream mapping has
 * read, asynchronous invocations that are still owed, and the tasks and services of ECS.
 */
const schema = `
  CREATE TABLE IF NOT EXISTS checkpoint (
    mapping TEXT PRIMARY KEY, shard TEXT NOT NULL, sequence TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS invocation (
    id TEXT PRIMARY KEY, function_arn TEXT NOT NULL, payload TEXT NOT NULL, origin TEXT NOT NULL,
    created_at INTEGER NOT NULL, attempts INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS task (
    arn TEXT PRIMARY KEY, status TEXT NOT NULL, client_token TEXT, request TEXT NOT NULL,
    created_at INTEGER NOT NULL, stopped_at INTEGER, body TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS service (arn TEXT PRIMARY KEY, desired INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS task_by_token ON task (client_token) WHERE client_token IS NOT NULL;
`;

export const openState = (file: string): Sqlite => openSqlite(file, schema, 'normal');

const magic = 'SQLite format 3\0';

/** Whether a file begins as SQLite's do; a write-ahead log beside it can hide from SQLite that it does not. */
export function isSqlite(file: string): boolean {
  const head = Buffer.alloc(magic.length);
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, head);
    return head.toString('latin1') === magic;
  } finally {
    closeSync(descriptor);
  }
}

/** Whether a SQLite file is whole; a missing file is. */
export function isSound(file: string): boolean {
  try {
    const database = new DatabaseSync(file);
    try {
      return Object.values(database.prepare('PRAGMA quick_check(1)').get() ?? {})[0] === 'ok';
    } finally {
      database.close();
    }
  } catch {
    return false;
  }
}
