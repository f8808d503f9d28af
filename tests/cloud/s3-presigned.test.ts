import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, expect, test } from 'vitest';
import { Bucket, startS3 } from '#tests/support/cloud-s3.ts';

const { cloud, client, stop, setAhead } = await startS3();

afterAll(async () => {
  expect(cloud.failures).toEqual([]);
  await stop();
});

const signedPut = (Key: string, more: object = {}, options: object = {}) =>
  getSignedUrl(client, new PutObjectCommand({ Bucket, Key, ...more }), options);
const signedGet = (Key: string, more: object = {}, options: object = {}) =>
  getSignedUrl(client, new GetObjectCommand({ Bucket, Key, ...more }), options);
const refusal = async (reply: Response) => ({
  status: reply.status,
  code: /<Code>(\w+)<\/Code>/.exec(await reply.text())?.[1],
});

test('a browser uploads and downloads by presigned URLs, whatever the key', async () => {
  for (const key of ['plain', 'with space/서울+&?.json', 'a//b']) {
    const uploaded = await fetch(await signedPut(key), { method: 'PUT', body: `content of ${key}` });
    expect(uploaded.status).toBe(200);
    const reply = await fetch(await signedGet(key, { ResponseContentType: 'text/csv' }));
    expect(await reply.text()).toBe(`content of ${key}`);
    expect(reply.headers.get('content-type')).toBe('text/csv');
  }
});

test.each([
  ['the key', (url: string) => url.replace('/mine', '/yours')],
  ['the expiry', (url: string) => url.replace('X-Amz-Expires=60', 'X-Amz-Expires=600')],
  ['the date', (url: string) => url.replace(/(X-Amz-Date=\d{8}T)\d{6}/, '$1000000')],
  [
    'the signature',
    (url: string) =>
      url.replace(/X-Amz-Signature=./, (start) => start.slice(0, -1) + (start.endsWith('0') ? '1' : '0')),
  ],
  ['a further parameter', (url: string) => `${url}&response-content-type=text/html`],
  ['a removed parameter', (url: string) => url.replace('&x-id=GetObject', '')],
])('a URL with another value for %s is refused', async (_, tamper) => {
  await fetch(await signedPut('mine'), { method: 'PUT', body: 'mine' });
  await fetch(await signedPut('yours'), { method: 'PUT', body: 'yours' });
  const url = await signedGet('mine', {}, { expiresIn: 60 });
  expect(tamper(url)).not.toBe(url);
  expect(await refusal(await fetch(tamper(url)))).toEqual({ status: 403, code: 'SignatureDoesNotMatch' });
});

test('a URL to read does not write, and a signed header cannot be changed', async () => {
  const get = await signedGet('mine');
  expect(await refusal(await fetch(get, { method: 'PUT', body: 'x' }))).toMatchObject({
    code: 'SignatureDoesNotMatch',
  });
  const put = await signedPut(
    'typed',
    { ContentType: 'image/png' },
    { signableHeaders: new Set(['content-type']) },
  );
  const upload = (type: string) =>
    fetch(put, { method: 'PUT', body: 'x', headers: { 'content-type': type } });
  expect(await refusal(await upload('text/html'))).toMatchObject({ code: 'SignatureDoesNotMatch' });
  expect((await upload('image/png')).status).toBe(200);
});

test('a URL works until it expires', async () => {
  await fetch(await signedPut('mine'), { method: 'PUT', body: 'mine' });
  const url = await signedGet('mine', {}, { expiresIn: 60 });
  setAhead(55_000);
  expect((await fetch(url)).status).toBe(200);
  setAhead(61_000);
  const reply = await fetch(url);
  const body = await reply.text();
  expect(reply.status).toBe(403);
  expect(body).toContain('<Code>AccessDenied</Code>');
  expect(body).toContain('Request has expired');
  setAhead(-3_600_000);
  expect(await refusal(await fetch(url))).toEqual({ status: 403, code: 'AccessDenied' });
  setAhead(0);
});

test('a URL signed for longer than a week, or incompletely, is refused', async () => {
  const url = await signedGet('mine');
  const malformed = { status: 400, code: 'AuthorizationQueryParametersError' };
  expect(await refusal(await fetch(url.replace(/X-Amz-Signature=[0-9a-f]+/, 'X-Amz-Signature=')))).toEqual(
    malformed,
  );
  expect(await refusal(await fetch(url.replace(/aws4_request/, 'aws3_request')))).toEqual(malformed);
});

test('a URL grants no more than the role that signed it', async () => {
  await fetch(await signedPut('training/1'), { method: 'PUT', body: 'x' });
  await fetch(await signedPut('secret/1'), { method: 'PUT', body: 'x' });
  const Resource = `arn:aws:s3:::${Bucket}/training/*`;
  cloud.principals.set('LOCALReader', [{ Effect: 'Allow', Action: 's3:GetObject', Resource }]);
  const reader = new S3Client({ ...cloud.config('LOCALReader'), forcePathStyle: true });
  const sign = (Key: string) => getSignedUrl(reader, new GetObjectCommand({ Bucket, Key }));
  expect((await fetch(await sign('training/1'))).status).toBe(200);
  expect(await refusal(await fetch(await sign('secret/1')))).toEqual({ status: 403, code: 'AccessDenied' });
  cloud.principals.delete('LOCALReader');
  expect(await refusal(await fetch(await sign('training/1')))).toEqual({
    status: 403,
    code: 'InvalidAccessKeyId',
  });
});
