import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { dynoxideFile } from '#infra/local/services/dynamodb/engines.ts';
import { startDynamoDb } from '#infra/local/services/dynamodb/index.ts';
import { account, region } from '#tests/support/cloud.ts';
import { properties, TableName } from '#tests/support/cloud-table.ts';
import { scratch } from '#tests/support/scratch.ts';

/** What the engine asks before each write, and what each of its readers asks. */
const asked = [
  'SELECT COALESCE(MAX(CAST(sequence_number AS INTEGER)), 0) + 1 FROM _stream_records WHERE table_name = ?',
  'SELECT new_image FROM _stream_records WHERE table_name = ? AND CAST(sequence_number AS INTEGER) > ?',
];

/** How SQLite answers the two, and the records in their order. */
function lookedUp(file: string) {
  const tables = new DatabaseSync(file, { readOnly: true });
  const plans = asked.map((query) => JSON.stringify(tables.prepare(`EXPLAIN QUERY PLAN ${query}`).all()));
  const numbers = tables.prepare('SELECT sequence_number AS n FROM _stream_records ORDER BY id').all();
  tables.close();
  return { plans, numbers: numbers.map(({ n }) => Number(n)) };
}

test.runIf(process.platform === 'linux' && process.arch === 'x64')(
  'no write and no reader goes through all records of the stream, in a new folder and in an old one',
  async () => {
    const folder = scratch('stream-order');
    const file = dynoxideFile(folder);
    const writeSome = async (name: string) => {
      const dynamo = await startDynamoDb({
        folder,
        region,
        account,
        engine: 'dynoxide',
        sweepMs: 0,
      });
      await dynamo.ensureTable(TableName, properties);
      for (let n = 0; n < 3; n++)
        await dynamo.call('PutItem', { TableName, Item: { pk: { S: name }, sk: { S: String(n) } } });
      const found = lookedUp(file);
      await dynamo.stop();
      return found;
    };
    const fresh = await writeSome('new');
    const old = new DatabaseSync(file);
    old.exec('DROP INDEX lyceum_stream_order');
    old.close();
    const later = await writeSome('old');
    for (const { plans } of [fresh, later])
      for (const plan of plans) expect(plan).toMatch(/INDEX lyceum_stream_order \(table_name=/);
    expect(fresh.numbers).toHaveLength(3);
    expect(later.numbers).toEqual([
      ...fresh.numbers,
      ...[1, 2, 3].map((n) => Math.max(...fresh.numbers) + n),
    ]);
  },
  60_000,
);
