import type * as IsolatedVm from 'isolated-vm';
import { highestLimits } from '#shared/domain/grading/limits.ts';
import type { TestInput } from '#shared/domain/grading/types.ts';
import type { PythonAssets } from './assets.ts';
import { Channel } from './channel.ts';
import { type Context, compileOnce, type Isolate, onCatastrophicError, type Reference } from './isolate.ts';
import { type Ending, type OnOutput, passOn, underWatch } from './watch.ts';

/** V8 heap beside the interpreter's own memory; below about 256 MB it kills Pyodide. */
const heapMb = 512;

/** CPython inside an isolate that has no other capability, started from a memory snapshot. */
export interface Interpreter {
  readonly isolate: Isolate;
  readonly channel: Channel;
  /** What it needs to be restored was changed, or it is dead: it may run no other test. */
  readonly spoilt: boolean;
  run(source: string, test: TestInput, onOutput: OnOutput): Promise<Ending>;
  dispose(): void;
}

/**
 * An isolate that only holds the compiled interpreter. V8 shares machine code between the isolates of a process for as
 * long as one of them has the module, so that each next one starts with all that was compiled and optimised so far.
 */
export async function keepCompiled(ivm: typeof IsolatedVm, assets: PythonAssets): Promise<Isolate> {
  const isolate = new ivm.Isolate({ memoryLimit: heapMb, onCatastrophicError });
  const context = await isolate.createContext();
  const wasm = new ivm.ExternalCopy(assets.wasm).copyInto();
  await context.evalClosure('globalThis.kept = new WebAssembly.Module(new Uint8Array($0))', [wasm]);
  return isolate;
}

export async function bootInterpreter(ivm: typeof IsolatedVm, assets: PythonAssets): Promise<Interpreter> {
  const channel = new Channel(highestLimits.output_bytes);
  const isolate = new ivm.Isolate({ memoryLimit: heapMb, onCatastrophicError });
  channel.reset({ outputBytes: 0, heapBytes: highestLimits.memory_mb * 2 ** 20, seed: 0 });
  const context = await isolate.createContext();
  await loadPyodide(ivm, isolate, context, assets, channel.shared, false);
  const shared = new ivm.ExternalCopy(channel.shared);
  const run = await context.evalClosure(assets.run, [shared.copyInto()], { result: { reference: true } });
  return new RunningInterpreter(ivm, isolate, channel, run);
}

/** Evaluates the interpreter's scripts in `context`: Pyodide and the world it expects. */
export async function loadPyodide(
  ivm: typeof IsolatedVm,
  isolate: Isolate,
  context: Context,
  assets: Omit<PythonAssets, 'snapshot' | 'run'> & { readonly snapshot?: SharedArrayBuffer },
  channel: SharedArrayBuffer,
  makeSnapshot: boolean,
): Promise<void> {
  const shared = (memory: SharedArrayBuffer) => new ivm.ExternalCopy(memory).copyInto();
  const files = [channel, assets.wasm, assets.stdlib].map(shared);
  await context.evalClosure(assets.host, [
    ...files,
    assets.snapshot === undefined ? undefined : shared(assets.snapshot),
  ]);
  for (const [name, source] of [
    ['pyodide.asm.js', assets.pyodide],
    ['pyodide.js', assets.loader],
  ] as const) {
    const script = await compileOnce(isolate, name, source);
    await script.run(context, {});
  }
  try {
    await context.evalClosure(assets.boot, [assets.lock, makeSnapshot], { result: { promise: true } });
  } catch (error) {
    const log: unknown = await context.eval('String(lyceumHost.log)');
    throw new Error(`Python did not start: ${String(log)}`, { cause: error });
  }
}

class RunningInterpreter implements Interpreter {
  readonly isolate: Isolate;
  readonly channel: Channel;
  readonly #ivm: typeof IsolatedVm;
  readonly #run: Reference;
  #dead = false;

  constructor(ivm: typeof IsolatedVm, isolate: Isolate, channel: Channel, run: Reference) {
    this.#ivm = ivm;
    this.isolate = isolate;
    this.channel = channel;
    this.#run = run;
  }

  get spoilt(): boolean {
    return this.#dead || this.isolate.isDisposed || this.channel.tainted;
  }

  async run(source: string, test: TestInput, onOutput: OnOutput): Promise<Ending> {
    this.channel.reset({
      outputBytes: test.limits.output_bytes,
      heapBytes: test.limits.memory_mb * 2 ** 20,
      seed: test.seed,
    });
    const spec = { seed: test.seed, ...(test.kind === 'call' ? { call: test.call, args: test.args } : {}) };
    const stdin = new TextEncoder().encode(test.kind === 'stdio' ? test.stdin : '');
    const input = new this.#ivm.ExternalCopy(stdin.buffer).copyInto({ release: true });
    const ending = await underWatch(
      this.isolate,
      this.channel,
      test.limits,
      () => this.#run.apply(undefined, [source, JSON.stringify(spec), input]),
      onOutput,
    );
    if (ending.kind !== 'returned') this.#dead = true;
    passOn(this.channel, onOutput, true);
    return ending;
  }

  dispose(): void {
    if (!this.isolate.isDisposed) this.isolate.dispose();
  }
}
