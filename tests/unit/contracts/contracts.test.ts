import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { email, username } from '#shared/contracts/auth.ts';
import { contracts, type Domain, domains } from '#shared/contracts/index.ts';
import { type Operation, permittedRoles, roles, routeKey } from '#shared/contracts/operation.ts';
import { clientMessage } from '#shared/contracts/realtime.ts';
import { decimal, externalIds, id, meta, text } from '#shared/contracts/shapes.ts';
import { trainingConfig } from '#shared/contracts/training.ts';

const all = Object.entries(contracts).flatMap(([domain, contract]) =>
  Object.entries<Operation>(contract).map(([name, operation]) => [`${domain}.${name}`, operation] as const),
);

describe('every operation', () => {
  test.each(all)('%s is declared whole', (_, operation) => {
    expect(operation.path).toMatch(/^\/(api|\.well-known)(\/([a-z0-9.-]+|\{[a-z_]+\}))+$/);
    const named = [...operation.path.matchAll(/\{([a-z_]+)\}/g)].map(([, name]) => name);
    expect(Object.keys(operation.params?.shape ?? {})).toEqual(named);
    if (operation.method === 'GET' || operation.method === 'DELETE') expect(operation.body).toBeUndefined();
    if (operation.access !== 'public') expect(permittedRoles(operation).length).toBeGreaterThan(0);
    expect((operation.status === 204) === operation.response instanceof z.ZodUndefined).toBe(true);
    if (operation.params) expect(operation.errors).toContain(404);
  });

  test('has a method and path of its own, and the longest prefix it is under is its domain’s', () => {
    expect(new Set(all.map(([, operation]) => routeKey(operation))).size).toBe(all.length);
    const owned = Object.values<Domain>(domains).flatMap(({ prefixes }) => prefixes);
    const under = (path: string, prefix: string) => path === prefix || path.startsWith(`${prefix}/`);
    for (const { prefixes, contract } of Object.values<Domain>(domains))
      for (const { path } of Object.values(contract)) {
        // of prefixes that lie below one another the API takes the longest
        const [taken] = owned.filter((prefix) => under(path, prefix)).sort((a, b) => b.length - a.length);
        if (prefixes.length > 0) expect(prefixes).toContain(taken);
        else expect(taken).toBeUndefined();
      }
  });

  test.each(all)('%s refuses unknown fields wherever it takes fields', (_, { query, body }) => {
    const surprise = { surprising_field: 1 };
    if (query)
      expect(query.safeParse(surprise).error?.issues.map(({ code }) => code)).toContain('unrecognized_keys');
    if (body)
      expect(JSON.stringify(body.safeParse(surprise).error?.issues)).toMatch(
        /unrecognized_keys|surprising_field|discriminator/,
      );
  });

  test('that lists is paged by cursor, with a limit of at most a hundred', () => {
    const lists = all.filter(([, { query }]) => query && 'cursor' in query.shape);
    expect(lists.length).toBeGreaterThan(5);
    for (const [name, { query, response }] of lists) {
      expect([
        name,
        query?.shape['limit']?.safeParse('100').success,
        query?.shape['limit']?.safeParse('101').success,
      ]).toEqual([name, true, false]);
      const envelope = ['items', 'total', 'page', 'per_page', 'has_next', 'has_prev', 'next_cursor'];
      // what the list is of may follow
      expect(Object.keys((response as z.ZodObject).shape).slice(0, envelope.length)).toEqual(envelope);
    }
  });
});

describe('every example', () => {
  /** Schemas with examples, found through objects, arrays, unions and wrappers. */
  function examples(
    schema: z.core.$ZodType,
    seen = new Set<z.core.$ZodType>(),
  ): [z.core.$ZodType, unknown][] {
    if (seen.has(schema)) return [];
    seen.add(schema);
    const { examples: own } = (z.globalRegistry.get(schema as z.ZodType) ?? {}) as { examples?: unknown[] };
    const inner = Object.values(schema._zod.def).flatMap((part: unknown) => {
      if (part instanceof z.core.$ZodType) return [part];
      if (typeof part === 'object' && part !== null)
        return Object.values(part).filter((one) => one instanceof z.core.$ZodType);
      return [];
    });
    return [
      ...(own ?? []).map((value): [z.core.$ZodType, unknown] => [schema, value]),
      ...inner.flatMap((one) => examples(one, seen)),
    ];
  }
  const found = all.flatMap(([, { body, response, query, params }]) =>
    [body, response, query, params]
      .filter((one) => one !== undefined)
      .flatMap((one) => examples(one as z.core.$ZodType)),
  );
  test('fits the schema that it is an example of', () => {
    expect(found.length).toBeGreaterThan(10);
    for (const [schema, value] of found) expect(z.safeParse(schema, value).error?.issues ?? []).toEqual([]);
  });
});

describe('text that people type', () => {
  test('comes out trimmed, composed and without control characters, or is refused', () => {
    const name = text(20);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (typed) => {
        const parsed = name.safeParse(typed);
        if (!parsed.success) return;
        expect(parsed.data).toBe(parsed.data.trim().normalize('NFC'));
        expect(parsed.data).not.toMatch(/\p{Cc}/u);
        expect(parsed.data.length).toBeLessThanOrEqual(20);
        expect(name.parse(parsed.data)).toBe(parsed.data);
      }),
      { seed: 12, numRuns: 300 },
    );
    expect(name.parse(' 서울'.normalize('NFD'))).toBe('서울');
  });

  test('of a class file’s bell, a tab or NUL is refused', () => {
    for (const control of ['a\u0000', 'a\tb', 'a\nb', '\u0007x', '\u0085x\u0085'])
      expect(text(20).safeParse(control).success).toBe(false);
  });
});

describe('names of people', () => {
  test.each(['\u200b', '\u3164\u3164', '\u2800', '\u0301', '\u202Emina', 'mina\u2066', '\u2060'])(
    '%j is refused: nothing would be seen, or the row would turn around',
    (name) => expect(text(20).safeParse(name).success).toBe(false),
  );
  test.each(['서울', 'محمد', 'שלום', '👩‍👩‍👧', 'می‌خواهم', 'Zoë', '-', 'क्ष'])('%j is taken as it is', (name) =>
    expect(text(20).parse(name)).toBe(name.normalize('NFC')),
  );
});

describe('names to sign in with', () => {
  test.each(['mina@school.example', '민아@학교.한국', "o'brien+x@a-b.example", 'ａ@b.example'])(
    '%s is an address',
    (address) => {
      expect(email.safeParse(address).success).toBe(true);
    },
  );
  test.each(['', 'mina', '@x', 'a b@x', 'a@b@c', 'a\u200b@x.example', 'a@x\u0000', `${'ﷺ'.repeat(30)}@x`])(
    '%j is none',
    (address) => {
      expect(email.safeParse(address).success).toBe(false);
    },
  );
  test.each(['민아.김', 'mina_2010', 'ab', 'Ünal'])('%s is a username', (name) => {
    expect(username.safeParse(name).success).toBe(true);
  });
  test.each(['a', '.mina', 'a b', 'a@b', 'a#b', 'a'.repeat(51), 'mi\u202ena', 'a/b'])(
    '%j is none',
    (name) => {
      expect(username.safeParse(name).success).toBe(false);
    },
  );
});

test('ids cannot reach into another key of the table', () => {
  for (const wrong of ['', 'a#b', 'a/b', '..', 'a b', 'ä', 'x'.repeat(65), '\u0000'])
    expect(id.safeParse(wrong).success).toBe(false);
});

test('numbers that are kept are those that the table holds', () => {
  for (const fine of [0, -1, 0.1, 1e15, -1e-100]) expect(decimal().safeParse(fine).success).toBe(true);
  for (const wrong of [1e16, 1e-101, 5e-324, Number.NaN, Number.POSITIVE_INFINITY, '1'])
    expect(decimal().safeParse(wrong).success).toBe(false);
});

test('details are bounded in number, names and sizes', () => {
  const many = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, at]));
  expect([meta.safeParse(many(50)).success, meta.safeParse(many(51)).success]).toEqual([true, false]);
  expect([externalIds.safeParse(many(20)).success, externalIds.safeParse(many(21)).success]).toEqual([
    true,
    false,
  ]);
  for (const wrong of [
    { a: { b: 1 } },
    { a: [1] },
    { a: 'x'.repeat(1001) },
    { ['k'.repeat(65)]: 1 },
    { constructor: 1 },
    [],
    null,
  ])
    expect(meta.safeParse(wrong).success).toBe(false);
});

test('of two roles the later has more power, and a public operation is everybody’s', () => {
  expect(roles.indexOf('student')).toBe(0);
  expect(roles.at(-1)).toBe('platform_admin');
  expect(permittedRoles(contracts.auth.login)).toEqual(roles);
});

test('a training’s config filled in is a config that fills in to itself', () => {
  const filled = trainingConfig.parse({
    algorithm: 'ppo',
    environment: 'CartPole-v1',
    hyperparameters: { vf_coef: 0.3 },
  });
  expect(trainingConfig.parse(filled)).toEqual(filled);
  const { hyperparameters } = trainingConfig.parse({
    ...filled,
    hyperparameters: JSON.parse('{"__proto__":{"gamma":2}}'),
  });
  expect([Object.keys(hyperparameters), hyperparameters.gamma]).toEqual([[], undefined]);
});

test('a socket’s messages are three, and nothing like them', () => {
  for (const fine of [
    { action: 'ping' },
    { action: 'subscribe', topic: 'job:1', after_seq: 0 },
    { action: 'unsubscribe', topic: 'class:a-b' },
  ])
    expect(clientMessage.safeParse(fine).success).toBe(true);
  for (const wrong of [
    { action: 'ping', topic: 'job:1' },
    { action: 'subscribe', topic: 'job:1\n' },
    { action: 'subscribe', topic: 'job:é' },
    { action: 'subscribe', topic: 'job:1', after_seq: '0' },
  ])
    expect(clientMessage.safeParse(wrong).success).toBe(false);
});
