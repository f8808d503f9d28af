import { describe, expect, test } from 'vitest';
import { languageOf } from '#functions/console/pages/item-body/language-of.ts';
import {
  mergeElsewhere,
  nothingUnsent,
  readUnsent,
  toSend,
  withoutSent,
  withWritten,
} from '#functions/console/pages/quiz-taking/unsent.ts';
import { answerOf, shownOptions, withOption } from '#functions/console/pages/taking/answers.ts';
import { isPlain, typedNumber } from '#functions/console/pages/taking/typed-number.ts';

describe('a typed number', () => {
  test.each([
    ['2.5', 2.5],
    ['2,5', 2.5],
    [' −3 ', -3],
    ['1,000', 1000],
    ['12,345,678.9', 12_345_678.9],
    ['1,0000', 1],
    ['2.', 2],
    ['.5', 0.5],
    ['1e3', 1000],
    ['１２', 12],
    ['1 000', 1000],
    ['+4', 4],
  ])('%s is read as a number', (typed, value) => {
    expect(typedNumber(typed)).toBe(value);
  });

  test.each(['', '-', 'two', '1,2,3', '1.2.3', '1/2', '5 cm', '0x10', '1e999', 'Infinity'])(
    '%s is no number',
    (typed) => {
      expect(typedNumber(typed)).toBeUndefined();
    },
  );

  test('a form that others might read otherwise is said back', () => {
    expect(['2.5', '-3', '2,5', '1,000', '1e3'].map(isPlain)).toEqual([true, true, false, false, false]);
  });
});

const choice = { item_id: 'c', kind: 'choice', body: '', options: [{ body: 'a' }, { body: 'b' }] } as const;
const several = { ...choice, item_id: 'm', kind: 'multi' } as const;
const amount = { ...choice, item_id: 'n', kind: 'numeric', options: [] } as const;
const word = { ...choice, item_id: 't', kind: 'text', options: [] } as const;
const questions = [choice, several, amount, word];

describe('an answer', () => {
  test('is there once it can be read: the first option too, an empty text not', () => {
    expect(answerOf(choice, 0)).toBe(0);
    expect(answerOf(several, [])).toBeUndefined();
    expect(answerOf(several, [0])).toEqual([0]);
    expect(answerOf(amount, '0')).toBe(0);
    expect(answerOf(amount, 'none')).toBeUndefined();
    expect(answerOf(word, '  ')).toBeUndefined();
    expect(answerOf(word, undefined)).toBeUndefined();
  });

  test('names positions of the stored order, whatever the order on the page', () => {
    expect(shownOptions({ ...choice, option_order: [1, 0] })).toEqual([
      { position: 1, body: 'b' },
      { position: 0, body: 'a' },
    ]);
    expect(withOption('multi', withOption('multi', [2], 0), 2)).toEqual([0]);
  });
});

describe('what is unsent of a quiz', () => {
  const at = (minute: number) => Date.UTC(2026, 0, 1, 12, minute);
  const iso = (minute: number) => new Date(at(minute)).toISOString();
  const written = (item_id: string, draft: number | string, minute: number, saved = {}) =>
    withWritten(nothingUnsent, item_id, { draft, written_ms: at(minute) }, saved);

  test('is sent in the server’s form; what cannot be read takes the answer back', () => {
    const both = withWritten(written('n', '2,5', 1), 't', { draft: '', written_ms: at(1) }, {});
    expect(toSend(questions, both)).toEqual({ n: 2.5, t: null });
  });

  test('loses what has arrived, but not what was changed on the way', () => {
    const sent = written('n', '2', 1);
    const meanwhile = withWritten(sent, 'n', { draft: '25', written_ms: at(2) }, {});
    expect(withoutSent(sent, sent).answers).toEqual({});
    expect(toSend(questions, withoutSent(meanwhile, sent))).toEqual({ n: 25 });
  });

  test('gives way to what another device answered later', () => {
    const merged = mergeElsewhere(written('c', 0, 1), { questions, answers: { c: 1 }, saved_at: iso(5) });
    expect(merged).toEqual({ unsent: nothingUnsent, gaveWay: ['c'] });
  });

  test('goes on where the other device answered earlier, or something else', () => {
    const late = written('c', 0, 9);
    expect(mergeElsewhere(late, { questions, answers: { c: 1 }, saved_at: iso(5) })).toEqual({
      unsent: late,
      gaveWay: [],
    });
    const other = written('c', 0, 1, { c: 1 });
    expect(mergeElsewhere(other, { questions, answers: { c: 1, t: 'x' }, saved_at: iso(5) })).toEqual({
      unsent: other,
      gaveWay: [],
    });
  });

  test('is done where it arrived and only the reply was lost', () => {
    const merged = mergeElsewhere(written('n', '2.50', 1), {
      questions,
      answers: { n: 2.5 },
      saved_at: iso(2),
    });
    expect(merged).toEqual({ unsent: nothingUnsent, gaveWay: [] });
  });

  test('is read back from storage, and nothing else is', () => {
    const one = written('n', '2', 1, { n: 7 });
    expect(readUnsent(JSON.parse(JSON.stringify(one)))).toEqual(one);
    expect(readUnsent({ answers: { n: 'x' } })).toEqual(nothingUnsent);
    expect(readUnsent(undefined)).toEqual(nothingUnsent);
  });
});

test('the language of what authors wrote is told by its letters', () => {
  expect(['`for`를 쓰면?', 'What is $x$?', '$x^2$', '12'].map(languageOf)).toEqual([
    'ko',
    'en',
    undefined,
    undefined,
  ]);
});
