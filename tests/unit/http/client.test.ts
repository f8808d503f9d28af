import { expect, test } from 'vitest';
import * as z from 'zod';
import { contract } from '#shared/contracts/operation.ts';
import { ApiError, type ClientOptions, createClient } from '#shared/http/client.ts';

const things = contract({
  get: {
    method: 'GET',
    path: '/api/things/{thing_id}',
    summary: 'Read',
    access: { student: 'self' },
    params: z.object({ thing_id: z.string() }),
    query: z.strictObject({ q: z.string().optional(), limit: z.coerce.number().optional() }),
    status: 200,
    response: z.object({ name: z.string() }),
  },
  create: {
    method: 'POST',
    path: '/api/things',
    summary: 'Create',
    access: 'public',
    body: z.strictObject({ name: z.string() }),
    status: 204,
    response: z.undefined(),
  },
});

const problem = (error_code: string) => ({
  detail: 'No.',
  error_code,
  timestamp: '2026-11-20T09:30:00.000Z',
  request_id: 'r-1',
});
/** Answers from a list, and remembers what was asked. */
const replying = (...replies: readonly Response[]) => {
  const asked: Request[] = [];
  const queue = [...replies];
  const send: typeof fetch = async (input, init) => {
    asked.push(new Request(input, init));
    return queue.shift() ?? new Response(null, { status: 599 });
  };
  const client = (options: Partial<ClientOptions> = {}) =>
    createClient(things, { origin: 'http://school.example', fetch: send, ...options });
  return { asked, client };
};
const failure = async (call: Promise<unknown>): Promise<ApiError> => {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ApiError)) throw new Error(`not an ApiError: ${error}`);
  return error;
};

test('parameters and query are encoded, the token and the key are sent', async () => {
  const { asked, client } = replying(Response.json({ name: 'a' }));
  await client({ token: () => 'tok' }).get({
    params: { thing_id: 'a/b 서?' },
    query: { q: 'x&y=z', limit: 3 },
    idempotency_key: 'k1',
  });
  expect(asked[0]?.url).toBe('http://school.example/api/things/a%2Fb%20%EC%84%9C%3F?q=x%26y%3Dz&limit=3');
  expect(asked[0]?.headers.get('authorization')).toBe('Bearer tok');
  expect(asked[0]?.headers.get('idempotency-key')).toBe('k1');
});

test('a public operation is called without the token', async () => {
  const { asked, client } = replying(new Response(null, { status: 204 }));
  expect(await client({ token: () => 'tok' }).create({ body: { name: 'a' } })).toBeUndefined();
  expect(asked[0]?.headers.get('authorization')).toBeNull();
  expect(await asked[0]?.json()).toEqual({ name: 'a' });
});

test('an error of the platform keeps its code, its details and Retry-After', async () => {
  const { client } = replying(
    Response.json(
      { ...problem('rate.limited'), detail: [{ loc: ['body', 'a'], msg: 'wrong', type: 'x' }] },
      { status: 429, headers: { 'retry-after': '7' } },
    ),
  );
  const error = await failure(client().create({ body: { name: 'a' } }));
  expect(error).toMatchObject({
    status: 429,
    error_code: 'rate.limited',
    retry_after_s: 7,
    message: 'wrong',
  });
});

test.each([
  [413, { message: 'Request Entity Too Large' }, 'too large'],
  [429, { message: 'Too Many Requests' }, 'Too many'],
  [503, { message: 'Service Unavailable' }, 'busy'],
  [500, { message: 'Internal Server Error' }, 'could not answer'],
])('a %i of API Gateway itself becomes the same error', async (status, body, words) => {
  const { client } = replying(Response.json(body, { status, headers: { 'apigw-requestid': 'gw-1' } }));
  const error = await failure(client().create({ body: { name: 'a' } }));
  expect(error.error_code).toBe(`gateway.${status}`);
  expect(error.message).toContain(words);
  expect(error.body.request_id).toBe('gw-1');
});

test('a page of HTML and a Retry-After that is a date become an error that can be shown', async () => {
  const { client } = replying(
    new Response('<html>busy</html>', {
      status: 502,
      headers: { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' },
    }),
  );
  const error = await failure(client().create({ body: { name: 'a' } }));
  expect(error.error_code).toBe('gateway.502');
  expect(error.retry_after_s).toBeUndefined();
});

test('after a 401 the tokens are renewed once and the call is made again with the new one', async () => {
  const { asked, client } = replying(
    Response.json(problem('auth.token_expired'), { status: 401 }),
    Response.json({ name: 'a' }),
  );
  let token = 'old';
  const options = {
    token: () => token,
    renew: async () => {
      token = 'new';
      return true;
    },
  };
  expect(await client(options).get({ params: { thing_id: 'a' } })).toEqual({ name: 'a' });
  expect(asked.map(({ headers }) => headers.get('authorization'))).toEqual(['Bearer old', 'Bearer new']);
});

test('a second 401, and tokens that cannot be renewed, are told', async () => {
  const denied = () => Response.json(problem('auth.ended'), { status: 401 });
  let renewals = 0;
  const renew = async () => ++renewals > 0;
  const twice = replying(denied(), denied(), denied());
  expect((await failure(twice.client({ renew }).get({ params: { thing_id: 'a' } }))).status).toBe(401);
  expect([twice.asked.length, renewals]).toEqual([2, 1]);

  const over = replying(denied(), denied());
  const call = over.client({ renew: async () => false }).get({ params: { thing_id: 'a' } });
  expect((await failure(call)).error_code).toBe('auth.ended');
  expect(over.asked.length).toBe(1);
});

test('a reply that does not fit the contract is not passed on', async () => {
  const { client } = replying(Response.json({ title: 'a' }));
  await expect(client().get({ params: { thing_id: 'a' } })).rejects.toThrow(z.ZodError);
});
