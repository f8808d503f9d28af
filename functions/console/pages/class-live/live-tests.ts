import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import * as z from 'zod';
import { type ExamSession, examSession } from '#shared/contracts/exam-sessions.ts';
import type { SourceEvent } from '#shared/contracts/realtime.ts';
import { realtime } from '../../app/api.ts';
import { testing } from '../../app/testing-api.ts';
import { useResource } from '../../data/resource.ts';

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
  /** When something happened last; undefined: before the page was opened. */
  readonly moved_at: string | undefined;
}

/** What ended longer ago is in the results. */
const recent_ms = 3 * 3_600_000;

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

const isRecent = ({ status: state, ended_at }: ExamSession): boolean =>
  state === 'in_progress' || (ended_at !== null && Date.parse(ended_at) > Date.now() - recent_ms);

async function readTests(class_id: string, signal: AbortSignal): Promise<LiveTest[]> {
  const { items } = await testing.sessions.listExamSessions({
    query: { class_id, source: 'taken', limit: 100 },
    signal,
  });
  return items.filter(isRecent).map((session) => ({ ...session, moved_at: session.ended_at ?? undefined }));
}

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

/** The tests that a class takes now, and those that have just ended. */
export function useLiveTests(class_id: string) {
  const { data, error, reload, set } = useResource(`live-tests.${class_id}`, (signal) =>
    readTests(class_id, signal),
  );
  const latest = useSignal<readonly LiveTest[]>([]);
  useEffect(() => {
    latest.value = data ?? [];
  }, [data]);
  useEffect(() => {
    let begun = false;
    return realtime.watch(`class:${class_id}`, (event) => {
      if (event === undefined) {
        // the first word says that one listens now; what is shown has just been read
        if (begun) reload();
        begun = true;
        return;
      }
      const next = movedOn(latest.peek(), event);
      if (next === latest.peek()) return;
      const isNew = next.length > latest.peek().length;
      latest.value = next;
      set([...next]);
      // its name and its deadline are not in the event
      if (isNew) reload();
    });
  }, [class_id]);
  return { tests: data, error, reload };
}
