import { events } from '../realtime/event.ts';
import type { QuizAttemptRecord } from '../table/quiz.ts';
import type { Table, Write } from '../table/table.ts';

/** What ends and begins attempts works with. */
export interface QuizWorld {
  readonly table: Table;
  readonly now: () => Date;
  /** How long events are kept. */
  readonly events_days: number;
}

const began = 1;
const ended = 2;

/**
 * Tells the class's staff, and the student, that an attempt began or ended, in the transaction that commits it. No
 * score: whether the student may know it is the quiz's policy.
 */
export function progressEvent({ table, now, events_days }: QuizWorld, attempt: QuizAttemptRecord): Write {
  const at = now();
  const { quiz_id, attempt_id, class_id, student_id, student_name, number, status, late } = attempt;
  const { started_at, deadline_at, submitted_at } = attempt;
  return table.insert(events, {
    topic: `quiz:${attempt_id}`,
    seq: status === 'in_progress' ? began : ended,
    event_type: 'quiz.progress',
    at: at.toISOString(),
    data: {
      ...{ quiz_id, attempt_id, student_id, student_name, number, status, late },
      ...{ started_at, deadline_at, submitted_at },
    },
    owner_id: student_id,
    fan_in: [`class:${class_id}`],
    expires_at: Math.floor(at.getTime() / 1000) + events_days * 86_400,
  });
}
