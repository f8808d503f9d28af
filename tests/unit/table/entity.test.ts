import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { entity, folded, sortable } from '#shared/table/entity.ts';

const things = entity({
  type: 'thing',
  schema: z.object({ thing_id: z.string(), name: z.string(), hidden: z.boolean() }),
  key: ({ thing_id }: { thing_id: string }) => ({ pk: `thing#${thing_id}`, sk: 'thing' }),
  indexes: {
    gsi1: (item) => (item.hidden ? undefined : { pk: 'things', sk: sortable(item.name) }),
  },
});

describe('an entity', () => {
  const thing = { thing_id: '1', name: 'Ä', hidden: false };

  test('is stored with its keys, type and schema version, and read back without them', () => {
    const stored = things.stored(thing);
    expect(stored).toEqual({
      ...thing,
      pk: 'thing#1',
      sk: 'thing',
      gsi1pk: 'things',
      gsi1sk: 'ä',
      type: 'thing',
      schema_version: 1,
    });
    expect(things.parse(stored)).toEqual(thing);
  });

  test('stays out of an index that has no key for it', () => {
    expect(Object.keys(things.stored({ ...thing, hidden: true }))).not.toContain('gsi1pk');
  });

  test('does not get past the table when it does not fit its schema', () => {
    expect(() => things.parse({ ...things.stored(thing), hidden: 'no' })).toThrow();
  });

  test('of an older schema version is upgraded when it is read', () => {
    const today = entity({
      type: 'thing',
      schema: z.object({ thing_id: z.string(), title: z.string() }),
      key: ({ thing_id }: { thing_id: string }) => ({ pk: `thing#${thing_id}`, sk: 'thing' }),
      version: 2,
      upgrade: (stored) => ({ ...stored, title: stored['name'] }),
    });
    expect(today.parse(things.stored(thing))).toEqual({ thing_id: '1', title: 'Ä' });
    const stored = today.stored({ thing_id: '1', title: 'B' });
    expect(today.parse(stored)).toEqual({ thing_id: '1', title: 'B' });
  });

  test('may not have a field of the table’s own', () => {
    for (const name of ['type', 'pk', 'sk', 'gsi2sk', 'schema_version'])
      expect(() =>
        entity({
          type: 'bad',
          schema: z.object({ [name]: z.string() }),
          key: () => ({ pk: 'x', sk: 'y' }),
        }),
      ).toThrow(`entity bad: ${name} is an attribute of the table itself`);
  });
});

describe('a sort key of a name', () => {
  test('brings case, width and composition together', () => {
    for (const name of ['ann', 'ANN', 'Ａnn']) expect(sortable(name)).toBe('ann');
    expect(sortable('서울'.normalize('NFD'))).toBe('서울');
  });

  test('is bounded and well-formed, also where the bound falls into a surrogate pair', () => {
    const key = sortable(`a${'👩'.repeat(99)}`);
    expect(key.length).toBe(100);
    expect(key.isWellFormed()).toBe(true);
  });
});

test('a search compares without case, width, composition, ß and final sigma', () => {
  expect(folded('STRASSE')).toBe(folded('straße'));
  expect(folded('ΟΔΟΣ')).toBe(folded('οδος'));
  expect(folded('ﬁle')).toBe(folded('FILE'));
  expect(folded('Á')).toBe(folded('a\u0301'));
});
