import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DomainError } from '#shared/errors.ts';
import { envelope, type Listing, openCursor, pageOf, paginate } from '#shared/http/paging.ts';

const listing = (more: Partial<Listing> & { cursor?: string; limit?: number } = {}): Listing => ({
  caller: more.caller ?? { user_id: 'mina' },
  filters: more.filters ?? { role: 'student', org_id: undefined },
  query: { limit: more.limit ?? 10, cursor: more.cursor },
});
const cursorOf = (of: Listing, next: Record<string, unknown> = { pk: 'a', sk: 'b' }): string =>
  envelope(of, { items: [], next, page: 1 }).next_cursor ?? '';
const refused = (of: Listing): boolean => {
  try {
    openCursor(of);
    return false;
  } catch (error) {
    expect(error).toBeInstanceOf(DomainError);
    expect(error).toMatchObject({ kind: 'invalid', issues: [{ loc: ['query', 'cursor'], type: 'cursor' }] });
    return true;
  }
};
const forged = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const opened = (cursor: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(cursor, 'base64url').toString());

test('a cursor opens the page after the one that gave it', () => {
  const cursor = cursorOf(listing());
  expect(openCursor(listing({ cursor }))).toEqual({ start: { pk: 'a', sk: 'b' }, page: 2 });
});

test('a cursor is bound to its caller and to its filters, not to limit or to absent filters', () => {
  const cursor = cursorOf(listing());
  expect(refused(listing({ cursor, caller: { user_id: 'joon' } }))).toBe(true);
  expect(refused(listing({ cursor, filters: { role: 'teacher' } }))).toBe(true);
  expect(refused(listing({ cursor, filters: { role: 'student', q: 'a' } }))).toBe(true);
  expect(refused(listing({ cursor, limit: 99, filters: { role: 'student' } }))).toBe(false);
});

test('a cursor cut short or changed anywhere is refused or stays within its list', () => {
  const cursor = cursorOf(listing());
  const { b } = opened(cursor);
  for (let length = 0; length < cursor.length - 1; length++)
    expect(refused(listing({ cursor: cursor.slice(0, length) }))).toBe(true);
  fc.assert(
    fc.property(fc.nat(cursor.length - 1), fc.constantFrom(...'AZaz09-_.=%'), (at, letter) => {
      const changed = cursor.slice(0, at) + letter + cursor.slice(at + 1);
      if (!refused(listing({ cursor: changed }))) expect(opened(changed)['b']).toBe(b);
    }),
    { seed: 2, numRuns: 200 },
  );
});

test.each([
  ['nothing', null],
  ['a number', 7],
  ['another shape', { start: 1 }],
  ['an unknown field', { k: {}, p: 2, b: 'x'.repeat(16), z: 1 }],
])('a forged cursor that holds %s is refused', (_, value) => {
  expect(refused(listing({ cursor: forged(value) }))).toBe(true);
});

test.each([
  ['page 1', { p: 1 }],
  ['a negative page', { p: -3 }],
  ['a page of a fraction', { p: 2.5 }],
  ['a key that is an object', { k: { pk: { S: 'x' } } }],
  ['a number that no table holds', { k: { pk: 1e300 } }],
  ['a fraction as key', { k: { offset: 0.5 } }],
  ['half of a surrogate pair', { k: { pk: '\ud800' } }],
  ['no text at all', { k: { pk: '' } }],
])('a forged cursor with a right binding and %s is refused', (_, change) => {
  const right = opened(cursorOf(listing()));
  expect(refused(listing({ cursor: forged({ ...right, ...change }) }))).toBe(true);
});

test('any text as cursor is refused and never an error of another kind', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (cursor) => refused(listing({ cursor }))),
    { seed: 3, numRuns: 100 },
  );
});

test('a list held whole is paged without loss or repetition', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 60 }), fc.integer({ min: 1, max: 20 }), (all, limit) => {
      const seen: number[] = [];
      let cursor: string | undefined;
      for (let number = 1; ; number++) {
        const page = pageOf(listing({ limit, ...(cursor !== undefined && { cursor }) }), all);
        expect(page).toMatchObject({
          page: number,
          per_page: limit,
          total: all.length,
          has_prev: number > 1,
        });
        expect(page.has_next).toBe(page.next_cursor !== null);
        seen.push(...page.items);
        if (page.next_cursor === null) break;
        cursor = page.next_cursor;
      }
      expect(seen).toEqual(all);
    }),
    { seed: 4, numRuns: 100 },
  );
});

/** A source as DynamoDB is: pages of its own size, a start key that is an item's key. */
const source = (all: readonly number[], pageSize: number) => {
  let reads = 0;
  const read = async (start: Record<string, unknown> | undefined, limit: number) => {
    reads++;
    const from = start === undefined ? 0 : all.findIndex((value) => String(value) === start['sk']) + 1;
    const items = all.slice(from, from + Math.min(limit, pageSize));
    const last = items.at(-1);
    const more = from + items.length < all.length && last !== undefined;
    return { items, next: more ? { sk: String(last) } : undefined };
  };
  return { read, reads: () => reads };
};

test('filtered items are paged without loss or repetition, whatever the source returns at once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 80 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 1, max: 5 }),
      async (length, limit, pageSize, keepEvery) => {
        const all = Array.from({ length }, (_, at) => at);
        const keep = (value: number) => value % keepEvery === 0;
        const { read } = source(all, pageSize);
        const seen: number[] = [];
        let cursor: string | undefined;
        do {
          const of = listing({ limit, ...(cursor !== undefined && { cursor }) });
          const page = await paginate(of, read, { keep, keyOf: (value) => ({ sk: String(value) }) });
          expect(page.items.length).toBeLessThanOrEqual(limit);
          seen.push(...page.items);
          cursor = page.next_cursor ?? undefined;
        } while (cursor !== undefined);
        expect(seen).toEqual(all.filter(keep));
      },
    ),
    { seed: 5, numRuns: 150 },
  );
});

test('a request reads a bounded number of times however rare the matches are, and the next goes on', async () => {
  const { read, reads } = source(
    Array.from({ length: 1000 }, (_, at) => at),
    5,
  );
  const page = await paginate(listing({ limit: 3 }), read, {
    keep: (value) => value === 999,
    keyOf: (value) => ({ sk: String(value) }),
  });
  expect(page.items).toEqual([]);
  expect(page.has_next).toBe(true);
  expect(reads()).toBeLessThanOrEqual(20);
});

test('a page of large items ends before its limit, and a list goes on behind an item of any size', async () => {
  const megabytes = (size: number) => 'x'.repeat(size * 1_048_576);
  const all = [2, 2, 1, 5, 1, 1, 6].map((size, at) => ({ at, text: megabytes(size) }));
  const read = async (start: Record<string, unknown> | undefined) => ({
    items: all.slice(Number(start?.['sk'] ?? -1) + 1),
    next: undefined,
  });
  const whole = (of: Listing) => pageOf(of, all);
  const partly = (of: Listing) => paginate(of, read, { keyOf: ({ at }) => ({ sk: String(at) }) });
  for (const pageAt of [whole, partly]) {
    const pages: number[][] = [];
    let cursor: string | undefined;
    do {
      const page = await pageAt(listing({ limit: 100, ...(cursor !== undefined && { cursor }) }));
      pages.push(page.items.map(({ at }) => at));
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
    expect(pages).toEqual([[0, 1], [2], [3], [4, 5], [6]]);
  }
});
