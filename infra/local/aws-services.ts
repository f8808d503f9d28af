import { mkdirSync } from 'node:fs';
import type { Adversity } from './adverse.ts';
import type { Stack } from './assembly.ts';
import { type DataFolder, damaged } from './data-folder.ts';
import { type Fault, faults, type Gateway, startGateway } from './gateway.ts';
import type { Statement } from './iam.ts';
import { asObject, asText, type JsonObject } from './json.ts';
import { accountId, applyTemplates, type Model, regionOf } from './model.ts';
import { type Roles, rolesOf } from './roles.ts';
import type { AwsCall, AwsService } from './services/aws/call.ts';
import { type DynamoDb, startDynamoDb } from './services/dynamodb/index.ts';
import { createS3, type S3 } from './services/s3/index.ts';
import { createSecrets, type Secrets } from './services/secrets/index.ts';
import { createSqs, type Sqs } from './services/sqs/index.ts';

export interface AwsServicesOptions {
  readonly stacks: readonly Stack[];
  readonly data: DataFolder;
  readonly adversity: Adversity | undefined;
  readonly log: (event: string, fields: Record<string, unknown>) => void;
  /** Called after every call that may have written to a table. */
  readonly onWrite: () => void;
  /** Value of the secret that the variable ADMIN_SECRET_ARN names, if it is to be given rather than generated. */
  readonly firstAdmin: string | undefined;
}

/** The stateful AWS services of the template, behind one port. */
export interface AwsServices {
  readonly model: Model;
  readonly roles: Roles;
  readonly gateway: Gateway;
  readonly dynamodb: DynamoDb;
  readonly sqs: Sqs;
  readonly secrets: Secrets;
  readonly adminSecretArn: string | undefined;
  /** The engine's stream for a stream's ARN in the template. */
  readonly engineStream: (streamArn: string) => string;
  close(): Promise<void>;
}

/** Starts the services and brings tables, queues, buckets and secrets to what the template says. */
export async function startAwsServices(options: AwsServicesOptions): Promise<AwsServices> {
  const { stacks, data, adversity, log, onWrite } = options;
  const region = regionOf(stacks);
  const principals = new Map<string, readonly Statement[]>();
  const inject = adversity === undefined ? {} : { inject: adversity.inject };
  const gateway = await startGateway({ region, account: accountId, principals, log, ...inject });
  const secretArns = new Map<string, string>();
  const model = applyTemplates({ stacks, gateway: gateway.url, secretArns });
  const place = { region, account: accountId };

  const secrets = await opened(data, 'secrets.json', (file) => createSecrets({ file, ...place }));
  const adminSecretArn = ensureSecrets(model, secrets, secretArns, options.firstAdmin);
  const roles = rolesOf(model);
  for (const [key, statements] of roles.principals) principals.set(key, statements);

  const sqs = createSqs({ file: data.at('sqs.sqlite'), baseUrl: gateway.url, ...place });
  mkdirSync(data.at('s3'), { recursive: true });
  mkdirSync(data.at('dynamodb'), { recursive: true });
  const [s3, dynamodb] = await Promise.all([
    opened(data, 's3', (folder) => createS3({ folder, region })),
    startDynamoDb({ folder: data.at('dynamodb'), ...place, log }),
  ]);
  ensureQueues(model, sqs);
  ensureBuckets(model, s3);
  const streams = await ensureTables(model, dynamodb);

  gateway.register('dynamodb', observed(dynamodb, onWrite, adversity));
  gateway.register('sqs', sqs);
  gateway.register('s3', s3);
  gateway.register('secretsmanager', secrets);
  return {
    model,
    roles,
    gateway,
    dynamodb,
    sqs,
    secrets,
    adminSecretArn,
    engineStream: (streamArn) => streams.get(streamArn) ?? streamArn,
    close: async () => {
      await gateway.close();
      sqs.close();
      s3.close();
      await dynamodb.stop();
    },
  };
}

async function opened<T>(data: DataFolder, name: string, open: (path: string) => T | Promise<T>): Promise<T> {
  try {
    return await open(data.at(name));
  } catch {
    throw damaged(data.path, name);
  }
}

const reads = /^(Get|BatchGet|Query|Scan|Describe|List|TransactGet)/;

/** Tells of writes, so that the stream's readers look at once; and breaks transactions in the adverse mode. */
function observed(dynamodb: DynamoDb, onWrite: () => void, adversity: Adversity | undefined): AwsService {
  return {
    ...dynamodb,
    handle: async (call) => {
      if (call.target.startsWith('TransactWrite') && adversity?.conflicts())
        throw await errorOf(faults.transactionConflict(), call);
      const reply = await dynamodb.handle(call);
      if (!reads.test(call.target)) onWrite();
      return reply;
    },
  };
}

async function errorOf({ error }: Fault, call: AwsCall): Promise<Error> {
  const thrown = typeof error === 'function' ? await error(call) : error;
  return thrown ?? new Error('A fault without an error');
}

/** Creates what is new; gives the ARN of the first administrator's secret. */
function ensureSecrets(
  model: Model,
  secrets: Secrets,
  arns: Map<string, string>,
  firstAdmin: string | undefined,
): string | undefined {
  const all = model.ofType('AWS::SecretsManager::Secret');
  const variables = model
    .ofType('AWS::Lambda::Function')
    .flatMap(({ properties }) => environmentOf(properties)['ADMIN_SECRET_ARN'] ?? []);
  const admin = all.find(({ ref }) => variables.includes(ref));
  for (const one of all) {
    const isAdmin = one === admin;
    const properties = isAdmin && firstAdmin !== undefined ? { SecretString: firstAdmin } : one.properties;
    arns.set(one.attribute('Name'), secrets.ensureSecret(one.attribute('Name'), properties));
  }
  return admin?.attribute('Id');
}

const environmentOf = (properties: JsonObject): Record<string, string> => {
  const variables = asObject(asObject(properties['Environment'])['Variables']);
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, asText(value) ?? '']));
};

const queueAttributes = [
  'DelaySeconds',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'VisibilityTimeout',
] as const;

function ensureQueues(model: Model, sqs: Sqs): void {
  const queues = model.ofType('AWS::SQS::Queue');
  // A dead-letter queue must exist before the queue that names it.
  const ordered = [
    ...queues.filter(({ properties }) => properties['RedrivePolicy'] === undefined),
    ...queues.filter(({ properties }) => properties['RedrivePolicy'] !== undefined),
  ];
  for (const queue of ordered) {
    const { properties } = queue;
    const simple = queueAttributes.flatMap((name) => {
      const value = asText(properties[name]);
      return value === undefined ? [] : [[name, value] as const];
    });
    const redrive = properties['RedrivePolicy'];
    const redriven = redrive === undefined ? [] : [['RedrivePolicy', JSON.stringify(redrive)] as const];
    sqs.ensureQueue(queue.attribute('QueueName'), Object.fromEntries([...simple, ...redriven]));
  }
}

function ensureBuckets(model: Model, s3: S3): void {
  for (const { ref } of model.ofType('AWS::S3::Bucket')) s3.ensureBucket(ref);
}

async function ensureTables(model: Model, dynamodb: DynamoDb): Promise<Map<string, string>> {
  const streams = new Map<string, string>();
  for (const table of model.ofType('AWS::DynamoDB::GlobalTable', 'AWS::DynamoDB::Table')) {
    const { streamArn } = await dynamodb.ensureTable(table.ref, table.properties);
    if (streamArn !== undefined) streams.set(table.attribute('StreamArn'), streamArn);
  }
  return streams;
}
