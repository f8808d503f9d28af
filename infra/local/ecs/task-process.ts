import { mkdirSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { type Leashed, spawnLeashed } from '../leash.ts';
import type { TaskDefinition } from './task-definitions.ts';

export interface TaskProcessOptions {
  readonly definition: TaskDefinition;
  readonly taskId: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Folder for the task's own scratch space, removed when it ends. */
  readonly scratch: string;
  readonly onLine: (line: string) => void;
}

/** Tasks give way to the front door, which gets three times their share of a busy core; with 10 they would starve beside it. */
const niceness = '5';

/** Old space of V8 as a share of the task's memory: the rest is buffers and the binary. */
const heapShare = 0.75;

/** Runs a container's command as a process in its build context: `node` is the Node that runs all of this. */
export function startTaskProcess(options: TaskProcessOptions): Leashed {
  const { definition, taskId, command, environment, scratch, onLine } = options;
  const home = join(scratch, taskId);
  mkdirSync(home, { recursive: true });
  const [program = 'node', ...rest] = command;
  const isNode = program === 'node';
  const heap = `--max-old-space-size=${Math.floor(definition.memoryMb * heapShare)}`;
  const args = isNode ? [process.execPath, heap, ...rest] : [program, ...rest];
  const child = spawnLeashed('nice', ['-n', niceness, ...args], {
    cwd: definition.container.folder,
    env: {
      PATH: `${dirname(process.execPath)}${delimiter}/usr/local/bin:/usr/bin:/bin`,
      HOME: home,
      TMPDIR: home,
      LANG: 'C.UTF-8',
      TZ: 'UTC',
      ...environment,
    },
  });
  follow(child.stdout, onLine);
  follow(child.stderr, onLine);
  const clean = () => rmSync(home, { recursive: true, force: true });
  child.exited.then(clean, clean);
  return child;
}

function follow(stream: Readable, onLine: (line: string) => void): void {
  createInterface({ input: stream }).on('line', (line) => {
    if (line !== '') onLine(line);
  });
}
