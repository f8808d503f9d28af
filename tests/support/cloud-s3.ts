/** S3 with one bucket behind a gateway of its own, an SDK client, and the few calls that most tests make. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { createS3 } from '#infra/local/services/s3/index.ts';
import { region, startCloud } from '#tests/support/cloud.ts';
import { scratch } from '#tests/support/scratch.ts';

export const Bucket = 'artifacts';

export const startS3 = async () => {
  const temporary = scratch('s3');
  const folder = join(temporary, 's3');
  let ahead_ms = 0;
  const cloud = await startCloud({ now: () => Date.now() + ahead_ms });
  const open = async () => {
    const opened = await createS3({ folder, region });
    cloud.register('s3', opened);
    return opened;
  };
  let s3 = await open();
  s3.ensureBucket(Bucket);
  const client = new S3Client({ ...cloud.config(), forcePathStyle: true });

  /** The object with its whole content; a body left unread would end in an error when the connection closes. */
  const get = async (Key: string, more: object = {}) => {
    const { Body, ...output } = await client.send(new GetObjectCommand({ Bucket, Key, ...more }));
    return { ...output, content: Buffer.from((await Body?.transformToByteArray()) ?? []) };
  };
  return {
    cloud,
    client,
    folder,
    get,
    /** Sets the gateway's clock to the real one plus `ms`. */
    setAhead: (ms: number) => {
      ahead_ms = ms;
    },
    /** `meanwhile` runs while the service is down. */
    restart: async (meanwhile: () => Promise<void> = async () => undefined) => {
      s3.close();
      await meanwhile();
      s3 = await open();
    },
    stop: async () => {
      client.destroy();
      await cloud[Symbol.asyncDispose]();
      s3.close();
    },
    put: (Key: string, Body: string | Uint8Array | Readable, more: object = {}) =>
      client.send(new PutObjectCommand({ Bucket, Key, Body, ...more })),
    contentOf: async (Key: string, more: object = {}) => (await get(Key, more)).content,
    list: (more: object) => client.send(new ListObjectsV2Command({ Bucket, ...more })),
    /** Files that hold objects and parts. */
    blobs: () => readdir(join(folder, 'blobs')),
  };
};

export const withStatus = (httpStatusCode: number) => ({
  $metadata: { httpStatusCode },
});
