/** Tests as the table has them, written past the API: for what is made of their results. */
import type { ExamFeedback, ExamType } from '#shared/contracts/exam-shapes.ts';
import { scoreOf } from '#shared/domain/exams/result.ts';
import { uuidv7 } from '#shared/ids.ts';
import {
  type ExamResponse,
  type ExamSessionRecord,
  examResponses,
  examSessions,
} from '#shared/table/exam-session.ts';
import type { Table } from '#shared/table/table.ts';

export interface SessionOf {
  readonly org_id: string;
  readonly class_id: string;
  readonly student_id: string;
}

export const shownAll: ExamFeedback = { when: 'after_session', show: 'theta', show_answers: false };

/** A session that has just begun. */
export const begun = (
  of: SessionOf,
  more: Partial<ExamSessionRecord> = {},
): ExamSessionRecord & { exam_type: ExamType } => ({
  ...of,
  exam_session_id: uuidv7(),
  student_name: 'somebody',
  exam_type: 'practice',
  plan_id: null,
  plan_name: null,
  plan_release: null,
  bank_id: 'bank',
  bank_version: 1,
  feedback: shownAll,
  status: 'in_progress',
  source: 'taken',
  started_at: new Date().toISOString(),
  ended_at: null,
  duration_sec: null,
  deadline_at: null,
  time_factor: 1,
  answered: 0,
  max_items: 30,
  stop_reason: null,
  score: null,
  theta: null,
  standard_error: null,
  result_n: 0,
  started_by: of.student_id,
  external_id: null,
  meta: {},
  version: 1,
  ...more,
});

export interface Outcome {
  readonly theta: number;
  readonly standard_error?: number;
  readonly responses?: readonly ExamResponse[];
}

export const anAnswer = (
  item_id: string,
  x: number | null,
  more: Partial<ExamResponse> = {},
): ExamResponse => ({
  item_id,
  revision: 1,
  parameters: { model: '2PL', a: 1, b: 0, c: 0, d: 1, se: null, source: 'entered' },
  pilot: false,
  category: x === null ? -2 : Math.round(x),
  x,
  milliseconds: 4200,
  expected: 0.5,
  variance: 0.25,
  ...more,
});

/** The session with its next result: completed by it, or amended. */
export function withResult(session: ExamSessionRecord, { theta, standard_error = 0.4 }: Outcome) {
  const at = session.ended_at ?? new Date(Date.parse(session.started_at) + 600_000).toISOString();
  return {
    ...session,
    status: 'completed' as const,
    ended_at: at,
    duration_sec: 600,
    theta,
    standard_error,
    score: scoreOf(theta),
    result_n: session.result_n + 1,
  };
}

/** Writes a session's next result in the transaction in which the service writes it. */
export async function writeResult(
  table: Table,
  seen: ExamSessionRecord,
  outcome: Outcome,
): Promise<ExamSessionRecord> {
  const { responses = [] } = outcome;
  const next = { ...withResult(seen, outcome), answered: responses.length };
  await table.write(
    table.replace(examSessions, seen, next),
    table.insert(examResponses, {
      exam_session_id: seen.exam_session_id,
      result_n: next.result_n,
      bank_id: seen.bank_id ?? '',
      bank_version: seen.bank_version ?? 1,
      theta: outcome.theta,
      standard_error: next.standard_error,
      responses: [...responses],
    }),
  );
  return { ...next, version: seen.version + 1 };
}

/** A session that was taken and completed. */
export async function aCompletedSession(
  table: Table,
  of: SessionOf,
  outcome: Outcome,
  more: Partial<ExamSessionRecord> = {},
): Promise<ExamSessionRecord> {
  const session = begun(of, more);
  await table.write(table.insert(examSessions, session));
  return writeResult(table, session, outcome);
}
