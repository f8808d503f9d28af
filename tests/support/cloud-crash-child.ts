/** Writes to SQS, S3 and Secrets Manager until it is killed, and prints what was acknowledged. */
import { join } from 'node:path';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { createS3 } from '#infra/local/services/s3/index.ts';
import { createSecrets } from '#infra/local/services/secrets/index.ts';
import { createSqs } from '#infra/local/services/sqs/index.ts';
import { account, region, startCloud } from '#tests/support/cloud.ts';

const folder = process.argv[2] ?? '';
const cloud = await startCloud();
const sqs = createSqs({ file: join(folder, 'sqs.sqlite'), baseUrl: cloud.url, region, account });
const s3 = await createS3({ folder: join(folder, 's3'), region });
const secrets = createSecrets({ file: join(folder, 'secrets.json'), region, account });
cloud.register('sqs', sqs);
cloud.register('s3', s3);
cloud.register('secretsmanager', secrets);
const QueueUrl = sqs.ensureQueue('crash', {});
s3.ensureBucket('crash');
secrets.ensureSecret('crash', { SecretString: 'none' });

const clients = {
  sqs: new SQSClient(cloud.config()),
  s3: new S3Client({ ...cloud.config(), forcePathStyle: true }),
  secrets: new SecretsManagerClient(cloud.config()),
};
const name = (n: number) => `${process.argv[3]}-${n}`;
const forever = async (kind: string, write: (value: string) => Promise<unknown>) => {
  for (let n = 0; ; n += 1) {
    await write(name(n));
    console.log(`${kind} ${name(n)}`);
  }
};

await Promise.all([
  forever('sqs', (MessageBody) => clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }))),
  forever('s3', async (Key) => {
    await clients.s3.send(new PutObjectCommand({ Bucket: 'crash', Key, Body: Key.repeat(10_000) }));
    await clients.s3
      .send(new GetObjectCommand({ Bucket: 'crash', Key }))
      .then(({ Body }) => Body?.transformToString());
  }),
  forever('secrets', (SecretString) =>
    clients.secrets.send(new PutSecretValueCommand({ SecretId: 'crash', SecretString })),
  ),
]);
