/** Wakes long polls: a message for the queue may have become receivable. */

export interface Bell {
  ring(queue: string): void;
  /** Settles at the next ring, after `ms`, or when the reader leaves. */
  wait(queue: string, ms: number, signal: AbortSignal | undefined): Promise<void>;
}

export const createBell = (): Bell => {
  const sleepers = new Map<string, Set<() => void>>();
  return {
    ring: (queue) => {
      for (const wake of [...(sleepers.get(queue) ?? [])]) wake();
    },
    wait: (queue, ms, signal) =>
      new Promise((resolve) => {
        const waiting = sleepers.get(queue) ?? new Set();
        sleepers.set(queue, waiting);
        const wake = () => {
          clearTimeout(timer);
          waiting.delete(wake);
          signal?.removeEventListener('abort', wake);
          resolve();
        };
        const timer = setTimeout(wake, ms);
        waiting.add(wake);
        signal?.addEventListener('abort', wake, { once: true });
        if (signal?.aborted) wake();
      }),
  };
};
