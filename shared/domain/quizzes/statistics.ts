import { plainText } from '../items/score.ts';
import type { Answers, QuizQuestion, ScoredQuestion } from './score.ts';

/** A finished attempt, as far as its questions' analysis needs it. */
export interface AnalysedAttempt {
  readonly answers: Answers;
  readonly scores: readonly ScoredQuestion[];
}

/** Answers that one request reads and holds: of a hundred questions 1,000 attempts, of ten 10,000. */
const mostAnswers = 100_000;

/** The attempts of a quiz that are analysed: all, or of very many the newest. */
export function analysable<Finished extends { readonly at: string }>(
  finished: readonly Finished[],
  questions: number,
): { readonly attempts: readonly Finished[]; readonly truncated: boolean } {
  const most = Math.floor(mostAnswers / questions);
  if (finished.length <= most) return { attempts: finished, truncated: false };
  const newest = finished.toSorted((a, b) => (a.at > b.at ? -1 : a.at < b.at ? 1 : 0));
  return { attempts: newest.slice(0, most), truncated: true };
}

export interface OptionStatistics {
  readonly position: number;
  readonly body: string;
  readonly is_key: boolean;
  readonly chosen: number;
  readonly share: number | null;
  readonly mean_rest: number | null;
}
export interface QuestionStatistics {
  readonly item_id: string;
  readonly kind: QuizQuestion['kind'];
  readonly body: string;
  readonly points: number;
  readonly n: number;
  readonly blank: number;
  readonly p: number | null;
  readonly point_biserial: number | null;
  readonly options: OptionStatistics[];
  readonly frequent_answers: { answer: number | string; count: number; correct: boolean }[];
}

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

/** Sample variance, of n − 1. */
function variance(values: readonly number[]): number | null {
  const middle = mean(values);
  if (middle === null || values.length < 2) return null;
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1);
}

/** Pearson's correlation; null for less than two pairs, and where either side is constant. */
export function correlation(pairs: readonly (readonly [number, number])[]): number | null {
  const mx = mean(pairs.map(([x]) => x));
  const my = mean(pairs.map(([, y]) => y));
  if (mx === null || my === null || pairs.length < 2) return null;
  let [xx, yy, xy] = [0, 0, 0];
  for (const [x, y] of pairs) {
    xx += (x - mx) ** 2;
    yy += (y - my) ** 2;
    xy += (x - mx) * (y - my);
  }
  // what rounding leaves of a constant is no variation
  if (xx < 1e-12 || yy < 1e-12) return null;
  return Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)));
}

interface Seen {
  readonly answer: Answers[string] | undefined;
  readonly score: ScoredQuestion;
  /** Share of the points of all other questions; null where there are no others. */
  readonly rest: number | null;
}

/** The attempts that had the question. */
function seenBy(attempts: readonly AnalysedAttempt[], item_id: string): Seen[] {
  return attempts.flatMap(({ answers, scores }) => {
    const score = scores.find((one) => one.item_id === item_id);
    if (!score) return [];
    const others = scores.filter((one) => one !== score);
    const most = others.reduce((sum, { max_points }) => sum + max_points, 0);
    const reached = others.reduce((sum, { points }) => sum + points, 0);
    return [{ answer: answers[item_id], score, rest: most === 0 ? null : reached / most }];
  });
}

const rests = (seen: readonly Seen[]): number[] => seen.flatMap(({ rest }) => (rest === null ? [] : [rest]));

function optionsOf(question: QuizQuestion, seen: readonly Seen[]): OptionStatistics[] {
  return question.options.map(({ body }, position) => {
    const chose = seen.filter(({ answer }) =>
      typeof answer === 'object' ? answer.includes(position) : answer === position,
    );
    const is_key =
      typeof question.key === 'number'
        ? question.key === position
        : Array.isArray(question.key) && question.key.includes(position);
    return {
      position,
      body,
      is_key,
      chosen: chose.length,
      share: seen.length === 0 ? null : chose.length / seen.length,
      mean_rest: mean(rests(chose)),
    };
  });
}

const mostFrequent = 10;

/** Of numbers and texts: what was answered most; texts that are one to the question's rules are counted together. */
function frequentAnswers(
  question: QuizQuestion,
  seen: readonly Seen[],
): QuestionStatistics['frequent_answers'] {
  if (question.kind === 'choice' || question.kind === 'multi') return [];
  const sameOf = (answer: number | string): number | string =>
    typeof answer === 'string' && question.kind === 'text'
      ? plainText(answer, question.key.case_sensitive)
      : answer;
  const groups = new Map<number | string, { answer: number | string; count: number; correct: boolean }>();
  for (const { answer, score } of seen) {
    if (!score.answered || answer === undefined || typeof answer === 'object') continue;
    const same = sameOf(answer);
    const group = groups.get(same);
    if (group) group.count++;
    else groups.set(same, { answer, count: 1, correct: score.correct });
  }
  return [...groups.values()].sort((a, b) => b.count - a.count).slice(0, mostFrequent);
}

/**
 * Classical item analysis of one question.
 *
 * - `p`: mean share of its points, a blank counting 0
 * - `point_biserial`: Pearson's correlation of that share with the share of the other questions' points (corrected for
 *   the question itself; Henrysson 1963); of a question that is right or wrong the point-biserial correlation
 */
export function questionStatistics(
  question: QuizQuestion,
  attempts: readonly AnalysedAttempt[],
): QuestionStatistics {
  const seen = seenBy(attempts, question.item_id);
  const pairs = seen.flatMap(({ score, rest }) =>
    rest === null ? [] : [[score.points / score.max_points, rest] as const],
  );
  return {
    item_id: question.item_id,
    kind: question.kind,
    body: question.body,
    points: question.points,
    n: seen.length,
    blank: seen.filter(({ score }) => !score.answered).length,
    p: mean(seen.map(({ score }) => score.points / score.max_points)),
    point_biserial: correlation(pairs),
    options: optionsOf(question, seen),
    frequent_answers: frequentAnswers(question, seen),
  };
}

/**
 * Cronbach's alpha of the questions' points: k/(k − 1) · (1 − Σ var(question) / var(sum)). Null for less than two
 * questions or attempts, and where all have the same sum. Every attempt has the same questions.
 */
export function cronbachAlpha(points: readonly (readonly number[])[]): number | null {
  const k = points[0]?.length ?? 0;
  if (k < 2) return null;
  const total = variance(points.map((one) => one.reduce((sum, value) => sum + value, 0)));
  if (total === null || total < 1e-12) return null;
  const parts = Array.from({ length: k }, (_, at) => variance(points.map((one) => one[at] ?? 0)) ?? 0);
  return (k / (k - 1)) * (1 - parts.reduce((sum, value) => sum + value, 0) / total);
}

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const upper = sorted[half];
  const lower = sorted[sorted.length % 2 === 1 ? half : half - 1];
  return upper === undefined || lower === undefined ? null : (lower + upper) / 2;
}

/** Mean, median and standard deviation of the attempts' percents, and how reliable their sums are. */
export function quizSummary(percents: readonly number[], attempts: readonly AnalysedAttempt[]) {
  const spread = variance(percents);
  return {
    attempts: attempts.length,
    mean_percent: mean(percents),
    median_percent: median(percents),
    sd_percent: spread === null ? null : Math.sqrt(spread),
    alpha: cronbachAlpha(attempts.map(({ scores }) => scores.map(({ points }) => points))),
  };
}
