/** The whole one-machine cloud as `npm start` runs it: a process of its own, a free port, a folder of its own. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { scratch } from './scratch.ts';

export interface PlatformOptions {
  /** Default: a new temporary folder, removed by `stop`. */
  readonly data?: string;
  /** Default: a free one. */
  readonly port?: number;
  readonly school?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Seed of the adverse mode. Default: none, unless LYCEUM_ADVERSE is set. */
  readonly faults?: number;
  /** Folder of a ready cloud assembly. Default: the one of product-assembly.ts, else from the sources, cached. */
  readonly assembly?: string;
  readonly args?: readonly string[];
}

export interface Platform {
  readonly origin: string;
  /** Where the AWS services listen. */
  readonly gateway: string;
  readonly adminEmail: string;
  readonly adminPassword: string;
  readonly data: string;
  readonly pid: number;
  /** Milliseconds from the start of the process to ready, as the runner measured them. */
  readonly tookMs: number;
  /** Everything it has printed so far. */
  output(): string;
  /** Ends it in order; the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL; settles when it is gone. */
  kill(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

interface Ready {
  readonly type: 'ready';
  readonly origin: string;
  readonly gateway: string;
  readonly tookMs: number;
}

export const adminEmail = 'admin@platform.test';
export const adminPassword = 'correct horse battery staple';
const main = join(import.meta.dirname, '../../infra/local/main.ts');

/** As start.mjs sets it: half a second less at every start. */
const NODE_COMPILE_CACHE = join(import.meta.dirname, '../../node_modules/.cache/lyceum/compile');

/** No start that fails and no stop may take longer. */
const longestMs = 45_000;

/** Runs the runner until it ends by itself: for starts that must fail. */
export async function runToEnd(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { child, output } = launch(args, env);
  const tooLong = setTimeout(() => child.kill('SIGKILL'), longestMs);
  const [code] = await once(child, 'exit');
  clearTimeout(tooLong);
  if (code === null) throw new Error(`It did not end by itself:\n${output()}`);
  return { code: Number(code), output: output() };
}

export async function startPlatform(options: PlatformOptions = {}): Promise<Platform> {
  const temporary = options.data === undefined ? scratch('platform') : undefined;
  const assembly = options.assembly ?? process.env['LYCEUM_PRODUCT_ASSEMBLY'];
  const data = options.data ?? join(temporary ?? '', 'data');
  const args = ['--port', String(options.port ?? 0), '--data', data, '--school', options.school ?? 'demo'];
  const { child, output } = launch([...args, ...(options.args ?? [])], {
    LYCEUM_ADMIN_EMAIL: adminEmail,
    LYCEUM_ADMIN_PASSWORD: adminPassword,
    ...(options.faults === undefined ? {} : { LYCEUM_ADVERSE: String(options.faults) }),
    ...(assembly === undefined ? {} : { LYCEUM_ASSEMBLY: assembly }),
    ...options.env,
  });
  const exited = once(child, 'exit').then(([code]): number | null => code);
  const ready = await readiness(child, output);
  let killed = false;
  const clean = () => {
    if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true });
  };
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    return exited;
  };
  const stop = async () => {
    const tooLong = setTimeout(() => child.kill('SIGKILL'), longestMs);
    const code = await end('SIGTERM');
    clearTimeout(tooLong);
    clean();
    if (child.signalCode === 'SIGKILL' && !killed) throw new Error(`It did not stop:\n${output()}`);
    return code;
  };
  return {
    ...ready,
    adminEmail,
    adminPassword,
    data,
    pid: child.pid ?? 0,
    output,
    stop,
    kill: async () => {
      killed = true;
      await end('SIGKILL');
    },
    [Symbol.asyncDispose]: async () => {
      await stop();
    },
  };
}

function launch(args: readonly string[], env: Readonly<Record<string, string>>) {
  const child = fork(main, args, {
    silent: true,
    execArgv: [],
    env: { ...process.env, LYCEUM_STARTED_AT: String(Date.now()), NODE_COMPILE_CACHE, ...env },
  });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
  return { child, output: () => Buffer.concat(chunks).toString() };
}

function readiness(child: ChildProcess, output: () => string): Promise<Ready> {
  return new Promise((resolve, reject) => {
    child.on('message', (message: Ready) => resolve(message));
    child.once('exit', (code) => reject(new Error(`The platform ended with code ${code}:\n${output()}`)));
  });
}
