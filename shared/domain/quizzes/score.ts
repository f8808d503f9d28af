import { scoreAnswer } from '../items/score.ts';
import type { Answer, Question } from '../items/types.ts';

export type QuizQuestion = Question & {
  readonly item_id: string;
  readonly body: string;
  readonly explanation: string | null;
  readonly points: number;
};
export type Answers = Readonly<Record<string, Answer>>;

export interface ScoredQuestion {
  readonly item_id: string;
  /** Reached, of `max_points`. */
  readonly points: number;
  readonly max_points: number;
  readonly correct: boolean;
  readonly answered: boolean;
}
export interface ScoredAttempt {
  readonly score: number;
  readonly max_score: number;
  /** 0 to 100, two decimals. */
  readonly percent: number;
  readonly questions: ScoredQuestion[];
}

/** Sums of decimal points stay what one would write: 0.1 + 0.2 is 0.3. */
const rounded = (value: number, decimals: number): number => {
  const unit = 10 ** decimals;
  return Math.round(value * unit) / unit;
};
const sum = (values: readonly number[]): number =>
  rounded(
    values.reduce((total, value) => total + value, 0),
    6,
  );

/** An empty choice and blank text are no answer. */
export const isAnswered = (answer: Answer | undefined): answer is Answer =>
  answer !== undefined &&
  (typeof answer === 'number' || (typeof answer === 'string' ? answer.trim() : answer).length > 0);

export const highestScore = (questions: readonly { readonly points: number }[]): number =>
  sum(questions.map(({ points }) => points));

/** Scores an attempt; a blank gives nothing, a partly right `multi` a part (see `scoreAnswer`). */
export function scoreAttempt(questions: readonly QuizQuestion[], answers: Answers): ScoredAttempt {
  const scored = questions.map((question): ScoredQuestion => {
    const { item_id, points: max_points } = question;
    const answer = Object.hasOwn(answers, item_id) ? answers[item_id] : undefined;
    if (!isAnswered(answer)) return { item_id, points: 0, max_points, correct: false, answered: false };
    const { score, correct } = scoreAnswer(question, answer);
    return { item_id, points: rounded(score * max_points, 6), max_points, correct, answered: true };
  });
  const max_score = highestScore(questions);
  const score = sum(scored.map(({ points }) => points));
  return { score, max_score, percent: rounded((100 * score) / max_score, 2), questions: scored };
}
