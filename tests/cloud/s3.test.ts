import { createHash, randomBytes } from 'node:crypto';
import { readdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  BucketAlreadyOwnedByYou,
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  NoSuchKey,
  NotFound,
  PutObjectAclCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Bucket, startS3, withStatus } from '#tests/support/cloud-s3.ts';

const { cloud, client, folder, stop, restart, put, get, contentOf, list, blobs } = await startS3();

afterAll(async () => {
  expect(cloud.failures).toEqual([]);
  await stop();
});

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
      ...withStatus(412),
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
    await expect(get('conditional', { IfNoneMatch: ETag })).rejects.toMatchObject(withStatus(304));
    await expect(get('conditional', { IfMatch: '"other"' })).rejects.toMatchObject(withStatus(412));
    const later = new Date(Date.now() + 60_000);
    await expect(get('conditional', { IfModifiedSince: later })).rejects.toMatchObject(withStatus(304));
    await expect(get('conditional', { IfUnmodifiedSince: new Date(0) })).rejects.toMatchObject(
      withStatus(412),
    );
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
    expect(read).toMatchObject({ ContentRange, ContentLength: content.length, ...withStatus(206) });
    expect(read.content.toString()).toBe(content);
  });

  test('a range beyond the end is refused', async () => {
    await put('ranged', '0123456789');
    await expect(get('ranged', { Range: 'bytes=10-' })).rejects.toMatchObject({
      name: 'InvalidRange',
      ...withStatus(416),
    });
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
    expect((await readdir(dirname(folder))).sort()).toEqual(['s3']);
    expect((await readdir(folder)).filter((name) => !name.startsWith('index.sqlite')).sort()).toEqual([
      'blobs',
      'unfinished',
    ]);
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

test('objects survive a restart, and what a crash left behind is removed', async () => {
  await put('kept', 'x');
  const known = await blobs();
  await restart(async () => {
    await writeFile(join(folder, 'blobs', 'orphan'), 'x');
    await writeFile(join(folder, 'unfinished', 'draft'), 'x');
  });
  expect((await contentOf('kept')).toString()).toBe('x');
  expect((await blobs()).sort()).toEqual(known.sort());
  expect(await readdir(join(folder, 'unfinished'))).toEqual([]);
});

test('without its index nothing is removed: the blobs may be all there is', async () => {
  const known = await blobs();
  expect(known.length).toBeGreaterThan(0);
  await restart(async () => {
    for (const name of await readdir(folder)) {
      if (name.startsWith('index.sqlite')) await rename(join(folder, name), join(folder, `away-${name}`));
    }
  });
  expect((await blobs()).sort()).toEqual(known.sort());
});
