import { type Channel, type Stream, streams } from './channel.ts';
import type { Isolate } from './isolate.ts';

export interface WatchLimits {
  readonly cpu_ms: number;
}

/** How the evaluation of something of the learner's came to an end. */
export type Ending = { readonly cpu_ms: number } & (
  | { readonly kind: 'returned'; readonly value: unknown }
  | { readonly kind: 'threw'; readonly error: unknown }
  | { readonly kind: 'cut'; readonly why: CutReason }
);
export type CutReason = 'time_limit' | 'output_limit' | 'memory_limit' | 'exit';

export type OnOutput = (stream: Stream, text: string) => void;

const tickMs = 10;
/** Output is passed on this often while a program runs. */
const outputEveryMs = 40;
/** The wall clock may take this many times the CPU time … */
const wallFactor = 3;
/** … and, while the program is getting on and only the machine is busy, this many. */
const busyWallFactor = 10;

/**
 * Runs `act` (an evaluation on the isolate's own thread) under its limits. CPU time is the isolate's own, so that a busy
 * machine changes no verdict. A program that is cut has lost its isolate.
 */
export async function underWatch(
  isolate: Isolate,
  channel: Channel,
  limits: WatchLimits,
  act: () => Promise<unknown>,
  onOutput: OnOutput,
): Promise<Ending> {
  const clock = new ProgramClock(isolate, limits.cpu_ms);
  let cut: CutReason | undefined;
  let sinceOutput = 0;
  const ticking = setInterval(() => {
    if (isolate.isDisposed) return;
    if (channel.exitCode !== undefined) cut ??= 'exit';
    else if (channel.overflowed) cut ??= 'output_limit';
    else if (clock.spent()) cut ??= 'time_limit';
    if (cut !== undefined) isolate.dispose();
    sinceOutput += tickMs;
    if (sinceOutput >= outputEveryMs) {
      sinceOutput = 0;
      passOn(channel, onOutput, false);
    }
  }, tickMs);
  try {
    const value = await act();
    const cpu_ms = clock.cpu();
    return cut === undefined ? { kind: 'returned', value, cpu_ms } : { kind: 'cut', why: cut, cpu_ms };
  } catch (error) {
    const cpu_ms = clock.cpu();
    if (cut !== undefined) return { kind: 'cut', why: cut, cpu_ms };
    // The only one beside us who disposes of an isolate is V8 at the end of its memory.
    if (isolate.isDisposed) return { kind: 'cut', why: 'memory_limit', cpu_ms };
    return { kind: 'threw', error, cpu_ms };
  } finally {
    clearInterval(ticking);
  }
}

export function passOn(channel: Channel, onOutput: OnOutput, end: boolean): void {
  for (const stream of streams) {
    const text = channel.take(stream, end);
    if (text !== '') onOutput(stream, text);
  }
}

class ProgramClock {
  readonly #isolate: Isolate;
  readonly #cpuLimit: number;
  readonly #cpuAtStart: bigint;
  readonly #started = performance.now();
  readonly #threadAtStart = process.threadCpuUsage();
  #cpu = 0;
  #window = { at: this.#started, cpu: 0, idle: false };

  constructor(isolate: Isolate, cpuLimit: number) {
    this.#isolate = isolate;
    this.#cpuLimit = cpuLimit;
    this.#cpuAtStart = isolate.cpuTime;
  }

  /** Milliseconds of CPU since the start; of an isolate that is gone, what was read last. */
  cpu(): number {
    if (!this.#isolate.isDisposed) this.#cpu = Number(this.#isolate.cpuTime - this.#cpuAtStart) / 1e6;
    return this.#cpu;
  }

  /** What the program costs this thread counts too: a timer without end lives mostly here. */
  spent(): boolean {
    const own = process.threadCpuUsage(this.#threadAtStart);
    const cpu = this.cpu() + (own.user + own.system) / 1000;
    if (cpu >= this.#cpuLimit) return true;
    const now = performance.now();
    if (now - this.#window.at >= 1_000)
      this.#window = { at: now, cpu, idle: cpu - this.#window.cpu < (now - this.#window.at) / 20 };
    const wall = now - this.#started;
    return wall >= this.#cpuLimit * (this.#window.idle ? wallFactor : busyWallFactor);
  }
}
