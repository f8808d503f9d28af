/** Items of every kind, as authors might write them, with texts that are hard on a file. */
import fc from 'fast-check';
import { type WrittenItem, writtenItem } from '#shared/contracts/item-shapes.ts';

const hard = fc.constantFrom(
  '=1+1',
  "'=1+1",
  '+82',
  '-3',
  '@home',
  "''@",
  'a;b',
  'a|b',
  'a\\|b',
  '\\frac{1}{2}',
  'C:\\',
  'say "hi"',
  'two\r\nlines',
  '```py\nprint(1, 2)\n```',
  '$x^2$, then',
  '서울',
  '1,5',
  '±',
  '|',
  ';',
  '\\',
);
const words = fc.oneof(
  hard,
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
  fc.array(hard, { minLength: 2, maxLength: 3 }).map((parts) => parts.join(' ')),
);
const line = words.map((text) => text.replaceAll(/\s+/g, ' '));
/** JSON and the table know no −0. */
const unsigned = (value: number): number => value + 0;
const number = fc
  .oneof(
    fc.integer({ min: -1000, max: 1000 }),
    fc.double({ min: -100, max: 100, noNaN: true }),
    fc.constantFrom(0.1, 0.07, 1e-9, 123456.789, 1e15, 0.3, 1 / 3),
  )
  .map(unsigned);
const positive = number.map(Math.abs);

const options = fc.uniqueArray(words, { minLength: 2, maxLength: 10, selector: (text) => text.trim() });
const question = fc.oneof(
  options.chain((bodies) =>
    fc.record({
      kind: fc.constant('choice'),
      options: fc.constant(bodies),
      key: fc.nat({ max: bodies.length - 1 }),
    }),
  ),
  options.chain((bodies) =>
    fc.record({
      kind: fc.constant('multi'),
      options: fc.constant(bodies),
      key: fc.subarray([...bodies.keys()], { minLength: 1 }),
    }),
  ),
  fc.record({
    kind: fc.constant('numeric'),
    key: fc.record({
      value: number,
      tolerance: positive,
      tolerance_kind: fc.constantFrom('absolute', 'relative'),
    }),
  }),
  fc.record({
    kind: fc.constant('text'),
    key: fc.record({
      accepted: fc.array(line, { minLength: 1, maxLength: 5 }),
      case_sensitive: fc.boolean(),
    }),
  }),
);

const difficulty = fc.double({ min: -4, max: 4, noNaN: true }).map(unsigned);
const slope = fc.double({ min: 0.2, max: 3, noNaN: true });
const se = fc.option(fc.record({ a: fc.constantFrom(0.1, 0.25), b: fc.constantFrom(0.125, 1) }));
const source = fc.constantFrom('entered', 'imported', 'calibrated');
const parameters = fc.oneof(
  fc.record({ model: fc.constantFrom('1PL', '2PL'), a: slope, b: difficulty, se, source }),
  fc.record({ model: fc.constant('3PL'), a: slope, b: difficulty, c: fc.constantFrom(0, 0.25), se, source }),
  fc.record({
    model: fc.constant('4PL'),
    a: slope,
    b: difficulty,
    c: fc.constantFrom(0, 0.2),
    d: fc.constantFrom(0.95, 1),
    se,
    source,
  }),
  fc.record({
    model: fc.constantFrom('GRM', 'GPCM'),
    a: slope,
    thresholds: fc
      .uniqueArray(difficulty, { minLength: 1, maxLength: 4 })
      .map((all) => all.toSorted((x, y) => x - y)),
    se,
    source,
  }),
);

const labels = fc.record({
  external_id: fc.option(line),
  explanation: fc.option(words),
  subject: fc.option(line),
  grade: fc.option(fc.constantFrom('10', '고1', '=1')),
  module: fc.option(line),
  tags: fc.uniqueArray(line, { maxLength: 4, selector: (tag) => tag.trim().normalize('NFC') }),
});

const accepted = (item: unknown): WrittenItem[] => {
  const parsed = writtenItem.safeParse(item);
  return parsed.success ? [parsed.data] : [];
};

export const someItem: fc.Arbitrary<WrittenItem> = fc
  .tuple(words, question, fc.option(parameters), labels, fc.constantFrom('draft', 'pilot', 'live', 'retired'))
  .map(([body, asked, known, more, status]) =>
    accepted({ body, ...asked, parameters: known, ...more, status: known ? status : 'draft' }),
  )
  .filter((items) => items.length === 1)
  .map(([item]) => item)
  .filter((item) => item !== undefined);
