import type { ExamState } from '#shared/table/exam-session.ts';
import type { Table } from '#shared/table/table.ts';

/** A state is a few kilobytes. */
const kept = 1_000;
const written = new WeakMap<Table, Map<string, ExamState>>();

/**
 * The state that this process wrote last of a session. Somebody else may have written since: it is good for nothing but
 * a write on the condition that nobody has.
 */
export const rememberedState = (table: Table, exam_session_id: string): ExamState | undefined =>
  written.get(table)?.get(exam_session_id);

/** Keeps the state of a test that goes on; the one written longest ago makes room. */
export function rememberState(table: Table, state: ExamState): void {
  const states = written.get(table) ?? new Map<string, ExamState>();
  written.set(table, states);
  states.delete(state.exam_session_id);
  if (state.status !== 'in_progress') return;
  states.set(state.exam_session_id, state);
  const [oldest] = states.keys();
  if (states.size > kept && oldest !== undefined) states.delete(oldest);
}
