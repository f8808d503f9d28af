import { gradeOf, seeded } from '#shared/domain/grading/score.ts';
import type { Verdict } from '#shared/domain/grading/types.ts';
import { fitted, type StoredOutcome, totals } from '#shared/jobs/results.ts';
import type { ExerciseVersion } from '#shared/table/exercise.ts';
import type { SubmissionRecord } from '#shared/table/submission.ts';
import { refuseInternal } from './outcome.ts';
import type { GraderWorld, RunOptions } from './world.ts';

/** What the tests of a version say of a submission. */
export interface Result {
  readonly version: ExerciseVersion;
  readonly outcomes: readonly StoredOutcome[];
  readonly verdicts: readonly Verdict[];
  readonly seeds: readonly number[];
  readonly raw_grade: number;
  readonly passed: number;
}

/** @throws NoVerdict when the platform fails at a test */
export async function runTests(
  { engine }: GraderWorld,
  version: ExerciseVersion,
  { language, submission_code }: SubmissionRecord,
  signal: AbortSignal,
  live: Pick<RunOptions, 'onOutcome'> = {},
): Promise<Result> {
  const tests = version.tests.map((test) => seeded(withLimits(version, test)));
  const graded = await engine.grade({ language, code: submission_code }, tests, { ...live, signal });
  refuseInternal(graded);
  const outcomes = fitted(graded);
  const verdicts = outcomes.map(({ status }) => status);
  return {
    version,
    outcomes,
    verdicts,
    seeds: tests.map(({ seed }) => seed),
    raw_grade: gradeOf(tests, verdicts),
    passed: verdicts.filter((verdict) => verdict === 'pass').length,
  };
}

/** What a test says of limits counts before what the exercise says for all. */
export const withLimits = <T extends ExerciseVersion['tests'][number]>(
  { limits }: Pick<ExerciseVersion, 'limits'>,
  test: T,
) => ({
  ...test,
  limits: limits || test.limits ? { ...limits, ...test.limits } : null,
});

/** The outcomes that a student may see in full. */
export const openTo = ({
  version,
  outcomes,
}: Pick<Result, 'outcomes'> & { readonly version: Pick<ExerciseVersion, 'tests'> }): StoredOutcome[] =>
  outcomes.filter((_, index) => version.tests[index]?.visibility === 'public');

/**
 * Time and memory of a submission as its student reads them: of the open tests alone. A program can put what a hidden
 * test gives it into how much memory it takes.
 */
export const openTotals = (result: Parameters<typeof openTo>[0]) => {
  const open = openTo(result);
  return open.length > 0 ? totals(open) : { execution_time_ms: null, memory_usage_kb: null };
};
