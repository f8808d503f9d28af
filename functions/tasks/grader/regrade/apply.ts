import { gradeChange } from '#shared/domain/grading/regrade.ts';
import { advance } from '#shared/jobs/advance.ts';
import { type JobOf, jobs } from '#shared/jobs/job.ts';
import { resultEvent } from '#shared/jobs/told.ts';
import type { ExerciseVersion } from '#shared/table/exercise.ts';
import {
  type RegradeRecord,
  type RegradeResult,
  type RegradeRowRecord,
  regradeResults,
  regradeRows,
  regrades,
} from '#shared/table/regrade.ts';
import { standingWrites } from '#shared/table/standing.ts';
import {
  type GradingRecord,
  gradings,
  type SubmissionRecord,
  submissionResults,
  submissions,
} from '#shared/table/submission.ts';
import { ConditionFailed, type Table, type Write } from '#shared/table/table.ts';
import { toldError } from '../outcome.ts';
import { Final, persist } from '../persist.ts';
import { openTo } from '../run-tests.ts';
import type { Walk } from '../walk.ts';
import type { GraderWorld } from '../world.ts';
import { isOverridden, judgedAgain, readAround } from './judge.ts';
import { versionOf } from './preview.ts';

/** Somebody else wrote one of the items meanwhile, or we did and the reply was lost: one reads again. */
class Moved extends Final {}
const tries = 8;

/** Gives every submission what the preview found for it, a transaction each; rows that are settled stay as they are. */
export async function applyRegrade(world: GraderWorld, walked: Walk, regrade: RegradeRecord): Promise<void> {
  const { table } = world;
  const version = await versionOf(table, regrade.exercise_id, regrade.to_version);
  const rows = await persist('regrade.rows', () =>
    table.queryAll(regradeRows, { pk: regrades.key(regrade).pk, prefix: 'row#' }),
  );
  const open = rows.filter(({ settled }) => !settled);
  let done = rows.length - open.length;
  await walked.progressed(done, rows.length);
  for (const [index, row] of open.entries()) {
    if (index > 0) await walked.giveWay();
    await settle(world, walked, regrade, version, row);
    await walked.progressed(++done, rows.length);
  }
  const applied = table.update(regrades, regrade, {
    expression: 'SET #applied_at = :at',
    values: { ':at': world.now().toISOString() },
  });
  await walked.finish('applied', rows.length, [applied]);
}

async function settle(
  world: GraderWorld,
  walked: Walk,
  regrade: RegradeRecord,
  version: ExerciseVersion,
  seen: RegradeRowRecord,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await persist('regrade.settle', () => settleOnce(world, walked, regrade, version, seen));
    } catch (error) {
      if (!(error instanceof Moved) || attempt === tries) throw error;
    }
  }
}

async function settleOnce(
  world: GraderWorld,
  walked: Walk,
  regrade: RegradeRecord,
  version: ExerciseVersion,
  seen: RegradeRowRecord,
): Promise<void> {
  const { table } = world;
  const row = await table.get(regradeRows, seen, { consistent: true });
  if (!row || row.settled) return;
  const result = await table.get(regradeResults, row, { consistent: true });
  const around = await readAround(table, row.submission_id);
  const at = world.now().toISOString();
  const next = around && result && judgedAgain(around, version, result, at);
  const stays =
    !next ||
    row.change === 'failed' ||
    isOverridden(around.submission) ||
    (regrade.never_lower && gradeChange(around.submission.grade, next.grade) === 'falls');
  try {
    if (stays) await table.write(walked.fence(), settled(table, row, { applied: false }));
    else await change(world, walked, version, { row, before: around.submission, next, result, at });
  } catch (error) {
    throw error instanceof ConditionFailed ? new Moved() : error;
  }
}

interface Changed {
  readonly row: RegradeRowRecord;
  readonly before: SubmissionRecord;
  readonly next: SubmissionRecord;
  readonly result: RegradeResult;
  readonly at: string;
}

async function change(
  world: GraderWorld,
  walked: Walk,
  version: ExerciseVersion,
  changed: Changed,
): Promise<void> {
  const { table } = world;
  const { row, before, next, result } = changed;
  const { submission_id } = before;
  const job = await table.get(jobs, { job_id: submission_id }, { consistent: true });
  if (job?.kind !== 'submission') throw new Error(`the submission ${submission_id} has no job`);
  const verdicts = result.outcomes.map(({ status }) => status);
  const told = [
    resultEvent(next, verdicts, toldError(openTo({ version, outcomes: result.outcomes }))),
    ...(before.status === next.status ? [] : [statusTold(job, next)]),
  ];
  await advance(world, job, {}, told, [
    walked.fence(),
    table.replace(submissions, before, next),
    table.put(submissionResults, {
      submission_id,
      exercise_version: result.exercise_version,
      grading: next.gradings,
      outcomes: result.outcomes,
    }),
    table.insert(gradings, gradingOf(changed)),
    ...(await standingWrites(table, before, next)),
    settled(table, row, { applied: true }),
  ]);
}

const statusTold = ({ attempt }: JobOf<'submission'>, { status }: SubmissionRecord) => ({
  type: 'job.status',
  data: { status, attempt, error_code: null },
});

const settled = (table: Table, row: RegradeRowRecord, { applied }: { readonly applied: boolean }): Write =>
  table.update(regradeRows, row, {
    expression: 'SET #settled = :yes, #applied = :applied',
    when: '#settled = :no',
    values: { ':yes': true, ':no': false, ':applied': applied },
  });

const gradingOf = ({ next, result, at }: Changed): GradingRecord => ({
  submission_id: next.submission_id,
  number: next.gradings,
  grade: next.grade,
  raw_grade: result.raw_grade,
  grader: 'system',
  grader_id: null,
  grader_name: null,
  grader_version: result.grader_version,
  exercise_version: result.exercise_version,
  reason: 'regrade',
  automated_tests_passed: next.automated_tests_passed ?? 0,
  total_tests: next.total_tests,
  feedback: null,
  at,
  verdicts: result.outcomes.map(({ status }) => status),
  seeds: result.seeds,
});
