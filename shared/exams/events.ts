import type { Role } from '../contracts/operation.ts';

import type { EventRecord } from '../realtime/event.ts';
import type { ExamState } from '../table/exam-session.ts';
import { isTaker } from './reach.ts';

export const examTopic = ({ exam_session_id }: Pick<ExamState, 'exam_session_id'>): string =>
  `exam:${exam_session_id}`;

/**
 * A test's newest state as the event that it is, numbered by its `seq`: nothing else is stored. A class hears of its
 * students' tests, a student of their own.
 */
export const examEvent = (state: ExamState): Omit<EventRecord, 'data'> => ({
  topic: examTopic(state),
  seq: state.seq,
  event_type: 'exam.progress',
  at: new Date(state.at).toISOString(),
  owner_id: state.student_id,
  fan_in: [`class:${state.class_id}`],
  expires_at: 0,
});

/** What a person of that role is told: θ and its error go to staff alone. */
export function examData(state: ExamState, role: Role | undefined): EventRecord['data'] {
  const tells = role !== undefined && !isTaker({ role });
  return {
    exam_session_id: state.exam_session_id,
    student_id: state.student_id,
    student_name: state.student_name,
    exam_type: state.exam_type,
    plan_id: state.plan_id,
    status: state.status,
    answered: state.i.length,
    max_items: state.max_items,
    started_at: new Date(state.began).toISOString(),
    theta: tells ? state.theta : null,
    standard_error: tells ? state.se : null,
  };
}
