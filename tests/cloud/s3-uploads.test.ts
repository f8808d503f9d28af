import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListPartsCommand,
  NoSuchKey,
  NoSuchUpload,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, describe, expect, test } from 'vitest';
import { sleep } from '#tests/support/cloud.ts';
import { Bucket, startS3 } from '#tests/support/cloud-s3.ts';

const { cloud, client, folder, stop, restart, put, get, contentOf, blobs } = await startS3();

afterAll(async () => {
  expect(cloud.failures).toEqual([]);
  await stop();
});

describe('integrity', () => {
  const raw = async (key: string, body: string, headers: Record<string, string>) => {
    const bare = new S3Client({
      ...cloud.config(),
      forcePathStyle: true,
      requestChecksumCalculation: 'WHEN_REQUIRED',
    });
    const url = await getSignedUrl(bare, new PutObjectCommand({ Bucket, Key: key }));
    return fetch(url, { method: 'PUT', body, headers });
  };

  test.each(['CRC32', 'SHA1', 'SHA256', 'CRC32C', 'CRC64NVME'] as const)(
    'a body with a %s checksum passes and the reader can verify it',
    async (ChecksumAlgorithm) => {
      await put('checked', 'hello', { ChecksumAlgorithm });
      const read = await get('checked', { ChecksumMode: 'ENABLED' });
      expect(read.content.toString()).toBe('hello');
      expect(read[`Checksum${ChecksumAlgorithm}`]).toEqual(expect.any(String));
    },
  );

  test.each([
    ['x-amz-checksum-crc32', 'AAAAAA=='],
    ['x-amz-checksum-sha256', 'AAAA'],
    ['content-md5', 'AAAA'],
  ])('a wrong %s is refused and nothing is stored', async (name, value) => {
    const reply = await raw('damaged', 'hello', { [name]: value });
    expect(reply.status).toBe(400);
    expect(await reply.text()).toContain('<Code>BadDigest</Code>');
    await expect(get('damaged')).rejects.toBeInstanceOf(NoSuchKey);
  });

  test('a streamed upload (aws-chunked, trailing checksum) arrives as it was', async () => {
    const content = randomBytes(3 * 1024 * 1024 + 17);
    const pieces = [content.subarray(0, 1), content.subarray(1, 70_000), content.subarray(70_000)];
    await put('streamed', Readable.from(pieces), { ContentLength: content.length });
    expect(await contentOf('streamed', { ChecksumMode: 'ENABLED' })).toEqual(content);
    expect((await get('streamed')).ContentEncoding).toBeUndefined();
  });

  const chunked = (body: string, headers: Record<string, string> = {}) =>
    raw('chunked', body, {
      'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
      'content-encoding': 'aws-chunked',
      'x-amz-trailer': 'x-amz-checksum-crc32',
      'x-amz-decoded-content-length': '5',
      ...headers,
    });
  const helloCrc32 = 'NhCmhg==';

  test.each([
    ['in order', `2\r\nhe\r\n3\r\nllo\r\n0\r\nx-amz-checksum-crc32:${helloCrc32}\r\n\r\n`, 200, ''],
    [
      'with chunk signatures',
      `5;chunk-signature=ab\r\nhello\r\n0;chunk-signature=cd\r\nx-amz-checksum-crc32:${helloCrc32}\r\n\r\n`,
      200,
      '',
    ],
    [
      'with a wrong trailing checksum',
      '5\r\nhello\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n',
      400,
      'BadDigest',
    ],
    ['without the announced trailer', '5\r\nhello\r\n0\r\n\r\n', 400, 'MalformedTrailerError'],
    ['cut off', '5\r\nhel', 400, 'IncompleteBody'],
    ['without the last chunk', '5\r\nhello\r\n', 400, 'IncompleteBody'],
    [
      'with a size that is too small',
      `3\r\nhello\r\n0\r\nx-amz-checksum-crc32:${helloCrc32}\r\n\r\n`,
      400,
      'InvalidChunkSizeError',
    ],
    [
      'with another length than announced',
      `4\r\nhell\r\n0\r\nx-amz-checksum-crc32:${helloCrc32}\r\n\r\n`,
      400,
      'IncompleteBody',
    ],
    ['that are no chunks', 'hello', 400, 'IncompleteBody'],
  ])('chunks %s', async (_, body, expected, code) => {
    const reply = await chunked(body);
    expect({ status: reply.status, text: await reply.text() }).toEqual({
      status: expected,
      text: code === '' ? '' : expect.stringContaining(`<Code>${code}</Code>`),
    });
  });

  test('an upload whose client leaves half-way leaves nothing', async () => {
    const before = await blobs();
    const url = await getSignedUrl(client, new PutObjectCommand({ Bucket, Key: 'half' }));
    const upload = request(url, { method: 'PUT', headers: { 'content-length': '1000000' } });
    upload.on('error', () => undefined);
    upload.write('x'.repeat(100_000));
    await sleep(100);
    upload.destroy();
    await sleep(200);
    expect(await blobs()).toEqual(before);
    expect(await readdir(join(folder, 'unfinished'))).toEqual([]);
    await expect(get('half')).rejects.toBeInstanceOf(NoSuchKey);
  });
});

describe('multipart uploads', () => {
  const start = async (Key: string) => {
    const command = new CreateMultipartUploadCommand({
      Bucket,
      Key,
      ContentType: 'text/csv',
      Metadata: { m: '1' },
    });
    const { UploadId } = await client.send(command);
    const upload = { Bucket, Key, UploadId };
    const part = async (PartNumber: number, Body: Uint8Array | string) => {
      const { ETag } = await client.send(new UploadPartCommand({ ...upload, PartNumber, Body }));
      return { PartNumber, ETag };
    };
    const complete = (Parts: { PartNumber: number; ETag: string | undefined }[], more: object = {}) =>
      client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts }, ...more }));
    return { upload, part, complete };
  };
  const large = randomBytes(5 * 1024 * 1024);

  test('join their parts in order, and the last upload of a part counts', async () => {
    const before = (await blobs()).length;
    const { upload, part, complete } = await start('joined');
    await part(2, 'replaced');
    const second = await part(2, 'the end');
    const first = await part(1, large);
    const { Parts } = await client.send(new ListPartsCommand(upload));
    expect(Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
      [1, large.length],
      [2, 7],
    ]);
    await expect(get('joined')).rejects.toBeInstanceOf(NoSuchKey);
    const { ETag } = await complete([first, second]);
    expect(ETag).toMatch(/^"[0-9a-f]{32}-2"$/);
    expect(await contentOf('joined')).toEqual(Buffer.concat([large, Buffer.from('the end')]));
    expect(await get('joined')).toMatchObject({ ContentType: 'text/csv', Metadata: { m: '1' }, ETag });
    expect((await blobs()).length).toBe(before + 1);
  });

  test('refuse parts that are missing, unordered or too small', async () => {
    const { part, complete } = await start('refused');
    const [one, two] = [await part(1, 'small'), await part(2, 'end')];
    await expect(complete([two, one])).rejects.toMatchObject({ name: 'InvalidPartOrder' });
    await expect(complete([{ ...one, ETag: '"nope"' }])).rejects.toMatchObject({ name: 'InvalidPart' });
    await expect(complete([one, two])).rejects.toMatchObject({ name: 'EntityTooSmall' });
    await complete([one]);
    expect((await contentOf('refused')).toString()).toBe('small');
  });

  test('can be aborted, and are then unknown', async () => {
    const before = await blobs();
    const { upload, part, complete } = await start('aborted');
    const one = await part(1, 'x');
    await client.send(new AbortMultipartUploadCommand(upload));
    await expect(complete([one])).rejects.toBeInstanceOf(NoSuchUpload);
    expect(await blobs()).toEqual(before);
  });

  test('survive a restart', async () => {
    const { part, complete } = await start('resumed');
    const first = await part(1, large);
    await restart();
    await complete([first, await part(2, 'rest')]);
    expect((await contentOf('resumed')).length).toBe(large.length + 4);
  });
});
