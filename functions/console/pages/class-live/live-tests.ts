import { useEffect, useRef } from 'preact/hooks';
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

/** Newest first: who began longer ago than this has ended long since. */
const longest_ms = 24 * 3_600_000;
const most = 1000;

async function readTests(class_id: string, signal: AbortSignal): Promise<LiveTest[]> {
  const found: ExamSession[] = [];
  let cursor: string | undefined;
  do {
    const page = await testing.sessions.listExamSessions({
      query: { class_id, source: 'taken', limit: 100, ...(cursor !== undefined && { cursor }) },
      signal,
    });
    found.push(...page.items);
    const oldest = found.at(-1)?.started_at ?? '';
    const goesOn = found.length < most && Date.parse(oldest) > Date.now() - longest_ms;
    cursor = (goesOn && page.next_cursor) || undefined;
  } while (cursor !== undefined);
  return found.filter(isRecent).map((session) => ({ ...session, moved_at: session.ended_at ?? undefined }));
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

/** A class answers in bursts: what comes within this time is drawn at once. */
const draw_ms = 200;
/** Names and deadlines of those who have just begun are asked for together. */
const ask_ms = 1_500;

/** The tests that a class takes now, and those that have just ended. */
export function useLiveTests(class_id: string) {
  const { data, error, reload, set } = useResource(`live-tests.${class_id}`, (signal) =>
    readTests(class_id, signal),
  );
  const latest = useRef<readonly LiveTest[]>([]);
  const page = useRef({ reload, set });
  page.current = { reload, set };
  useEffect(() => {
    // an answer that came while they were read is newer than what was read
    const merged = (data ?? []).map((read) => newer(read, latest.current));
    latest.current = merged;
    if (merged.some((test, at) => test !== data?.[at])) page.current.set(merged);
  }, [data]);
  useEffect(() => {
    let begun = false;
    let drawing: ReturnType<typeof setTimeout> | undefined;
    let asking: ReturnType<typeof setTimeout> | undefined;
    const draw = () => {
      drawing = undefined;
      page.current.set([...latest.current]);
    };
    const ask = () => {
      asking = undefined;
      page.current.reload();
    };
    const stop = realtime.watch(`class:${class_id}`, (event) => {
      if (event === undefined) {
        // the first word says that one listens now; what is shown has just been read
        if (begun) asking ??= setTimeout(ask, 0);
        begun = true;
        return;
      }
      const next = movedOn(latest.current, event);
      if (next === latest.current) return;
      if (next.length > latest.current.length) asking ??= setTimeout(ask, ask_ms);
      latest.current = next;
      drawing ??= setTimeout(draw, draw_ms);
    });
    return () => {
      clearTimeout(drawing);
      clearTimeout(asking);
      stop();
    };
  }, [class_id]);
  return { tests: data, error, reload };
}

function newer(read: LiveTest, known: readonly LiveTest[]): LiveTest {
  const seen = known.find(({ exam_session_id: id }) => id === read.exam_session_id);
  if (!seen || seen === read || read.status !== 'in_progress') return read;
  const isNewer = seen.answered > read.answered || seen.status !== 'in_progress';
  const { plan_name, deadline_at } = read;
  return isNewer ? { ...seen, plan_name, deadline_at } : { ...read, moved_at: seen.moved_at };
}
