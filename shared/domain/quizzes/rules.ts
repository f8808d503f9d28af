/** When a quiz may be taken, and when its results are shown. Instants are ISO 8601 texts in UTC of one form. */

export const secondsPerQuestion = 30;
/** What comes so much after the deadline was on its way in time. */
export const graceMs = 5_000;
/** Attempts of a student where the quiz names no number. */
const mostAttempts = 100;

/** What is wrong with a time limit for so many questions, in words that name the shortest one. */
export function shortestLimit(time_limit_s: number | null, questions: number): string | undefined {
  const least = secondsPerQuestion * questions;
  if (time_limit_s === null || time_limit_s >= least) return undefined;
  const each = questions === 1 ? '1 question' : `each of ${questions} questions`;
  return `time_limit_s must be at least ${least} s: ${secondsPerQuestion} s for ${each}`;
}

export interface QuizTimes {
  readonly opens_at: string | null;
  readonly due_at: string | null;
  readonly late_policy: 'refuse' | 'accept';
  readonly status: 'draft' | 'open' | 'closed';
}

/** Whether students know of it. */
export const hasOpened = ({ status, opens_at }: QuizTimes, at: string): boolean =>
  status !== 'draft' && (opens_at === null || opens_at <= at);

/** Due, and nothing is on its way any more: results that wait for it are shown. Before, a key could still be used. */
const isOver = ({ status, due_at }: QuizTimes, at: string): boolean =>
  status === 'closed' || isOverdue(due_at, new Date(at));

/** Why nobody begins now; undefined while they may. */
export function shutBecause(quiz: QuizTimes, at: string): 'not_open' | 'closed' | 'past_due' | undefined {
  if (quiz.status === 'closed') return 'closed';
  if (!hasOpened(quiz, at)) return 'not_open';
  return quiz.late_policy === 'refuse' && quiz.due_at !== null && quiz.due_at <= at ? 'past_due' : undefined;
}

const earlier = (a: string | null, b: string | null): string | null =>
  a === null ? b : b === null || a < b ? a : b;
const later = (a: string | null, b: string | null): string | null =>
  a === null || b === null ? null : a > b ? a : b;

/** When the time limit alone ends an attempt that begins now. */
export const limitEnd = (started_at: string, time_limit_s: number | null): string | null =>
  time_limit_s === null ? null : new Date(Date.parse(started_at) + time_limit_s * 1000).toISOString();

/** When an attempt ends: with its time limit, and with a due date after which nothing counts. */
export const deadlineOf = (quiz: QuizTimes, limit_at: string | null): string | null =>
  earlier(limit_at, quiz.late_policy === 'refuse' ? quiz.due_at : null);

/** A quiz that changes lengthens attempts under way, and never shortens them: `before` is what was promised. */
export const lengthened = (
  quiz: QuizTimes,
  { limit_at, deadline_at }: { readonly limit_at: string | null; readonly deadline_at: string | null },
): string | null => later(deadline_at, deadlineOf(quiz, limit_at));

/** Whether an answer that arrives now is too late. */
export const isOverdue = (deadline_at: string | null, at: Date): boolean =>
  deadline_at !== null && at.getTime() > Date.parse(deadline_at) + graceMs;

/** Whether an attempt that ended then counts as late. */
export const isLate = ({ due_at }: QuizTimes, ended_at: string): boolean =>
  due_at !== null && ended_at > due_at;

export interface FeedbackPolicy {
  readonly when: 'never' | 'after_submit' | 'after_due';
  readonly show: 'score' | 'correctness' | 'answers';
}

/** How much of a finished attempt's result a student, or their guardian, sees now. */
export function feedbackOf(
  quiz: QuizTimes & { readonly feedback: FeedbackPolicy },
  at: string,
): 'nothing' | FeedbackPolicy['show'] {
  const { when, show } = quiz.feedback;
  if (when === 'never' || (when === 'after_due' && !isOver(quiz, at))) return 'nothing';
  return show;
}

interface Allowance {
  readonly max_attempts: number | null;
}
export const attemptsAllowed = ({ max_attempts }: Allowance): number => max_attempts ?? mostAttempts;

/** Whether a student with so many attempts, none of them under way, may begin another now. */
export const mayBegin = (quiz: QuizTimes & Allowance, attempts: number, at: string): boolean =>
  shutBecause(quiz, at) === undefined && attempts < attemptsAllowed(quiz);

/**
 * What {@link feedbackOf} leaves to a student with these attempts. Feedback that waits for the due date waits for the
 * student's own end, too, which is later where the quiz takes late attempts: nothing is shown while an attempt is
 * under way, and the score alone while another one may begin.
 */
export function feedbackTo(
  quiz: QuizTimes & Allowance & { readonly feedback: FeedbackPolicy },
  tries: readonly { readonly status: 'in_progress' | 'submitted' | 'expired' }[],
  at: string,
): 'nothing' | FeedbackPolicy['show'] {
  const shown = feedbackOf(quiz, at);
  if (quiz.feedback.when !== 'after_due' || shown === 'nothing') return shown;
  if (tries.at(-1)?.status === 'in_progress') return 'nothing';
  return mayBegin(quiz, tries.length, at) ? 'score' : shown;
}
