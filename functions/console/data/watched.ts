import { useEffect } from 'preact/hooks';
import { type Resource, useResource } from './resource.ts';

interface WatchOptions<T> {
  readonly goesOn: (data: T) => boolean;
  /** Pause between a reply and the next question. */
  readonly every_ms: number;
}

/** A resource that is asked for again as long as it goes on. */
export function useWatched<T>(
  key: string,
  load: (signal: AbortSignal) => Promise<T>,
  { goesOn, every_ms }: WatchOptions<T>,
): Resource<T> {
  const found = useResource(key, load);
  const waits = !found.loading && found.data !== undefined && goesOn(found.data);
  useEffect(() => {
    if (!waits) return undefined;
    const timer = setTimeout(found.reload, every_ms);
    return () => clearTimeout(timer);
  }, [key, waits]);
  return found;
}
