import { describe, expect, test } from 'vitest';
import { reportedAnswer } from '#shared/domain/exams/cat.ts';
import { item } from './a-bank.ts';

const choice = item(1, 0, { kind: 'choice', key: 2 });
const multi = item(2, 0, {
  kind: 'multi',
  key: [0, 2],
  parameters: { model: 'GRM', a: 1, thresholds: [-1, 1], se: null, source: 'entered' },
});
const numeric = item(3, 0, {
  kind: 'numeric',
  options: [],
  key: { value: 3.14, tolerance: 0.01, tolerance_kind: 'absolute' },
});
const text = item(4, 0, {
  kind: 'text',
  options: [],
  key: { accepted: ['Seoul', '서울'], case_sensitive: false },
});

const responded = (...values: string[]) => ({
  responseVariables: [
    { identifier: 'duration', candidateResponse: { value: [{ value: '12.5' }] } },
    { identifier: 'RESPONSE', candidateResponse: { value: values.map((value) => ({ value })) } },
  ],
});
const scored = (value: string, normalMaximum?: number) => ({
  outcomeVariables: [{ identifier: 'SCORE', normalMaximum, value: [{ value }] }],
});

describe('what another system reports of an item', () => {
  test.each([
    [choice, responded('2'), { category: 1, answer: 2 }],
    [choice, responded('choice-1'), { category: 0, answer: 1 }],
    [multi, responded('choice_2', '0'), { category: 2, answer: [0, 2] }],
    [multi, responded('2'), { category: 1, answer: [2] }],
    [numeric, responded('3.145'), { category: 1, answer: 3.145 }],
    [text, responded(' 서울 '), { category: 1, answer: ' 서울 ' }],
  ])('is scored by its response (%#)', (one, report, expected) => {
    expect(reportedAnswer(one, report)).toEqual({ ...expected, milliseconds: 12_500 });
  });

  test.each([
    [choice, scored('1'), 1],
    [choice, scored('0.5'), 0],
    [choice, scored('4', 4), 1],
    [multi, scored('1', 2), 1],
    [multi, scored('9', 2), 2],
    [multi, scored('-1'), 0],
    [choice, {}, 0],
    [choice, responded(), 0],
  ])('is a share of the highest category where only its score is told (%#)', (one, report, category) => {
    expect(reportedAnswer(one, report)).toMatchObject({ category, answer: null });
  });

  test.each([
    [choice, responded('7')],
    [choice, responded('Seoul')],
    [numeric, responded('about three')],
    [numeric, responded('')],
    [choice, scored('good')],
    [multi, responded('0', '0')],
  ])('that the item cannot have is an error (%#)', (one, report) => {
    expect(() => reportedAnswer(one, report)).toThrow(RangeError);
  });
});
