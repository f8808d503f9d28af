/** A grader whose engine says what a test wants: everything but the sandbox is the real one. */
import { work } from '#functions/tasks/grader/work.ts';
import type { Came, Engine, GraderWorld } from '#functions/tasks/grader/world.ts';
import type { Test, TestOutcome, Verdict } from '#shared/domain/grading/types.ts';
import { jobs } from '#shared/jobs/job.ts';
import { claim } from '#shared/jobs/lifecycle.ts';
import type { Table } from '#shared/table/table.ts';

/** What comes of a program at a test; a promise may take its time, or fail. */
export type Script = (code: string, test: Test) => Verdict | Promise<Verdict>;

const outcome = (verdict: Verdict): TestOutcome => ({
  verdict,
  output: `${verdict}\n`,
  error: verdict === 'internal' ? { type: 'Broken', message: 'no reason', line: null, column: null } : null,
  execution_time_ms: 3,
  memory_usage_kb: 1_000,
});

export function scriptedGrader(table: Table, script: Script) {
  const graded: string[] = [];
  const ending = new AbortController();
  const engine: Engine = {
    version: 'scripted 1',
    grade: async ({ code }, tests) => {
      graded.push(code);
      const outcomes: TestOutcome[] = [];
      for (const test of tests) outcomes.push(outcome(await script(code, test)));
      return outcomes;
    },
  };
  const world: GraderWorld = {
    table,
    engine,
    now: () => new Date(),
    events_days: 30,
    ending: ending.signal,
    stopping: new AbortController().signal,
  };
  /** Claims a waiting job and works on it. */
  async function run(job_id: string, worker = 'worker-1'): Promise<Came> {
    const waiting = await table.get(jobs, { job_id }, { consistent: true });
    if (!waiting) throw new Error(`no job ${job_id}`);
    const job = await claim(world, waiting, worker);
    if (!job) throw new Error(`job ${job_id} does not wait`);
    if (job.kind === 'submission') return work.submission(world, job);
    if (job.kind === 'regrade') return work.regrade(world, job);
    if (job.kind === 'similarity') return work.similarity(world, job);
    throw new Error(`no script for jobs of kind ${job.kind}`);
  }
  return {
    world,
    run,
    /** The programs that were run, in order. */
    graded,
    /** The task is asked to end. */
    end: () => ending.abort(),
  };
}
