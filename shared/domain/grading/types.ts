/** The words and shapes of running and grading programs. Wire and stored names, so snake_case. */

export const languages = ['python', 'javascript', 'typescript'] as const;
export type Language = (typeof languages)[number];

/** What a test of a program came to. */
export const verdicts = [
  'pass',
  'wrong_answer',
  'time_limit',
  'memory_limit',
  'output_limit',
  'runtime_error',
  'compile_error',
  'skipped',
  'internal',
] as const;
export type Verdict = (typeof verdicts)[number];

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Limits of one test. The wall clock may take three times the CPU time. */
export interface Limits {
  readonly cpu_ms: number;
  readonly memory_mb: number;
  /** Bytes of stdout and stderr together. */
  readonly output_bytes: number;
}

/** What a program is given: text on stdin, or a call of one of its functions. All that the sandbox sees of a test. */
export type TestInput = (
  | { readonly kind: 'stdio'; readonly stdin: string }
  | { readonly kind: 'call'; readonly call: string; readonly args: readonly Json[] }
) & {
  /** Seeds `random` and the hash of strings, so that a run repeats. */
  readonly seed: number;
  readonly limits: Limits;
};

/** How a program's answer is compared with the expected one; never inside the program's own isolate. */
export type Checker =
  | { readonly kind: 'exact' | 'lines' | 'tokens' | 'set' }
  | { readonly kind: 'float'; readonly tolerance: number }
  | { readonly kind: 'regex'; readonly pattern: string }
  /** A program of the teacher's with a function `check(input, output, expected)` that returns a boolean. */
  | { readonly kind: 'custom'; readonly language: Language; readonly code: string };

interface TestBase {
  readonly id: string;
  readonly name: string;
  readonly checker: Checker;
  readonly weight: number;
  readonly visibility: 'public' | 'hidden';
  readonly limits: Partial<Limits> | null;
  readonly seed: number | null;
}
export type Test = TestBase &
  (
    | { readonly kind: 'stdio'; readonly stdin: string; readonly expected: string }
    | {
        readonly kind: 'call';
        readonly call: string;
        readonly args: readonly Json[];
        readonly expected: Json;
      }
  );

export interface LearnerError {
  /** The exception's class, e.g. `NameError`. */
  readonly type: string;
  readonly message: string;
  /** Counted from 1, in the learner's own file. */
  readonly line: number | null;
  readonly column: number | null;
}

/**
 * What the sandbox says of one test. It has been under the learner's hands: only its time, memory and outcome of
 * limits come from outside the isolate.
 */
export interface RawResult {
  readonly outcome:
    | 'ok'
    | 'time_limit'
    | 'memory_limit'
    | 'output_limit'
    | 'runtime_error'
    | 'compile_error'
    | 'skipped'
    | 'internal';
  readonly stdout: string;
  readonly stderr: string;
  /** Of a call that returned: its value as tagged JSON (`encodeValue` of values.ts). */
  readonly value: Json | undefined;
  readonly error: LearnerError | null;
  readonly cpu_ms: number;
  readonly memory_kb: number;
}

/** A graded test. */
export interface TestOutcome {
  readonly verdict: Verdict;
  /** What the program printed, or the value it returned as text. */
  readonly output: string;
  readonly error: LearnerError | null;
  readonly execution_time_ms: number;
  readonly memory_usage_kb: number;
}
