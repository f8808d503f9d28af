import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

export interface Resource<T> {
  readonly data: T | undefined;
  readonly error: unknown;
  readonly loading: boolean;
  reload(): void;
  /** Puts in what a change returned, without asking again. */
  set(data: T): void;
}

/** What was seen last, so that going back shows it at once while it is asked anew. */
const seen = new Map<string, unknown>();
export const forgetSeen = (): void => seen.clear();

/** Loads when `key` changes; `key` is also the name under which the last result is kept. */
export function useResource<T>(key: string, load: (signal: AbortSignal) => Promise<T>): Resource<T> {
  // a key always holds what its own loader returned
  const recall = () => seen.get(key) as T | undefined;
  const state = useSignal<{ key: string; data: T | undefined; error: unknown; loading: boolean }>({
    key,
    data: recall(),
    error: undefined,
    loading: true,
  });
  const running = useRef<AbortController>(undefined);

  const put = (data: T) => {
    seen.set(key, data);
    state.value = { key, data, error: undefined, loading: false };
  };
  const run = async () => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    state.value = { key, data: recall(), error: undefined, loading: true };
    try {
      const data = await load(controller.signal);
      if (!controller.signal.aborted) put(data);
    } catch (error) {
      if (!controller.signal.aborted) state.value = { key, data: recall(), error, loading: false };
    }
  };
  useEffect(() => {
    void run();
    return () => running.current?.abort();
  }, [key]);

  const current = state.value.key === key ? state.value : { data: recall(), error: undefined, loading: true };
  return {
    data: current.data,
    error: current.error,
    loading: current.loading,
    reload: () => void run(),
    set: put,
  };
}
