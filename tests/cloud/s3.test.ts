import { createHash, randomBytes } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  BucketAlreadyOwnedByYou,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  NoSuchKey,
  NoSuchUpload,
  NotFound,
  PutObjectAclCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createS3, type S3 } from '#infra/local/services/s3/index.ts';
import { region, sleep, startCloud, temporaryFolder } from '#tests/support/cloud.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let cloud: Awaited<ReturnType<typeof startCloud>>;
let s3: S3;
let client: S3Client;
const Bucket = 'artifacts';

const openS3 = async () => {
  s3 = await createS3({ folder: join(folder.path, 's3'), region });
  cloud.register('s3', s3);
};

beforeAll(async () => {
  folder = await temporaryFolder();
  cloud = await startCloud();
  await openS3();
  s3.ensureBucket(Bucket);
  client = new S3Client({ ...cloud.config(), forcePathStyle: true });
});

afterAll(async () => {
  expect(cloud.failures).toEqual([]);
  client.destroy();
  await cloud[Symbol.asyncDispose]();
  s3.close();
  await folder[Symbol.asyncDispose]();
});

const put = (Key: string, Body: string | Uint8Array | Readable, more: object = {}) =>
  client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
/** The object with its whole content; a body left unread would end in an error when the connection closes. */
const get = async (Key: string, more: object = {}) => {
  const { Body, ...output } = await client.send(new GetObjectCommand({ Bucket, Key, ...more }));
  return { ...output, content: Buffer.from((await Body?.transformToByteArray()) ?? []) };
};
const contentOf = async (Key: string, more: object = {}) => (await get(Key, more)).content;
const list = (more: object) => client.send(new ListObjectsV2Command({ Bucket, ...more }));
const status = (httpStatusCode: number) => ({ $metadata: expect.objectContaining({ httpStatusCode }) });
const blobs = () => readdir(join(folder.path, 's3', 'blobs'));

describe('buckets', () => {
  test('are created once, found, listed and deleted when empty', async () => {
    const name = 'other-bucket';
    await client.send(new CreateBucketCommand({ Bucket: name }));
    await expect(client.send(new CreateBucketCommand({ Bucket: name }))).rejects.toBeInstanceOf(
      BucketAlreadyOwnedByYou,
    );
    await client.send(new HeadBucketCommand({ Bucket: name }));
    const { Buckets } = await client.send(new ListBucketsCommand({}));
    expect(Buckets?.map(({ Name }) => Name)).toEqual([Bucket, name]);
    await client.send(new PutObjectCommand({ Bucket: name, Key: 'k', Body: 'x' }));
    await expect(client.send(new DeleteBucketCommand({ Bucket: name }))).rejects.toMatchObject({
      name: 'BucketNotEmpty',
    });
    await client.send(new DeleteObjectCommand({ Bucket: name, Key: 'k' }));
    await client.send(new DeleteBucketCommand({ Bucket: name }));
    await expect(client.send(new HeadBucketCommand({ Bucket: name }))).rejects.toBeInstanceOf(NotFound);
  });

  test('that do not exist, or have no valid name, are refused', async () => {
    const read = client.send(new GetObjectCommand({ Bucket: 'no-such-bucket', Key: 'k' }));
    await expect(read).rejects.toMatchObject({ name: 'NoSuchBucket' });
    await expect(client.send(new CreateBucketCommand({ Bucket: 'Up' }))).rejects.toMatchObject({
      name: 'InvalidBucketName',
    });
  });
});

describe('objects', () => {
  test('come back with content, type, metadata and ETag', async () => {
    const Body = '{"name":"서울고등학교"}';
    const headers = {
      ContentType: 'application/json',
      ContentEncoding: 'identity',
      CacheControl: 'max-age=60',
      Metadata: { 'job-id': '42' },
    };
    const { ETag } = await put('object.json', Body, headers);
    expect(ETag).toBe(`"${createHash('md5').update(Body).digest('hex')}"`);
    const read = await get('object.json');
    expect(read).toMatchObject({ ...headers, ETag, ContentLength: Buffer.byteLength(Body) });
    expect(read.content.toString()).toBe(Body);
    const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'object.json' }));
    expect(head).toMatchObject({ ...headers, ETag, ContentLength: Buffer.byteLength(Body) });
    expect(head.LastModified?.getTime()).toBeGreaterThan(Date.now() - 60_000);
  });

  test('are replaced and deleted, and leave no file behind', async () => {
    const before = await blobs();
    await put('replaced', 'one');
    await put('replaced', 'two');
    expect((await contentOf('replaced')).toString()).toBe('two');
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'replaced' }));
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'replaced' }));
    await expect(get('replaced')).rejects.toBeInstanceOf(NoSuchKey);
    const head = client.send(new HeadObjectCommand({ Bucket, Key: 'replaced' }));
    await expect(head).rejects.toBeInstanceOf(NotFound);
    expect(await blobs()).toEqual(before);
  });

  test('may be empty', async () => {
    await put('empty', Buffer.alloc(0));
    expect(await contentOf('empty')).toHaveLength(0);
  });

  test('that are being read keep their content when they are replaced', async () => {
    const first = randomBytes(8 * 1024 * 1024);
    await put('being-read', first);
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: 'being-read' }));
    await put('being-read', 'second');
    expect(Buffer.from((await Body?.transformToByteArray()) ?? [])).toEqual(first);
  });

  test('are copied with their metadata, or with new ones', async () => {
    await put('original/a b', 'x', { ContentType: 'text/plain', Metadata: { a: '1' } });
    const CopySource = `${Bucket}/original/a%20b`;
    await client.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource }));
    expect(await get('copy')).toMatchObject({ ContentType: 'text/plain', Metadata: { a: '1' } });
    const replacing = { MetadataDirective: 'REPLACE', Metadata: { b: '2' } } as const;
    await client.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource, ...replacing }));
    expect((await get('copy')).Metadata).toEqual({ b: '2' });
    const missing = client.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/nope` }));
    await expect(missing).rejects.toBeInstanceOf(NoSuchKey);
  });

  test('are deleted many at a time', async () => {
    const keys = ['many/&<>"\'', 'many/서울', 'many/plain'];
    for (const key of keys) await put(key, 'x');
    const Delete = { Objects: [...keys, 'many/absent'].map((Key) => ({ Key })) };
    const { Deleted, Errors } = await client.send(new DeleteObjectsCommand({ Bucket, Delete }));
    expect(Deleted?.map(({ Key }) => Key)).toEqual([...keys, 'many/absent']);
    expect(Errors).toBeUndefined();
    expect((await list({ Prefix: 'many/' })).KeyCount).toBe(0);
  });

  test('of an operation that is not implemented are left alone', async () => {
    await put('acl', 'x');
    const refused = client.send(new PutObjectAclCommand({ Bucket, Key: 'acl', ACL: 'private' }));
    await expect(refused).rejects.toMatchObject({ name: 'NotImplemented' });
    expect((await contentOf('acl')).toString()).toBe('x');
  });
});

describe('conditions and ranges', () => {
  test('If-None-Match: * creates and never replaces, also in a race', async () => {
    await put('once', 'first', { IfNoneMatch: '*' });
    await expect(put('once', 'second', { IfNoneMatch: '*' })).rejects.toMatchObject({
      name: 'PreconditionFailed',
      ...status(412),
    });
    expect((await contentOf('once')).toString()).toBe('first');
    const racers = Array.from({ length: 10 }, (_, index) => put('race', `${index}`, { IfNoneMatch: '*' }));
    const won = (await Promise.allSettled(racers)).filter((result) => result.status === 'fulfilled');
    expect(won).toHaveLength(1);
  });

  test('If-Match replaces only the version it names', async () => {
    const { ETag } = await put('versioned', 'one');
    await put('versioned', 'two', { IfMatch: ETag });
    await expect(put('versioned', 'three', { IfMatch: ETag })).rejects.toMatchObject({
      name: 'PreconditionFailed',
    });
    await expect(put('absent', 'x', { IfMatch: ETag })).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  test('a reader gets 304 for what it has and 412 for what has changed', async () => {
    const { ETag } = await put('conditional', 'x');
    await expect(get('conditional', { IfNoneMatch: ETag })).rejects.toMatchObject(status(304));
    await expect(get('conditional', { IfMatch: '"other"' })).rejects.toMatchObject(status(412));
    const later = new Date(Date.now() + 60_000);
    await expect(get('conditional', { IfModifiedSince: later })).rejects.toMatchObject(status(304));
    await expect(get('conditional', { IfUnmodifiedSince: new Date(0) })).rejects.toMatchObject(status(412));
  });

  test.each([
    ['bytes=0-3', '0123', 'bytes 0-3/10'],
    ['bytes=4-', '456789', 'bytes 4-9/10'],
    ['bytes=-3', '789', 'bytes 7-9/10'],
    ['bytes=8-99', '89', 'bytes 8-9/10'],
    ['bytes=-99', '0123456789', 'bytes 0-9/10'],
  ])('range %s gives %s', async (Range, content, ContentRange) => {
    await put('ranged', '0123456789');
    const read = await get('ranged', { Range });
    expect(read).toMatchObject({ ContentRange, ContentLength: content.length, ...status(206) });
    expect(read.content.toString()).toBe(content);
  });

  test('a range beyond the end is refused', async () => {
    await put('ranged', '0123456789');
    await expect(get('ranged', { Range: 'bytes=10-' })).rejects.toMatchObject({
      name: 'InvalidRange',
      ...status(416),
    });
  });
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
    expect(await readdir(join(folder.path, 's3', 'unfinished'))).toEqual([]);
    await expect(get('half')).rejects.toBeInstanceOf(NoSuchKey);
  });
});

describe('keys', () => {
  const keys = [
    '../../escaped',
    '../index.sqlite',
    '..',
    '.',
    './dot',
    '/leading/slash',
    'double//slash/',
    'a/../b',
    '%2e%2e%2fencoded',
    '..\\windows',
    'nul\u0000byte',
    'control\u0001\u007f',
    'space and +plus & ampersand?query#hash',
    '서울고등학교/학생.json',
    '👩🏽‍🏫',
    'x'.repeat(1_024),
  ];

  test.each(keys)('%j is a name like any other', async (key) => {
    await put(key, `content of ${key}`);
    expect((await contentOf(key)).toString()).toBe(`content of ${key}`);
    const { Contents } = await list({ Prefix: key, EncodingType: 'url' });
    expect(Contents?.map(({ Key = '' }) => decodeURIComponent(Key))).toContain(key);
    await client.send(new DeleteObjectCommand({ Bucket, Key: key }));
    await expect(get(key)).rejects.toBeInstanceOf(NoSuchKey);
  });

  test('never become paths: the folder holds the index and blobs of random names', async () => {
    for (const key of keys) await put(key, 'x');
    expect((await readdir(folder.path)).sort()).toEqual(['s3']);
    expect(
      (await readdir(join(folder.path, 's3'))).filter((name) => !name.startsWith('index.sqlite')).sort(),
    ).toEqual(['blobs', 'unfinished']);
    for (const name of await blobs()) expect(name).toMatch(/^[0-9a-f-]{36}$/);
    for (const key of keys) await client.send(new DeleteObjectCommand({ Bucket, Key: key }));
  });

  test('of more than 1,024 bytes are refused', async () => {
    await expect(put('é'.repeat(513), 'x')).rejects.toMatchObject({ name: 'KeyTooLongError' });
  });
});

describe('lists', () => {
  beforeAll(async () => {
    for (const key of ['a.txt', 'a/1', 'a/2', 'a/b/3', 'b', 'é', '\u{10FFFF}x', '\uFFFDx'])
      await put(`list/${key}`, key);
  });

  const keysOf = ({ Contents = [] }: Awaited<ReturnType<typeof list>>) =>
    Contents.map(({ Key = '' }) => Key.replace('list/', ''));

  test('are ordered by the bytes of UTF-8', async () => {
    const listed = await list({ Prefix: 'list/' });
    expect(keysOf(listed)).toEqual(['a.txt', 'a/1', 'a/2', 'a/b/3', 'b', 'é', '\uFFFDx', '\u{10FFFF}x']);
    expect(listed).toMatchObject({ KeyCount: 8, IsTruncated: false });
    expect(listed.Contents?.[0]).toMatchObject({ Size: 5, ETag: expect.stringMatching(/^"[0-9a-f]{32}"$/) });
  });

  test('fold what lies under a delimiter', async () => {
    const listed = await list({ Prefix: 'list/', Delimiter: '/' });
    expect(keysOf(listed)).toEqual(['a.txt', 'b', 'é', '\uFFFDx', '\u{10FFFF}x']);
    expect(listed.CommonPrefixes).toEqual([{ Prefix: 'list/a/' }]);
    const below = await list({ Prefix: 'list/a/', Delimiter: '/' });
    expect(keysOf(below)).toEqual(['a/1', 'a/2']);
    expect(below.CommonPrefixes).toEqual([{ Prefix: 'list/a/b/' }]);
  });

  test.each([1, 2, 3, 7, 8])('page by %d without losing or repeating anything', async (MaxKeys) => {
    for (const Delimiter of [undefined, '/']) {
      const whole = await list({ Prefix: 'list/', Delimiter });
      const seen: (string | undefined)[] = [];
      let ContinuationToken: string | undefined;
      do {
        const page = await list({ Prefix: 'list/', Delimiter, MaxKeys, ContinuationToken });
        expect(page.KeyCount).toBeLessThanOrEqual(MaxKeys);
        seen.push(
          ...(page.Contents ?? []).map(({ Key }) => Key),
          ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix),
        );
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);
      const all = [
        ...(whole.Contents ?? []).map(({ Key }) => Key),
        ...(whole.CommonPrefixes ?? []).map(({ Prefix }) => Prefix),
      ];
      expect(seen.sort()).toEqual(all.sort());
    }
  });

  test('start after a key', async () => {
    expect(keysOf(await list({ Prefix: 'list/', StartAfter: 'list/a/2', MaxKeys: 2 }))).toEqual([
      'a/b/3',
      'b',
    ]);
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
    s3.close();
    await openS3();
    await complete([first, await part(2, 'rest')]);
    expect((await contentOf('resumed')).length).toBe(large.length + 4);
  });
});

test('objects survive a restart, and what a crash left behind is removed', async () => {
  await put('kept', 'x');
  const known = await blobs();
  s3.close();
  await writeFile(join(folder.path, 's3', 'blobs', 'orphan'), 'x');
  await writeFile(join(folder.path, 's3', 'unfinished', 'draft'), 'x');
  await openS3();
  expect((await contentOf('kept')).toString()).toBe('x');
  expect((await blobs()).sort()).toEqual(known.sort());
  expect(await readdir(join(folder.path, 's3', 'unfinished'))).toEqual([]);
});
