import { type AdaptiveTest, categoryProbabilities, type SessionState, scoredAnswers } from '../irt/index.ts';
import type { PublishedItem, StoredParameters } from '../items/types.ts';
import type { ExamTest } from './plan.ts';

/** The scale on which results are told: 500 + 100 θ, from 200 to 800. */
export const scoreOf = (theta: number): number =>
  Math.round(10 * Math.min(800, Math.max(200, 500 + 100 * theta))) / 10;

/** θ of a score that came without one. */
export const thetaOfScore = (score: number): number => (score - 500) / 100;

export type ScoreLevel = 'far_below' | 'below' | 'average' | 'above' | 'far_above';
export interface ScoreBand {
  readonly low: number;
  readonly high: number;
  readonly level: ScoreLevel;
}

/** 97.5 % of a standard normal lie below it. */
const Z95 = 1.959963984540054;

/** Where the true score lies with 95 % confidence, and what θ̂ is called in words. */
export const bandOf = (theta: number, se: number | null): ScoreBand => ({
  low: scoreOf(theta - Z95 * (se ?? 0)),
  high: scoreOf(theta + Z95 * (se ?? 0)),
  level: levelOf(theta),
});

function levelOf(theta: number): ScoreLevel {
  if (theta < -1.5) return 'far_below';
  if (theta < -0.5) return 'below';
  if (theta <= 0.5) return 'average';
  return theta <= 1.5 ? 'above' : 'far_above';
}

/** Answers that count for θ. */
export const scoredCount = ({ test }: ExamTest, state: SessionState): number =>
  scoredAnswers(test, state).items.length;

/** An answer that was not given in time, and one that a teacher took out. */
export const NONE_IN_TIME = -1;
export const VOIDED = -2;

/** Categories of an item beyond the lowest: what a score of 1 is. */
export const highestCategory = (parameters: StoredParameters | null): number =>
  parameters !== null && 'thresholds' in parameters ? parameters.thresholds.length : 1;

/** Share of the highest category, 0 to 1; null for an answer that is void. */
export const shareOf = (category: number, parameters: StoredParameters | null): number | null =>
  category === VOIDED ? null : Math.max(0, category) / highestCategory(parameters);

export interface FrozenResponse {
  readonly item_id: string;
  readonly revision: number;
  readonly parameters: StoredParameters | null;
  readonly pilot: boolean;
  readonly category: number;
  readonly x: number | null;
  readonly milliseconds: number;
  readonly expected: number | null;
  readonly variance: number | null;
}

/** Every answer of a session with what its item was like, and what was to be expected of it at the session's θ. */
export const frozenResponses = ({ test, bank }: ExamTest, state: SessionState): FrozenResponse[] =>
  state.items.flatMap((index, n) => {
    const item = bank.published.items[index];
    if (item === undefined) return [];
    const category = state.responses[n] ?? VOIDED;
    return [
      {
        item_id: item.item_id,
        revision: item.revision,
        parameters: item.parameters,
        pilot: item.status === 'pilot',
        category,
        x: shareOf(category, item.parameters),
        milliseconds: state.milliseconds[n] ?? 0,
        ...expectation(test, index, item, state.theta),
      },
    ];
  });

/** As exact as the statistics that are made of it, and half as long. */
const millionths = (value: number): number => Math.round(value * 1e6) / 1e6;

/** Mean and variance of an item's score at θ, as shares of its highest category. */
function expectation(
  { bank }: AdaptiveTest,
  index: number,
  { parameters }: PublishedItem,
  theta: number,
): { readonly expected: number | null; readonly variance: number | null } {
  if (parameters === null) return { expected: null, variance: null };
  const highest = highestCategory(parameters);
  let mean = 0;
  let squares = 0;
  categoryProbabilities(bank, index, theta).forEach((probability, category) => {
    const share = category / highest;
    mean += probability * share;
    squares += probability * share * share;
  });
  return { expected: millionths(mean), variance: millionths(Math.max(0, squares - mean * mean)) };
}
