/** A small, typed face of node:sqlite with prepared statements kept. */
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';

export interface Sqlite {
  get<Row>(sql: string, ...values: SQLInputValue[]): Row | undefined;
  all<Row>(sql: string, ...values: SQLInputValue[]): Row[];
  /** How many rows it changed, and the last rowid inserted. */
  run(sql: string, ...values: SQLInputValue[]): { changes: number; rowid: number };
  /** All or nothing; synchronous, so that nothing else of this process comes between. */
  transaction<T>(work: () => T): T;
  close(): void;
}

/**
 * WAL survives `kill -9` with either level. `normal` may lose the last commits when the power fails, `full`
 * costs an fsync per commit.
 */
export const openSqlite = (file: string, schema: string, synchronous: 'normal' | 'full'): Sqlite => {
  const db = open(
    file,
    `PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous}; ${schema}`,
  );
  const prepared = new Map<string, StatementSync>();
  const statement = (sql: string): StatementSync => {
    const known = prepared.get(sql) ?? db.prepare(sql);
    prepared.set(sql, known);
    return known;
  };
  return {
    // The caller names the row's type: SQLite's own columns are untyped, and only this code writes the file.
    get: <Row>(sql: string, ...values: SQLInputValue[]) => statement(sql).get(...values) as Row | undefined,
    all: <Row>(sql: string, ...values: SQLInputValue[]) => statement(sql).all(...values) as Row[],
    run: (sql, ...values) => {
      const { changes, lastInsertRowid } = statement(sql).run(...values);
      return { changes: Number(changes), rowid: Number(lastInsertRowid) };
    },
    transaction: (work) => {
      db.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        db.exec('COMMIT');
        return result;
      } catch (error) {
        db.exec('ROLLBACK');
        throw error;
      }
    },
    close: () => db.close(),
  };
};

const open = (file: string, setUp: string): DatabaseSync => {
  try {
    const db = new DatabaseSync(file);
    db.exec(setUp);
    return db;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`The data file ${file} cannot be opened: ${reason}`, { cause });
  }
};
