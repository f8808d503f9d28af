import {
  type ClientMessage,
  type ServerMessage,
  type SourceEvent,
  serverMessage,
} from '../contracts/realtime.ts';
import { Connection, type ConnectionState, type Socket, type Timing, usualTiming } from './connection.ts';
import { createInbox, type Inbox } from './inbox.ts';

export type { ConnectionState, Socket, Timing } from './connection.ts';

/** A topic whose source numbers its own events. */
export type NumberedTopic = `${'job' | 'exam' | 'user'}:${string}`;

/** A topic into which many sources fan in: its events have the numbers of their sources, and no order of their own. */
export type ClassTopic = `class:${string}`;

export interface RealtimeOptions {
  /** Asks for a single-use ticket; `url` is complete. */
  readonly ticket: () => Promise<{ readonly url: string }>;
  /** The browser's own, or that of `ws`. */
  readonly WebSocket: new (
    url: string,
  ) => Socket;
  readonly onState?: (state: ConnectionState) => void;
  /** Jitter of the back-off, 0 ≤ random() < 1. */
  readonly random?: () => number;
  readonly timing?: Partial<Timing>;
}

interface Refusal {
  readonly error_code: string;
  readonly detail: string;
}
export interface Subscription {
  /** The last event that the subscriber has already; default 0, everything. */
  readonly after_seq?: number;
  /** Each event once, in order of `seq`. */
  readonly onEvent: (event: SourceEvent) => void;
  /** The server has events from `first_seq` to `last_seq`; older ones are gone. */
  readonly onSubscribed?: (range: { readonly first_seq: number; readonly last_seq: number }) => void;
  /** The server refused this topic; the subscription is over. */
  readonly onRefused?: (refusal: Refusal) => void;
}

interface Topic {
  readonly name: NumberedTopic;
  readonly subscription: Subscription;
  readonly inbox: Inbox;
  catchUp: ReturnType<typeof setTimeout> | undefined;
  fruitless: number;
}

/** Errors about a topic that pass by themselves; any other one ends the subscription. */
const passing = /unavailable|too_many|internal|gateway/;

/**
 * A socket client that hides reconnections: every subscriber gets each event of its topic exactly once and in
 * order. It asks for missing events by subscribing again with `after_seq`, and learns from pongs when the
 * newest one got lost. It connects with the first subscription and hangs up after the last.
 */
export class RealtimeClient {
  readonly #topics = new Map<string, Topic>();
  readonly #watched = new Map<string, (event: SourceEvent | undefined) => void>();
  readonly #connection: Connection;
  readonly #timing: Timing;

  constructor({ ticket, WebSocket, onState = () => {}, random = Math.random, timing }: RealtimeOptions) {
    this.#timing = { ...usualTiming, ...timing };
    this.#connection = new Connection({
      ticket,
      WebSocket,
      random,
      onState,
      timing: this.#timing,
      ping: JSON.stringify({ action: 'ping' } satisfies ClientMessage),
      onOpen: () => this.#subscribeAll(),
      onMessage: (data) => this.#receive(data),
    });
  }

  get state(): ConnectionState {
    return this.#connection.state;
  }

  /** Returns how to end the subscription. */
  subscribe(name: NumberedTopic, subscription: Subscription): () => void {
    if (this.#topics.has(name)) throw new Error(`${name} has a subscriber already`);
    const inbox = createInbox(subscription.after_seq ?? 0);
    const topic: Topic = { name, subscription, inbox, catchUp: undefined, fruitless: 0 };
    this.#topics.set(name, topic);
    if (this.state === 'open') this.#ask(topic);
    else void this.#connection.open();
    return () => {
      if (this.#topics.get(name) !== topic) return;
      this.#send({ action: 'unsubscribe', topic: name });
      this.#forget(topic);
    };
  }

  /**
   * Tells of each event of a class, and without one when events may have been missed: at the start and after each
   * reconnection. Who shows the class asks for its state then.
   */
  watch(name: ClassTopic, onChange: (event: SourceEvent | undefined) => void): () => void {
    if (this.#watched.has(name)) throw new Error(`${name} is watched already`);
    this.#watched.set(name, onChange);
    if (this.state === 'open') this.#send({ action: 'subscribe', topic: name });
    else void this.#connection.open();
    return () => {
      if (this.#watched.get(name) !== onChange) return;
      this.#send({ action: 'unsubscribe', topic: name });
      this.#watched.delete(name);
      this.#closeIfUnused();
    };
  }

  /** Connects now instead of after the back-off, for instance when the network is back. */
  wake(): void {
    this.#connection.wake();
  }

  close(): void {
    for (const topic of this.#topics.values()) clearTimeout(topic.catchUp);
    this.#topics.clear();
    this.#watched.clear();
    this.#connection.close();
  }

  #send(message: ClientMessage): void {
    this.#connection.send(JSON.stringify(message));
  }

  #ask({ name, inbox }: Topic): void {
    this.#send({ action: 'subscribe', topic: name, after_seq: inbox.received });
  }

  #subscribeAll(): void {
    for (const topic of this.#topics.values()) {
      topic.fruitless = 0;
      this.#ask(topic);
    }
    for (const name of this.#watched.keys()) this.#send({ action: 'subscribe', topic: name });
  }

  #receive(data: string): void {
    const message = parseMessage(data);
    if (message === undefined) return;
    if ('seq' in message) this.#deliver(message);
    else if (message.type === 'pong') this.#compare(message.last_seq);
    else if ('topic' in message) this.#settle(message);
  }

  #settle(message: Exclude<ServerMessage, SourceEvent | { type: 'pong' }>): void {
    const topic = this.#topics.get(message.topic ?? '');
    if (!topic) this.#settleWatched(message);
    else if (message.type === 'subscribed') this.#confirm(topic, message);
    else if (message.type === 'error') this.#refuse(topic, message);
  }

  /** What the server refuses for good is no longer watched. */
  #settleWatched(message: Exclude<ServerMessage, SourceEvent | { type: 'pong' }>): void {
    const name = message.topic ?? '';
    if (message.type === 'subscribed') {
      this.#connection.isHealthy();
      this.#watched.get(name)?.(undefined);
    }
    if (message.type !== 'error') return;
    if (!passing.test(message.error_code)) this.#watched.delete(name);
    else setTimeout(() => this.#askWatched(name), this.#timing.longest_retry_ms);
  }

  #askWatched(name: string): void {
    if (this.#watched.has(name)) this.#send({ action: 'subscribe', topic: name });
  }

  #deliver(event: SourceEvent): void {
    this.#watched.get(event.topic)?.(event);
    const topic = this.#topics.get(event.topic);
    if (topic) this.#handOut(topic, topic.inbox.take(event));
  }

  #handOut(topic: Topic, due: readonly SourceEvent[]): void {
    if (due.length > 0) topic.fruitless = 0;
    for (const event of due) {
      if (this.#topics.get(topic.name) === topic) topic.subscription.onEvent(event);
    }
    this.#watchGap(topic);
  }

  #confirm(topic: Topic, range: Extract<ServerMessage, { type: 'subscribed' }>): void {
    this.#connection.isHealthy();
    topic.subscription.onSubscribed?.(range);
    this.#handOut(topic, topic.inbox.announce(range.first_seq, range.last_seq));
  }

  #compare(lastSeqs: Readonly<Record<string, number>>): void {
    this.#connection.isHealthy();
    for (const [name, last] of Object.entries(lastSeqs)) {
      const topic = this.#topics.get(name);
      if (topic) this.#handOut(topic, topic.inbox.announce(0, last));
    }
  }

  /** While events are known to be missing, asks for them, ever more rarely when that brings nothing. */
  #watchGap(topic: Topic): void {
    if (!topic.inbox.isBehind() || this.#topics.get(topic.name) !== topic) {
      clearTimeout(topic.catchUp);
      topic.catchUp = undefined;
      return;
    }
    const seen = topic.inbox.received;
    topic.catchUp ??= this.#later(topic, () => {
      if (topic.inbox.received === seen) this.#askAgain(topic);
      this.#watchGap(topic);
    });
  }

  #askAgain(topic: Topic): void {
    topic.fruitless += 1;
    this.#ask(topic);
  }

  #later(topic: Topic, act: () => void): ReturnType<typeof setTimeout> {
    const { longest_retry_ms, gap_ms } = this.#timing;
    return setTimeout(
      () => {
        topic.catchUp = undefined;
        act();
      },
      Math.min(longest_retry_ms, gap_ms * 2 ** topic.fruitless),
    );
  }

  #refuse(topic: Topic, refusal: Refusal): void {
    if (!passing.test(refusal.error_code)) {
      this.#forget(topic);
      topic.subscription.onRefused?.(refusal);
      return;
    }
    clearTimeout(topic.catchUp);
    topic.catchUp = this.#later(topic, () => this.#askAgain(topic));
  }

  #closeIfUnused(): void {
    if (this.#topics.size + this.#watched.size === 0) this.#connection.close();
  }

  #forget(topic: Topic): void {
    clearTimeout(topic.catchUp);
    this.#topics.delete(topic.name);
    this.#closeIfUnused();
  }
}

/** What is not a message of the protocol is ignored: a newer server may say more than we know. */
function parseMessage(data: string): ServerMessage | undefined {
  try {
    return serverMessage.safeParse(JSON.parse(data)).data;
  } catch {
    return undefined;
  }
}
