/** The starting item banks as such; what their code prints is in tests/integration/content. */
import { describe, expect, test } from 'vitest';
import { readItemBanks } from '#shared/content/items.ts';
import { scoreAnswer } from '#shared/domain/items/score.ts';
import { difficultyOf } from '#shared/table/item.ts';

const banks = await readItemBanks();
const bankNamed = (slug: string) => banks.find((one) => one.slug === slug)?.items ?? [];

test('there are sixty items of Python and thirty of mathematics', () => {
  expect(banks.map(({ slug }) => slug)).toEqual(['mathematics', 'python-basics']);
  expect(bankNamed('python-basics').length).toBeGreaterThanOrEqual(60);
  expect(bankNamed('mathematics').length).toBeGreaterThanOrEqual(30);
  expect(
    bankNamed('python-basics')
      .map(({ body }) => body)
      .join(' '),
  ).not.toMatch(/\p{Script=Hangul}/u);
});

describe.each(banks.map(({ slug, items }) => [slug, items] as const))('%s', (_, items) => {
  test.each(items.map((item) => [item.external_id ?? '', item] as const))(
    '%s is live, explained, placed and measured',
    (_id, item) => {
      expect(item.status).toBe('live');
      expect(item.explanation?.length ?? 0).toBeGreaterThanOrEqual(15);
      expect([item.subject, item.module]).toEqual([expect.any(String), expect.any(String)]);
      if (!item.parameters) throw new Error('no parameters');
      expect(item.parameters.source).toBe('entered');
      expect(item.parameters.a).toBeGreaterThanOrEqual(0.8);
      expect(item.parameters.a).toBeLessThanOrEqual(2);
      expect(Math.abs(difficultyOf(item.parameters))).toBeLessThanOrEqual(2.5);
      // fences, inline code and formulas are closed
      const texts = [item.body, item.explanation ?? '', ...item.options.map(({ body }) => body)];
      for (const text of texts) {
        expect(text.split('```').length % 2).toBe(1);
        const prose = text.replaceAll(/```[\s\S]*?```|`[^`\n]*`/g, '');
        expect(prose).not.toContain('`');
        expect(prose.split('$').length % 2).toBe(1);
      }
    },
  );

  test('every item has its own id and asks its own question', () => {
    expect(new Set(items.map(({ external_id }) => external_id)).size).toBe(items.length);
    const question = ({ body, options }: (typeof items)[number]) => JSON.stringify([body, options]);
    expect(new Set(items.map(question)).size).toBe(items.length);
  });

  test('difficulties are spread from easy to hard', () => {
    const values = items.flatMap(({ parameters }) => (parameters ? [difficultyOf(parameters)] : []));
    expect([Math.min(...values), Math.max(...values)]).toEqual(
      [-2.5, 2.5].map((end) => expect.closeTo(end, 0)),
    );
    for (const from of [-2.5, -1.5, -0.5, 0.5, 1.5])
      expect(values.filter((b) => b >= from && b <= from + 1).length).toBeGreaterThanOrEqual(
        items.length / 12,
      );
  });

  test('no position is right much more often than another', () => {
    const keys = items.flatMap((item) => (item.kind === 'choice' ? [item.key] : []));
    const most = Math.max(...[0, 1, 2, 3].map((position) => keys.filter((key) => key === position).length));
    expect(most / keys.length).toBeLessThan(0.55);
  });
});

/** The answers to the mathematics, computed here from what is asked: positions of options for choices. */
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, k) => from + k);
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const product = (values: readonly number[]) => values.reduce((total, value) => total * value, 1);
const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));
const mean = (values: readonly number[]) => sum(values) / values.length;
const data = [2, 4, 4, 4, 5, 5, 7, 9];
const dice = range(1, 6).flatMap((a) => range(1, 6).map((b) => a + b));
const rounded = (value: number, digits: number) => Math.round(value * 10 ** digits) / 10 ** digits;
/** Which of the options' values is the one. */
const among = (values: readonly unknown[], value: unknown) => values.indexOf(value);

const answers: Readonly<Record<string, number | readonly number[] | string>> = {
  'ma-01': 12 - 3 * 2,
  'ma-02': 3 / 4,
  'ma-03': among([-8, -6, 6, 8], (-2) ** 3),
  'ma-04': gcd(24, 36),
  'ma-05': (8 * 12) / gcd(8, 12),
  'ma-06': [2 ** 2 * 5, 5 ** 2 * 2, 10 ** 2 * 5, 25 ** 2 * 2].indexOf(50),
  'ma-07': (20 - 5) / 3,
  'ma-08': (10 + 4) / 2,
  'ma-09': [1, 2, 3, 6].flatMap((x, at) => (x ** 2 - 5 * x + 6 === 0 ? [at] : [])),
  'ma-10': among([-1, 0, 1], Math.sign(4 ** 2 - 4 * 5)),
  'ma-11': [
    (x: number) => x < 1,
    (x: number) => x < 4,
    (x: number) => x > 4,
    (x: number) => x <= 4,
  ].findIndex((holds) => range(-10, 10).every((x) => holds(x) === 2 * x - 3 < 5)),
  'ma-12': [
    (x: number) => x >= -4,
    (x: number) => x <= -4,
    (x: number) => x >= 4,
    (x: number) => x <= 4,
  ].findIndex((holds) => range(-10, 10).every((x) => holds(x) === -3 * x >= 12)),
  'ma-13': Math.min(...range(-100, 100).map((x) => x ** 2 - 6 * x + 11)),
  'ma-14': [
    [-2, 3],
    [2, -3],
    [2, 3],
    [3, 2],
  ].findIndex(([x = 0, y]) => (x - 2) ** 2 + 3 === y && x === 2),
  'ma-15': Math.hypot(4 - 1, 6 - 2),
  'ma-16': (11 - 3) / (3 - 1),
  'ma-17': among([-2, -0.5, 0.5, 2], -1 / 2),
  'ma-18': 180 - 50 - 60,
  'ma-19': Math.hypot(5, 12),
  'ma-20': rounded(Math.PI * 3 ** 2, 2),
  'ma-21': [1 / 2, Math.SQRT2 / 2, Math.sqrt(3) / 2, 1].findIndex(
    (value) => Math.abs(value - Math.sin(Math.PI / 6)) < 1e-12,
  ),
  'ma-22': '외심',
  'ma-23': mean([3, 5, 7, 9, 11]),
  'ma-24': [2, 9, 4, 7, 5].toSorted((a, b) => a - b)[2] ?? Number.NaN,
  'ma-25': rounded(dice.filter((total) => total === 7).length / dice.length, 3),
  'ma-26': range(1, 5).flatMap((a) => range(a + 1, 5)).length,
  'ma-27': product(range(1, 5)),
  'ma-28': Math.sqrt(mean(data.map((value) => (value - mean(data)) ** 2))),
  'ma-29': 3 + 4 * 19,
  'ma-30': sum(range(1, 100)),
  'ma-31': among([162, 240, 242, 486], sum(range(0, 4).map((n) => 2 * 3 ** n))),
  'ma-32': range(0, 10).findIndex((x) => 3 ** x === 81),
  'ma-33': Math.log2(32) + Math.log(1 / 9) / Math.log(3),
  'ma-34': among([13, 19, 37, 49], 2 * 3 ** 2 + 1),
  'ma-35': ((3 + Math.sqrt(5)) / 2) ** 2 + (2 / (3 + Math.sqrt(5))) ** 2,
  'ma-36': range(1, 100).find((k) => k ** 2 - 4 * 9 === 0) ?? Number.NaN,
};

test.each(bankNamed('mathematics').map((item) => [item.external_id ?? '', item] as const))(
  'the key of %s is what comes out',
  (id, item) => {
    const answer = answers[id];
    if (answer === undefined) throw new Error('this item is not computed');
    expect(scoreAnswer(item, answer).correct).toBe(true);
  },
);
