import { cleanError } from '#shared/domain/grading/learner-error.ts';
import type { RawResult, TestInput } from '#shared/domain/grading/types.ts';
import type { RunnerMessage, TestReport } from '#shared/domain/grading/wire.ts';
import type { RunnerDeath, RunnerProcess } from './runner-process.ts';
import type { Program, RunOptions } from './sandbox.ts';

export interface ProgramRunInput {
  readonly program: Program;
  readonly tests: readonly TestInput[];
  readonly onOutput: RunOptions['onOutput'];
  readonly onResult: RunOptions['onResult'];
  readonly signal: AbortSignal | undefined;
  /** A runner that can take a job, or undefined when there is none to be had. */
  readonly runner: () => Promise<RunnerProcess | undefined>;
  /** The runner must not be used again. */
  readonly discard: (why: string, facts: object) => void;
}

/** How one job ended for its runner. */
type End =
  | { readonly kind: 'done'; readonly recycle: boolean }
  | { readonly kind: 'killed'; readonly why: 'time_limit' | 'memory_limit' | 'hung' | 'aborted' }
  | { readonly kind: 'died'; readonly death: RunnerDeath };

const watchMs = 25;
/** The runner gives a sign of life four times a second. */
const silentMs = 1_500;
/** The runner itself ends a test at ten times its CPU limit. */
const longestWall = 12;
/** After so many runners were lost to one program, its other tests are skipped. */
const mostLosses = 2;
/** Beside what the program may use: the V8 heap around Python, and an interpreter that is being made ready. */
const spareMb = { python: 512, javascript: 256, typescript: 256 } as const;

/** Takes one program through its tests, over as many runners as it costs. */
export class ProgramRun {
  readonly #input: ProgramRunInput;
  readonly #results: RawResult[] = [];
  /** Runners that died during the test at hand for no known reason, or were found hanging. */
  #unexplained = 0;
  #losses = 0;

  constructor(input: ProgramRunInput) {
    this.#input = input;
  }

  async results(): Promise<RawResult[]> {
    const { tests, signal, runner, discard } = this.#input;
    while (this.#results.length < tests.length && !this.#over()) {
      const process = await runner();
      signal?.throwIfAborted();
      if (process === undefined) {
        this.#fill('internal');
        break;
      }
      const attempt = new Attempt(this.#input, process, {
        count: () => this.#results.length,
        add: (result) => this.#add(result),
      });
      const end = await attempt.end;
      if (end.kind !== 'done') discard(...this.#account(end, attempt));
      else if (end.recycle) discard('runner.recycled', {});
      if (end.kind === 'done') break;
      signal?.throwIfAborted();
    }
    this.#fill('skipped');
    return this.#results;
  }

  #add(result: RawResult): void {
    const test = this.#results.push(result) - 1;
    this.#input.onResult?.({ test, result });
  }

  #over(): boolean {
    return this.#losses >= mostLosses || this.#results.at(-1)?.outcome === 'time_limit';
  }

  #fill(outcome: 'internal' | 'skipped'): void {
    while (this.#results.length < this.#input.tests.length)
      this.#add(newResult({ outcome, cpu_ms: 0, memory_kb: 0 }, '', ''));
  }

  /** Decides what a lost runner means for the test at hand: its result, or another try. */
  #account(end: Exclude<End, { kind: 'done' }>, attempt: Attempt): [why: string, facts: object] {
    const before = this.#results.length;
    const outcome = this.#blame(end, attempt);
    if (outcome !== undefined) {
      this.#add(attempt.resultSoFar(outcome));
      this.#unexplained = 0;
      this.#losses += 1;
    }
    const { language } = this.#input.program;
    const facts = end.kind === 'died' ? { ...end.death, text: lastWords(end.death.text) } : { why: end.why };
    return [`runner.${end.kind}`, { ...facts, language, test: before, outcome }];
  }

  #blame(end: Exclude<End, { kind: 'done' }>, attempt: Attempt): RawResult['outcome'] | undefined {
    if (end.kind === 'killed') {
      if (end.why === 'aborted') return undefined;
      if (end.why !== 'hung') return end.why;
    } else if (outOfMemory.test(end.death.text)) return 'memory_limit';
    // Perhaps somebody else's fault: once more, in a new process.
    this.#unexplained += 1;
    if (this.#unexplained < 2) return undefined;
    if (end.kind === 'killed') return 'time_limit';
    // No program can send this signal. The system does where memory ends, and takes the largest.
    if (end.death.signal === 'SIGKILL' && !attempt.grewLarge) return 'internal';
    return crashSignals.includes(end.death.signal ?? '') ? 'runtime_error' : 'memory_limit';
  }
}

/** What V8 says before it ends a process whose heap it cannot enlarge. */
const outOfMemory =
  /out of memory|allocation fail|invalid (?:array|size|string) (?:length|error)|invalid table size/i;
/** The line that matters of what V8 prints before it ends a process. */
const lastWords = (text: string): string => /FATAL ERROR.*/.exec(text)?.[0] ?? text.slice(0, 200);
const crashSignals: readonly string[] = ['SIGSEGV', 'SIGBUS', 'SIGFPE'];

/** The results of a program so far. */
interface Results {
  readonly count: () => number;
  readonly add: (result: RawResult) => void;
}

/** One job given to one runner, watched until it is done or the runner is gone. */
class Attempt {
  readonly end: Promise<End>;
  readonly #input: ProgramRunInput;
  readonly #runner: RunnerProcess;
  readonly #results: Results;
  readonly #first: number;
  readonly #mostMb: number;
  readonly #largeMb: number;
  #seenMb = 0;
  #settle: (end: End) => void = () => {};
  #output = { stdout: '', stderr: '' };
  #heardAt = performance.now();
  #startedAt = performance.now();
  #cpuAtStart: number | undefined;

  constructor(input: ProgramRunInput, runner: RunnerProcess, results: Results) {
    this.#input = input;
    this.#runner = runner;
    this.#results = results;
    this.#first = results.count();
    const { program, tests } = input;
    const memory = Math.max(...tests.map(({ limits }) => limits.memory_mb));
    const resident = runner.residentMb();
    this.#mostMb = resident + memory + spareMb[program.language];
    this.#largeMb = resident + memory / 2;
    this.#cpuAtStart = runner.cpuMs();
    this.end = this.#watch();
    runner.send({ ...program, tests: tests.slice(this.#first) });
  }

  /** Whether the program was seen to use memory that comes near what it may. */
  get grewLarge(): boolean {
    return this.#seenMb > this.#largeMb;
  }

  /** The result of the test at hand, of which the runner can tell nothing more. */
  resultSoFar(outcome: RawResult['outcome']): RawResult {
    const cpu_ms = Math.min(this.#cpuUsed() ?? 0, this.#test().limits.cpu_ms);
    return newResult({ outcome, cpu_ms, memory_kb: 0 }, this.#output.stdout, this.#output.stderr);
  }

  #watch(): Promise<End> {
    const { promise, resolve } = Promise.withResolvers<End>();
    const { signal } = this.#input;
    const watching = setInterval(() => this.#look(), watchMs);
    const abort = () => this.#kill('aborted');
    signal?.addEventListener('abort', abort, { once: true });
    this.#settle = (end) => {
      clearInterval(watching);
      signal?.removeEventListener('abort', abort);
      this.#runner.listener = undefined;
      resolve(end);
    };
    this.#runner.listener = {
      message: (message) => this.#hear(message),
      death: (death) => this.#settle({ kind: 'died', death }),
    };
    return promise;
  }

  #look(): void {
    const now = performance.now();
    const { cpu_ms } = this.#test().limits;
    const resident = this.#runner.residentMb();
    this.#seenMb = Math.max(this.#seenMb, resident);
    if (resident > this.#mostMb) this.#kill('memory_limit');
    else if (now - this.#startedAt > longestWall * cpu_ms + 5_000) this.#kill('time_limit');
    else if (now - this.#heardAt > silentMs) this.#doubt(now - this.#heardAt, cpu_ms);
  }

  /** The runner's main thread is stuck: in the learner's program if that costs CPU, else perhaps stopped by somebody. */
  #doubt(silence: number, cpu_ms: number): void {
    const used = this.#cpuUsed();
    if (used !== undefined && used > 2 * cpu_ms) this.#kill('time_limit');
    else if (silence > 3 * cpu_ms + silentMs)
      this.#kill(used === undefined || used >= cpu_ms ? 'time_limit' : 'hung');
  }

  #kill(why: Extract<End, { kind: 'killed' }>['why']): void {
    this.#runner.kill();
    this.#settle({ kind: 'killed', why });
  }

  #hear(message: RunnerMessage): void {
    this.#heardAt = performance.now();
    switch (message.type) {
      case 'start':
        this.#output = { stdout: '', stderr: '' };
        this.#startedAt = performance.now();
        this.#cpuAtStart = this.#runner.cpuMs();
        return;
      case 'output':
        this.#print(message.stream, message.text);
        return;
      case 'result':
        if (this.#results.count() < this.#input.tests.length) this.#results.add(this.#finish(message.report));
        return;
      case 'done':
        this.#settle({ kind: 'done', recycle: message.recycle });
    }
  }

  #print(stream: 'stdout' | 'stderr', text: string): void {
    const room = this.#test().limits.output_bytes - this.#output.stdout.length - this.#output.stderr.length;
    const kept = text.slice(0, Math.max(0, room));
    if (kept === '') return;
    this.#output[stream] += kept;
    this.#input.onOutput?.({ test: this.#results.count(), stream, text: kept });
  }

  #finish(report: TestReport): RawResult {
    const { stdout, stderr } = this.#output;
    const size = report.value === undefined ? 0 : JSON.stringify(report.value).length;
    if (size <= this.#test().limits.output_bytes) return newResult(report, stdout, stderr);
    const { value: _, ...rest } = report;
    return newResult({ ...rest, outcome: 'output_limit' }, stdout, stderr);
  }

  /** The test at hand: the last one when all are done. */
  #test(): TestInput {
    const { tests } = this.#input;
    const test = tests[Math.min(this.#results.count(), tests.length - 1)];
    if (test === undefined) throw new Error('A run has at least one test.');
    return test;
  }

  #cpuUsed(): number | undefined {
    const now = this.#runner.cpuMs();
    return now === undefined || this.#cpuAtStart === undefined ? undefined : now - this.#cpuAtStart;
  }
}

function newResult(
  report: Omit<TestReport, 'outcome'> & Pick<RawResult, 'outcome'>,
  stdout: string,
  stderr: string,
): RawResult {
  const { outcome, value, error, cpu_ms, memory_kb } = report;
  return {
    outcome,
    stdout,
    stderr,
    value,
    error: error === undefined ? null : cleanError(error),
    cpu_ms: Math.round(cpu_ms),
    memory_kb: Math.round(memory_kb),
  };
}
