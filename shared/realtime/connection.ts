/** The part of a WebSocket that browsers and `ws` share. */
export interface Socket {
  send(data: string): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: 'open' | 'close' | 'error', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
}

export type ConnectionState = 'idle' | 'connecting' | 'open' | 'waiting';

export interface Timing {
  readonly ping_ms: number;
  /** Without an answer for so long the connection counts as dead. */
  readonly answer_ms: number;
  /** How long a missing event may still arrive out of order before it is asked for. */
  readonly gap_ms: number;
  readonly first_retry_ms: number;
  readonly longest_retry_ms: number;
}
export const usualTiming: Timing = {
  ping_ms: 20_000,
  answer_ms: 10_000,
  gap_ms: 300,
  first_retry_ms: 500,
  longest_retry_ms: 20_000,
};

export interface ConnectionOptions {
  /** Asks for a single-use ticket; `url` is complete. */
  readonly ticket: () => Promise<{ readonly url: string }>;
  readonly WebSocket: new (url: string) => Socket;
  /** Jitter of the back-off, 0 ≤ random() < 1. */
  readonly random: () => number;
  readonly timing: Timing;
  readonly ping: string;
  readonly onState: (state: ConnectionState) => void;
  readonly onOpen: () => void;
  readonly onMessage: (data: string) => void;
}

type Timer = ReturnType<typeof setTimeout>;

/** One socket at a time: opens it with a fresh ticket, notices when it is dead, and opens the next one. */
export class Connection {
  readonly #options: ConnectionOptions;
  #state: ConnectionState = 'idle';
  #socket: Socket | undefined;
  #failures = 0;
  #retry: Timer | undefined;
  #ping: Timer | undefined;
  #overdue: Timer | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  async open(): Promise<void> {
    if (this.#state === 'connecting' || this.#state === 'open') return;
    clearTimeout(this.#retry);
    this.#enter('connecting');
    // closed meanwhile: the answer is nobody's
    const stillWanted = () => this.state === 'connecting';
    try {
      const { url } = await this.#options.ticket();
      if (stillWanted()) this.#attach(new this.#options.WebSocket(url));
    } catch {
      if (stillWanted()) this.#waitAndRetry();
    }
  }

  /** Connects now instead of after the back-off. */
  wake(): void {
    if (this.#state !== 'waiting') return;
    this.#failures = 0;
    void this.open();
  }

  send(message: string): void {
    if (this.#state === 'open') this.#socket?.send(message);
  }

  /** The server answered something that only a healthy connection brings. */
  isHealthy(): void {
    this.#answered();
    this.#failures = 0;
  }

  close(): void {
    this.#silence();
    const ended = this.#socket;
    this.#socket = undefined;
    this.#enter('idle');
    ended?.close(1000);
  }

  #enter(next: ConnectionState): void {
    if (this.#state === next) return;
    this.#state = next;
    this.#options.onState(next);
  }

  #attach(socket: Socket): void {
    this.#socket = socket;
    const whileCurrent = (act: () => void) => () => {
      if (this.#socket === socket) act();
    };
    socket.addEventListener(
      'open',
      whileCurrent(() => this.#opened()),
    );
    socket.addEventListener(
      'close',
      whileCurrent(() => this.#waitAndRetry()),
    );
    // 'close' follows and is what counts; without a listener `ws` would throw
    socket.addEventListener('error', () => {});
    socket.addEventListener('message', ({ data }) => {
      if (this.#socket === socket && typeof data === 'string') this.#options.onMessage(data);
    });
    this.#expectAnswer();
  }

  #opened(): void {
    this.#answered();
    this.#enter('open');
    this.#options.onOpen();
    this.#pingLater();
  }

  #pingLater(): void {
    this.#ping = setTimeout(() => {
      this.send(this.#options.ping);
      this.#expectAnswer();
      this.#pingLater();
    }, this.#options.timing.ping_ms);
  }

  #expectAnswer(): void {
    this.#overdue ??= setTimeout(() => {
      const dead = this.#socket;
      this.#waitAndRetry();
      dead?.close();
    }, this.#options.timing.answer_ms);
  }

  #answered(): void {
    clearTimeout(this.#overdue);
    this.#overdue = undefined;
  }

  #silence(): void {
    this.#answered();
    clearTimeout(this.#retry);
    clearTimeout(this.#ping);
  }

  #waitAndRetry(): void {
    const { timing, random } = this.#options;
    this.#silence();
    this.#socket = undefined;
    this.#enter('waiting');
    const ceiling = Math.min(
      timing.longest_retry_ms,
      timing.first_retry_ms * 2 ** Math.min(this.#failures, 16),
    );
    this.#failures += 1;
    this.#retry = setTimeout(() => void this.open(), ceiling * (0.5 + random() / 2));
  }
}
