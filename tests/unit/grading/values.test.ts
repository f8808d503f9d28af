import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '#shared/domain/grading/types.ts';
import { nearlySameValue, printValue, sameItems, sameValue } from '#shared/domain/grading/values.ts';

describe('a returned value is compared strictly', () => {
  const different: [Json, Json][] = [
    [{ $float: '25.0' }, 25],
    [{ $tuple: [1, 2] }, [1, 2]],
    [{ $float: '-0.0' }, { $float: '0.0' }],
    [{ $float: '-0' }, 0],
    [{ $float: 'nan' }, { $float: 'nan' }],
    [true, 1],
    ['25', 25],
    [{ $bigint: '25' }, 25],
    [{ $undefined: true }, null],
    [{ $other: 'Point' }, { $other: 'Point' }],
    [{ $map: [['a', 1]] }, { a: 1 }],
    [
      [1, 2],
      [2, 1],
    ],
    [
      [[1], 2],
      [1, [2]],
    ],
    [['a,b'], ['a', 'b']],
  ];
  it.each(different)('%j is not %j', (actual, expected) => {
    expect(sameValue(actual, expected)).toBe(false);
  });

  const same: [Json, Json][] = [
    [{ $float: '2.5' }, 2.5],
    [{ $float: '25.0' }, { $float: '25' }],
    [{ $float: 'inf' }, { $float: 'Infinity' }],
    [{ $int: '123456789012345678901234567890' }, { $int: '123456789012345678901234567890' }],
    [{ $int: '0xff' }, 255],
    [{ $int: '-0xff' }, -255],
    [
      {
        $dict: [
          ['b', 2],
          ['a', { $float: '1.5' }],
        ],
      },
      { a: 1.5, b: 2 },
    ],
    [{ $set: [3, 1] }, { $set: [1, 3] }],
    [{ $dict: [[{ $tuple: [1, 2] }, 'x']] }, { $dict: [[{ $tuple: [1, 2] }, 'x']] }],
  ];
  it.each(same)('%j is %j', (actual, expected) => {
    expect(sameValue(actual, expected)).toBe(true);
  });

  it('takes any JSON value for itself, and nothing else for it', () => {
    const plain = fc.jsonValue({ maxDepth: 4 }).filter((value) => !JSON.stringify(value).includes('$'));
    fc.assert(
      fc.property(plain, plain, (a, b) => {
        const [left, right] = [a as Json, b as Json];
        expect(sameValue(left, left)).toBe(true);
        if (JSON.stringify(a) !== JSON.stringify(b) && typeof a !== typeof b)
          expect(sameValue(left, right)).toBe(false);
      }),
    );
  });

  it('does not lose its way in a value without end', () => {
    let deep: Json = [];
    for (let depth = 0; depth < 100_000; depth++) deep = [deep];
    expect(sameValue(deep, deep)).toBe(false);
  });
});

describe('looser comparisons', () => {
  it('ignores the order of items', () => {
    expect(sameItems([3, 1, 2], [1, 2, 3])).toBe(true);
    expect(sameItems({ $tuple: [3, 1, 2] }, [1, 2, 3])).toBe(true);
    expect(sameItems([1, 1, 2], [1, 2, 2])).toBe(false);
  });
  it('forgives numbers a relative difference, wherever they are', () => {
    expect(nearlySameValue({ $float: '3.25000005' }, 3.25, 1e-6)).toBe(true);
    expect(
      nearlySameValue([{ $float: '1.0' }, { $dict: [['x', { $float: '2.0' }]] }], [1, { x: 2 }], 1e-9),
    ).toBe(true);
    expect(nearlySameValue({ $float: '1.1' }, 1, 1e-3)).toBe(false);
    expect(nearlySameValue({ $float: 'nan' }, 1, 1e9)).toBe(false);
    expect(nearlySameValue([1, 2], [1], 1)).toBe(false);
    expect(nearlySameValue('1.0', 1, 1)).toBe(false);
  });
});

it('prints a value as its language would', () => {
  const value: Json = [{ $tuple: [1] }, { $float: '2.0' }, null, true, { $dict: [['a', { $set: [1] }]] }];
  expect(printValue(value, 'python')).toBe('[(1,), 2.0, None, True, {"a": {1}}]');
  expect(printValue([{ $dict: [['a', null]] }, { $undefined: true }, -0], 'typescript')).toBe(
    '[{a: null}, undefined, -0]',
  );
});
