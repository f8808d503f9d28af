import { frozenResponses, scoredCount, scoreOf } from '../domain/exams/result.ts';
import { planTakers } from '../table/exam-plan.ts';
import {
  AlreadyEnded,
  type ExamResponses,
  type ExamSessionRecord,
  type ExamState,
  endSession,
  examResponse,
  examResponses,
  firstResult,
  type SessionEnd,
} from '../table/exam-session.ts';
import type { Table, Write } from '../table/table.ts';
import { endsAt, engineState } from './state.ts';
import type { ReleasedTest } from './tests.ts';

/** A test that is over, as its state says. */
export interface Ended {
  readonly exam: ReleasedTest;
  readonly state: ExamState;
}

/**
 * What follows from a test's end: its session, the answers that the result is made of, and that the student is in it no
 * more, in one transaction. The last answer itself waits for none of this: the table's stream brings it, unless
 * somebody looks at the session first. Until then class and school results count the test as one that runs.
 */
export function conclusion(table: Table, { exam, state }: Ended): [Write, ...Write[]] {
  const { exam_session_id, plan_id, student_id } = state;
  const { bank_id } = exam.release;
  return [
    // its condition comes first: it tells whether somebody else has done all of it
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

/** Writes what follows from a test's end, unless that is there already. */
export async function conclude(table: Table, ended: Ended): Promise<void> {
  try {
    await table.write(...conclusion(table, ended));
  } catch (error) {
    if (!(error instanceof AlreadyEnded)) throw error;
  }
}

/** A session that still stands as running, as it will be when its end has been written. */
export const concluded = (head: ExamSessionRecord, { exam, state }: Ended): ExamSessionRecord => ({
  ...head,
  ...endOf(exam, state),
  result_n: firstResult,
});

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
