import type { ExamState } from '#shared/table/exam-session.ts';
import type { Table } from '#shared/table/table.ts';

/** A state is a few kilobytes. */
const kept = 1_000;
const seen = new WeakMap<Table, Map<string, ExamState>>();

/**
 * The state of a session that this process wrote or read last. Somebody else may have written since: it is good for
 * nothing but a write on the condition that nobody has.
 */
export const rememberedState = (table: Table, exam_session_id: string): ExamState | undefined =>
  seen.get(table)?.get(exam_session_id);

/** Keeps the state of a test that goes on; the one seen longest ago makes room. */
export function rememberState(table: Table, state: ExamState): void {
  const states = seen.get(table) ?? new Map<string, ExamState>();
  seen.set(table, states);
  states.delete(state.exam_session_id);
  if (state.status !== 'in_progress') return;
  states.set(state.exam_session_id, state);
  const [oldest] = states.keys();
  if (states.size > kept && oldest !== undefined) states.delete(oldest);
}
