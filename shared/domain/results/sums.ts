import { type ClassSums, classSumsOf } from '../irt/index.ts';

/**
 * What the exams of a student or of a class add up to: counts, and sums in millionths, which are exact in any order.
 */
export interface ResultSums {
  /** Sessions that were started, however they ended. */
  readonly total: number;
  readonly completed: number;
  /** Completed ones with a θ, and with a score: an imported result may lack one. */
  readonly thetas: number;
  readonly theta: number;
  readonly theta_theta: number;
  readonly scores: number;
  readonly score: number;
}

export const noResultSums: ResultSums = {
  total: 0,
  completed: 0,
  thetas: 0,
  theta: 0,
  theta_theta: 0,
  scores: 0,
  score: 0,
};

export interface ExamResult {
  readonly status: string;
  readonly theta: number | null;
  readonly score: number | null;
}

/** What one session adds: one that was abandoned or has expired is counted, and nothing else. */
export function resultSumsOf({ status, theta, score }: ExamResult): ResultSums {
  const completed = status === 'completed';
  const counted: ClassSums = classSumsOf({ theta: theta ?? 0, score: score ?? 0 });
  const hasTheta = completed && theta !== null;
  const hasScore = completed && score !== null;
  return {
    total: 1,
    completed: completed ? 1 : 0,
    thetas: hasTheta ? 1 : 0,
    theta: hasTheta ? counted.theta : 0,
    theta_theta: hasTheta ? counted.theta_theta : 0,
    scores: hasScore ? 1 : 0,
    score: hasScore ? counted.score : 0,
  };
}

const combined = (one: ResultSums, other: ResultSums, sign: 1 | -1): ResultSums => ({
  total: one.total + sign * other.total,
  completed: one.completed + sign * other.completed,
  thetas: one.thetas + sign * other.thetas,
  theta: one.theta + sign * other.theta,
  theta_theta: one.theta_theta + sign * other.theta_theta,
  scores: one.scores + sign * other.scores,
  score: one.score + sign * other.score,
});

export const addResultSums = (one: ResultSums, other: ResultSums): ResultSums => combined(one, other, 1);
export const lessResultSums = (one: ResultSums, gone: ResultSums): ResultSums => combined(one, gone, -1);

export interface ResultSummary {
  readonly total_exams: number;
  readonly completed_exams: number;
  readonly average_score: number | null;
  readonly average_theta: number | null;
  /** Of the sample (n − 1). */
  readonly theta_sd: number | null;
}

const millionths = 1_000_000;

export function summaryOf(sums: ResultSums): ResultSummary {
  const { thetas, theta, theta_theta, scores, score } = sums;
  const squares = (thetas * theta_theta - theta * (theta / millionths)) / millionths / thetas;
  return {
    total_exams: sums.total,
    completed_exams: sums.completed,
    average_score: scores > 0 ? score / millionths / scores : null,
    average_theta: thetas > 0 ? theta / millionths / thetas : null,
    theta_sd: thetas > 1 ? Math.sqrt(Math.max(0, squares) / (thetas - 1)) : null,
  };
}
