import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { gradeProgram } from '#functions/tasks/grader/grade.ts';
import type { Language, Test } from '#shared/domain/grading/types.ts';
import { openSandbox } from '#tests/integration/sandbox/world.ts';
import { type Figure, quantile } from './measure.ts';

const slots = 2;
const submissions = { native: 40, engine: 120, memory: 1_000 } as const;
const languages = ['python', 'javascript'] as const;
type Measured = (typeof languages)[number];

const programs: Readonly<Record<Measured, string>> = {
  python: 'n = int(input())\nprint(n * n)\n',
  javascript: 'const n = +require("fs").readFileSync(0, "utf8");\nconsole.log(n * n);\n',
};
/** How much faster than a process in bubblewrap for each test, and how long the median may take against it. */
const aims = { python: { faster: 2.5, median: 0.3 }, javascript: { faster: 10, median: 0.3 } } as const;

const tests: readonly Test[] = [2, 3, 5, 7, 11].map((n) => ({
  id: `${n}`,
  name: `the square of ${n}`,
  kind: 'stdio',
  stdin: `${n}\n`,
  expected: `${n * n}\n`,
  checker: { kind: 'lines' },
  weight: 1,
  visibility: 'public',
  limits: null,
  seed: 1,
}));

/** The grader's engine beside the way judges usually work, in the same run: 5 tests each, 2 at once. */
export async function benchmark(): Promise<Figure[]> {
  const started = performance.now();
  await using sandbox = await openSandbox({ reuse: true, slots });
  const figures: Figure[] = [
    { name: 'engine: two runners ready after', value: performance.now() - started, unit: 'ms' },
  ];
  const grade = async (language: Language, code: string) => {
    const outcomes = await gradeProgram(sandbox, { language, code }, tests);
    if (outcomes.some(({ verdict }) => verdict !== 'pass'))
      throw new Error('The honest program does not pass.');
  };
  for (const language of languages) {
    const code = programs[language];
    await measure(10, () => grade(language, code));
    const engine = await measure(submissions.engine, () => grade(language, code));
    const native = hasBubblewrap()
      ? await measure(submissions.native, () => judge(language, code))
      : undefined;
    figures.push(...compare(language, engine, native));
  }
  figures.push(
    await memoryAfterMany(sandbox, (at) =>
      grade(at % 2 ? 'python' : 'javascript', programs[at % 2 ? 'python' : 'javascript']),
    ),
  );
  return figures;
}

interface Pace {
  readonly rate: number;
  readonly p50: number;
  readonly p95: number;
}

async function measure(count: number, submit: () => Promise<void>): Promise<Pace> {
  const times: number[] = [];
  let left = count;
  const client = async () => {
    while (left-- > 0) {
      const at = performance.now();
      await submit();
      times.push(performance.now() - at);
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: slots }, client));
  const seconds = (performance.now() - started) / 1000;
  return { rate: count / seconds, p50: quantile(times, 0.5), p95: quantile(times, 0.95) };
}

function compare(language: Measured, engine: Pace, native: Pace | undefined): Figure[] {
  const { faster, median } = aims[language];
  const lines = (name: string, { rate, p50, p95 }: Pace): Figure[] => [
    { name: `${name}, ${language}, submissions`, value: rate, unit: '/s' },
    { name: `${name}, ${language}, p50`, value: p50, unit: 'ms' },
    { name: `${name}, ${language}, p95`, value: p95, unit: 'ms' },
  ];
  if (native === undefined) return lines('engine', engine);
  return [
    ...lines('engine', engine),
    ...lines('bubblewrap and a process', native),
    {
      name: `${language}: times as many submissions`,
      value: engine.rate / native.rate,
      unit: '×',
      target: faster,
      atLeast: true,
    },
    {
      name: `${language}: share of the time, p50`,
      value: engine.p50 / native.p50,
      unit: '×',
      target: median,
    },
  ];
}

function hasBubblewrap(): boolean {
  try {
    execFileSync('bwrap', ['--unshare-all', '--ro-bind', '/', '/', '/bin/true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const { execPath } = process;
const confinement = ['--unshare-all', '--die-with-parent', '--ro-bind', '/', '/', '--tmpfs', '/tmp'].concat(
  // the project, and its Node with it, may lie in /tmp
  ['--ro-bind', execPath, execPath],
);
const interpreter: Readonly<Record<Measured, readonly [string, string]>> = {
  python: ['/usr/bin/python3', '-c'],
  javascript: [execPath, '-e'],
};

/** A process for each test, in namespaces of its own and under limits. */
async function judge(language: Measured, code: string): Promise<void> {
  for (const test of tests) {
    if (test.kind !== 'stdio') continue;
    const limits = ['prlimit', '--cpu=2', '--core=0', '--fsize=0', '--nofile=64'];
    const child = spawn('bwrap', [...confinement, ...limits, ...interpreter[language], code], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.stdin.end(test.stdin);
    await once(child, 'close');
    if (output.trim() !== test.expected.trim())
      throw new Error(`bubblewrap: ${language} does not work here.`);
  }
}

async function memoryAfterMany(
  sandbox: Awaited<ReturnType<typeof openSandbox>>,
  submit: (at: number) => Promise<void>,
): Promise<Figure> {
  let at = 0;
  await measure(submissions.memory, () => submit(at++));
  const runners = sandbox.pids.map(residentMb).reduce((sum, mb) => sum + mb, 0);
  const all = runners + process.memoryUsage().rss / 2 ** 20;
  return {
    name: `memory after ${submissions.memory} submissions, both runners`,
    value: Math.round(all),
    unit: 'MB',
  };
}

/** Linux: resident pages of 4 KB. */
function residentMb(pid: number): number {
  if (process.platform !== 'linux') return 0;
  return (Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4096) / 2 ** 20;
}
