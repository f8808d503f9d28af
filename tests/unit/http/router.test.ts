import { expect, test } from 'vitest';
import * as z from 'zod';
import { contracts } from '#shared/contracts/index.ts';
import type { Contract, Method, Operation } from '#shared/contracts/operation.ts';
import { createRouter } from '#shared/http/router.ts';

const at = (method: Method, path: `/${string}`): Operation => ({
  method,
  path,
  summary: 'Test',
  access: 'public',
  status: 200,
  response: z.unknown(),
});

const shop: Contract = {
  list: at('GET', '/api/things'),
  create: at('POST', '/api/things'),
  newest: at('GET', '/api/things/newest'),
  get: at('GET', '/api/things/{thing_id}'),
  remove: at('DELETE', '/api/things/{thing_id}'),
  parts: at('GET', '/api/things/{owner_id}/parts/{part_id}'),
  newestParts: at('POST', '/api/things/newest/parts'),
};
const route = createRouter(shop);
const found = (method: string, path: string) => {
  const match = route(method, path);
  return match.kind === 'found' ? [match.name, match.params] : match;
};

test('a literal segment wins over a parameter', () => {
  expect(found('GET', '/api/things/newest')).toEqual(['newest', {}]);
  expect(found('GET', '/api/things/oldest')).toEqual(['get', { thing_id: 'oldest' }]);
});

test('a literal that leads nowhere gives way to the parameter', () => {
  expect(found('GET', '/api/things/newest/parts/7')).toEqual(['parts', { owner_id: 'newest', part_id: '7' }]);
});

test('two operations name their parameters differently in the same place', () => {
  expect(found('GET', '/api/things/a/parts/b')).toEqual(['parts', { owner_id: 'a', part_id: 'b' }]);
  expect(found('DELETE', '/api/things/a')).toEqual(['remove', { thing_id: 'a' }]);
});

test('another method on a known path names the methods that there are', () => {
  expect(found('PUT', '/api/things')).toEqual({ kind: 'no_method', allowed: ['GET', 'POST'] });
  expect(found('HEAD', '/api/things/x')).toEqual({ kind: 'no_method', allowed: ['DELETE', 'GET'] });
});

test.each([
  '/',
  '',
  '/api',
  '/api/things/',
  '/api//things',
  '/api/things/a/parts',
  '/API/things',
  'api/things',
])('there is nothing at %j', (path) => {
  expect(found('GET', path)).toEqual({ kind: 'no_path' });
});

test('an encoded segment is decoded once, and an encoded slash stays in its segment', () => {
  expect(found('GET', '/api/things/%EC%84%9C%EC%9A%B8')).toEqual(['get', { thing_id: '서울' }]);
  expect(found('GET', '/api/things/a%2Fparts%2Fb')).toEqual(['get', { thing_id: 'a/parts/b' }]);
  expect(found('GET', '/api/things/%252e')).toEqual(['get', { thing_id: '%2e' }]);
});

test.each(['%', '%zz', '%c3', '%ff%fe'])(
  'a segment that is not percent-encoding (%s) names nothing',
  (segment) => {
    expect(found('GET', `/api/things/${segment}`)).toEqual({ kind: 'no_path' });
  },
);

test.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'])(
  'the name %s is a segment like any other',
  (name) => {
    expect(found('GET', `/api/things/${name}`)).toEqual(['get', { thing_id: name }]);
    expect(found('GET', `/${name}`)).toEqual({ kind: 'no_path' });
    expect(found('GET', `/api/${name}`)).toEqual({ kind: 'no_path' });
    expect(found(name, '/api/things')).toEqual({ kind: 'no_method', allowed: ['GET', 'POST'] });
  },
);

test('a path of a hundred thousand segments is answered at once', () => {
  const before = performance.now();
  expect(found('GET', '/api/things'.repeat(50_000))).toEqual({ kind: 'no_path' });
  expect(performance.now() - before).toBeLessThan(500);
});

test('two operations at one place are a mistake of the contract', () => {
  expect(() => createRouter({ a: at('GET', '/x/{a}'), b: at('GET', '/x/{b}') })).toThrow('two operations');
});

test('every operation of every contract is found under its own path', () => {
  for (const contract of Object.values(contracts)) {
    const own = createRouter(contract);
    for (const [name, operation] of Object.entries<Operation>(contract)) {
      const path = operation.path.replaceAll(/\{[a-z_]+\}/g, '01938d5a-7c3e');
      expect(own(operation.method, path)).toMatchObject({ kind: 'found', name });
    }
  }
});
