import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  encodeFrame,
  FrameReader,
  type Job,
  type RunnerMessage,
  readRunnerMessage,
} from '#shared/domain/grading/wire.ts';
import { addonPath } from './platform.ts';

/** `nobody` on Linux: a user that owns no file and no other process. */
const nobody = 65_534;
/** CPU seconds after which the kernel ends a process that nobody watches any more. */
const processCpuSeconds = 1_800;
const mostErrorText = 4_000;

export interface RunnerDeath {
  readonly signal: NodeJS.Signals | null;
  readonly code: number | null;
  /** What the process said last: V8's reason, when it gave up. */
  readonly text: string;
}

export interface RunnerListener {
  message(message: RunnerMessage): void;
  death(death: RunnerDeath): void;
}

/** One disposable child that runs learners' programs. */
export class RunnerProcess {
  readonly ready: Promise<boolean>;
  listener: RunnerListener | undefined;
  readonly #child: ChildProcess;
  #dead = false;
  #isReady = false;
  #errors = '';
  #saidMb = 0;

  /** `wrapper`: a command before the runner's own, see seccomp.ts. */
  constructor(folder: URL, reuse: boolean, wrapper: readonly string[]) {
    this.#child = launch(fileURLToPath(folder), reuse, wrapper);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.ready = promise;
    this.#listen(resolve);
  }

  get dead(): boolean {
    return this.#dead;
  }
  get isReady(): boolean {
    return this.#isReady && !this.#dead;
  }
  get pid(): number | undefined {
    return this.#child.pid;
  }

  send(job: Job): void {
    this.#child.stdin?.write(encodeFrame(job));
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Memory in use, in megabytes; where the system does not tell, what the runner said last. */
  residentMb(): number {
    const pages = readProcess(this.pid, 'statm')?.split(' ')[1];
    return pages === undefined ? this.#saidMb : (Number(pages) * pageBytes) / 2 ** 20;
  }

  /** CPU time of all its threads in milliseconds, undefined where the system does not tell. */
  cpuMs(): number | undefined {
    const stat = readProcess(this.pid, 'stat');
    if (stat === undefined) return undefined;
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // proc(5): utime and stime are fields 14 and 15, in hundredths of a second; these start at field 3.
    return (Number(fields[11]) + Number(fields[12])) * 10;
  }

  #listen(ready: (is: boolean) => void): void {
    const reader = new FrameReader();
    this.#child.stdin?.on('error', () => {});
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      if (this.#errors.length < mostErrorText) this.#errors += chunk.toString();
    });
    this.#child.stdout?.on('data', (piece: Buffer) => {
      try {
        for (const value of reader.push(piece)) this.#receive(value, ready);
      } catch {
        // What does not speak the protocol is no runner any more.
        this.kill();
      }
    });
    const died = (code: number | null, signal: NodeJS.Signals | null) => {
      if (this.#dead) return;
      this.#dead = true;
      ready(false);
      this.listener?.death({ code, signal, text: this.#errors });
    };
    this.#child.on('error', (error) => {
      this.#errors += String(error);
      died(null, null);
    });
    // `close` and not `exit`: what the runner wrote before it died has been read by then.
    this.#child.on('close', died);
  }

  #receive(value: unknown, ready: (is: boolean) => void): void {
    const message = readRunnerMessage(value);
    if (message === undefined) throw new Error('not a message');
    if (message.type === 'beat') this.#saidMb = message.rss_mb;
    if (message.type === 'ready') {
      this.#isReady = true;
      ready(true);
    } else this.listener?.message(message);
  }
}

const pageBytes = 4096;

function readProcess(pid: number | undefined, file: string): string | undefined {
  if (process.platform !== 'linux' || pid === undefined) return undefined;
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return undefined;
  }
}

/** Kilobytes of stack for each thread: twice what Node gives a program, and no more to walk through. */
const stackKb = 2_048;

/**
 * Limits of the process beside those of the isolate: no core dumps, no files written, few descriptors, first to go when
 * the machine runs out of memory. One `ulimit` for each: the Debian shell takes only one limit at a time.
 */
const shellLimits = [
  'echo 1000 2>/dev/null >/proc/self/oom_score_adj',
  ...['-c 0', '-f 0', '-n 64', `-s ${stackKb}`, `-t ${processCpuSeconds}`].map(
    (limit) => `ulimit ${limit} 2>/dev/null`,
  ),
  'unset PWD OLDPWD',
  'exec "$@"',
].join('; ');

function launch(folder: string, reuse: boolean, wrapper: readonly string[]): ChildProcess {
  const runner = [
    // Reads its own folder; may not write, start processes or threads, or inspect itself.
    '--permission',
    '--allow-addons',
    `--allow-fs-read=${folder}*`,
    '--disable-warning=SecurityWarning',
    '--disable-warning=ExperimentalWarning',
    '--no-global-search-paths',
    `${folder}runner.mjs`,
    addonPath(folder),
    reuse ? 'reuse' : 'isolate',
    process.getuid?.() === 0 ? String(nobody) : '',
  ];
  const [command, args] =
    process.platform === 'win32'
      ? [process.execPath, runner]
      : ['/bin/sh', ['-c', shellLimits, 'sh', ...wrapper, process.execPath, ...runner]];
  return spawn(command, args, { cwd: folder, env: {}, stdio: ['pipe', 'pipe', 'pipe'] });
}
