import { useEffect, useRef } from 'preact/hooks';
import { visible } from '../app/visible.ts';
import { type Resource, useResource } from './resource.ts';

interface WatchOptions<T> {
  readonly goesOn: (data: T) => boolean;
  /** Pause between a reply and the next question. */
  readonly every_ms: number;
}

/** A resource that is asked for again as long as it goes on and can be seen. */
export function useWatched<T>(
  key: string,
  load: (signal: AbortSignal) => Promise<T>,
  { goesOn, every_ms }: WatchOptions<T>,
): Resource<T> {
  const found = useResource(key, load);
  const repliedAt = useRef(0);
  useEffect(() => {
    if (!found.loading) repliedAt.current = Date.now();
  }, [key, found.loading]);
  const waits = visible.value && !found.loading && found.data !== undefined && goesOn(found.data);
  useEffect(() => {
    if (!waits) return undefined;
    // who comes back to the page after a while sees how it stands at once
    const timer = setTimeout(found.reload, Math.max(0, repliedAt.current + every_ms - Date.now()));
    return () => clearTimeout(timer);
  }, [key, waits, every_ms]);
  return found;
}
