import '#tests/support/quiet.ts';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { contract } from '#shared/contracts/operation.ts';
import { paging } from '#shared/contracts/shapes.ts';
import { DomainError, type ErrorKind } from '#shared/errors.ts';
import { WithHeaders } from '#shared/http/serve.ts';
import { problemOf, serving, student } from './serving.ts';

const id = z.string().regex(/^[a-z0-9-]{1,20}$/);
const everybody = { student: 'self', teacher: 'self' } as const;
const thing = z.object({ name: z.string(), size: z.int() });
const things = contract({
  open: {
    method: 'GET',
    path: '/api/open',
    summary: 'Open',
    access: 'public',
    status: 200,
    response: z.object({ ok: z.boolean() }),
  },
  list: {
    method: 'GET',
    path: '/api/things',
    summary: 'List',
    access: everybody,
    query: z.strictObject({ q: z.string().max(10).optional(), ...paging }),
    status: 200,
    response: z.object({ limit: z.int() }),
  },
  get: {
    method: 'GET',
    path: '/api/things/{thing_id}',
    summary: 'Read',
    access: everybody,
    params: z.object({ thing_id: id }),
    status: 200,
    response: thing,
  },
  create: {
    method: 'POST',
    path: '/api/things',
    summary: 'Create',
    access: everybody,
    body: z.strictObject({ name: z.string().max(50), sizes: z.array(z.int()).optional() }),
    status: 201,
    response: thing,
  },
  remove: {
    method: 'DELETE',
    path: '/api/things/{thing_id}',
    summary: 'Delete',
    access: { teacher: 'self' },
    params: z.object({ thing_id: id }),
    body: z.strictObject({ reason: z.string() }),
    status: 204,
    response: z.undefined(),
  },
});

let failWith: unknown;
let given: unknown;
const ask = serving(things, {
  open: () =>
    new WithHeaders({ ok: true }, { cookies: ['a=1', 'b=2'], headers: { 'cache-control': 'public' } }),
  list: ({ query }) => ({ limit: query.limit }),
  get: ({ params, caller }) => {
    if (failWith !== undefined) throw failWith;
    return { name: `${params.thing_id} of ${caller.user_id}`, size: 1, secret: 'left out' };
  },
  create: (request) => {
    given = request;
    return { name: request.body.name, size: 2 };
  },
  remove: () => undefined,
});
const askAs = (role: 'teacher' | 'guardian') =>
  serving(
    things,
    {
      open: () => ({ ok: true }),
      list: () => ({ limit: 1 }),
      get: () => ({ name: 'x', size: 1.5 }),
      create: () => ({ name: 'x', size: 1 }),
      remove: () => undefined,
    },
    { ...student, role },
  );

describe('who may call', () => {
  test.each([null, '', 'bad', 'a b', 'gööd'])(
    'the token %j is answered 401 before anything else is looked at',
    async (token) => {
      const reply = await ask({ method: 'POST', path: '/api/things', raw: '{broken', token });
      expect(reply.status).toBe(401);
      expect(reply.headers['www-authenticate']).toBe('Bearer');
      expect(problemOf(reply.body).code).toMatch(/^auth\.token_/);
    },
  );

  test('a role that an operation never has is 403, before its body and its path are looked at', async () => {
    const reply = await ask({ method: 'DELETE', path: '/api/things/NOT-AN-ID', raw: '{broken' });
    expect([reply.status, problemOf(reply.body).code]).toEqual([403, 'auth.role']);
  });

  test('an unknown path is 404 and a wrong method 405 with Allow, also without a token', async () => {
    const nothing = await ask({ path: `/api/${'x'.repeat(5000)}`, token: null });
    expect([nothing.status, problemOf(nothing.body).code]).toEqual([404, 'route.unknown']);
    expect(JSON.stringify(nothing.body).length).toBeLessThan(600);
    for (const method of ['HEAD', 'OPTIONS', 'PATCH', 'TRACE']) {
      const wrong = await ask({ method, path: '/api/things', token: null });
      expect([wrong.status, wrong.headers['allow'], problemOf(wrong.body).code]).toEqual([
        405,
        'GET, POST',
        'route.method',
      ]);
    }
  });

  test('a public operation asks for no token and minds none', async () => {
    expect((await ask({ path: '/api/open', token: null })).status).toBe(200);
    expect((await ask({ path: '/api/open', token: 'bad' })).status).toBe(200);
  });
});

describe('what may be sent', () => {
  test('an id that cannot be one is 404', async () => {
    for (const segment of ['A', '%00', 'a'.repeat(21), '%F0%9F%98%80']) {
      const reply = await ask({ path: `/api/things/${segment}` });
      expect([segment, reply.status, problemOf(reply.body).code]).toEqual([segment, 404, 'path.unknown']);
    }
  });

  test('unknown fields of a body and of a query are 422 and named', async () => {
    const body = await ask({ method: 'POST', path: '/api/things', body: { name: 'a', admin: true } });
    expect(body.status).toBe(422);
    expect(problemOf(body.body).detail).toMatchObject([{ loc: ['body'], type: 'unrecognized_keys' }]);
    expect(JSON.stringify(body.body)).toContain('admin');
    expect((await ask({ path: '/api/things', query: 'colour=red' })).status).toBe(422);
  });

  test.each(['skip=20', 'page=2', 'offset=5'])(
    '?%s is 422 and says that cursor is the way',
    async (query) => {
      const reply = await ask({ path: '/api/things', query });
      expect(reply.status).toBe(422);
      expect(JSON.stringify(reply.body)).toContain('cursor');
    },
  );

  test.each([
    'limit=0',
    'limit=101',
    'limit=',
    'limit=1e400',
    'limit=ten',
    'limit=5&limit=6',
    'q=toolongforthis',
  ])('?%s is 422', async (query) => {
    expect((await ask({ path: '/api/things', query })).status).toBe(422);
  });

  test('the issues of query and body come together', async () => {
    const reply = await ask({ method: 'POST', path: '/api/things', body: { name: 5, sizes: 'none' } });
    expect(problemOf(reply.body).detail).toMatchObject([
      { loc: ['body', 'name'], type: 'invalid_type' },
      { loc: ['body', 'sizes'], type: 'invalid_type' },
    ]);
  });

  test('a hundred thousand bad elements make twenty bounded issues within a second', async () => {
    const sizes = Array.from({ length: 100_000 }, () => 'x');
    const before = performance.now();
    const reply = await ask({ method: 'POST', path: '/api/things', body: { name: 'a', sizes } });
    expect(performance.now() - before).toBeLessThan(1000);
    expect(reply.status).toBe(422);
    expect(problemOf(reply.body).detail).toHaveLength(20);
    expect(JSON.stringify(reply.body).length).toBeLessThan(10_000);
  });

  test('ninety thousand unknown keys and a key of half a megabyte make a short answer', async () => {
    const keys = Object.fromEntries(Array.from({ length: 90_000 }, (_, at) => [`k${at}`, 0]));
    for (const body of [keys, { ['k'.repeat(500_000)]: 1 }]) {
      const reply = await ask({ method: 'POST', path: '/api/things', body });
      expect(reply.status).toBe(422);
      expect(JSON.stringify(reply.body).length).toBeLessThan(2_000);
    }
  });

  test.each([
    [415, { raw: 'name=a', headers: { 'content-type': 'application/x-www-form-urlencoded' } }],
    [
      413,
      {
        raw: JSON.stringify({ name: 'a'.repeat(1_100_000) }),
        headers: { 'content-type': 'application/json' },
      },
    ],
    [422, { raw: '{', headers: { 'content-type': 'application/json' } }],
    [422, { raw: '[]', headers: { 'content-type': 'application/json' } }],
    [422, { raw: '', headers: { 'content-type': 'application/json' } }],
    [422, { raw: Buffer.from([0x22, 0xff, 0xfe, 0x22]), headers: { 'content-type': 'application/json' } }],
  ])('what cannot be read is answered %i', async (status, sent) => {
    const reply = await ask({ method: 'POST', path: '/api/things', ...sent });
    expect(reply.status).toBe(status);
    problemOf(reply.body);
  });

  test('a body in base64 is the same body', async () => {
    const raw = JSON.stringify({ name: '서울' });
    const headers = { 'content-type': 'application/vnd.api+json', 'content-encoding': 'identity' };
    const reply = await ask({ method: 'POST', path: '/api/things', raw, headers });
    expect(reply.body).toEqual({ name: '서울', size: 2 });
  });

  test('cookies, the address and the idempotency key reach the use-case', async () => {
    const headers = { cookie: 'a=1; lyceum_refresh=x=y', 'idempotency-key': 'key-1' };
    await ask({ method: 'POST', path: '/api/things', body: { name: 'a' }, headers });
    expect(given).toMatchObject({
      cookies: { a: '1', lyceum_refresh: 'x=y' },
      address: '203.0.113.7',
      idempotency_key: 'key-1',
    });
  });

  test.each(['', 'a b', 'ü', 'k'.repeat(129)])('the idempotency key %j is 422', async (key) => {
    const headers = { 'idempotency-key': key };
    const reply = await ask({ method: 'POST', path: '/api/things', body: { name: 'a' }, headers });
    expect(reply.status).toBe(422);
  });
});

describe('what is answered', () => {
  test('only what the response names goes out', async () => {
    expect((await ask({ path: '/api/things/a' })).body).toEqual({ name: 'a of u1', size: 1 });
  });

  test('a 204 has no body; headers and several cookies are set', async () => {
    const removed = await askAs('teacher')({
      method: 'DELETE',
      path: '/api/things/a',
      body: { reason: 'x' },
    });
    expect([removed.status, removed.body]).toEqual([204, undefined]);
    const open = await ask({ path: '/api/open' });
    expect(open.cookies).toEqual(['a=1', 'b=2']);
    expect(open.headers['cache-control']).toBe('public');
    expect(open.headers['x-content-type-options']).toBe('nosniff');
  });

  const statuses: Record<ErrorKind, number> = {
    unknown_reference: 400,
    unauthorized: 401,
    forbidden: 403,
    not_found: 404,
    conflict: 409,
    too_large: 413,
    unsupported_media: 415,
    invalid: 422,
    too_many: 429,
    unavailable: 503,
  };
  test.each(Object.entries(statuses))(
    'an error of the kind %s is %i in the one shape',
    async (kind, status) => {
      failWith = new DomainError(kind as ErrorKind, 'a.code', 'What happened.', { retry_after_s: 1.2 });
      const reply = await ask({ path: '/api/things/a' });
      failWith = undefined;
      expect(reply.status).toBe(status);
      expect(reply.headers['retry-after']).toBe('2');
      expect(problemOf(reply.body)).toMatchObject({ error_code: 'a.code', detail: 'What happened.' });
      expect(problemOf(reply.body).request_id).not.toBe('');
      expect(problemOf(reply.body).timestamp).toBe('2026-11-20T09:30:00.000Z');
    },
  );

  test.each([
    new Error('password of the database is hunter2'),
    new TypeError('x is not a function'),
    'hunter2',
    undefined,
    { secret: 'hunter2' },
  ])('an error of ours is 500 and tells nothing (%#)', async (error) => {
    failWith = error ?? null;
    const reply = await ask({ path: '/api/things/a' });
    failWith = undefined;
    expect(reply.status).toBe(500);
    expect(problemOf(reply.body).code).toBe('internal');
    expect(JSON.stringify(reply)).not.toMatch(/hunter2|not a function|at .*\.ts/);
  });

  test('a reply that does not fit its schema is our fault: 500, and none of it goes out', async () => {
    const reply = await askAs('teacher')({ path: '/api/things/a' });
    expect(reply.status).toBe(500);
    expect(JSON.stringify(reply.body)).not.toContain('size');
  });

  test('each request has its own request_id, and the one of the gateway', async () => {
    const [one, two] = await Promise.all([ask({ path: '/api/none' }), ask({ path: '/api/none' })]);
    expect(problemOf(one.body).request_id).not.toBe(problemOf(two.body).request_id);
  });
});
