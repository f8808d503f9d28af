/** A table of its own in a real engine, for tests of what writes to it; and a way to make single calls fail. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { adminKeyId, type Fault, localSecret, startGateway } from '#infra/local/gateway.ts';
import { startDynamoDb } from '#infra/local/services/dynamodb/index.ts';
import { createDocuments } from '#shared/table/documents.ts';
import { createTable } from '#shared/table/table.ts';
import { tableProperties } from './school-services.ts';

const place = { region: 'eu-west-1', account: '000000000000' };

export async function aTable() {
  const faults: { readonly action: string; readonly fault: Fault }[] = [];
  const calls: string[] = [];
  const gateway = await startGateway({
    ...place,
    principals: new Map(),
    inject: ({ action }) => {
      calls.push(action);
      const at = faults.findIndex((one) => action === `dynamodb:${one.action}`);
      return at < 0 ? undefined : faults.splice(at, 1)[0]?.fault;
    },
  });
  const dynamodb = await startDynamoDb({ ...place, sweepMs: 0 });
  await dynamodb.ensureTable('school', tableProperties);
  gateway.register('dynamodb', dynamodb);
  const client = new DynamoDBClient({
    endpoint: gateway.url,
    region: place.region,
    credentials: { accessKeyId: adminKeyId, secretAccessKey: localSecret },
    maxAttempts: 3,
  });
  return {
    table: createTable(client, 'school'),
    documents: createDocuments(client),
    endpoint: gateway.url,
    /** Each is met by one of the calls to come, the next of the action that it names (`UpdateItem`). */
    faults,
    /** The permissions that the calls so far needed. */
    calls,
    stop: async () => {
      client.destroy();
      await gateway.close();
      await dynamodb.stop();
    },
  };
}
