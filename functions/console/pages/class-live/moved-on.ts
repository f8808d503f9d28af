import * as z from 'zod';
import { type ExamSession, examSession } from '#shared/contracts/exam-sessions.ts';
import type { SourceEvent } from '#shared/contracts/realtime.ts';

/** A student's test as the page shows it, moved on by each event. */
export interface LiveTest {
  readonly exam_session_id: string;
  readonly student_id: string;
  readonly student_name: string;
  readonly exam_type: ExamSession['exam_type'];
  readonly plan_name: string | null;
  readonly status: ExamSession['status'];
  readonly answered: number;
  readonly max_items: number | null;
  readonly started_at: string;
  readonly deadline_at: string | null;
  readonly theta: number | null;
  readonly standard_error: number | null;
  /** When something happened last. */
  readonly moved_at: string;
}

const { exam_session_id, student_id, student_name, exam_type, status, answered, max_items, started_at } =
  examSession.shape;
const progress = z.object({
  exam_session_id,
  student_id,
  student_name,
  exam_type,
  status,
  answered,
  max_items,
  started_at,
  theta: z.number().nullable(),
  standard_error: z.number().nullable(),
});

/** With what an event tells; a test that was not there begins. */
export function movedOn(tests: readonly LiveTest[], event: SourceEvent): readonly LiveTest[] {
  const told = event.type === 'exam.progress' ? progress.safeParse(event.data).data : undefined;
  if (!told) return tests;
  const before = tests.find((test) => test.exam_session_id === told.exam_session_id);
  // events of one test may come out of order; answers are never taken back while it runs
  if (before && (before.answered > told.answered || before.status !== 'in_progress')) return tests;
  const moved: LiveTest = {
    plan_name: null,
    deadline_at: null,
    ...before,
    ...told,
    moved_at: event.at,
  };
  return before ? tests.map((test) => (test === before ? moved : test)) : [moved, ...tests];
}

/** What was read, unless an event has told more since. */
export function newer(read: LiveTest, known: readonly LiveTest[]): LiveTest {
  const seen = known.find(({ exam_session_id: id }) => id === read.exam_session_id);
  if (!seen || seen === read || read.status !== 'in_progress') return read;
  const isNewer = seen.answered > read.answered || seen.status !== 'in_progress';
  const { plan_name, deadline_at } = read;
  return isNewer ? { ...seen, plan_name, deadline_at } : read;
}
