import { useEffect, useRef } from 'preact/hooks';
import { realtime } from '../../app/api.ts';

/** Results come in bursts when a lesson ends: one reading for all of them. */
const gather_ms = 400;
const telling = new Set(['job.status', 'code.result', 'review.requested']);

/**
 * Calls `changed` when something of the class's submissions may have changed, or what else `types` tell of; also when
 * one begins to listen, for what happened since the page was read.
 */
export function useClassChanges(
  class_id: string | undefined,
  changed: () => void,
  types: ReadonlySet<string> = telling,
): void {
  const latest = useRef(changed);
  latest.current = changed;
  useEffect(() => {
    if (class_id === undefined) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = realtime.watch(`class:${class_id}`, (event) => {
      if (event !== undefined && !types.has(event.type)) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        latest.current();
      }, gather_ms);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [class_id]);
}
