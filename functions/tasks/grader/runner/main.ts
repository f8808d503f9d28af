import type * as IsolatedVm from 'isolated-vm';
import { runLimits } from '#shared/domain/grading/limits.ts';
import type { TestInput } from '#shared/domain/grading/types.ts';
import {
  encodeFrame,
  FrameReader,
  type Job,
  type RunnerMessage,
  type TestReport,
} from '#shared/domain/grading/wire.ts';
import { type Assets, readAssets } from './assets.ts';
import { loadIsolatedVm } from './isolate.ts';
import { runJavaScript } from './javascript.ts';
import { samePlace } from './learner-error.ts';
import { PythonRuns } from './python-runs.ts';
import { transpile } from './typescript.ts';
import { warmUpProgram, warmUpTest } from './warm-up.ts';
import type { OnOutput } from './watch.ts';

/**
 * The process that holds the isolates, one program at a time. It has no environment, no credentials and no expected
 * outputs, and may die at any moment. Jobs come as frames on stdin, messages go out as frames on stdout.
 *
 * Arguments: path of the isolated-vm addon, `reuse` or `isolate`, the user to become or an empty string.
 */
const [, , addon = '', mode, user = ''] = process.argv;
const beatMs = 250;

const tell = (message: RunnerMessage): void => {
  process.stdout.write(encodeFrame(message));
};

await main();

async function main(): Promise<void> {
  const ivm = loadIsolatedVm(addon);
  const assets = readAssets(new URL('./', import.meta.url));
  if (user !== '') becomeNobody(Number(user));
  const python = new PythonRuns(ivm, assets.python, mode === 'reuse');
  await python.run(warmUpProgram, warmUpTest, () => {});
  setInterval(() => tell({ type: 'beat', rss_mb: process.memoryUsage.rss() / 2 ** 20 }), beatMs);
  tell({ type: 'ready' });
  const reader = new FrameReader();
  for await (const piece of process.stdin)
    for (const job of reader.push(piece)) await runJob(ivm, assets, python, job as Job);
  // The supervisor is gone. Isolates may still be running; nothing of them is worth waiting for.
  process.abort();
}

/** Everything is read: from here on the process is a user that owns nothing. */
function becomeNobody(id: number): void {
  process.setgroups?.([]);
  process.setgid?.(id);
  process.setuid?.(id);
}

async function runJob(ivm: typeof IsolatedVm, assets: Assets, python: PythonRuns, job: Job): Promise<void> {
  const recycle = await (job.language === 'python'
    ? runPython(python, job)
    : runScript(ivm, assets.realm, job));
  tell({ type: 'done', recycle });
  if (job.language === 'python') {
    await python.endProgram();
    // Not waited for: a program in another language may come first.
    python.prepare().catch(() => process.abort());
  }
}

async function runPython(python: PythonRuns, job: Job): Promise<boolean> {
  await eachTest(job.tests, (test, onOutput) => python.run(job.code, test, onOutput));
  return false;
}

async function runScript(ivm: typeof IsolatedVm, realm: string, job: Job): Promise<boolean> {
  const transpiled =
    job.language === 'typescript'
      ? transpile(job.code)
      : { ok: true as const, program: { code: job.code, place: samePlace } };
  if (!transpiled.ok) {
    const { error, sound } = transpiled;
    await eachTest(job.tests, async () => ({ outcome: 'compile_error', error, cpu_ms: 0, memory_kb: 0 }));
    return !sound;
  }
  const { program } = transpiled;
  await eachTest(job.tests, (test, onOutput) => runJavaScript(ivm, realm, program, test, onOutput));
  return false;
}

/** Stops after the first time limit (a program that hangs once hangs again), and when all tests took too long. */
async function eachTest(
  tests: readonly TestInput[],
  run: (test: TestInput, onOutput: OnOutput) => Promise<TestReport>,
): Promise<void> {
  let spentMs = 0;
  for (const [at, test] of tests.entries()) {
    if (spentMs >= runLimits.wall_ms) return;
    tell({ type: 'start', test: at });
    const report = await run(test, (stream, text) => tell({ type: 'output', test: at, stream, text }));
    tell({ type: 'result', test: at, report });
    if (report.outcome === 'time_limit') return;
    spentMs += report.cpu_ms;
  }
}
