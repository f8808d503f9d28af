import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { expect, test } from 'vitest';
import { createS3 } from '#infra/local/services/s3/index.ts';
import { createSecrets } from '#infra/local/services/secrets/index.ts';
import { createSqs } from '#infra/local/services/sqs/index.ts';
import { account, region, startCloud } from '#tests/support/cloud.ts';
import { scratch } from '#tests/support/scratch.ts';

const child = new URL('../support/cloud-crash-child.ts', import.meta.url).pathname;

/** The lines `<service> <name>` that a child printed before it was killed, some of each service. */
const writeAndKill = async (folder: string, round: number): Promise<string[]> => {
  const writer = spawn(process.execPath, [child, folder, `round${round}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  const enough = (service: string) => printed.split(`${service} `).length > 5 + round;
  for await (const chunk of writer.stdout) {
    printed += chunk;
    if (['sqs', 's3', 'secrets'].every(enough)) break;
  }
  writer.kill('SIGKILL');
  await once(writer, 'exit');
  return printed.split('\n').slice(0, -1);
};

test('kill -9 of the runner loses no acknowledged message, object or secret', async () => {
  const folder = scratch('gateway-crash');
  const acknowledged: string[] = [];
  for (let round = 0; round < 3; round += 1) acknowledged.push(...(await writeAndKill(folder, round)));
  const of = (service: string) =>
    acknowledged
      .filter((line) => line.startsWith(`${service} `))
      .map((line) => line.slice(service.length + 1));
  expect(acknowledged.length).toBeGreaterThan(45);

  await using cloud = await startCloud();
  const sqs = createSqs({ file: join(folder, 'sqs.sqlite'), baseUrl: cloud.url, region, account });
  const QueueUrl = sqs.ensureQueue('crash', {});
  const messages = new Set<string>();
  for (;;) {
    const { Messages = [] } = await sqs.invoke('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 });
    const bodies = (Messages as { Body: string }[]).map(({ Body }) => Body);
    if (bodies.length === 0) break;
    for (const body of bodies) messages.add(body);
  }
  expect(of('sqs').filter((name) => !messages.has(name))).toEqual([]);
  sqs.close();

  const s3 = await createS3({ folder: join(folder, 's3'), region });
  cloud.register('s3', s3);
  const client = new S3Client({ ...cloud.config(), forcePathStyle: true });
  for (const Key of of('s3')) {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: 'crash', Key }));
    expect(await Body?.transformToString()).toBe(Key.repeat(10_000));
  }
  client.destroy();
  s3.close();

  cloud.register('secretsmanager', createSecrets({ file: join(folder, 'secrets.json'), region, account }));
  const vault = new SecretsManagerClient(cloud.config());
  const { SecretString } = await vault.send(new GetSecretValueCommand({ SecretId: 'crash' }));
  const number = (name = '') => Number(/\d+$/.exec(name));
  expect(SecretString).toMatch(/^round2-/);
  expect(number(SecretString)).toBeGreaterThanOrEqual(number(of('secrets').at(-1)));
  vault.destroy();
}, 60_000);

test('a damaged data file is named in a clear sentence', async () => {
  const folder = scratch('gateway-crash');
  const file = join(folder, 'damaged');
  await writeFile(file, 'no data'.repeat(1_000));
  expect(() => createSqs({ file, baseUrl: '', region, account })).toThrow(
    `The data file ${file} cannot be opened`,
  );
  expect(() => createSecrets({ file, region, account })).toThrow(`${file} cannot be read`);
});
