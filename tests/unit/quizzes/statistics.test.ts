import { expect, test } from 'vitest';
import type { QuizQuestion, ScoredQuestion } from '#shared/domain/quizzes/score.ts';
import { scoreAttempt } from '#shared/domain/quizzes/score.ts';
import {
  correlation,
  cronbachAlpha,
  questionStatistics,
  quizSummary,
} from '#shared/domain/quizzes/statistics.ts';

const scored = (item_id: string, points: number): ScoredQuestion => ({
  item_id,
  points,
  max_points: 1,
  correct: points === 1,
  answered: true,
});

test('alpha of five questions and six people is that of the textbook formula', () => {
  const points = [
    [1, 1, 1, 1, 1],
    [1, 1, 1, 0, 0],
    [1, 1, 0, 1, 0],
    [1, 0, 1, 0, 0],
    [0, 1, 0, 0, 0],
    [0, 0, 0, 0, 0],
  ];
  // variances of n − 1: questions 4/15, 4/15, 3/10, 4/15, 1/6; sums 5, 3, 3, 2, 1, 0 with 46/15
  const parts = 4 / 15 + 4 / 15 + 3 / 10 + 4 / 15 + 1 / 6;
  expect(cronbachAlpha(points)).toBeCloseTo((5 / 4) * (1 - parts / (46 / 15)), 12);
});

test('what is constant, or too little, has no correlation and no alpha', () => {
  expect(correlation([[1, 2]])).toBeNull();
  expect(
    correlation([
      [0.1 + 0.2, 1],
      [0.3, 2],
      [0.3, 3],
    ]),
  ).toBeNull();
  expect(
    correlation([
      [1, 2],
      [2, 4],
      [3, 6],
    ]),
  ).toBeCloseTo(1, 12);
  expect(
    correlation([
      [1, 6],
      [2, 4],
      [3, 2],
    ]),
  ).toBeCloseTo(-1, 12);
  expect(cronbachAlpha([])).toBeNull();
  expect(cronbachAlpha([[1], [0]])).toBeNull();
  expect(
    cronbachAlpha([
      [1, 0],
      [0, 1],
    ]),
  ).toBeNull();
});

test('the discrimination of a right-or-wrong question is the point-biserial with the rest', () => {
  // x = 1, 1, 0, 0; rest 1, ½, ½, 0: means ½, ½; r = (M₁ − M₀)/s · √(pq)
  const attempts = [
    [1, 1, 1],
    [1, 1, 0],
    [0, 0, 1],
    [0, 0, 0],
  ].map((points) => ({ answers: {}, scores: points.map((value, at) => scored(`q${at}`, value)) }));
  const question: QuizQuestion = {
    item_id: 'q0',
    body: 'Which?',
    explanation: null,
    points: 1,
    kind: 'choice',
    options: [{ body: 'a' }, { body: 'b' }],
    key: 0,
  };
  const { point_biserial, p, n } = questionStatistics(question, attempts);
  const sd = Math.sqrt((0.5 ** 2 + 0 + 0 + 0.5 ** 2) / 4);
  expect({ p, n }).toEqual({ p: 0.5, n: 4 });
  expect(point_biserial).toBeCloseTo(((0.75 - 0.25) / sd) * 0.5, 12);
});

test('nobody’s attempts are statistics of nothing', () => {
  const question: QuizQuestion = {
    item_id: 'q',
    body: 'Which?',
    explanation: null,
    points: 1,
    kind: 'multi',
    options: [{ body: 'a' }, { body: 'b' }],
    key: [0],
  };
  expect(questionStatistics(question, [])).toMatchObject({
    n: 0,
    p: null,
    point_biserial: null,
    options: [
      { chosen: 0, share: null, mean_rest: null, is_key: true },
      { chosen: 0, share: null, mean_rest: null, is_key: false },
    ],
  });
  expect(quizSummary([], [])).toEqual({
    attempts: 0,
    mean_percent: null,
    median_percent: null,
    sd_percent: null,
    alpha: null,
  });
  expect(quizSummary([80], [])).toMatchObject({ mean_percent: 80, median_percent: 80, sd_percent: null });
  expect(quizSummary([10, 20, 60], [])).toMatchObject({ mean_percent: 30, median_percent: 20 });
});

test('answers that are one to the question are counted together, ten at most', () => {
  const question: QuizQuestion = {
    item_id: 'q',
    body: 'Which word?',
    explanation: null,
    points: 1,
    kind: 'text',
    options: [],
    key: { accepted: ['loop'], case_sensitive: false },
  };
  const words = ['loop', 'Loop', ' LOOP ', '', ...Array.from({ length: 12 }, (_, n) => `word ${n}`)];
  const attempts = words.map((word) => {
    const answers = { q: word };
    return { answers, scores: scoreAttempt([question], answers).questions };
  });
  const { frequent_answers, blank, point_biserial } = questionStatistics(question, attempts);
  expect(frequent_answers[0]).toEqual({ answer: 'loop', count: 3, correct: true });
  expect(frequent_answers).toHaveLength(10);
  expect(blank).toBe(1);
  // a single question has no others to agree with
  expect(point_biserial).toBeNull();
});
