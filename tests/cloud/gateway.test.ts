import { request } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import {
  ApiGatewayManagementApiClient,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { ECSClient, ListTasksCommand } from '@aws-sdk/client-ecs';
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import {
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Fault, faults, type GatewayOptions } from '#infra/local/gateway.ts';
import { type AwsCall, AwsError, type AwsService, jsonReply } from '#infra/local/services/aws/call.ts';
import { createS3, type S3 } from '#infra/local/services/s3/index.ts';
import { createSecrets } from '#infra/local/services/secrets/index.ts';
import { createSqs, type Sqs } from '#infra/local/services/sqs/index.ts';
import { account, region, startCloud } from '#tests/support/cloud.ts';
import { scratch } from '#tests/support/scratch.ts';

let folder: string;
let cloud: Awaited<ReturnType<typeof startCloud>>;
let sqs: Sqs;
let s3: S3;
let queueUrl: string;
let inject: GatewayOptions['inject'];

beforeAll(async () => {
  folder = scratch('gateway');
  cloud = await startCloud({ inject: (call) => inject?.(call) });
  sqs = createSqs({ file: join(folder, 'sqs.sqlite'), baseUrl: cloud.url, region, account });
  s3 = await createS3({ folder: join(folder, 's3'), region });
  s3.ensureBucket('artifacts');
  queueUrl = sqs.ensureQueue('training', {});
  cloud.register('sqs', sqs);
  cloud.register('s3', s3);
  cloud.register('secretsmanager', createSecrets({ file: join(folder, 'secrets.json'), region, account }));
});

beforeEach(() => {
  inject = undefined;
  cloud.principals.clear();
});

afterAll(async () => {
  await cloud[Symbol.asyncDispose]();
  sqs.close();
  s3.close();
});

const clients = (accessKeyId?: string) => {
  const config = cloud.config(accessKeyId);
  return {
    sqs: new SQSClient(config),
    s3: new S3Client({ ...config, forcePathStyle: true }),
    secrets: new SecretsManagerClient(config),
    ecs: new ECSClient(config),
    connections: new ApiGatewayManagementApiClient(config),
  };
};

const send = (client: SQSClient) =>
  client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: 'x' }));
const arn = `arn:aws:sqs:${region}:${account}:training`;

describe('who may come in', () => {
  test('the port is open on the loopback interface only', async () => {
    const others = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ family, internal }) => family === 'IPv4' && !internal);
    for (const { address } of others) {
      const outcome = await new Promise((resolve) => {
        const socket = connect(cloud.port, address);
        socket.on('connect', () => resolve('connected')).on('error', (error) => resolve(error.message));
      });
      expect(outcome).toContain('ECONNREFUSED');
    }
    expect(cloud.url).toBe(`http://127.0.0.1:${cloud.port}`);
  });

  test.each([
    ['an Origin', { origin: 'https://evil.example' }],
    ['its own Origin', { origin: 'http://127.0.0.1' }],
    ['the Origin null', { origin: 'null' }],
    ['a Host of elsewhere (DNS rebinding)', { host: 'evil.example' }],
  ])('a request with %s is refused', async (_, headers) => {
    const status = await new Promise((resolve) => {
      request(`${cloud.url}/artifacts/x`, { headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).end();
    });
    expect(status).toBe(403);
  });

  test('a request without a signature is refused', async () => {
    const reply = await fetch(cloud.url, { method: 'POST', body: '{}' });
    expect(reply.status).toBe(403);
    expect(await reply.json()).toMatchObject({ __type: 'MissingAuthenticationToken' });
  });

  test('an unknown access key is refused, in each service’s own words', async () => {
    const stranger = clients('LOCALStranger');
    await expect(send(stranger.sqs)).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
    const read = stranger.s3.send(new GetObjectCommand({ Bucket: 'artifacts', Key: 'x' }));
    await expect(read).rejects.toMatchObject({ name: 'InvalidAccessKeyId' });
  });

  test('a signature by another secret is refused', async () => {
    const credentials = { accessKeyId: 'LOCALADMIN', secretAccessKey: 'guessed' };
    await expect(send(new SQSClient({ ...cloud.config(), credentials }))).rejects.toMatchObject({
      name: 'InvalidSignatureException',
    });
    const read = new S3Client({ ...cloud.config(), credentials, forcePathStyle: true }).send(
      new GetObjectCommand({ Bucket: 'artifacts', Key: 'x' }),
    );
    await expect(read).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' });
  });

  test('a service that does not exist here is named in a 501', async () => {
    const refused = clients().ecs.send(new ListTasksCommand({}));
    await expect(refused).rejects.toMatchObject({
      name: 'NotImplemented',
      message: "The local cloud does not have the service 'ecs'.",
      $metadata: { httpStatusCode: 501 },
    });
  });
});

describe('what a role may do', () => {
  test('is what its statements grant, and nothing else', async () => {
    cloud.principals.set('LOCALSender', [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: arn }]);
    const { sqs: client } = clients('LOCALSender');
    await send(client);
    const Entries = [{ Id: 'a', MessageBody: 'x' }];
    await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
    await expect(client.send(new ReceiveMessageCommand({ QueueUrl: queueUrl }))).rejects.toMatchObject({
      name: 'AccessDenied',
      message: `User: arn:aws:sts::${account}:assumed-role/Sender/local is not authorized to perform: sqs:ReceiveMessage on resource: ${arn} because no identity-based policy allows the sqs:ReceiveMessage action`,
    });
    const other = client.send(new SendMessageCommand({ QueueUrl: `${queueUrl}-2`, MessageBody: 'x' }));
    await expect(other).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  test('an explicit deny is named as such', async () => {
    cloud.principals.set('LOCALDenied', [
      { Effect: 'Allow', Action: '*', Resource: '*' },
      { Effect: 'Deny', Action: 'sqs:*', Resource: '*' },
    ]);
    await expect(send(clients('LOCALDenied').sqs)).rejects.toThrow(/with an explicit deny/);
  });

  test('a role without statements is denied everywhere, in each service’s own format', async () => {
    cloud.principals.set('LOCALNothing', []);
    const nothing = clients('LOCALNothing');
    await expect(send(nothing.sqs)).rejects.toMatchObject({ name: 'AccessDenied' });
    await clients().secrets.send(new CreateSecretCommand({ Name: 'signing', SecretString: 's' }));
    const secret = nothing.secrets.send(new GetSecretValueCommand({ SecretId: 'signing' }));
    await expect(secret).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await expect(secret).rejects.toThrow(/secret:signing-[A-Za-z]{6} because/);
    const object = { Bucket: 'artifacts', Key: 'x' };
    const forbidden = expect.objectContaining({ httpStatusCode: 403 });
    for (const command of [
      new GetObjectCommand(object),
      new PutObjectCommand({ ...object, Body: 'x'.repeat(2_000_000) }),
    ]) {
      await expect(nothing.s3.send(command as GetObjectCommand)).rejects.toMatchObject({
        name: 'AccessDenied',
        $metadata: forbidden,
      });
    }
    await expect(nothing.s3.send(new HeadObjectCommand(object))).rejects.toMatchObject({
      $metadata: forbidden,
    });
  });

  test('without s3:ListBucket a missing object is 403, with it 404', async () => {
    const objects = {
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: 'arn:aws:s3:::artifacts/*',
    } as const;
    cloud.principals.set('LOCALReader', [objects]);
    cloud.principals.set('LOCALLister', [
      objects,
      { Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::artifacts' },
    ]);
    const read = (key: string) =>
      clients(key).s3.send(new GetObjectCommand({ Bucket: 'artifacts', Key: 'absent' }));
    await expect(read('LOCALReader')).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(read('LOCALLister')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  test('a condition on s3:prefix is enforced', async () => {
    cloud.principals.set('LOCALPrefix', [
      {
        Effect: 'Allow',
        Action: 's3:ListBucket',
        Resource: 'arn:aws:s3:::artifacts',
        Condition: { StringLike: { 's3:prefix': 'training/*' } },
      },
    ]);
    const list = (Prefix?: string) =>
      clients('LOCALPrefix').s3.send(new ListObjectsV2Command({ Bucket: 'artifacts', Prefix }));
    await list('training/1/');
    await expect(list('secret/')).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(list()).rejects.toMatchObject({ name: 'AccessDenied' });
  });
});

describe('a registered service', () => {
  const seen: Pick<AwsCall, 'target' | 'path' | 'method' | 'accessKeyId'>[] = [];
  const recording = (protocol: AwsService['protocol'], handle: AwsService['handle']): AwsService => ({
    protocol,
    requires: () => [{ action: 'test:Call', resource: '*' }],
    handle: (call) => {
      const { target, path, method, accessKeyId } = call;
      seen.push({ target, path, method, accessKeyId });
      return handle(call);
    },
  });

  test('is found by the credential scope, and sees operation and caller', async () => {
    cloud.register(
      'ecs',
      recording('json', async (call) => jsonReply({ taskArns: [(await call.json())['cluster']] })),
    );
    cloud.principals.set('LOCALTasks', [{ Effect: 'Allow', Action: 'test:*', Resource: '*' }]);
    const listed = await clients('LOCALTasks').ecs.send(new ListTasksCommand({ cluster: 'c' }));
    expect(listed.taskArns).toEqual(['c']);
    expect(seen.at(-1)).toMatchObject({ target: 'ListTasks', accessKeyId: 'LOCALTasks' });
  });

  test('answers typed errors in REST JSON', async () => {
    const gone = recording('rest-json', () => {
      throw new AwsError('GoneException', 'Gone', { status: 410 });
    });
    cloud.register('execute-api', gone);
    const command = new PostToConnectionCommand({ ConnectionId: 'a/b=', Data: 'x' });
    await expect(clients().connections.send(command)).rejects.toMatchObject({ name: 'GoneException' });
    expect(seen.at(-1)).toMatchObject({ method: 'POST', path: '/@connections/a%2Fb%3D' });
  });

  test('that fails is a 500 whose cause is in the log only', async () => {
    const failing = recording('json', () => {
      throw new Error('the cause');
    });
    cloud.register('ecs', failing);
    const refused = clients().ecs.send(new ListTasksCommand({}));
    await expect(refused).rejects.toMatchObject({
      name: 'InternalFailure',
      $metadata: { httpStatusCode: 500 },
    });
    await expect(refused).rejects.not.toThrow(/the cause/);
    expect(cloud.failures.splice(0)).toMatchObject([{ error: expect.stringContaining('the cause') }]);
  });
});

describe('injected faults', () => {
  const once = (fault: Fault) => {
    let given = false;
    inject = () => {
      if (given) return undefined;
      given = true;
      return fault;
    };
  };

  test('are asked for by service, action and caller', async () => {
    const asked: object[] = [];
    inject = (call) => {
      asked.push(call);
      return undefined;
    };
    await send(clients().sqs);
    expect(asked).toEqual([{ service: 'sqs', action: 'sqs:SendMessage', accessKeyId: 'LOCALADMIN' }]);
  });

  test('are retried by the SDK as AWS’s own are', async () => {
    for (const fault of [faults.throttled(), faults.serverError(), faults.throughputExceeded()]) {
      once(fault);
      const client = new SQSClient({ ...cloud.config(), maxAttempts: 2 });
      expect((await send(client)).$metadata.attempts).toBe(2);
    }
    once(faults.slowDown());
    const s3Client = new S3Client({ ...cloud.config(), forcePathStyle: true, maxAttempts: 2 });
    const put = await s3Client.send(new PutObjectCommand({ Bucket: 'artifacts', Key: 'retried', Body: 'x' }));
    expect(put.$metadata.attempts).toBe(2);
  });

  test('can lose the reply to a call that took effect', async () => {
    const url = sqs.ensureQueue('lossy', {});
    once(faults.lostReply());
    const refused = clients().sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'arrived' }));
    await expect(refused).rejects.toMatchObject({ name: 'InternalServerError' });
    expect(await sqs.invoke('ReceiveMessage', { QueueUrl: url })).toMatchObject({
      Messages: [{ Body: 'arrived' }],
    });
  });

  test('can delay', async () => {
    once(faults.delay(100));
    const started = performance.now();
    await send(clients().sqs);
    expect(performance.now() - started).toBeGreaterThan(95);
  });
});

test('a gateway that closes ends long polls at once', async () => {
  await using other = await startCloud();
  const polled = createSqs({ file: ':memory:', baseUrl: other.url, region, account });
  other.register('sqs', polled);
  const QueueUrl = polled.ensureQueue('q', {});
  const waiting = new SQSClient(other.config())
    .send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }))
    .then(
      () => 'answered',
      () => 'broken off',
    );
  await new Promise((resolve) => setTimeout(resolve, 200));
  const started = performance.now();
  await other.close();
  expect(await waiting).toBe('broken off');
  expect(performance.now() - started).toBeLessThan(1_000);
});
