import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetRandomPasswordCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceExistsException,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSecrets } from '#infra/local/services/secrets/index.ts';
import { account, region, startCloud } from '#tests/support/cloud.ts';
import { scratch } from '#tests/support/scratch.ts';

let folder: string;
let cloud: Awaited<ReturnType<typeof startCloud>>;
let client: SecretsManagerClient;
const file = () => join(folder, 'secrets.json');
const open = () => createSecrets({ file: file(), region, account });

beforeAll(async () => {
  folder = scratch('secrets');
  cloud = await startCloud();
  cloud.register('secretsmanager', open());
  client = new SecretsManagerClient(cloud.config());
});

afterAll(async () => {
  expect(cloud.failures).toEqual([]);
  client.destroy();
  await cloud[Symbol.asyncDispose]();
});

const create = (Name: string, SecretString: string) =>
  client.send(new CreateSecretCommand({ Name, SecretString }));
const secretOf = async (SecretId: string, more: object = {}) =>
  (await client.send(new GetSecretValueCommand({ SecretId, ...more }))).SecretString;

test('a secret is read by its name, its ARN, and its ARN without the suffix', async () => {
  const { ARN = '' } = await create('by/name', '서울');
  expect(ARN).toMatch(/^arn:aws:secretsmanager:eu-west-1:000000000000:secret:by\/name-[A-Za-z]{6}$/);
  expect(await secretOf('by/name')).toBe('서울');
  expect(await secretOf(ARN)).toBe('서울');
  expect(await secretOf(ARN.slice(0, -7))).toBe('서울');
});

test('bytes come back as bytes', async () => {
  const SecretBinary = new Uint8Array([0, 255, 1]);
  await client.send(new CreateSecretCommand({ Name: 'bytes', SecretBinary }));
  const read = await client.send(new GetSecretValueCommand({ SecretId: 'bytes' }));
  expect(read.SecretBinary).toEqual(SecretBinary);
});

test('a new value becomes current, the old one previous, an older one has no stage', async () => {
  await create('rotated', 'one');
  for (const SecretString of ['two', 'three']) {
    await client.send(new PutSecretValueCommand({ SecretId: 'rotated', SecretString }));
  }
  expect(await secretOf('rotated')).toBe('three');
  expect(await secretOf('rotated', { VersionStage: 'AWSPREVIOUS' })).toBe('two');
  const { VersionIdsToStages } = await client.send(new DescribeSecretCommand({ SecretId: 'rotated' }));
  expect(Object.values(VersionIdsToStages ?? {})).toEqual([['AWSPREVIOUS'], ['AWSCURRENT']]);
});

test('putting the same version again changes nothing, another value under its id is refused', async () => {
  await create('idempotent', 'one');
  const put = (SecretString: string) =>
    client.send(
      new PutSecretValueCommand({ SecretId: 'idempotent', SecretString, ClientRequestToken: 'a'.repeat(32) }),
    );
  await put('two');
  await put('two');
  expect(await secretOf('idempotent', { VersionStage: 'AWSPREVIOUS' })).toBe('one');
  await expect(put('three')).rejects.toBeInstanceOf(ResourceExistsException);
});

test('a missing secret, stage or version is a typed error', async () => {
  await create('known', 'x');
  await expect(secretOf('nope')).rejects.toBeInstanceOf(ResourceNotFoundException);
  await expect(secretOf('known', { VersionStage: 'AWSPREVIOUS' })).rejects.toBeInstanceOf(
    ResourceNotFoundException,
  );
  await expect(secretOf('known', { VersionId: 'b'.repeat(32) })).rejects.toBeInstanceOf(
    ResourceNotFoundException,
  );
  await expect(create('known', 'y')).rejects.toBeInstanceOf(ResourceExistsException);
});

test('everything is there after a restart, in a file that only its owner reads', async () => {
  await create('kept', 'value');
  cloud.register('secretsmanager', open());
  expect(await secretOf('kept')).toBe('value');
  expect((await stat(file())).mode & 0o777).toBe(0o600);
});

test('a template’s secret is generated once and keeps its value', async () => {
  const secrets = open();
  cloud.register('secretsmanager', secrets);
  const properties = {
    GenerateSecretString: {
      SecretStringTemplate: '{"email":"head@school.example"}',
      GenerateStringKey: 'password',
      PasswordLength: 24,
      ExcludePunctuation: true,
    },
  };
  const arn = secrets.ensureSecret('FirstAdmin', properties);
  const first = (await secretOf(arn)) ?? '';
  expect(JSON.parse(first)).toEqual({
    email: 'head@school.example',
    password: expect.stringMatching(/^[A-Za-z0-9]{24}$/),
  });
  expect(secrets.ensureSecret('FirstAdmin', properties)).toBe(arn);
  expect(await secretOf(arn)).toBe(first);
});

test('a random password has the length and the characters that were asked for', async () => {
  const random = async (options: object) =>
    (await client.send(new GetRandomPasswordCommand(options))).RandomPassword ?? '';
  expect(await random({})).toHaveLength(32);
  const digits = {
    ExcludeUppercase: true,
    ExcludeLowercase: true,
    ExcludePunctuation: true,
    ExcludeCharacters: '012',
  };
  expect(await random({ ...digits, PasswordLength: 64 })).toMatch(/^[3-9]{64}$/);
  const short = await random({ PasswordLength: 4 });
  for (const type of [/[a-z]/, /[A-Z]/, /\d/, /[^a-zA-Z\d]/]) expect(short).toMatch(type);
});
