import { realpathSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { sourceLimits } from '#shared/domain/grading/limits.ts';
import type { Language, RawResult, TestInput } from '#shared/domain/grading/types.ts';
import { unsupportedReason } from './platform.ts';
import { ProgramRun } from './program-run.ts';
import { RunnerProcess } from './runner-process.ts';
import { filterCommand } from './seccomp.ts';

export interface SandboxOptions {
  /** Programs at once: one runner each. */
  readonly slots: number;
  /** Whether a Python program may run in the isolate of the one before when that left no trace. */
  readonly reuse: boolean;
  /** Where runner.mjs and its assets lie. Ends with a slash. */
  readonly folder: URL;
  /** Called for what an operator should know: a runner that had to be killed, or died. */
  readonly warn?: (what: string, facts: object) => void;
}

export interface Program {
  readonly language: Language;
  readonly code: string;
}

export interface RunOptions {
  /** Called while the program runs, with the test's position among `tests`. */
  readonly onOutput?: (chunk: { test: number; stream: 'stdout' | 'stderr'; text: string }) => void;
  /** Called for each test, in order, as soon as its result is final. */
  readonly onResult?: (ended: { test: number; result: RawResult }) => void;
  readonly signal?: AbortSignal;
}

/** A process is replaced after so many programs, whatever it looks like. */
const mostPrograms = 500;

/** Node's permissions hold for where files really are. */
const withoutLinks = (folder: URL): URL => pathToFileURL(`${realpathSync(folder)}/`);

interface Slot {
  runner: RunnerProcess;
  programs: number;
  busy: boolean;
}

type Waiter = (slot: Slot | undefined) => void;

/**
 * Runs learners' programs. The only way to run code in this system: an isolate without capabilities, inside a process
 * that may be killed at any moment, watched from here.
 */
export class Sandbox {
  readonly #options: SandboxOptions;
  readonly #wrapper: readonly string[];
  readonly #slots: Slot[] = [];
  readonly #waiting: Waiter[] = [];
  #closed = false;

  /** Why programs cannot be run on this machine, or undefined. */
  static supported(): string | undefined {
    return unsupportedReason();
  }

  /** Ready when every slot can take a program. */
  static async open(options: SandboxOptions): Promise<Sandbox> {
    const reason = unsupportedReason();
    if (reason !== undefined) throw new Error(reason);
    const sandbox = new Sandbox({ ...options, folder: withoutLinks(options.folder) });
    const slots = Array.from({ length: options.slots }, () => sandbox.#newSlot());
    sandbox.#slots.push(...slots);
    const ready = await Promise.all(slots.map((slot) => sandbox.#readyRunner(slot)));
    if (ready.some((runner) => runner === undefined)) {
      await sandbox.close();
      throw new Error('The sandbox does not start.');
    }
    return sandbox;
  }

  private constructor(options: SandboxOptions) {
    this.#options = options;
    this.#wrapper = filterCommand(options.folder);
  }

  /** Process ids of the runners, for whoever measures or breaks them. */
  get pids(): number[] {
    return this.#slots.flatMap(({ runner }) => (runner.dead || runner.pid === undefined ? [] : [runner.pid]));
  }

  /**
   * One result for each test, in order. Waits for a free slot. Rejects only when aborted or closed; what goes wrong in
   * the sandbox itself is an `internal` result.
   */
  async run(program: Program, tests: readonly TestInput[], options: RunOptions = {}): Promise<RawResult[]> {
    options.signal?.throwIfAborted();
    if (this.#closed) throw new Error('The sandbox is closed.');
    if (tests.length === 0) return [];
    const refusal = refuse(program);
    if (refusal !== undefined) {
      const results = tests.map(() => refusal);
      for (const [test, result] of results.entries()) options.onResult?.({ test, result });
      return results;
    }
    const slot = await this.#take(options.signal);
    try {
      const results = await new ProgramRun({
        program,
        tests,
        onOutput: options.onOutput,
        onResult: options.onResult,
        signal: options.signal,
        runner: () => this.#readyRunner(slot),
        discard: (why, facts) => this.#replace(slot, why, facts),
      }).results();
      if (this.#closed) throw new Error('The sandbox is closed.');
      return results;
    } finally {
      this.#release(slot);
    }
  }

  /** Ends every runner; what still runs or waits rejects. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const waiter of this.#waiting.splice(0)) waiter(undefined);
    for (const { runner } of this.#slots) runner.kill();
  }

  #newSlot(): Slot {
    return { runner: this.#start(), programs: 0, busy: false };
  }

  #start(): RunnerProcess {
    return new RunnerProcess(this.#options.folder, this.#options.reuse, this.#wrapper);
  }

  /** The slot's runner, started anew if need be; undefined when it starts no more, or the sandbox is closed. */
  async #readyRunner(slot: Slot): Promise<RunnerProcess | undefined> {
    for (let attempt = 0; attempt < 3 && !this.#closed; attempt++) {
      if (slot.runner.dead) this.#replace(slot);
      const { runner } = slot;
      if ((await runner.ready) && !runner.dead) return runner;
    }
    return undefined;
  }

  #replace(slot: Slot, why?: string, facts?: object): void {
    if (why !== undefined) this.#options.warn?.(why, facts ?? {});
    slot.runner.listener = undefined;
    slot.runner.kill();
    slot.programs = 0;
    if (!this.#closed) slot.runner = this.#start();
  }

  async #take(signal: AbortSignal | undefined): Promise<Slot> {
    const free = this.#slots
      .filter(({ busy }) => !busy)
      .sort(readyFirst)
      .at(0);
    if (free !== undefined) {
      free.busy = true;
      return free;
    }
    const { promise, resolve } = Promise.withResolvers<Slot | undefined>();
    this.#waiting.push(resolve);
    const abort = () => {
      const at = this.#waiting.indexOf(resolve);
      if (at >= 0) this.#waiting.splice(at, 1);
      resolve(undefined);
    };
    signal?.addEventListener('abort', abort, { once: true });
    const slot = await promise;
    signal?.removeEventListener('abort', abort);
    if (slot !== undefined) return slot;
    signal?.throwIfAborted();
    throw new Error('The sandbox is closed.');
  }

  #release(slot: Slot): void {
    slot.programs += 1;
    if (slot.programs >= mostPrograms) this.#replace(slot);
    const next = this.#waiting.shift();
    if (next === undefined) slot.busy = false;
    else next(slot);
  }
}

/** A slot whose runner was just replaced takes half a second more. */
const readyFirst = (one: Slot, other: Slot): number =>
  Number(other.runner.isReady) - Number(one.runner.isReady);

/** What is not run at all. The API says so before; this is for whoever comes another way. */
function refuse({ code }: Program): RawResult | undefined {
  const why =
    code.trim() === ''
      ? 'The program is empty.'
      : code.includes('\0')
        ? 'The program contains a NUL character.'
        : code.length > sourceLimits.highest_characters
          ? `The program is longer than ${sourceLimits.highest_characters} characters.`
          : undefined;
  if (why === undefined) return undefined;
  const error = { type: 'SyntaxError', message: why, line: null, column: null };
  return {
    outcome: 'compile_error',
    stdout: '',
    stderr: '',
    value: undefined,
    error,
    cpu_ms: 0,
    memory_kb: 0,
  };
}
