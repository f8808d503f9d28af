import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answersProblem, changesNothing, merged } from '#shared/domain/quizzes/answers.ts';
import { orderOf } from '#shared/domain/quizzes/order.ts';
import { isAnswered, type QuizQuestion, scoreAttempt } from '#shared/domain/quizzes/score.ts';

const words = { body: 'Which?', explanation: null };
const options = ['a', 'b', 'c', 'd'].map((body) => ({ body }));
const questions: QuizQuestion[] = [
  { ...words, item_id: 'choice', points: 1, kind: 'choice', options, key: 2 },
  { ...words, item_id: 'multi', points: 3, kind: 'multi', options, key: [0, 1, 2] },
  {
    ...words,
    item_id: 'number',
    points: 0.1,
    kind: 'numeric',
    options: [],
    key: { value: 10, tolerance: 0.01, tolerance_kind: 'relative' },
  },
  {
    ...words,
    item_id: 'text',
    points: 0.2,
    kind: 'text',
    options: [],
    key: { accepted: ['서울'], case_sensitive: false },
  },
];
const right = { choice: 2, multi: [0, 1, 2], number: 10.1, text: ' 서울 ' };

describe('scores', () => {
  test('everything right is everything, in sums as one would write them', () => {
    expect(scoreAttempt(questions, right)).toMatchObject({ score: 4.3, max_score: 4.3, percent: 100 });
  });

  test('blanks give nothing: no answer, an empty choice, blank text', () => {
    const { score, questions: scored } = scoreAttempt(questions, { multi: [], text: '  ' });
    expect(score).toBe(0);
    expect(scored.map(({ answered }) => answered)).toEqual([false, false, false, false]);
    expect(isAnswered(0)).toBe(true);
  });

  test('each wrong choice takes a right one away, down to nothing', () => {
    const pointsFor = (multi: number[]) => scoreAttempt(questions, { multi }).questions[1]?.points;
    expect(pointsFor([0])).toBe(1);
    expect(pointsFor([0, 1])).toBe(2);
    expect(pointsFor([0, 1, 3])).toBe(1);
    expect(pointsFor([3])).toBe(0);
    expect(pointsFor([0, 1, 2, 3])).toBe(2);
  });

  test('no answers, whatever they are, give less than nothing or more than all', () => {
    const answers = fc.record(
      {
        choice: fc.integer({ min: 0, max: 3 }),
        multi: fc.uniqueArray(fc.integer({ min: 0, max: 3 })),
        number: fc.double({ noNaN: true, min: -1e15, max: 1e15 }),
        text: fc.string({ maxLength: 20 }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(answers, (given) => {
        const { score, max_score, percent, questions: scored } = scoreAttempt(questions, given);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(max_score);
        expect(percent).toBeCloseTo((100 * score) / max_score, 1);
        expect(scored.map(({ item_id }) => item_id)).toEqual(questions.map(({ item_id }) => item_id));
      }),
    );
  });

  test('names of every object are no answers', () => {
    const [first] = questions;
    if (!first) throw new Error('there are questions');
    expect(scoreAttempt([{ ...first, item_id: 'toString' }], {}).questions).toMatchObject([
      { answered: false },
    ]);
  });
});

describe('saved answers', () => {
  test('are merged by question; null takes one back; choices rise', () => {
    const saved = merged({}, { choice: 1, multi: [3, 0], text: 'x' });
    expect(saved).toEqual({ choice: 1, multi: [0, 3], text: 'x' });
    expect(merged(saved, { choice: null, text: 'y' })).toEqual({ multi: [0, 3], text: 'y' });
    expect(saved).toEqual({ choice: 1, multi: [0, 3], text: 'x' });
  });

  test('change nothing when they are the same, in whatever order, or take back what is not there', () => {
    const saved = { choice: 1, multi: [0, 3] };
    expect(changesNothing(saved, {})).toBe(true);
    expect(changesNothing(saved, { multi: [3, 0], text: null })).toBe(true);
    expect(changesNothing(saved, { choice: 1 })).toBe(true);
    expect(changesNothing(saved, { choice: 0 })).toBe(false);
    expect(changesNothing(saved, { choice: null })).toBe(false);
    expect(changesNothing(saved, { multi: [0] })).toBe(false);
    expect(changesNothing(saved, { text: '' })).toBe(false);
  });

  test('a save that changes nothing leaves what was saved as it was', () => {
    const answer = fc.oneof(
      fc.integer({ min: 0, max: 3 }),
      fc.uniqueArray(fc.integer({ min: 0, max: 3 })),
      fc.string(),
    );
    const saves = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.option(answer));
    fc.assert(
      fc.property(saves, saves, (first, second) => {
        const saved = merged({}, first);
        const after = merged(saved, second);
        expect(
          JSON.stringify(Object.entries(after).sort()) === JSON.stringify(Object.entries(saved).sort()),
        ).toBe(changesNothing(saved, second));
        expect(changesNothing(after, second)).toBe(true);
      }),
    );
  });

  test('must be answers to their questions', () => {
    expect(answersProblem(questions, right)).toBeUndefined();
    expect(answersProblem(questions, { choice: null })).toBeUndefined();
    expect(answersProblem(questions, { choice: 4 })).toMatchObject({ item_id: 'choice' });
    expect(answersProblem(questions, { multi: 1 })?.message).toContain('positions of options');
    expect(answersProblem(questions, { other: 1 })).toEqual({
      item_id: 'other',
      message: 'this quiz has no such question',
    });
  });
});

describe('the order of an attempt', () => {
  const counts = fc.array(fc.integer({ min: 0, max: 10 }), { minLength: 1, maxLength: 30 });
  const seed = fc.integer({ min: 0, max: 0xffff_ffff });
  const rising = (count: number) => Array.from({ length: count }, (_, at) => at);

  test('has every question and every option once, and is the same for the same seed', () => {
    fc.assert(
      fc.property(
        seed,
        counts,
        fc.boolean(),
        fc.boolean(),
        (seeded, sizes, shuffle_questions, shuffle_options) => {
          const rules = { shuffle_questions, shuffle_options };
          const order = orderOf(seeded, sizes, rules);
          expect(order.map(({ question }) => question).sort((a, b) => a - b)).toEqual(rising(sizes.length));
          for (const { question, options: shown } of order)
            expect([...shown].sort((a, b) => a - b)).toEqual(rising(sizes[question] ?? 0));
          expect(orderOf(seeded, sizes, rules)).toEqual(order);
        },
      ),
    );
  });

  test('is the stored one unless it is shuffled; options stand the same whether or not questions are shuffled', () => {
    const sizes = [4, 4, 4, 4];
    const plain = { shuffle_questions: false, shuffle_options: false };
    expect(orderOf(7, sizes, plain)).toEqual(
      sizes.map((size, question) => ({ question, options: rising(size) })),
    );
    const byQuestion = (shuffle_questions: boolean) =>
      orderOf(7, sizes, { shuffle_questions, shuffle_options: true }).sort((a, b) => a.question - b.question);
    expect(byQuestion(true)).toEqual(byQuestion(false));
  });

  test('is fair: each option is as often first', () => {
    const firsts = [0, 0, 0, 0];
    const many = 8_000;
    for (let seeded = 0; seeded < many; seeded++) {
      const [question] = orderOf(seeded, [4], { shuffle_questions: false, shuffle_options: true });
      const first = question?.options[0] ?? 0;
      firsts[first] = (firsts[first] ?? 0) + 1;
    }
    // four standard deviations of a binomial of one quarter
    for (const often of firsts)
      expect(Math.abs(often - many / 4)).toBeLessThan(4 * Math.sqrt(many * 0.25 * 0.75));
  });
});
