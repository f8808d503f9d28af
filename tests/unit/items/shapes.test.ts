import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newItem, publishedItems, writtenItem } from '#shared/contracts/item-shapes.ts';
import { probability } from '#shared/domain/irt/index.ts';
import { itemIn, loadedBank } from '#shared/domain/items/loaded.ts';
import { changedFields, statusProblem } from '#shared/domain/items/revise.ts';
import { someItem } from './items.ts';

const choice = { kind: 'choice', body: 'x', options: ['a', 'b', 'c'], key: 1 };
const multi = { kind: 'multi', body: 'x', options: ['a', 'b', 'c'], key: [2, 0] };

/** The fields that a schema refuses. */
const refused = (item: unknown): string[] =>
  (writtenItem.safeParse(item).error?.issues ?? []).map(({ path }) => path.join('.'));

describe('an item', () => {
  test.each([
    [{ ...choice, key: 3 }, 'key'],
    [{ ...choice, key: -1 }, 'key'],
    [{ ...choice, options: ['a'] }, 'options'],
    [{ ...choice, options: ['a', 'a'] }, 'options'],
    [{ ...choice, body: ' ' }, 'body'],
    [{ ...choice, body: 'a\u0000b' }, 'body'],
    [{ ...multi, key: [] }, 'key'],
    [{ ...multi, key: [0, 0] }, 'key'],
    [{ ...multi, key: [3] }, 'key'],
    [{ kind: 'numeric', body: 'x', key: { value: 1, tolerance: -1 } }, 'key.tolerance'],
    [{ kind: 'numeric', body: 'x', options: ['a', 'b'], key: { value: 1 } }, 'options'],
    [{ kind: 'text', body: 'x', key: { accepted: [] } }, 'key.accepted'],
    [{ ...choice, parameters: { model: '2PL', a: 0, b: 0 } }, 'parameters.a'],
    [{ ...choice, parameters: { model: '2PL', a: 1, b: 0, c: 0.2 } }, 'parameters.c'],
    [{ ...choice, parameters: { model: '3PL', a: 1, b: 0, d: 0.9 } }, 'parameters.d'],
    [{ ...choice, parameters: { model: '4PL', a: 1, b: 0, c: 0.5, d: 0.4 } }, 'parameters.d'],
    [{ ...choice, parameters: { model: 'GRM', a: 1, thresholds: [0] } }, 'parameters.model'],
    [{ ...multi, parameters: { model: 'GRM', a: 1, thresholds: [1, 0] } }, 'parameters.thresholds'],
    [{ ...multi, parameters: { model: 'GPCM', a: 1, thresholds: [1, 0, 2] } }, 'parameters.thresholds'],
    [{ ...choice, tags: ['a', 'a'] }, 'tags'],
  ])('is refused: %j, for its %s', (item, field) => {
    expect(refused(item)).toContain(field);
  });

  test.each([...'\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069'])(
    'has no mark that turns text around (%j): an option would read as another one',
    (mark) => {
      expect(refused({ ...choice, body: `Which?${mark}` })).toEqual(['body']);
      expect(refused({ ...choice, explanation: `a${mark}b` })).toEqual(['explanation']);
      expect(refused({ ...choice, options: ['a', 'b', `${mark}21`] })).toEqual(['options.2.body']);
      const { success } = newItem.safeParse({ ...choice, bank_id: 'b1', body: `${mark}x` });
      expect(success).toBe(false);
      // of what was written before, all can still be read
      const before = { item_id: 'i1', revision: 1, explanation: null, parameters: null, status: 'pilot' };
      const labels = { subject: null, grade: null, module: null, tags: [] };
      const items = [{ ...choice, ...before, ...labels, body: `${mark}x` }];
      expect(publishedItems.safeParse({ bank_id: 'b1', D: 1, items }).success).toBe(true);
    },
  );

  test('may be written from right to left', () => {
    expect(refused({ ...choice, body: 'מה $x$ אם x = 2?', options: ['שתיים', 'שלוש', 'أربعة'] })).toEqual([]);
  });

  test('comes out in one form: options as objects, keys in order, defaults filled in', () => {
    const parsed = writtenItem.parse({
      ...multi,
      parameters: { model: '3PL', difficulty: 1, discrimination: 2 },
    });
    expect(parsed).toEqual({
      kind: 'multi',
      body: 'x',
      options: [{ body: 'a' }, { body: 'b' }, { body: 'c' }],
      key: [0, 2],
      explanation: null,
      parameters: { model: '3PL', a: 2, b: 1, c: 0.25, d: 1, se: null, source: 'entered' },
      status: 'draft',
      subject: null,
      grade: null,
      module: null,
      tags: [],
      external_id: null,
    });
    expect(
      writtenItem.parse({ ...multi, parameters: { model: 'GPCM', thresholds: [1, 0] } }).parameters,
    ).toEqual({
      model: 'GPCM',
      a: 1,
      thresholds: [1, 0],
      se: null,
      source: 'entered',
    });
  });

  test('of an older table is taken: content, difficulty, discrimination, and guessing .25 where it is not said', () => {
    const { kind, options, key } = choice;
    const old = { bank_id: 'b1', kind, options, key, content: 'x', difficulty: 0.5, discrimination: 1.2 };
    const parameters = { model: '3PL', a: 1.2, b: 0.5, c: 0.25, d: 1, se: null, source: 'entered' };
    expect(newItem.parse(old)).toMatchObject({ body: 'x', parameters });
    expect(newItem.parse({ ...old, guessing: 0.1 })).toMatchObject({ parameters: { ...parameters, c: 0.1 } });
    expect(newItem.safeParse({ ...old, body: 'y' }).success).toBe(false);
    expect(newItem.safeParse({ ...old, parameters: null }).success).toBe(false);
  });

  test('parses to itself', () => {
    fc.assert(
      fc.property(someItem, (item) => {
        expect(writtenItem.parse(item)).toEqual(item);
      }),
      { seed: 3, numRuns: 200 },
    );
  });
});

describe('a revision', () => {
  test('is made by content and parameters, not by labels and status', () => {
    const item = writtenItem.parse({ ...choice, parameters: { model: '2PL', a: 1, b: 0 } });
    const changedBy = (changes: object) => changedFields(item, writtenItem.parse({ ...item, ...changes }));
    expect(changedBy({ status: 'live', tags: ['x'], subject: 'y', external_id: 'z' })).toEqual([]);
    expect(changedBy({ body: 'y', key: 2 })).toEqual(['body', 'key']);
    expect(changedBy({ parameters: { model: '2PL', b: 0, a: 1 } })).toEqual([]);
    expect(changedBy({ parameters: { model: '2PL', b: 0.1, a: 1 } })).toEqual(['parameters']);
  });
});

describe('a status', () => {
  const parameters = { model: '2PL', a: 1, b: 0, c: 0, d: 1, se: null, source: 'entered' } as const;
  const statuses = ['draft', 'pilot', 'live', 'retired'] as const;

  test('goes from draft to pilot and live, from there to retired, and back from that', () => {
    const ways = statuses.map((from) => [
      from,
      statuses.filter((to) => statusProblem(from, to, parameters) === undefined),
    ]);
    expect(Object.fromEntries(ways)).toEqual({
      draft: ['draft', 'pilot', 'live'],
      pilot: ['pilot', 'live', 'retired'],
      live: ['live', 'retired'],
      retired: ['pilot', 'live', 'retired'],
    });
  });

  test('of live needs parameters, wherever the item comes from', () => {
    for (const from of statuses) expect(statusProblem(from, 'live', null)).toBeDefined();
    expect(statusProblem('draft', 'pilot', null)).toBeUndefined();
  });
});

describe('a loaded bank', () => {
  test('has the engine’s bank in the order of its items, and a place holder for what is not known', () => {
    const about = { revision: 1, explanation: null, subject: null, grade: null, module: null, tags: [] };
    const known = { se: null, source: 'entered' } as const;
    const { items } = publishedItems.parse({
      bank_id: 'b1',
      D: 1.702,
      items: [
        {
          ...choice,
          ...about,
          item_id: 'i1',
          status: 'live',
          parameters: { model: '4PL', a: 2, b: 1, c: 0.1, d: 0.9, ...known },
        },
        {
          ...multi,
          ...about,
          item_id: 'i2',
          status: 'live',
          parameters: { model: 'GRM', a: 1, thresholds: [-1, 1], ...known },
        },
        { ...choice, ...about, item_id: 'i3', status: 'pilot', parameters: null },
        {
          ...choice,
          ...about,
          item_id: 'i4',
          status: 'live',
          parameters: { model: '1PL', a: 1.5, b: -1, c: 0, d: 1, ...known },
        },
      ],
    });
    const loaded = loadedBank({ bank_id: 'b1', version: 3, D: 1.702, items });
    const { engine } = loaded;
    expect([engine.size, engine.D, [...engine.categories]]).toEqual([4, 1.702, [2, 3, 2, 2]]);
    expect([...engine.a, ...engine.b]).toEqual([2, 1, 1, 1.5, 1, 0, 0, -1]);
    expect(probability(engine, 0, 1)).toBeCloseTo(0.5, 12);
    expect(itemIn(loaded, 'i3')).toMatchObject({ position: 2, item: { item_id: 'i3' } });
    expect(itemIn(loaded, 'i9')).toBeUndefined();
  });
});
