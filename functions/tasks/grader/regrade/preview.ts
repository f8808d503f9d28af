import { changedTests, gradeChange } from '#shared/domain/grading/regrade.ts';
import { type ExerciseVersion, exerciseVersions } from '#shared/table/exercise.ts';
import {
  foundExpires,
  type RegradeRecord,
  type RegradeRowRecord,
  regradeResults,
  regradeRows,
  regrades,
} from '#shared/table/regrade.ts';
import {
  type SubmissionRecord,
  type SubmissionResults,
  submissionResults,
  submissions,
  submissionsOf,
} from '#shared/table/submission.ts';
import type { Table, Write } from '#shared/table/table.ts';
import { NoVerdict } from '../outcome.ts';
import { Final, persist } from '../persist.ts';
import { type Result, runTests } from '../run-tests.ts';
import type { Walk } from '../walk.ts';
import type { GraderWorld } from '../world.ts';
import { type Around, isOverridden, judgedAgain, readAround } from './judge.ts';

/** The row was written before: by us, and its reply was lost. */
class RowThere extends Final {}

/** Runs the tests on every submission that has no row yet; nothing changes but the regrade's own items. */
export async function previewRegrade(
  world: GraderWorld,
  walked: Walk,
  regrade: RegradeRecord,
): Promise<void> {
  const version = await versionOf(world.table, regrade.exercise_id, regrade.to_version);
  const ids = await persist('regrade.list', () => listed(world.table, regrade));
  const known = new Set(await persist('regrade.rows', () => rowIds(world.table, regrade)));
  let done = known.size;
  await walked.progressed(done, ids.length);
  let begun = false;
  for (const submission_id of ids) {
    if (known.has(submission_id)) continue;
    // one at least each time, so that it comes to an end however many wait
    if (begun) await walked.giveWay();
    begun = true;
    await previewOne(world, walked, regrade, version, submission_id);
    await walked.progressed(++done, ids.length);
  }
  await walked.finish('previewed', ids.length, []);
}

/** The submissions of the assignment or of the whole exercise, oldest first. */
async function listed(
  table: Table,
  { exercise_id, assignment_id, from_version }: RegradeRecord,
): Promise<string[]> {
  const all = await table.queryAll(
    submissions,
    assignment_id === null
      ? { index: 'gsi2', pk: submissionsOf.exercise(exercise_id) }
      : { index: 'gsi3', pk: submissionsOf.assignment(assignment_id) },
  );
  return all
    .filter((one) => from_version === null || one.exercise_version === from_version)
    .map(({ submission_id }) => submission_id);
}

const rowIds = async (table: Table, regrade: RegradeRecord): Promise<string[]> =>
  (await table.queryAll(regradeRows, { pk: regrades.key(regrade).pk, prefix: 'row#' })).map(
    ({ submission_id }) => submission_id,
  );

export async function versionOf(
  table: Table,
  exercise_id: string,
  version_number: number,
): Promise<ExerciseVersion> {
  const found = await persist('regrade.version', () =>
    table.get(exerciseVersions, { exercise_id, version_number }),
  );
  if (!found) throw new Error(`version ${version_number} of exercise ${exercise_id} is not there`);
  return found;
}

async function previewOne(
  world: GraderWorld,
  walked: Walk,
  regrade: RegradeRecord,
  version: ExerciseVersion,
  submission_id: string,
): Promise<void> {
  const { table } = world;
  const around = await readAround(table, submission_id);
  // one that waits for its first grade gets it from the tests of its own version
  if (!around || around.submission.status === 'pending') return;
  const before = await persist('regrade.results', () =>
    table.get(submissionResults, { submission_id }, { consistent: true }),
  );
  const result = await resultOf(world, version, around.submission, walked.stop);
  const row = result
    ? rowOf(world, regrade, around, await runOf(table, around.submission, before), result)
    : failedRow(world, regrade, around.submission);
  await persist('regrade.row', () =>
    table.write(
      walked.fence(),
      table.insert(regradeRows, row, () => new RowThere()),
      counted(table, regrade, row.change),
      ...(result ? [kept(world, regrade, submission_id, result)] : []),
    ),
  ).catch((error: unknown) => {
    if (!(error instanceof RowThere)) throw error;
  });
}

/** Undefined: it could not be graded, by a fault of the checker, or of ours that came twice. */
async function resultOf(
  world: GraderWorld,
  version: ExerciseVersion,
  submission: SubmissionRecord,
  stop: AbortSignal,
  tries = 2,
): Promise<Result | undefined> {
  try {
    return await runTests(world, version, submission, stop);
  } catch (error) {
    if (!(error instanceof NoVerdict)) throw error;
    return error.ours && tries > 1 ? resultOf(world, version, submission, stop, tries - 1) : undefined;
  }
}

/** The run that counts so far, with the names of its tests. */
async function runOf(
  table: Table,
  { exercise_id }: SubmissionRecord,
  results: SubmissionResults | undefined,
): Promise<Parameters<typeof changedTests>[0]> {
  if (!results) return undefined;
  const { tests } = await versionOf(table, exercise_id, results.exercise_version);
  return { tests, verdicts: results.outcomes.map(({ status }) => status) };
}

const about = ({ events_days }: GraderWorld, regrade: RegradeRecord, submission: SubmissionRecord) => ({
  regrade_id: regrade.regrade_id,
  submission_id: submission.submission_id,
  student_id: submission.student_id,
  student_name: submission.student_name,
  old_grade: submission.grade,
  applied: false,
  settled: false,
  expires_at: foundExpires(regrade, events_days),
});

function rowOf(
  world: GraderWorld,
  regrade: RegradeRecord,
  around: Around,
  before: Parameters<typeof changedTests>[0],
  result: Result,
): RegradeRowRecord {
  const { submission } = around;
  const next = isOverridden(submission)
    ? submission
    : judgedAgain(around, result.version, result, world.now().toISOString());
  const after = { tests: result.version.tests, verdicts: result.verdicts };
  return {
    ...about(world, regrade, submission),
    new_grade: next.grade,
    change: gradeChange(submission.grade, next.grade),
    tests: changedTests(before, after),
  };
}

const failedRow = (
  world: GraderWorld,
  regrade: RegradeRecord,
  submission: SubmissionRecord,
): RegradeRowRecord => ({
  ...about(world, regrade, submission),
  new_grade: null,
  change: 'failed',
  tests: [],
});

const counted = (table: Table, regrade: RegradeRecord, change: RegradeRowRecord['change']): Write =>
  table.update(regrades, regrade, { expression: `ADD #${change} :one`, values: { ':one': 1 } });

const kept = (
  { table, engine, events_days }: GraderWorld,
  regrade: RegradeRecord,
  submission_id: string,
  { version, outcomes, seeds, raw_grade }: Result,
): Write =>
  table.put(regradeResults, {
    regrade_id: regrade.regrade_id,
    submission_id,
    exercise_version: version.version_number,
    outcomes: [...outcomes],
    seeds: [...seeds],
    raw_grade,
    grader_version: engine.version,
    expires_at: foundExpires(regrade, events_days),
  });
