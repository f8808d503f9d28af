import type * as IsolatedVm from 'isolated-vm';
import type { Json, TestInput } from '#shared/domain/grading/types.ts';
import type { TestReport } from '#shared/domain/grading/wire.ts';
import { Channel } from './channel.ts';
import { type Context, compileOnce, type Isolate, onCatastrophicError, type Reference } from './isolate.ts';
import { describeSyntaxError, describeThrown, type Place } from './learner-error.ts';
import { type Ending, type OnOutput, passOn, underWatch } from './watch.ts';

/** isolated-vm takes no less. */
const leastHeapMb = 8;
const identifier = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u;

export interface Program {
  /** JavaScript to evaluate as a script. */
  readonly code: string;
  readonly place: Place;
}

/** Runs one test of a JavaScript program in an isolate of its own. */
export async function runJavaScript(
  ivm: typeof IsolatedVm,
  realm: string,
  program: Program,
  test: TestInput,
  onOutput: OnOutput,
): Promise<TestReport> {
  const { limits, seed } = test;
  const channel = new Channel(limits.output_bytes);
  channel.reset({ outputBytes: limits.output_bytes, heapBytes: 0, seed });
  const isolate = new ivm.Isolate({
    memoryLimit: Math.max(leastHeapMb, limits.memory_mb),
    onCatastrophicError,
  });
  try {
    const running = new RunningProgram(ivm, isolate, channel, realm, program, test);
    const ending = await underWatch(isolate, channel, limits, () => running.run(), onOutput);
    passOn(channel, onOutput, true);
    return { ...running.verdict(ending), cpu_ms: ending.cpu_ms, memory_kb: heapKb(isolate) };
  } finally {
    if (!isolate.isDisposed) isolate.dispose();
  }
}

type Verdict = Pick<TestReport, 'outcome' | 'value' | 'error'>;

class RunningProgram {
  readonly #ivm: typeof IsolatedVm;
  readonly #isolate: Isolate;
  readonly #channel: Channel;
  readonly #realm: string;
  readonly #program: Program;
  readonly #test: TestInput;
  #compiled = false;

  constructor(
    ivm: typeof IsolatedVm,
    isolate: Isolate,
    channel: Channel,
    realm: string,
    program: Program,
    test: TestInput,
  ) {
    this.#ivm = ivm;
    this.#isolate = isolate;
    this.#channel = channel;
    this.#realm = realm;
    this.#program = program;
    this.#test = test;
  }

  /** The exit code of a whole program, or the text of a call's value. */
  async run(): Promise<unknown> {
    const context = await this.#isolate.createContext();
    const world = await this.#enter(context);
    const script = await this.#isolate.compileScript(this.#program.code, { filename: 'main.js' });
    this.#compiled = true;
    await script.run(context, {});
    if (this.#test.kind === 'call') await this.#call(context, world, this.#test);
    await runTimers(world);
    const result = await world.get(this.#test.kind === 'call' ? 'outcome' : 'exitCode', { reference: true });
    return result.apply(undefined, []);
  }

  async #enter(context: Context): Promise<Reference> {
    const shared = new this.#ivm.ExternalCopy(this.#channel.shared).copyInto();
    const stdin = this.#test.kind === 'stdio' ? this.#test.stdin : '';
    const script = await compileOnce(this.#isolate, 'realm', this.#realm);
    const makeWorld = await script.run(context, { reference: true });
    return makeWorld.apply(undefined, [shared, stdin, this.#test.seed], { result: { reference: true } });
  }

  async #call(context: Context, world: Reference, test: Extract<TestInput, { kind: 'call' }>): Promise<void> {
    // A top-level const or class is no property of the global object: only a script sees it.
    const target = identifier.test(test.call)
      ? await context.eval(`typeof ${test.call} === 'function' ? ${test.call} : undefined`, {
          reference: true,
        })
      : undefined;
    const call = await world.get('call', { reference: true });
    await call.apply(undefined, [target?.derefInto(), test.call, JSON.stringify(test.args)]);
  }

  verdict(ending: Ending): Verdict {
    if (this.#channel.exitCode !== undefined) return this.#exited(this.#channel.exitCode);
    switch (ending.kind) {
      case 'cut':
        return { outcome: ending.why === 'exit' ? 'runtime_error' : ending.why };
      case 'threw':
        return this.#threw(ending.error);
      case 'returned':
        return this.#returned(ending.value);
    }
  }

  #threw(error: unknown): Verdict {
    if (!this.#compiled && error instanceof SyntaxError)
      return { outcome: 'compile_error', error: describeSyntaxError(error, this.#program.place) };
    if (error instanceof Error && /^Array buffer allocation failed$/.test(error.message))
      return { outcome: 'memory_limit', error: describeThrown(error, this.#program.place) };
    return { outcome: 'runtime_error', error: describeThrown(error, this.#program.place) };
  }

  #returned(value: unknown): Verdict {
    if (this.#test.kind === 'stdio')
      return typeof value === 'number' ? this.#exited(value) : { outcome: 'ok' };
    if (typeof value !== 'string')
      return failed('Error', `Error: what '${this.#test.call}' promised was never settled`);
    try {
      return { outcome: 'ok', value: JSON.parse(value) as Json };
    } catch {
      return failed('Error', 'Error: the value that came back cannot be read');
    }
  }

  #exited(code: number): Verdict {
    if (this.#test.kind === 'call')
      return failed('Exit', `Exit: the program exited before '${this.#test.call}' returned`);
    return code === 0 ? { outcome: 'ok' } : failed('Exit', `Exit: the program exited with code ${code}`);
  }
}

const failed = (type: string, message: string): Verdict => ({
  outcome: 'runtime_error',
  error: { type, message, line: null, column: null },
});

/** Each step ends with its microtasks done, as a turn of Node's event loop does. */
async function runTimers(world: Reference): Promise<void> {
  const step = await world.get('step', { reference: true });
  while ((await step.apply(undefined, [])) === true);
}

function heapKb(isolate: Isolate): number {
  if (isolate.isDisposed) return 0;
  const heap = isolate.getHeapStatisticsSync();
  return Math.round((heap.used_heap_size + heap.externally_allocated_size) / 1024);
}
