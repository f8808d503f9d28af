/** An execution environment, as far as the line of those who wait for one looks at it. */
export interface Place {
  /** `performance.now()` when it became free last; undefined: it has never been. */
  readonly freeSince: number | undefined;
}

interface Waiting<P> {
  /** How many had come before. */
  readonly turn: number;
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
  /** By the place that each would rather wait for, the first of each first. */
  readonly #waiting = new Map<P | undefined, Waiting<P>[]>();
  readonly #served = new Map<string, P>();
  #turns = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Waits for a place; undefined: there is none, but room to make one. */
  wait(client: string | undefined): Promise<P | undefined> {
    const known = this.placeOf(client);
    const line = this.#waiting.get(known) ?? [];
    this.#waiting.set(known, line);
    this.#length += 1;
    return new Promise((admit) => void line.push({ turn: this.#turns++, admit }));
  }

  /** Admits the first to `place` who would not rather wait for another; whether anybody was. */
  admitTo(place: P): boolean {
    const now = performance.now();
    const isOpen = (known: P | undefined) =>
      known === undefined || known === place || now - (known.freeSince ?? 0) > expectedBackMs;
    return this.#admitFirst(place, isOpen) || this.#admitFirst(place, () => true);
  }

  /** Sends the first away to make a place of their own. */
  admitToNew(): boolean {
    return this.#admitFirst(undefined, () => true);
  }

  #admitFirst(place: P | undefined, isOpen: (known: P | undefined) => boolean): boolean {
    let first: P | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const [known, [head]] of this.#waiting)
      if (head !== undefined && head.turn < least && isOpen(known)) [first, least] = [known, head.turn];
    if (least === Number.POSITIVE_INFINITY) return false;
    const line = this.#waiting.get(first) ?? [];
    const next = line.shift();
    if (line.length === 0) this.#waiting.delete(first);
    this.#length -= 1;
    next?.admit(place);
    return true;
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
