import type { Language, Test, TestOutcome } from '#shared/domain/grading/types.ts';
import type { JobWorld } from '#shared/jobs/advance.ts';
import type { GradingJob, JobOf } from '#shared/jobs/job.ts';

export interface Program {
  readonly language: Language;
  readonly code: string;
}
export interface RunOptions {
  readonly onOutput?: (chunk: {
    readonly test: number;
    readonly stream: 'stdout' | 'stderr';
    readonly text: string;
  }) => void;
  /** Called for each test as soon as its outcome is final: its program has ended and its checker has spoken. */
  readonly onOutcome?: (ended: { readonly test: number; readonly outcome: TestOutcome }) => void;
  readonly signal?: AbortSignal;
}

/** Runs programs; the sandbox behind it knows neither jobs nor table. */
export interface Engine {
  /** Of the engine and its interpreters, kept with each grading. */
  readonly version: string;
  /** One outcome per test, in order. Waits for a free runner; rejects only when aborted or closed. */
  readonly grade: (
    program: Program,
    tests: readonly Test[],
    options?: RunOptions,
  ) => Promise<readonly TestOutcome[]>;
}

export interface GraderWorld extends JobWorld {
  readonly engine: Engine;
  /** Becomes aborted when the task is asked to end: what is under way may finish, nothing new is begun. */
  readonly ending: AbortSignal;
  /** Becomes aborted when no time is left to finish: what is still under way returns to the queue. */
  readonly stopping: AbortSignal;
}

/** How the work on a claimed job came out; `lost`: somebody else has it by now, or it was cancelled. */
export type Came = 'done' | 'interrupted' | 'lost';

/** What a grader does with each kind of job. */
export type Work = {
  readonly [K in GradingJob['kind']]: (world: GraderWorld, job: JobOf<K>) => Promise<Came>;
};
