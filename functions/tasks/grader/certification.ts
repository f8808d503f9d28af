import type { TestResult } from '#shared/contracts/grading-shapes.ts';
import { seeded } from '#shared/domain/grading/score.ts';
import type { JobOf } from '#shared/jobs/job.ts';
import { fitted, type StoredOutcome, shownResults } from '#shared/jobs/results.ts';
import {
  certificationResults,
  type ExerciseVersion,
  exerciseVersions,
  type VersionState,
  versionStates,
} from '#shared/table/exercise.ts';
import type { Held } from './held.ts';
import { holding } from './holding.ts';
import { isLastTry, NoVerdict, refuseInternal, succeeded } from './outcome.ts';
import { Final, persist } from './persist.ts';
import { withLimits } from './run-tests.ts';
import type { Came, GraderWorld } from './world.ts';

/** Two programs' results share one item of the table. */
const halfOfTests = 2;
const maxProblems = 30;

/** The version was certified anew, published or deleted meanwhile. */
class Moved extends Final {}

interface Runs {
  readonly solution: readonly StoredOutcome[];
  readonly starter: readonly StoredOutcome[];
}

/** Runs the solution of an exercise's version, which must pass every test, and its starter, which must not. */
export const certify = (world: GraderWorld, claimed: JobOf<'certification'>): Promise<Came> =>
  holding(world, claimed, async (held, signal) => {
    const { exercise_id, exercise_version: version_number } = claimed;
    const version = await persist('certification.read', () =>
      world.table.get(exerciseVersions, { exercise_id, version_number }, { consistent: true }),
    );
    if (!version) throw new Error(`version ${version_number} of exercise ${exercise_id} is not there`);
    const tests = version.tests.map((test) => seeded(withLimits(version, test)));
    const run = async (code: string): Promise<StoredOutcome[]> => {
      // an empty starter solves nothing
      if (code.trim() === '') return [];
      const outcomes = await world.engine.grade({ language: version.language, code }, tests, { signal });
      try {
        refuseInternal(outcomes);
      } catch (error) {
        // what another try does not mend is told to the author
        if (!(error instanceof NoVerdict) || (error.ours && !isLastTry(claimed))) throw error;
      }
      return halved(outcomes);
    };
    const runs = { solution: await run(version.solution_code), starter: await run(version.starter_code) };
    await commit(world, held, version, runs);
  });

/** Within half of what one program's outcomes may have. */
function halved(outcomes: Parameters<typeof fitted>[0]): StoredOutcome[] {
  const absent = Array.from({ length: outcomes.length * (halfOfTests - 1) }, () => nothing);
  return fitted([...outcomes, ...absent]).slice(0, outcomes.length);
}
const nothing = {
  verdict: 'skipped',
  output: '',
  error: null,
  execution_time_ms: 0,
  memory_usage_kb: 0,
} as const;

async function commit(
  world: GraderWorld,
  held: Held<JobOf<'certification'>>,
  version: ExerciseVersion,
  runs: Runs,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const state = await persist('certification.state', () =>
      world.table.get(versionStates, version, { consistent: true }),
    );
    const problems = problemsOf(version, runs);
    const outcome = problems.length === 0 ? 'passed' : 'failed';
    const also = state ? writes(world, held.job, { state, version, runs, problems }) : [];
    const data = { exercise_id: version.exercise_id, status: outcome, problems: problems.slice(0, 5) };
    try {
      return await held.commit({ ...succeeded(world.now()), outcome }, [{ type: 'code.result', data }], also);
    } catch (error) {
      if (!(error instanceof Moved) || attempt === 5) throw error;
    }
  }
}

interface Certified {
  readonly state: VersionState;
  readonly version: ExerciseVersion;
  readonly runs: Runs;
  readonly problems: readonly string[];
}

/** Nothing, when somebody has started another certification of the version meanwhile. */
function writes({ table, now, engine }: GraderWorld, job: JobOf<'certification'>, certified: Certified) {
  const { state, version, runs, problems } = certified;
  if (state.certification.job_id !== job.job_id) return [];
  const certification = {
    status: problems.length === 0 ? ('passed' as const) : ('failed' as const),
    job_id: job.job_id,
    at: now().toISOString(),
    grader_version: engine.version,
    problems: [...problems],
  };
  const shown = (outcomes: readonly StoredOutcome[]): TestResult[] =>
    outcomes.length === 0
      ? []
      : shownResults(version.language, version.tests, outcomes, 'everything').map(withoutTest);
  return [
    table.replace(versionStates, state, { ...state, certification }, () => new Moved()),
    table.put(certificationResults, {
      exercise_id: version.exercise_id,
      version_number: version.version_number,
      job_id: job.job_id,
      solution_results: shown(runs.solution),
      starter_results: shown(runs.starter),
    }),
  ];
}

/** What the test itself says is in the version, and would fill the item twice over. */
const withoutTest = (result: TestResult): TestResult => ({ ...result, input: null, expected_output: null });

/** Why the version is not certified, one sentence each. */
function problemsOf({ tests }: ExerciseVersion, { solution, starter }: Runs): string[] {
  const named = (index: number): string => `“${tests[index]?.name ?? index + 1}”`;
  const problems = solution.flatMap(({ status, error }, index) => {
    if (status === 'pass') return [];
    const why = error ? `: ${error.type}: ${error.message.slice(0, 200)}` : '';
    if (status === 'internal') return [`Test ${named(index)} could not be graded${why}.`];
    return [`The solution does not pass test ${named(index)} (${status.replace('_', ' ')})${why}.`];
  });
  const starterPasses = starter.length > 0 && starter.every(({ status }) => status === 'pass');
  if (starterPasses) problems.push('The starter passes every test already.');
  return problems.slice(0, maxProblems);
}
