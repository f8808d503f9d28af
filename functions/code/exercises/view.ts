import type { Exercise } from '#shared/contracts/exercises.ts';
import type { Caller } from '#shared/contracts/operation.ts';
import { expectedText, inputText } from '#shared/domain/grading/describe.ts';
import { defaultLimits } from '#shared/domain/grading/limits.ts';
import { isFinal } from '#shared/domain/jobs/states.ts';
import { notFound } from '#shared/errors.ts';
import { jobs } from '#shared/jobs/job.ts';
import {
  certificationResults,
  type ExerciseRecord,
  type ExerciseStanding,
  type ExerciseVersion,
  exerciseStandings,
  exerciseVersions,
  type PublishedExercise,
  publishedExercises,
  type VersionState,
  versionStates,
} from '#shared/table/exercise.ts';
import { summaryOf } from '#shared/table/new-exercise.ts';
import { type Summary, withAuthors } from '../summary.ts';
import type { CodeWorld } from '../world.ts';

type Seen = Pick<CodeWorld, 'table'>;

const progressOf = (standing: ExerciseStanding | undefined): Summary['progress'] => ({
  attempts: standing?.attempts ?? 0,
  best_grade: standing?.best_grade ?? null,
  solved: standing?.best_grade === 100,
  last_submission_id: standing?.last_submission_id ?? null,
  last_at: standing?.last_at ?? null,
});

/** Lines of lists; for a student with their own progress. */
export async function summaries(
  world: Seen,
  caller: Caller,
  records: readonly (ExerciseRecord | PublishedExercise)[],
): Promise<Summary[]> {
  const isStudent = caller.role === 'student';
  const [lines, standings] = await Promise.all([
    withAuthors(world, records),
    isStudent
      ? world.table.getMany(
          exerciseStandings,
          records.map(({ exercise_id }) => ({ exercise_id, student_id: caller.user_id })),
        )
      : [],
  ]);
  return lines.map((line, at) => ({ ...line, progress: isStudent ? progressOf(standings[at]) : null }));
}

async function summaryFor(
  world: Seen,
  caller: Caller,
  record: ExerciseRecord | PublishedExercise,
): Promise<Summary> {
  const [summary] = await summaries(world, caller, [record]);
  if (!summary) throw new Error('a record has a summary');
  return summary;
}

export async function versionOf(
  { table }: Seen,
  exercise_id: string,
  version_number: number,
): Promise<ExerciseVersion> {
  const found = await table.get(exerciseVersions, { exercise_id, version_number }, { consistent: true });
  if (!found) throw notFound('version');
  return found;
}

export async function stateOf(
  { table }: Seen,
  exercise_id: string,
  version_number: number,
): Promise<VersionState> {
  const found = await table.get(versionStates, { exercise_id, version_number }, { consistent: true });
  if (!found) throw notFound('version');
  return found;
}

/** An exercise as the caller may see it; `number` names another version than the one that they get by themselves. */
export const viewExercise = (
  world: Seen,
  caller: Caller,
  head: ExerciseRecord,
  number?: number,
): Promise<Exercise> =>
  caller.role === 'student'
    ? viewAsStudent(world, caller, head, number)
    : viewAsStaff(world, caller, head, number ?? head.newest_version);

async function viewAsStaff(
  world: Seen,
  caller: Caller,
  head: ExerciseRecord,
  number: number,
): Promise<Exercise> {
  const version = await versionOf(world, head.exercise_id, number);
  const summary = await summaryFor(world, caller, { ...head, ...summaryOf(version) });
  return {
    ...summary,
    ...openPart(version),
    version: number,
    tests: version.tests,
    solution_code: version.solution_code,
    given_limits: version.limits,
    certification: await certificationOf(world, head.exercise_id, number),
  };
}

/** Nothing of what would give the answer away leaves this function. */
async function viewAsStudent(
  world: Seen,
  caller: Caller,
  { exercise_id }: ExerciseRecord,
  number: number | undefined,
): Promise<Exercise> {
  const published = await world.table.get(publishedExercises, { exercise_id }, { consistent: true });
  if (!published || (number !== undefined && number !== published.published_version))
    throw notFound('version');
  const version = await versionOf(world, exercise_id, published.published_version);
  return {
    ...(await summaryFor(world, caller, published)),
    ...openPart(version),
    tests: null,
    solution_code: null,
    given_limits: null,
    certification: null,
  };
}

/** What everybody gets who may solve the exercise. */
function openPart(version: ExerciseVersion) {
  const { language, tests } = version;
  return {
    problem_description: version.problem_description,
    hints: version.hints,
    translations: version.translations,
    starter_code: version.starter_code,
    limits: { ...defaultLimits(language), ...version.limits },
    public_tests: tests
      .filter(({ visibility }) => visibility === 'public')
      .map((test) => ({
        name: test.name,
        input: inputText(language, test),
        expected_output: expectedText(language, test),
        weight: test.weight,
      })),
    test_count: tests.length,
  };
}

const gaveUp = 'The grader stopped before it came to a result. Certify once more.';

async function certificationOf(
  world: Seen,
  exercise_id: string,
  version_number: number,
): Promise<Exercise['certification']> {
  const { table } = world;
  const { certification } = await settled(world, await stateOf(world, exercise_id, version_number));
  const results = await table.get(
    certificationResults,
    { exercise_id, version_number },
    { consistent: true },
  );
  const belong = results !== undefined && results.job_id === certification.job_id;
  return {
    ...certification,
    solution_results: belong ? results.solution_results : [],
    starter_results: belong ? results.starter_results : [],
  };
}

/** The state as it is: a certification whose job has ended without a word is not pending. */
export async function settled({ table }: Seen, state: VersionState): Promise<VersionState> {
  const { certification } = state;
  if (certification.status !== 'pending' || certification.job_id === null) return state;
  const job = await table.get(jobs, { job_id: certification.job_id }, { consistent: true });
  if (job && !isFinal(job.state)) return state;
  if (job?.state === 'succeeded') {
    // it was committed between the two reads
    const again = await table.get(versionStates, state, { consistent: true });
    return again ?? state;
  }
  return { ...state, certification: { ...certification, status: 'failed', problems: [gaveUp] } };
}
