import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { Execution } from './execution.ts';
import { InvocationError, type WorkerSetting } from './protocol.ts';
import { WaitingLine } from './waiting-line.ts';

export interface FunctionSetting {
  /** Short name for logs and the terminal. */
  readonly label: string;
  readonly name: string;
  readonly arn: string;
  readonly file: string;
  readonly exportName: string;
  readonly memoryMb: number;
  readonly timeoutMs: number;
  /** Most invocations at the same time; further ones wait for their turn. */
  readonly concurrency: number;
  readonly environment: Readonly<Record<string, string>>;
}

export interface FunctionObserver {
  line(label: string, line: string, requestId: string | undefined): void;
  failed(label: string, requestId: string, error: InvocationError['detail']): void;
}

/** An execution environment that nobody used for this long is given up, the last one excepted. */
const idleMs = 60_000;

/**
 * Who finds every environment busy waits for one of them; while somebody waits, one more is started each time that this
 * has passed. Most invocations are over sooner than a start would be, which takes 0.35 s of CPU.
 */
const patienceMs = 150;
/** Beyond one environment a core: what looks like an idle core in a shorter time may be chance. */
const patienceBeyondCoresMs = 3000;

/**
 * On a machine whose cores are all busy one more environment makes the others slower, and compiles the same code once
 * more: it waits, unless none has come back for this long.
 */
const patienceWhenBusyMs = 500;
const leastIdleShare = 0.2;

/**
 * A function that works for clients for more than this share of one environment's time gets one more, while the machine
 * has time for it: what comes all at once then finds code that is compiled, and no start that takes a core from it. Up to one
 * a core, and where cores are idle two, because an environment waits for the tables for much of its time.
 */
const spareFrom = 0.1;
const spareIdleShare = 0.1;
const spareEveryMs = 5_000;

/** Starts of one function at a time: each keeps a core busy. */
const mostStarting = Math.max(1, Math.floor(availableParallelism() / 2));

/** Starts measuring; what it gives tells which share of all the machine's cores has been idle since. */
export type IdleMeter = () => () => number;

/** What a pool has to know of the machine. */
export interface Machine {
  readonly cores: number;
  readonly idleMeter: IdleMeter;
}

/** By the clock, so that what a virtual machine's host takes for others does not look idle. */
const idleMeter: IdleMeter = () => {
  const before = { idle: idleTime(), at: performance.now() };
  return () => (idleTime() - before.idle) / Math.max(1, cpus().length * (performance.now() - before.at));
};

/** Milliseconds of all cores together. */
const idleTime = (): number => cpus().reduce((sum, { times }) => sum + times.idle, 0);

const thisMachine: Machine = { cores: availableParallelism(), idleMeter };

interface Slot {
  readonly execution: Execution;
  readonly version: number;
  freeSince: number | undefined;
}

/** A Lambda function: a pool of execution environments, one invocation at a time in each. */
export class LambdaFunction {
  readonly setting: FunctionSetting;
  readonly #observer: FunctionObserver;
  readonly #machine: Machine;
  readonly #idle: Slot[] = [];
  readonly #all = new Set<Execution>();
  readonly #line = new WaitingLine<Slot>();
  readonly #sweeper = setInterval(() => this.#giveUpIdle(), idleMs).unref();
  readonly #sparing: NodeJS.Timeout;
  #running = 0;
  #starting = 0;
  #lastRelease = 0;
  #servedMs = 0;
  #patience: NodeJS.Timeout | undefined;
  #closing = false;

  constructor(setting: FunctionSetting, observer: FunctionObserver, machine = thisMachine) {
    this.setting = setting;
    this.#observer = observer;
    this.#machine = machine;
    let idleShare = machine.idleMeter();
    this.#sparing = setInterval(() => {
      this.#spare(idleShare());
      idleShare = machine.idleMeter();
    }, spareEveryMs).unref();
  }

  /** Invokes the function and gives the JSON it returned. Throws `InvocationError` as AWS reports a FunctionError. */
  invoke(event: unknown): Promise<string> {
    return this.invokeJson(JSON.stringify(event));
  }

  /** `client`: on whose behalf, so that they find the environment again that knows them, if it is free soon. */
  async invokeJson(event: string, client?: string): Promise<string> {
    const requestId = randomUUID();
    const slot = await this.#acquire(client);
    this.#line.serves(slot, client);
    const from = performance.now();
    const reply = await slot.execution.run(requestId, event);
    if (client !== undefined) this.#servedMs += performance.now() - from;
    this.#release(slot);
    if (reply.ok) return reply.result;
    if (!this.#closing) this.#observer.failed(this.setting.label, requestId, reply.error);
    throw new InvocationError(reply.error);
  }

  /** Invocations that wait for an environment. */
  get waiting(): number {
    return this.#line.length;
  }

  /** Starts one execution environment ahead of the first invocation. */
  async warm(): Promise<void> {
    if (this.#all.size === 0) await this.#startAhead();
  }

  async #startAhead(): Promise<void> {
    if (this.#closing) return;
    const slot = this.#start();
    this.#running += 1;
    const reply = await slot.execution.ready;
    this.#release(slot);
    if (!reply.ok && !this.#closing) this.#observer.failed(this.setting.label, 'init', reply.error);
  }

  async close(): Promise<void> {
    this.#closing = true;
    clearInterval(this.#sweeper);
    clearInterval(this.#sparing);
    this.#stopWaiting();
    await Promise.all([...this.#all].map((execution) => execution.terminate()));
  }

  async #acquire(client: string | undefined): Promise<Slot> {
    if (this.#closing) throw new Error(`${this.setting.label} is shutting down`);
    const version = this.#bundleVersion();
    for (let slot = this.#takeIdle(client); slot !== undefined; slot = this.#takeIdle(client)) {
      if (slot.version === version && slot.execution.usable) return this.#take(slot);
      void slot.execution.terminate();
    }
    if (this.#running === 0) return this.#take(this.#start(version));
    const turn = this.#line.wait(client);
    this.#bePatient();
    return (await turn) ?? this.#start();
  }

  /** The one that knows the client; clients nobody knows are shared out, and what comes from no client is not. */
  #takeIdle(client: string | undefined): Slot | undefined {
    const known = this.#line.placeOf(client);
    const at = known === undefined ? -1 : this.#idle.indexOf(known);
    if (at >= 0) return this.#idle.splice(at, 1)[0];
    return client === undefined || known !== undefined ? this.#idle.pop() : this.#idle.shift();
  }

  /** Starts a spare environment if clients have kept the others busy since this was asked last. */
  #spare(idleShare: number): void {
    const busy = this.#servedMs / spareEveryMs;
    this.#servedMs = 0;
    const { cores } = this.#machine;
    const most = Math.min(this.setting.concurrency, 2 * cores);
    const least = this.#all.size < cores ? spareIdleShare : leastIdleShare;
    if (busy < spareFrom || idleShare < least || this.#all.size >= most) return;
    void this.#startAhead();
  }

  /** Starts an environment for the first who waits, and goes on until nobody does or there is no room for more. */
  #bePatient(): void {
    if (this.#patience !== undefined || this.#running >= this.setting.concurrency) return;
    const { cores, idleMeter } = this.#machine;
    const idleShare = idleMeter();
    const patience = this.#all.size < cores ? patienceMs : patienceBeyondCoresMs;
    this.#patience = setTimeout(() => {
      this.#patience = undefined;
      const comeBack = performance.now() - this.#lastRelease < patienceWhenBusyMs;
      const wouldSlow = comeBack && idleShare() < leastIdleShare;
      if (!wouldSlow && this.#starting < mostStarting) {
        this.#running += 1;
        this.#line.admitToNew();
      }
      if (this.#line.length > 0) this.#bePatient();
    }, patience);
  }

  #take(slot: Slot): Slot {
    this.#running += 1;
    return slot;
  }

  #stopWaiting(): void {
    clearTimeout(this.#patience);
    this.#patience = undefined;
  }

  /** Passes the environment on to whoever waits; a broken one leaves its place to a new one. */
  #release(slot: Slot): void {
    const { usable } = slot.execution;
    this.#lastRelease = performance.now();
    slot.freeSince = this.#lastRelease;
    if (!usable) void slot.execution.terminate();
    if (usable ? this.#line.admitTo(slot) : this.#line.admitToNew()) {
      if (this.#line.length === 0) this.#stopWaiting();
      return;
    }
    this.#running -= 1;
    if (usable) this.#idle.push(slot);
  }

  #giveUpIdle(): void {
    const since = performance.now() - idleMs;
    const longIdle = this.#idle.filter(({ freeSince }) => (freeSince ?? 0) < since);
    for (const slot of longIdle.slice(0, this.#idle.length - 1)) {
      this.#idle.splice(this.#idle.indexOf(slot), 1);
      void slot.execution.terminate();
    }
  }

  #start(version = this.#bundleVersion()): Slot {
    const { name, arn, file, exportName, memoryMb, timeoutMs, label, environment } = this.setting;
    const setting: WorkerSetting = {
      file,
      exportName,
      functionName: name,
      functionArn: arn,
      logStreamName: `${new Date().toISOString().slice(0, 10).replaceAll('-', '/')}/[$LATEST]${randomUUID().replaceAll('-', '')}`,
      memoryMb,
      compileCache: process.env['NODE_COMPILE_CACHE'],
    };
    const execution = new Execution(
      {
        name: label,
        setting,
        environment: { ...environment, AWS_LAMBDA_LOG_STREAM_NAME: setting.logStreamName },
        onLine: (line, requestId) => this.#observer.line(label, line, requestId),
        onExit: () => this.#all.delete(execution),
      },
      timeoutMs,
    );
    this.#all.add(execution);
    this.#starting += 1;
    void execution.ready.then(() => {
      this.#starting -= 1;
    });
    return { execution, version, freeSince: undefined };
  }

  /** A rebuilt bundle retires the environments that run the old one. */
  #bundleVersion(): number {
    return statSync(this.setting.file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  }
}
