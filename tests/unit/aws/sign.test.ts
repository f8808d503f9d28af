import { expect, test } from 'vitest';
import { createObjects, ObjectMissing } from '#shared/aws/objects.ts';
import { signedHeaders } from '#shared/aws/sign.ts';

// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
const credentials = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};
const documented = { credentials, region: 'us-east-1', now: new Date('2013-05-24T00:00:00Z') };
const signatureOf = (headers: Record<string, string>) => headers['authorization']?.split('Signature=')[1];

test('a GET is signed as in the documentation of S3', () => {
  const headers = signedHeaders(
    {
      method: 'GET',
      url: new URL('https://examplebucket.s3.amazonaws.com/test.txt'),
      headers: { range: 'bytes=0-9' },
      body: '',
    },
    documented,
  );
  expect(signatureOf(headers)).toBe('f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41');
});

test('a PUT is signed as in the documentation of S3', () => {
  const headers = signedHeaders(
    {
      method: 'PUT',
      url: new URL('https://examplebucket.s3.amazonaws.com/test%24file.text'),
      headers: { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' },
      body: 'Welcome to Amazon S3.',
    },
    documented,
  );
  expect(signatureOf(headers)).toBe('98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd');
});

const store = (replies: readonly (number | Error)[]) => {
  const left = [...replies];
  return createObjects({
    bucket: 'artifacts',
    region: () => Promise.resolve('us-east-1'),
    credentials: () => Promise.resolve(credentials),
    fetch: (url) => {
      const reply = left.shift() ?? 200;
      if (typeof reply !== 'number') return Promise.reject(reply);
      return Promise.resolve(new Response(String(url), { status: reply }));
    },
  });
};

test('an object is asked for again when the service falters', async () => {
  const bytes = await store([503, new Error('reset'), 200]).get('training/a b');
  expect(Buffer.from(bytes).toString()).toBe('https://s3.us-east-1.amazonaws.com/artifacts/training/a%20b');
});

test('an object that is missing is asked for once', async () => {
  await expect(store([404, 200]).get('x')).rejects.toBeInstanceOf(ObjectMissing);
  await expect(store([403, 200]).get('x')).rejects.toBeInstanceOf(ObjectMissing);
});

test('a service that stays down is told', async () => {
  await expect(store([500, 500, 500, 500]).put('x', 'y', 'text/plain')).rejects.toThrow(
    'S3 answered 500 to PUT',
  );
});
