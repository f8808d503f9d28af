import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import type { FunctionError, Invocation, Reply, WorkerSetting } from './protocol.ts';

export interface ExecutionOptions {
  /** The thread's name, as `top -H` shows it. */
  readonly name: string;
  readonly setting: WorkerSetting;
  readonly environment: Readonly<Record<string, string>>;
  /** A line that the function printed. `requestId` is undefined during init. */
  readonly onLine: (line: string, requestId: string | undefined) => void;
  readonly onExit: () => void;
}

const stopped = (code: number): FunctionError => ({
  errorType: 'Runtime.ExitError',
  errorMessage: `Runtime exited with code ${code}`,
  trace: [],
});

const crash = (thrown: unknown, memoryMb: number): FunctionError => {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const outOfMemory = 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
  return {
    errorType: outOfMemory ? 'Runtime.OutOfMemory' : error.name,
    errorMessage: outOfMemory ? `Memory limit of ${memoryMb} MB exceeded` : error.message,
    trace: (error.stack ?? '').split('\n'),
  };
};

/** One Lambda execution environment: a worker thread that takes one invocation at a time. */
export class Execution {
  /** Resolves when the bundle is loaded; rejects never: a failed init answers the first invocation. */
  readonly ready: Promise<Reply>;
  readonly #worker: Worker;
  readonly #timeoutMs: number;
  #answer: (reply: Reply) => void;
  #requestId: string | undefined;
  #failure: FunctionError | undefined;
  #gone = false;
  #broken = false;

  constructor({ name, setting, environment, onLine, onExit }: ExecutionOptions, timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
    const initiated = Promise.withResolvers<Reply>();
    this.ready = initiated.promise;
    this.#answer = initiated.resolve;
    this.#worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: setting,
      env: { ...environment },
      execArgv: [],
      stdout: true,
      stderr: true,
      // With less a busy function collects garbage for a tenth of its time; an idle one does not fill it.
      resourceLimits: { maxOldGenerationSizeMb: setting.memoryMb, maxYoungGenerationSizeMb: 64 },
      name,
    });
    this.#follow(this.#worker.stdout, onLine);
    this.#follow(this.#worker.stderr, onLine);
    this.#worker.on('message', (reply: Reply) => this.#answer(reply));
    this.#worker.on('error', (error) => {
      this.#failure = crash(error, setting.memoryMb);
    });
    this.#worker.on('exit', (code) => {
      this.#gone = true;
      this.#answer({ ok: false, error: this.#failure ?? stopped(code) });
      onExit();
    });
  }

  #follow(stream: Readable, onLine: ExecutionOptions['onLine']): void {
    createInterface({ input: stream }).on('line', (line) => {
      if (line !== '') onLine(line, this.#requestId);
    });
  }

  /** Whether it can take another invocation: an error that a handler throws leaves it intact. */
  get usable(): boolean {
    return !this.#gone && !this.#broken;
  }

  /** Runs one invocation; the caller sees to it that there is only one. A timeout ends the worker. */
  async run(requestId: string, event: string): Promise<Reply> {
    const initiated = await this.ready;
    if (!initiated.ok) {
      this.#broken = true;
      return initiated;
    }
    const { promise, resolve } = Promise.withResolvers<Reply>();
    this.#answer = resolve;
    this.#requestId = requestId;
    if (this.#gone) return { ok: false, error: this.#failure ?? stopped(0) };
    const timer = setTimeout(() => this.#timeOut(requestId), this.#timeoutMs);
    const deadline = Date.now() + this.#timeoutMs;
    this.#worker.postMessage({ requestId, event, deadline } satisfies Invocation);
    const reply = await promise;
    clearTimeout(timer);
    return reply;
  }

  #timeOut(requestId: string): void {
    const seconds = (this.#timeoutMs / 1000).toFixed(2);
    const errorMessage = `${requestId} Task timed out after ${seconds} seconds`;
    this.#failure = { errorType: 'Sandbox.Timedout', errorMessage, trace: [] };
    void this.terminate();
  }

  terminate(): Promise<number> {
    return this.#worker.terminate();
  }
}
