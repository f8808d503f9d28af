import type { ExamStatus } from '../contracts/exam-shapes.ts';
import { scoredCount } from '../domain/exams/result.ts';
import type { SessionState } from '../domain/irt/index.ts';
import type { Answer } from '../domain/items/types.ts';
import { type ExamState, examStates, givenText, longestSessionMs } from '../table/exam-session.ts';
import type { Table, Write } from '../table/table.ts';
import type { ReleasedTest } from './tests.ts';

/** A stored state as the engine takes it. */
export const engineState = (state: ExamState): SessionState => ({
  v: state.i.length,
  status: state.status === 'in_progress' ? 'active' : 'completed',
  reason: null,
  seed: state.seed,
  items: state.i,
  responses: state.r,
  milliseconds: state.t,
  pending: state.next === null ? null : { n: state.i.length, item: state.next, deadline: state.until },
  theta: state.theta,
  se: state.se,
  started_at_ms: state.began,
  time_factor: state.factor,
});

/** What the engine's step makes of a stored state; `given` is the raw answer, if the step recorded one. */
export function after(
  seen: ExamState,
  next: SessionState,
  {
    exam,
    at,
    given = null,
  }: { readonly exam: ReleasedTest; readonly at: number; readonly given?: Answer | null },
): ExamState {
  const grown = next.items.length > seen.i.length;
  return {
    ...seen,
    status: statusAfter(next, exam),
    reason: next.reason,
    seq: seen.seq + 1,
    at,
    i: [...next.items],
    r: [...next.responses],
    t: [...next.milliseconds],
    a: grown ? ([...seen.a, Array.isArray(given) ? [...given] : given] as ExamState['a']) : seen.a,
    next: next.pending?.item ?? null,
    until: next.pending?.deadline == null ? null : Math.round(next.pending.deadline),
    theta: next.theta,
    se: next.se,
  };
}

/** Time that runs out before the fewest items are answered leaves no result. */
function statusAfter(next: SessionState, exam: ReleasedTest): ExamStatus {
  if (next.status === 'active') return 'in_progress';
  if (next.status === 'abandoned') return 'abandoned';
  return next.reason === 'time_limit' && scoredCount(exam, next) < exam.min_items ? 'expired' : 'completed';
}

/** Somebody else was first: this is what they left. */
export class Superseded extends Error {
  readonly current: ExamState;
  constructor(current: ExamState) {
    super('the session has moved on');
    this.name = 'Superseded';
    this.current = current;
  }
}

const changing = ['status', 'reason', 'seq', 'at', 'next', 'until', 'theta', 'se'] as const;
const setState = `SET #given = :given, ${changing.map((name) => `#${name} = :${name}`).join(', ')}`;

/** The one write of an answer, unless anything was written since `seen`. */
export const stateWrite = (table: Table, seen: ExamState, next: ExamState): Write =>
  table.update(examStates, seen, {
    expression: setState,
    when: '#seq = :seen',
    values: {
      ':seen': seen.seq,
      ':given': givenText(next),
      ...Object.fromEntries(changing.map((name) => [`:${name}`, next[name]])),
    },
    orElse: (current) => new Superseded(examStates.parse(current)),
  });

/** The end of the whole test by its time limit, extra time included; null without one. */
export function deadlineOf(
  { began, factor }: Pick<ExamState, 'began' | 'factor'>,
  exam: ReleasedTest,
): number | null {
  const limit = exam.release.config.stop.time_limit_s;
  return limit === null ? null : Math.round(began + 1000 * limit * factor);
}

/** By when a session has ended at the latest. */
export const endsAt = (state: Pick<ExamState, 'began' | 'factor'>, exam: ReleasedTest): number =>
  deadlineOf(state, exam) ?? state.began + longestSessionMs;
