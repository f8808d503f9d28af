/** An execution environment, as far as the line of those who wait for one looks at it. */
export interface Place {
  /** `performance.now()` when it became free last; undefined: it has never been. */
  readonly freeSince: number | undefined;
}

interface Waiting<P> {
  readonly client: string | undefined;
  readonly admit: (place: P | undefined) => void;
}

/** A place that has not become free for this long is not waited for any more. */
const expectedBackMs = 100;
const mostClients = 10_000;

/**
 * Who waits for an execution environment, the first first. Those whom a place has served before rather wait for it, as
 * long as it comes back often: what the handler remembers of them there need not be read again. Nothing may rely on
 * that, as nothing can on AWS.
 */
export class WaitingLine<P extends Place> {
  readonly #waiting: Waiting<P>[] = [];
  readonly #served = new Map<string, P>();

  get length(): number {
    return this.#waiting.length;
  }

  /** Waits for a place; undefined: there is none, but room to make one. */
  wait(client: string | undefined): Promise<P | undefined> {
    return new Promise((admit) => void this.#waiting.push({ client, admit }));
  }

  /** Admits the first to `place` who would not rather wait for another; whether anybody was. */
  admitTo(place: P): boolean {
    const now = performance.now();
    const first = this.#waiting.findIndex(({ client }) => {
      const known = this.placeOf(client);
      return known === undefined || known === place || now - (known.freeSince ?? 0) > expectedBackMs;
    });
    const [next] = this.#waiting.splice(Math.max(0, first), 1);
    next?.admit(place);
    return next !== undefined;
  }

  /** Sends the first away to make a place of their own. */
  admitToNew(): boolean {
    const next = this.#waiting.shift();
    next?.admit(undefined);
    return next !== undefined;
  }

  /** The place that served a client last. */
  placeOf(client: string | undefined): P | undefined {
    return client === undefined ? undefined : this.#served.get(client);
  }

  /** Notes who serves a client now; the client that came longest ago is forgotten. */
  serves(place: P, client: string | undefined): void {
    if (client === undefined) return;
    this.#served.delete(client);
    this.#served.set(client, place);
    const [oldest] = this.#served.keys();
    if (this.#served.size > mostClients && oldest !== undefined) this.#served.delete(oldest);
  }
}
