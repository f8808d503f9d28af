/**
 * Child processes that cannot outlive their parent, not even one that is killed with SIGKILL.
 *
 *     const child = spawnLeashed('node', ['main.mjs'], { env, cwd });
 *     child.stdout.on('data', …);
 *     await child.stop('SIGTERM', 10_000);   // SIGTERM now, SIGKILL to whatever is left after 10 s
 *
 * Between the two stands a small `/bin/sh` that leads a process group of its own. It holds the reading end
 * of a pipe whose writing end only the parent has: the kernel closes that when the parent dies, however it
 * dies, and the shell then kills its whole group, grandchildren included. In the other direction the shell
 * forwards signals to the child and ends with the child's exit code (128 + n when a signal ended it, as
 * containers report it).
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';

export interface LeashOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** `pipe` (default), `inherit` or `ignore`, for stdout and stderr alike. */
  readonly output?: 'pipe' | 'inherit' | 'ignore';
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Leashed {
  /** The leash's process id, which is also the id of the process group of child and grandchildren. */
  readonly pid: number | undefined;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Settles once the child has ended and its group is gone; 127 means that there is no such command. */
  readonly exited: Promise<Exit>;
  readonly running: boolean;
  /** SIGKILL goes to the whole group, any other signal to the child. */
  kill(signal: NodeJS.Signals): void;
  /** Sends `signal` (SIGTERM), and SIGKILL after `graceMs` (5,000); settles when the child has ended. */
  stop(signal?: NodeJS.Signals, graceMs?: number): Promise<Exit>;
}

/**
 * The watcher redirects its output so that it never holds the child's pipes open, and reads with the shell's
 * builtin so that no further process is left waiting. A trapped signal makes `wait` return early; waiting
 * again for a child that was already waited for gives 127, which must not replace its exit code.
 */
const script = `
exec 3<&0 </dev/null
( read -r _ <&3; kill -9 0 ) >/dev/null 2>&1 &
watcher=$!
for name in TERM INT HUP QUIT USR1 USR2; do
  trap "interrupted=1; kill -$name \\$child 2>/dev/null" $name
done
"$@" 3<&- &
child=$! code=
while :; do
  interrupted=
  wait $child; status=$?
  [ -n "$code" ] && [ $status = 127 ] || code=$status
  [ -n "$interrupted" ] || break
done
kill -9 $watcher
exit $code`;

export const spawnLeashed = (
  command: string,
  args: readonly string[],
  options: LeashOptions = {},
): Leashed => {
  const { output = 'pipe', ...rest } = options;
  const leash = spawn('/bin/sh', ['-c', script, 'leash', command, ...args], {
    ...rest,
    detached: true,
    stdio: ['pipe', output, output],
  });
  leash.stdin?.on('error', () => undefined); // EPIPE when the child ends first
  const exited = exitOf(leash);
  exited.catch(() => undefined); // a caller that never asks must not crash on a failed start
  const isRunning = () => leash.pid !== undefined && leash.exitCode === null && leash.signalCode === null;

  const kill = (signal: NodeJS.Signals) => {
    if (signal === 'SIGKILL') killGroup(leash.pid);
    else if (isRunning()) leash.kill(signal);
  };
  return {
    pid: leash.pid,
    stdout: leash.stdout ?? emptyStream(),
    stderr: leash.stderr ?? emptyStream(),
    exited,
    get running() {
      return isRunning();
    },
    kill,
    stop: async (signal = 'SIGTERM', graceMs = 5_000) => {
      kill(signal);
      const timer = setTimeout(() => kill('SIGKILL'), graceMs);
      return exited.finally(() => clearTimeout(timer));
    },
  };
};

const exitOf = async (leash: ChildProcess): Promise<Exit> => {
  const [code, signal] = await once(leash, 'exit');
  killGroup(leash.pid); // grandchildren that the child left behind
  leash.stdin?.destroy();
  return { code, signal };
};

const killGroup = (pid: number | undefined) => {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
};

const emptyStream = () => Readable.from([]);
