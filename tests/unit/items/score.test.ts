import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { forStudent } from '#shared/domain/items/for-student.ts';
import { answerProblem, isWithin, sameText, scoreAnswer } from '#shared/domain/items/score.ts';
import type { Answer, Question } from '#shared/domain/items/types.ts';
import { someItem } from './items.ts';

const options = ['a', 'b', 'c', 'd', 'e'].map((body) => ({ body }));
const choice: Question = { kind: 'choice', options, key: 2 };
const multi: Question = { kind: 'multi', options, key: [0, 2, 3] };
const graded = {
  ...multi,
  parameters: { model: 'GRM', a: 1, thresholds: [-1, 1], se: null, source: 'entered' } as const,
};

/** The right answer to any item. */
const rightAnswer = (item: Question): Answer => {
  switch (item.kind) {
    case 'choice':
    case 'multi':
      return item.key;
    case 'numeric':
      return item.key.value;
    case 'text':
      return item.key.accepted[0] ?? '';
  }
};

describe('an answer', () => {
  test('that is the key is wholly right, whatever the item', () => {
    fc.assert(
      fc.property(someItem, (item) => {
        const { score, correct, category } = scoreAnswer(item, rightAnswer(item));
        const highest =
          item.parameters && 'thresholds' in item.parameters ? item.parameters.thresholds.length : 1;
        expect([score, correct, category]).toEqual([1, true, highest]);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  test('to a choice is right or wrong', () => {
    expect(scoreAnswer(choice, 2)).toEqual({ category: 1, score: 1, correct: true });
    expect(scoreAnswer(choice, 0)).toEqual({ category: 0, score: 0, correct: false });
  });

  test.each([
    [[0, 2, 3], 1, 1, 2],
    [[3, 2, 0], 1, 1, 2],
    [[0, 2], 2 / 3, 0, 1],
    [[0], 1 / 3, 0, 0],
    [[0, 1], 0, 0, 0],
    [[0, 2, 3, 4], 2 / 3, 0, 1],
    [[1, 4], 0, 0, 0],
    [[], 0, 0, 0],
  ])(
    '%j to several of five earns a share, each wrong one takes one away',
    (answer, share, category, grade) => {
      expect(scoreAnswer(multi, answer)).toEqual({ category, score: share, correct: share === 1 });
      expect(scoreAnswer(graded, answer).category).toBe(grade);
    },
  );

  test('to several, with thresholds, is ⌊m · share⌋ for any number of thresholds and keys', () => {
    for (let keys = 1; keys <= 10; keys++)
      for (let m = 1; m <= keys; m++)
        for (let right = 0; right <= keys; right++) {
          const all = Array.from({ length: 10 }, (_, k) => ({ body: String(k) }));
          const item = {
            kind: 'multi',
            options: all,
            key: Array.from({ length: keys }, (_, k) => k),
            parameters: {
              model: 'GPCM',
              a: 1,
              thresholds: Array.from({ length: m }, (_, k) => k),
              se: null,
              source: 'entered',
            },
          } as const;
          const answer = Array.from({ length: right }, (_, k) => k);
          expect(scoreAnswer(item, answer).category).toBe(Math.floor((m * right) / keys));
        }
  });

  test.each([
    [1, 0.1, 'absolute', 1.1, true],
    [1, 0.1, 'absolute', 0.9, true],
    [1, 0.1, 'absolute', 1.1001, false],
    [0.3, 0, 'absolute', 0.1 + 0.2, true],
    [0, 0, 'absolute', 1e-300, false],
    [200, 0.01, 'relative', 202, true],
    [-200, 0.01, 'relative', -197.9, false],
    [-200, 0.01, 'relative', -198, true],
    [1e15, 0, 'absolute', 1e15 + 100, true],
    [1e15, 0, 'absolute', 1e15 + 2_000, false],
  ] as const)('%d ± %d %s: %d is within it: %s', (value, tolerance, tolerance_kind, answer, within) => {
    expect(isWithin({ value, tolerance, tolerance_kind }, answer)).toBe(within);
  });

  test.each([
    ['For', ' for ', false, true],
    ['list  comprehension', 'List comprehension', false, true],
    ['Straße', 'STRASSE', false, true],
    ['ｌｅｎ（）', 'len()', true, true],
    ['서울'.normalize('NFD'), '서울', true, true],
    ['True', 'true', true, false],
    ['a b', 'ab', false, false],
    ['ΣΑΣ', 'σας', false, true],
  ] as const)('%j and %j, case counts: %s, are the same text: %s', (a, b, case_sensitive, same) => {
    expect(sameText(a, b, case_sensitive)).toBe(same);
    expect(sameText(b, a, case_sensitive)).toBe(same);
  });

  test('of another shape is no answer, and is not scored', () => {
    const numeric: Question = {
      kind: 'numeric',
      options: [],
      key: { value: 1, tolerance: 0, tolerance_kind: 'absolute' },
    };
    const text: Question = { kind: 'text', options: [], key: { accepted: ['x'], case_sensitive: false } };
    const wrong: [Question, unknown][] = [
      [choice, 5],
      [choice, -1],
      [choice, 1.5],
      [choice, '1'],
      [choice, [1]],
      [multi, 1],
      [multi, [0, 0]],
      [multi, [5]],
      [multi, ['0']],
      [numeric, '1'],
      [numeric, Number.NaN],
      [numeric, Number.POSITIVE_INFINITY],
      [text, 1],
      [text, 'x'.repeat(501)],
      [text, null],
    ];
    for (const [item, answer] of wrong) expect(answerProblem(item, answer)).toEqual(expect.any(String));
    expect(() => scoreAnswer(choice, 'b')).toThrow(RangeError);
    for (const fine of [0, 4]) expect(answerProblem(choice, fine)).toBeUndefined();
  });
});

test('what a student gets of an item says nothing of its key, explanation, parameters, labels or status', () => {
  fc.assert(
    fc.property(someItem, someItem, (item, other) => {
      const { body, options: offered } = item;
      const shown = forStudent({ ...item, item_id: 'i1' });
      expect(shown).toEqual({ item_id: 'i1', kind: item.kind, body, options: offered });
      // whatever else the item says, they see the same
      const changed = { ...other, ...item, explanation: other.explanation, parameters: other.parameters };
      const rewritten = { ...changed, tags: other.tags, status: other.status, item_id: 'i1' };
      expect(JSON.stringify(forStudent(rewritten))).toBe(JSON.stringify(shown));
      const keys = Array.isArray(item.options) ? item.options.length : 0;
      if (item.kind === 'choice')
        for (let key = 0; key < keys; key++)
          expect(forStudent({ ...item, key, item_id: 'i1' })).toEqual(shown);
    }),
    { seed: 2, numRuns: 300 },
  );
});
