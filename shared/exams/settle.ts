import { frozenResponses, scoredCount, scoreOf } from '../domain/exams/result.ts';
import { reduceSession } from '../domain/irt/index.ts';
import { planTakers } from '../table/exam-plan.ts';
import {
  type ExamResponses,
  type ExamSessionRecord,
  type ExamState,
  endSession,
  examResponse,
  examResponses,
  examStates,
  firstResult,
  type SessionEnd,
} from '../table/exam-session.ts';
import type { Write } from '../table/table.ts';
import { after, endsAt, engineState, Superseded, stateWrite } from './state.ts';
import { type ReleasedTest, releasedTest, usageOf } from './tests.ts';
import type { ExamWorld } from './world.ts';

export const testOfState = (
  world: ExamWorld,
  { plan_id, release, max_items }: ExamState,
): Promise<ReleasedTest> => releasedTest(world, { plan_id, release, max_items });

/**
 * Writes a session's next state: alone while it goes on, at its end in one transaction with the result, so that there
 * is never an end without one.
 *
 * @throws Superseded when somebody else wrote since `seen`
 */
export async function commit(
  world: ExamWorld,
  exam: ReleasedTest,
  seen: ExamState,
  next: ExamState,
): Promise<ExamState> {
  const { table } = world;
  const step = stateWrite(table, seen, next);
  if (next.status === 'in_progress') await table.write(step);
  else await table.write(step, ...endWrites(world, exam, next));
  return next;
}

/** The state's own condition comes first: it says what a session has become that has ended meanwhile. */
function endWrites({ table }: ExamWorld, exam: ReleasedTest, state: ExamState): Write[] {
  const { exam_session_id, plan_id, student_id } = state;
  const { bank_id } = exam.release;
  return [
    endSession(table, { exam_session_id, bank_id }, endOf(exam, state)),
    table.insert(examResponses, responsesOf(exam, state, firstResult)),
    table.update(
      planTakers,
      { plan_id, student_id },
      {
        expression: 'SET #running_session_id = :none ADD #version :one',
        when: '#running_session_id = :ended',
        values: { ':none': null, ':one': 1, ':ended': exam_session_id },
      },
    ),
  ];
}

function endOf(exam: ReleasedTest, state: ExamState): SessionEnd {
  const ended = Math.max(state.began, Math.min(state.at, endsAt(state, exam)));
  return {
    status: state.status,
    ended_at: new Date(ended).toISOString(),
    duration_sec: Math.round((ended - state.began) / 1000),
    answered: state.i.length,
    stop_reason: state.reason,
    ...resultOf(exam, state),
  };
}

/** θ and its error of whatever was answered; a score only of what was completed. */
export function resultOf(
  exam: ReleasedTest,
  state: ExamState,
): Pick<ExamSessionRecord, 'theta' | 'standard_error' | 'score'> {
  const answered = scoredCount(exam, engineState(state)) > 0;
  return {
    theta: answered ? state.theta : null,
    standard_error: answered ? state.se : null,
    score: answered && state.status === 'completed' ? scoreOf(state.theta) : null,
  };
}

/** The answers that a result follows from, frozen. */
export const responsesOf = (exam: ReleasedTest, state: ExamState, result_n: number): ExamResponses => ({
  exam_session_id: state.exam_session_id,
  result_n,
  bank_id: exam.release.bank_id,
  bank_version: exam.release.bank_version,
  theta: state.theta,
  standard_error: state.se,
  // the domain's types leave the standard errors' fields open where the table's do not
  responses: examResponse.array().parse(frozenResponses(exam, engineState(state))),
});

/** How a session ends by somebody's will, or because nobody came back; θ is that of what was answered. */
export function ended(
  exam: ReleasedTest,
  seen: ExamState,
  how: {
    readonly status: 'completed' | 'abandoned' | 'expired';
    readonly reason: string;
    readonly at: number;
  },
): ExamState {
  const { state } = reduceSession(exam.test, engineState(seen), { type: 'abandon' }, { now: how.at });
  return { ...after(seen, state, { exam, at: how.at }), status: how.status, reason: how.reason };
}

/** Whether the answers are enough for a result. */
export const hasEnough = (exam: ReleasedTest, state: ExamState): boolean =>
  scoredCount(exam, engineState(state)) >= exam.min_items;

/**
 * The session as it stands now: what is past its time is closed first, an item or the whole test. Without a time limit
 * a test ends a day after it began.
 */
export async function settled(world: ExamWorld, exam: ReleasedTest, state: ExamState): Promise<ExamState> {
  let seen = state;
  for (;;) {
    const next = await due(world, exam, seen);
    if (next === undefined) return seen;
    try {
      return await commit(world, exam, seen, next);
    } catch (error) {
      if (!(error instanceof Superseded)) throw error;
      seen = error.current;
    }
  }
}

/** An answer that left in time may arrive a little later. */
export const graceMs = 2_000;

async function due(world: ExamWorld, exam: ReleasedTest, seen: ExamState): Promise<ExamState | undefined> {
  if (seen.status !== 'in_progress') return undefined;
  const now = world.now().getTime();
  if (exam.release.config.stop.time_limit_s === null && now > endsAt(seen, exam)) {
    const status = hasEnough(exam, seen) ? 'completed' : 'expired';
    return ended(exam, seen, { status, reason: 'idle', at: now });
  }
  if (seen.until === null || now <= seen.until + graceMs) return undefined;
  const usage = await usageOf(world, exam);
  const step = reduceSession(exam.test, engineState(seen), { type: 'touch' }, { now, usage });
  return step.outcome === 'changed' ? after(seen, step.state, { exam, at: now }) : undefined;
}

/** A session's state, settled; undefined where there is none. */
export async function readState(
  world: ExamWorld,
  exam_session_id: string,
): Promise<{ readonly state: ExamState; readonly exam: ReleasedTest } | undefined> {
  const stored = await world.table.get(examStates, { exam_session_id }, { consistent: true });
  if (!stored) return undefined;
  const exam = await testOfState(world, stored);
  return { state: await settled(world, exam, stored), exam };
}
