import { ApiError } from '#shared/http/client.ts';

/** It may succeed when it is sent once more: no network, or a server that is busy. */
export const isPassing = (error: unknown): boolean =>
  error instanceof TypeError || (error instanceof ApiError && (error.status >= 500 || error.status === 429));

const pauses_ms = [1_000, 2_000, 4_000, 8_000, 15_000];

/** Calls again after growing pauses, and at once when the network is back. */
export class Retry {
  readonly #again: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  readonly #wake = () => {
    if (this.#timer !== undefined) this.now();
  };

  constructor(again: () => void) {
    this.#again = again;
    addEventListener('online', this.#wake);
  }

  later(): void {
    clearTimeout(this.#timer);
    const pause = pauses_ms[Math.min(this.#failures, pauses_ms.length - 1)];
    this.#failures += 1;
    this.#timer = setTimeout(() => this.now(), pause);
  }

  now(): void {
    this.#stop();
    this.#again();
  }

  succeeded(): void {
    this.#failures = 0;
    this.#stop();
  }

  dispose(): void {
    this.#stop();
    removeEventListener('online', this.#wake);
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
