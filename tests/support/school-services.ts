/**
 * The AWS services that a school's functions call, each the emulated one behind the gateway: a table as the
 * template declares it, a bucket, a secret.
 *
 * With `LYCEUM_ADVERSE=<seed>` calls are throttled and transactions conflict now and then.
 */
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createAdversity } from '#infra/local/adverse.ts';
import { adminKeyId, type Fault, faults, localSecret, startGateway } from '#infra/local/gateway.ts';
import type { AwsCall } from '#infra/local/services/aws/call.ts';
import { startDynamoDb } from '#infra/local/services/dynamodb/index.ts';
import { createS3 } from '#infra/local/services/s3/index.ts';
import { createSecrets } from '#infra/local/services/secrets/index.ts';
import { indexNames } from '#shared/table/entity.ts';
import { scratch } from './scratch.ts';

const place = { region: 'eu-west-1', account: '000000000000' };

/** What the next calls meet, for a test of one fault; asked for each call by its API's name. */
export type Meet = (operation: string) => Fault | undefined;

/**
 * The properties of the school's table in the template, without its stream, which nothing reads here: each record in it
 * makes the engine's next write slower (a transaction of three after 6,000 records 4.1 ms, without them 1.9).
 */
export const tableProperties = {
  BillingMode: 'PAY_PER_REQUEST',
  KeySchema: keySchema(''),
  AttributeDefinitions: ['', ...indexNames].flatMap((prefix) =>
    keySchema(prefix).map(({ AttributeName }) => ({ AttributeName, AttributeType: 'S' })),
  ),
  GlobalSecondaryIndexes: indexNames.map((IndexName) => ({
    IndexName,
    KeySchema: keySchema(IndexName),
    Projection: { ProjectionType: 'ALL' },
  })),
  TimeToLiveSpecification: { AttributeName: 'expires_at', Enabled: true },
};

function keySchema(prefix: string) {
  return [
    { AttributeName: `${prefix}pk`, KeyType: 'HASH' },
    { AttributeName: `${prefix}sk`, KeyType: 'RANGE' },
  ];
}

export const noFault: Meet = () => undefined;

function everyday(): Meet {
  const seed = process.env['LYCEUM_ADVERSE'];
  if (seed === undefined) return noFault;
  const adversity = createAdversity(Number(seed));
  return (operation) => {
    if (operation.startsWith('TransactWrite') && adversity.conflicts()) return faults.transactionConflict();
    return adversity.inject({ service: 'dynamodb', action: operation, accessKeyId: adminKeyId });
  };
}

/** A request of the SDK as the gateway hands it on. */
function directCall({ headers, body }: Sent): AwsCall {
  const bytes =
    typeof body === 'string' ? Buffer.from(body) : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return {
    ...{ service: 'dynamodb', region: place.region, accessKeyId: adminKeyId, method: 'POST', path: '/' },
    query: new URLSearchParams(),
    headers,
    target: /\.(\w+)$/.exec(headers['x-amz-target'] ?? '')?.[1] ?? '',
    signal: new AbortController().signal,
    stream: Readable.from([bytes]),
    bytes: async () => bytes,
    json: async () => JSON.parse(bytes.toString()),
    allows: () => true,
  };
}
interface Sent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

export async function startSchoolServices(names: {
  readonly table: string;
  readonly bucket: string;
  readonly signingSecret: string;
}) {
  const folder = scratch('school');
  const gateway = await startGateway({ ...place, principals: new Map() });
  const dynamodb = await startDynamoDb({ ...place, sweepMs: 0 });
  await dynamodb.ensureTable(names.table, tableProperties);
  const s3 = await createS3({ folder: join(folder, 's3'), region: place.region });
  s3.ensureBucket(names.bucket);
  const secrets = createSecrets({ file: join(folder, 'secrets.json'), ...place });
  const secretArn = secrets.ensureSecret('SigningSecret', { SecretString: names.signingSecret });

  let meet = noFault;
  gateway.register('dynamodb', {
    ...dynamodb,
    handle: async (call) => {
      const { error, afterEffect } = meet(call.target) ?? {};
      if (error === undefined) return dynamodb.handle(call);
      if (afterEffect === true) await dynamodb.handle(call);
      throw typeof error === 'function' ? await error(call) : error;
    },
  });
  gateway.register('s3', s3);
  gateway.register('secretsmanager', secrets);

  return {
    secretArn,
    environment: {
      AWS_REGION: place.region,
      AWS_ACCESS_KEY_ID: adminKeyId,
      AWS_SECRET_ACCESS_KEY: localSecret,
      AWS_ENDPOINT_URL: gateway.url,
    },
    /**
     * Calls of this client that meet no fault go straight to the engine: the way through the gateway, which has tests
     * of its own, is a sixth of all that a test of the API computes.
     */
    shortcut: ({ config: { requestHandler } }: DynamoDBClient) => {
      const throughGateway = requestHandler.handle.bind(requestHandler);
      requestHandler.handle = async (request, options) => {
        if (meet !== noFault) return throughGateway(request, options);
        const { status, headers, body } = await dynamodb.handle(directCall(request));
        return { response: { statusCode: status ?? 200, headers: { ...headers }, body } };
      };
    },
    /** From now on calls of DynamoDB meet these faults; without an argument those of every day. */
    meet: (next: Meet = everyday()) => {
      meet = next;
    },
    stop: async () => {
      await gateway.close();
      s3.close();
      await dynamodb.stop();
    },
  };
}
