import type { Worker } from 'node:worker_threads';
import type { ComputeMessage } from './compute.ts';

export type Inboxed = ComputeMessage | { readonly type: 'look' };

/** The thread's messages and our own, one after the other; a crash of the thread is thrown to the reader. */
export function messagesOf(worker: Worker) {
  const waiting: Inboxed[] = [];
  let failure: unknown;
  let ended = false;
  let wake = (): void => undefined;
  const push = (message: Inboxed): void => {
    // one look at a time is enough
    if (message.type === 'look' && waiting.some(({ type }) => type === 'look')) return;
    waiting.push(message);
    wake();
  };
  worker.on('message', push);
  worker.on('error', (error: unknown) => {
    failure = error;
    wake();
  });
  worker.on('exit', () => {
    ended = true;
    wake();
  });
  async function* read(): AsyncGenerator<Inboxed> {
    for (;;) {
      const next = waiting.shift();
      if (next) yield next;
      else if (failure !== undefined) throw failure;
      else if (ended) return;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  }
  return { push, read };
}
