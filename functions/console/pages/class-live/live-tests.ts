import { useEffect, useRef } from 'preact/hooks';
import type { ExamSession } from '#shared/contracts/exam-sessions.ts';
import { realtime } from '../../app/api.ts';
import { testing } from '../../app/testing-api.ts';
import { useResource } from '../../data/resource.ts';
import { type LiveTest, movedOn, newer } from './moved-on.ts';

/** What ended longer ago is in the results. */
const recent_ms = 3 * 3_600_000;

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
  return found
    .filter(isRecent)
    .map((session) => ({ ...session, moved_at: session.last_active_at ?? session.started_at }));
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
        // one listens from now on: who began between what was read and this moment is in no event
        asking ??= setTimeout(ask, 0);
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
