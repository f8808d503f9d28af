import { openSqlite } from '../aws/sqlite.ts';

/** Of the engine's own queries: `WHERE table_name = ? … CAST(sequence_number AS INTEGER)`. */
const index = `CREATE INDEX IF NOT EXISTS lyceum_stream_order
  ON _stream_records (table_name, CAST(sequence_number AS INTEGER))`;

/**
 * Gives dynoxide's stream records an index. Before each write it looks for the newest record's number, and each reader
 * for those after its own, through all records there ever were: with 15,000 of them a write costs 13 ms, and with the
 * index 40 µs. For an engine that is ready and serves nobody yet.
 */
export function orderStream(file: string): void {
  const tables = openSqlite(file, '', 'normal');
  try {
    const records = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '_stream_records'";
    if (tables.get(records) !== undefined) tables.run(index);
  } finally {
    tables.close();
  }
}
