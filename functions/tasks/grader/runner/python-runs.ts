import type * as IsolatedVm from 'isolated-vm';
import type { TestInput } from '#shared/domain/grading/types.ts';
import { readReport, type TestReport } from '#shared/domain/grading/wire.ts';
import type { PythonAssets } from './assets.ts';
import type { Isolate } from './isolate.ts';
import { bootInterpreter, type Interpreter, keepCompiled } from './python.ts';
import type { Ending, OnOutput } from './watch.ts';

/**
 * Keeps one interpreter ready. A test runs in memory as it was after the start: restored, or in a new isolate when the
 * last program may have changed what memory does not hold.
 */
export class PythonRuns {
  readonly #ivm: typeof IsolatedVm;
  readonly #assets: PythonAssets;
  /** Whether a program may run in the isolate of the one before. */
  readonly #reuse: boolean;
  #next: Promise<Interpreter> | undefined;
  #kept: Promise<Isolate> | undefined;

  constructor(ivm: typeof IsolatedVm, assets: PythonAssets, reuse: boolean) {
    this.#ivm = ivm;
    this.#assets = assets;
    this.#reuse = reuse;
  }

  /** Begins to start the interpreter for the next test. */
  prepare(): Promise<Interpreter> {
    this.#next ??= this.#boot();
    return this.#next;
  }

  async #boot(): Promise<Interpreter> {
    this.#kept ??= keepCompiled(this.#ivm, this.#assets);
    await this.#kept;
    return bootInterpreter(this.#ivm, this.#assets);
  }

  async run(source: string, test: TestInput, onOutput: OnOutput): Promise<TestReport> {
    const interpreter = await this.#fitting(test);
    const ending = await interpreter.run(source, test, onOutput);
    const report = readEnding(ending, interpreter.channel.overflowed, test.limits.output_bytes);
    const memory_kb = Math.round(interpreter.channel.heapUsed / 1024);
    if (interpreter.spoilt || lostItsWay(report)) this.#drop(interpreter);
    return { ...report, cpu_ms: ending.cpu_ms, memory_kb };
  }

  /** The program is done with; what the next one gets is made ready. */
  async endProgram(): Promise<void> {
    if (this.#reuse || this.#next === undefined) return;
    this.#drop(await this.#next);
  }

  /** An interpreter whose memory, which never shrinks, has not outgrown what this test may use. */
  async #fitting(test: TestInput): Promise<Interpreter> {
    const interpreter = await this.prepare();
    if (interpreter.channel.heapGrown <= test.limits.memory_mb * 2 ** 20) return interpreter;
    this.#drop(interpreter);
    return this.prepare();
  }

  #drop(interpreter: Interpreter): void {
    interpreter.dispose();
    this.#next = undefined;
  }
}

type Verdict = Pick<TestReport, 'outcome' | 'value' | 'error'>;

function readEnding(ending: Ending, overflowed: boolean, outputBytes: number): Verdict {
  if (overflowed) return { outcome: 'output_limit' };
  switch (ending.kind) {
    case 'cut':
      return { outcome: ending.why === 'exit' ? 'runtime_error' : ending.why };
    case 'threw':
      return crashed(ending.error);
    case 'returned':
      return readReply(ending.value, outputBytes);
  }
}

/** Beside the value a reply holds an error of at most some kilobytes. */
const replySpare = 32_768;

function readReply(reply: unknown, outputBytes: number): Verdict {
  if (typeof reply === 'string' && reply.length > outputBytes + replySpare)
    return { outcome: 'output_limit' };
  const report = typeof reply === 'string' ? parseReply(reply) : undefined;
  return report ?? failed('SystemError', 'SystemError: the program left the interpreter without an answer');
}

function parseReply(reply: string): TestReport | undefined {
  try {
    return readReport(JSON.parse(reply));
  } catch {
    return undefined;
  }
}

/** The interpreter itself gave up: the harness catches all that a program may raise. */
function crashed(error: unknown): Verdict {
  const text = error instanceof Error ? error.message : String(error);
  const exit = /exit\((\d+)\)/.exec(text);
  if (exit !== null)
    return failed('SystemExit', `SystemExit: the program left the interpreter with code ${exit[1]}`);
  if (/call stack/.test(text))
    return failed('RecursionError', 'RecursionError: the interpreter ran out of stack');
  return failed('SystemError', 'SystemError: the interpreter crashed');
}

const failed = (type: string, message: string): Verdict => ({
  outcome: 'runtime_error',
  error: { type, message, line: null, column: null },
});

/** After running out of memory Python is restored like after anything else; after a crash it is not trusted. */
const lostItsWay = (report: Verdict): boolean => report.error?.type === 'SystemError';
