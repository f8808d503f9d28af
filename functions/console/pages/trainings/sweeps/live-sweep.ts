import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { SourceEvent } from '#shared/contracts/realtime.ts';
import { trainingEvent } from '#shared/contracts/training.ts';
import type { Sweep, SweepRun } from '#shared/contracts/training-sweeps.ts';
import { api, connection, realtime } from '../../../app/api.ts';
import { visible } from '../../../app/visible.ts';
import type { Resource } from '../../../data/resource.ts';
import { useWatched } from '../../../data/watched.ts';
import { followedRuns, withStep } from './sweep-news.ts';

/** How often it is asked for while nothing is told, and nevertheless while it is. */
const silent_ms = 3_000;
const told_ms = 20_000;
/** Runs end and are evaluated side by side: one reading for all of them. */
const gather_ms = 400;

/**
 * A sweep as it stands and as it goes on: its steps by the events of the runs that run, the rest by asking when an
 * event says that it has changed.
 */
export function useLiveSweep(id: string): Resource<Sweep> {
  const watched = useWatched(
    `sweep.${id}`,
    (signal) => api.training.getSweep({ params: { sweep_id: id }, signal }),
    {
      goesOn: ({ status }) => status === 'running',
      every_ms: connection.value === 'open' ? told_ms : silent_ms,
    },
  );
  const isStale = useSignal(false);
  // events may come faster than what they change is drawn
  const newest = useRef(watched.data);
  newest.current = watched.data;
  useRunEvents(watched.data ? followedRuns(watched.data) : [], (session_id, event) => {
    const { data: known } = trainingEvent.safeParse(event);
    if (known?.type === 'job.status' || known?.type === 'training.evaluated') isStale.value = true;
    if (known?.type !== 'training.metrics' || !newest.current) return;
    const next = withStep(newest.current, session_id, known.data.step);
    if (next === newest.current) return;
    newest.current = next;
    watched.set(next);
  });
  const asks = isStale.value && visible.value;
  useEffect(() => {
    if (!asks) return undefined;
    const timer = setTimeout(() => {
      isStale.value = false;
      watched.reload();
    }, gather_ms);
    return () => clearTimeout(timer);
  }, [asks]);
  return watched;
}

type OnEvent = (session_id: string, event: SourceEvent) => void;

/** Follows the events of these runs, from the one on that each was read with. */
function useRunEvents(runs: readonly SweepRun[], onEvent: OnEvent): void {
  const latest = useRef(onEvent);
  latest.current = onEvent;
  const followed = useRef(new Map<string, () => void>());
  useEffect(() => {
    const before = new Map(followed.current);
    for (const { session_id, last_seq: after_seq } of runs) {
      if (before.delete(session_id)) continue;
      const onRun = (event: SourceEvent) => latest.current(session_id, event);
      const end = realtime.subscribe(`job:${session_id}`, { after_seq, onEvent: onRun });
      followed.current.set(session_id, end);
    }
    // last: between two runs the connection stays
    for (const [session_id, end] of before) {
      end();
      followed.current.delete(session_id);
    }
  }, [runs.map(({ session_id }) => session_id).join()]);
  useEffect(
    () => () => {
      for (const end of followed.current.values()) end();
      followed.current.clear();
    },
    [],
  );
}
