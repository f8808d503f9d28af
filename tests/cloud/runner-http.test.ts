import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Platform } from '#tests/support/platform.ts';
import { call, counted, eventually, jsonOf, post, startFixture } from './world.ts';

let platform: Platform;
beforeAll(async () => {
  platform = await startFixture();
});
afterAll(() => platform.stop());

/** A request with headers that fetch would not let through. */
const raw = (path: string, headers: Record<string, string>): Promise<number> =>
  new Promise((resolve, reject) => {
    const { port } = new URL(platform.origin);
    request({ host: '127.0.0.1', port, path, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });

test('a function gets the event of payload format 2.0', async () => {
  const response = await call(platform, 'echo?a=1&a=2&b=%ED%95%9C', {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie: 'x=1; y=2', 'x-two': 'one' },
    body: '{"name":"서울고등학교"}',
  });
  const event = await jsonOf<{ headers: Record<string, string> }>(response);
  expect(event).toMatchObject({
    version: '2.0',
    routeKey: 'ANY /api/thing/{proxy+}',
    rawPath: '/api/thing/echo',
    rawQueryString: 'a=1&a=2&b=%ED%95%9C',
    cookies: ['x=1', 'y=2'],
    queryStringParameters: { a: '1,2', b: '한' },
    pathParameters: { proxy: 'echo' },
    body: '{"name":"서울고등학교"}',
    isBase64Encoded: false,
    requestContext: {
      stage: '$default',
      http: { method: 'POST', path: '/api/thing/echo', sourceIp: '127.0.0.1' },
    },
    headers: {
      'x-two': 'one',
      'x-forwarded-for': '127.0.0.1, 127.0.0.1',
      'x-forwarded-host': new URL(platform.origin).host,
    },
  });
  expect(event.headers['cookie']).toBeUndefined();
});

test('the viewer comes last but one in X-Forwarded-For, whatever the client puts there', async () => {
  const response = await fetch(`${platform.origin}/api/thing/echo`, {
    headers: { 'x-forwarded-for': '203.0.113.7, 203.0.113.8' },
  });
  const event = await jsonOf<{ headers: Record<string, string> }>(response);
  expect(event.headers['x-forwarded-for']?.split(', ').at(-2)).toBe('127.0.0.1');
});

test('routes are chosen as API Gateway does: exact, then literal with a named method, then greedy', async () => {
  const keys = await Promise.all(
    ['', '/one/7', '/one/7/more'].map(async (path) => {
      const response = await fetch(`${platform.origin}/api/thing${path}`);
      return (await jsonOf(response))['routeKey'];
    }),
  );
  expect(keys).toEqual(['ANY /api/thing', 'GET /api/thing/one/{id}', 'ANY /api/thing/{proxy+}']);
  const posted = await fetch(`${platform.origin}/api/thing/one/7`, { method: 'POST' });
  expect((await jsonOf(posted))['routeKey']).toBe('ANY /api/thing/{proxy+}');
});

test('a path without a route is 404 in the words of API Gateway', async () => {
  const response = await fetch(`${platform.origin}/api/nothing`);
  expect(response.status).toBe(404);
  expect(await response.json()).toEqual({ message: 'Not Found' });
});

test('cookies are set, a result without a status code is the JSON body, binary survives', async () => {
  const cookies = await call(platform, 'cookies', { headers: { cookie: 'q=1' } });
  expect(cookies.headers.getSetCookie()).toEqual(['a=1; HttpOnly', 'b=2']);
  expect(cookies.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  expect(await (await call(platform, 'plain')).json()).toEqual({ any: 'object' });
  const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
  const binary = await call(platform, 'binary', {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: bytes,
  });
  expect(new Uint8Array(await binary.arrayBuffer())).toEqual(bytes);
});

test('a body over the quota is 413 and the function never sees it', async () => {
  const response = await call(platform, 'echo', { method: 'POST', body: 'x'.repeat(11 * 1024 * 1024) });
  expect(response.status).toBe(413);
  expect(await response.json()).toEqual({ message: 'Request Entity Too Large' });
});

test('an error, an exit, a timeout and too much memory are 500; the function answers again afterwards', async () => {
  for (const action of ['fail', 'exit', 'slow', 'hoard']) {
    const response = await call(platform, action);
    expect([action, response.status, await response.json()]).toEqual([
      action,
      500,
      { message: 'Internal Server Error' },
    ]);
    expect((await call(platform, 'plain')).status).toBe(200);
  }
  const log = await readFile(join(platform.data, 'logs/Http.log'), 'utf8');
  const errors = log.split('\n').filter((line) => line.includes('"errorType"'));
  expect(errors.join('\n')).toMatch(
    /"TypeError".*\n.*"Runtime.ExitError".*\n.*Task timed out after 2\.00 seconds.*\n.*"Runtime.OutOfMemory"/,
  );
  expect(platform.output()).toContain('Http: TypeError: thrown on purpose (logs/Http.log)');
}, 60_000);

test('a function has the environment of the template, with this machine in place of the cloud', async () => {
  const environment = await jsonOf(call(platform, 'environment'));
  const { port } = new URL(platform.origin);
  expect(environment).toMatchObject({
    TABLE_NAME: 'Fixture-Data-Table',
    QUEUE_URL: `${platform.gateway}/000000000000/Fixture-App-Queue`,
    PUBLIC_ORIGINS: `http://127.0.0.1:${port},http://localhost:${port}`,
    AWS_ENDPOINT_URL: platform.gateway,
    AWS_ACCESS_KEY_ID: 'LOCALHttpRole',
    AWS_REGION: 'us-east-1',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
  });
  expect(environment).not.toHaveProperty('LYCEUM_ADMIN_PASSWORD');
});

test('a call that the role does not grant is denied', async () => {
  expect((await call(platform, 'forbidden')).status).toBe(500);
  expect(platform.output()).toMatch(
    /Http: AccessDeniedException: .*LOCALHttpRole|HttpRole.*dynamodb:DeleteItem/,
  );
});

test('the page is served for any path without a dot, with the headers of the template', async () => {
  const response = await fetch(`${platform.origin}/classes/7`);
  expect(response.status).toBe(200);
  expect(await response.text()).toContain('<title>Fixture</title>');
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'self'",
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-cache',
  });
});

test('static files are compressed and answered with 304 while they are unchanged', async () => {
  const url = `${platform.origin}/assets/app.js`;
  const response = await fetch(url, { headers: { 'accept-encoding': 'gzip, br' } });
  expect(response.headers.get('content-encoding')).toBe('br');
  expect(await response.text()).toContain('a line that repeats itself');
  const again = await fetch(url, { headers: { 'if-none-match': response.headers.get('etag') ?? '' } });
  expect(again.status).toBe(304);
  expect((await fetch(`${platform.origin}/assets/missing.js`)).status).toBe(403);
  expect((await fetch(`${platform.origin}/assets/..%2f..%2fmain.mjs`)).status).toBe(403);
  expect((await fetch(`${platform.origin}/assets/%00.js`)).status).toBe(403);
  expect((await fetch(`${platform.origin}/assets/${'long'.repeat(100)}.js`)).status).toBe(403);
});

test('a method that the behaviour does not allow is refused', async () => {
  expect((await fetch(`${platform.origin}/index.html`, { method: 'POST' })).status).toBe(403);
});

test('a foreign Host is refused, so that no other site can lead a browser here', async () => {
  expect(await raw('/api/thing', { host: 'evil.example' })).toBe(421);
  expect(await raw('/api/thing', { host: `LocalHost:${new URL(platform.origin).port}` })).toBe(200);
});

test('invocations run side by side, one in each environment', async () => {
  // one of the two may start so late on a busy machine that the other's time is over
  await eventually(async () => {
    const place = crypto.randomUUID();
    const answers = await Promise.all([1, 2].map(() => call(platform, `meet?place=${place}`)));
    return answers.every(({ status }) => status === 200) || undefined;
  });
}, 20_000);

test('the queue delivers to its function; what fails comes again and ends in the dead-letter queue', async () => {
  await Promise.all(['one', 'two', 'bad'].map((body) => post(platform, 'send', body)));
  await counted(platform, 'worked', 'one');
  await counted(platform, 'worked', 'two');
  const { ReceiveMessageCommand, SQSClient } = await import('@aws-sdk/client-sqs');
  const client = new SQSClient({
    region: 'us-east-1',
    endpoint: platform.gateway,
    credentials: { accessKeyId: 'LOCALADMIN', secretAccessKey: 'local' },
  });
  const QueueUrl = `${platform.gateway}/000000000000/Fixture-App-DeadLetters`;
  const dead = await eventually(async () => {
    const { Messages } = await client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1 }));
    return Messages?.[0];
  }, 15_000);
  expect(dead.Body).toBe('bad');
}, 30_000);
