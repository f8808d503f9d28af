import type { SourceEvent } from '../contracts/realtime.ts';

export interface Inbox {
  /** Every event up to this number has been handed out, or can no longer be had. */
  readonly received: number;
  /** Takes an event in any order; returns those that are due now, in order. */
  take(event: SourceEvent): SourceEvent[];
  /**
   * The source has events up to `last`, and those before `first` are gone for good (0: nothing is known).
   * Returns what waited behind a part that is gone.
   */
  announce(first: number, last: number): SourceEvent[];
  isBehind(): boolean;
}

/** Puts the events of one source in order and drops what was seen before. */
export function createInbox(afterSeq: number): Inbox {
  const early = new Map<number, SourceEvent>();
  let received = afterSeq;
  let newest = afterSeq;

  const due = (): SourceEvent[] => {
    const events: SourceEvent[] = [];
    for (let next = early.get(received + 1); next; next = early.get(received + 1)) {
      early.delete(next.seq);
      received = next.seq;
      events.push(next);
    }
    return events;
  };

  return {
    get received() {
      return received;
    },
    take(event) {
      if (event.seq <= received) return [];
      early.set(event.seq, event);
      newest = Math.max(newest, event.seq);
      return due();
    },
    announce(first, last) {
      newest = Math.max(newest, last);
      if (first - 1 <= received) return [];
      const rescued = [...early.values()].filter(({ seq }) => seq < first).sort((a, b) => a.seq - b.seq);
      for (const { seq } of rescued) early.delete(seq);
      received = first - 1;
      return [...rescued, ...due()];
    },
    isBehind: () => received < newest,
  };
}
