import type { Caller } from '#shared/contracts/operation.ts';
import { defaultLimits } from '#shared/domain/grading/limits.ts';
import { conflict } from '#shared/errors.ts';
import { type ReceiptPayload, sha256, signReceipt, testsSha256 } from '#shared/identity/receipts.ts';
import { type ExerciseVersion, exerciseVersions } from '#shared/table/exercise.ts';
import {
  type GradingRecord,
  gradings,
  type SubmissionRecord,
  submissions,
} from '#shared/table/submission.ts';
import { reachedSubmission } from '../submission.ts';
import type { CodeWorld } from '../world.ts';

/** What we say of a submission’s grading, signed; what a machine did of it can be done again by anybody. */
export async function getReceipt(world: CodeWorld, caller: Caller, submission_id: string) {
  const submission = await reachedSubmission(world, caller, submission_id);
  const graded = await newestRun(world, submission);
  if (submission.status !== 'graded' || !graded)
    throw conflict('receipt.not_graded', 'There is a receipt once the tests have graded this submission.');
  const { exercise_id } = submission;
  const version = await world.table.get(exerciseVersions, {
    exercise_id,
    version_number: graded.exercise_version,
  });
  if (!version) throw conflict('receipt.no_tests', 'The tests of this grading are no longer there.');
  const { key, testsSalt } = await world.receiptSecrets();
  const tests_sha256 = testsSha256(version.tests, testsSalt(exercise_id, version.version_number));
  const payload = payloadOf(world.school, submission, graded, version, tests_sha256);
  return { payload, jws: await signReceipt(key, payload) };
}

/** The newest grading that ran the tests. */
async function newestRun(
  { table }: CodeWorld,
  submission: SubmissionRecord,
): Promise<GradingRecord | undefined> {
  const history = await table.queryAll(gradings, { pk: submissions.key(submission).pk, prefix: 'grading#' });
  return history.findLast(({ verdicts, raw_grade }) => verdicts.length > 0 && raw_grade !== null);
}

function payloadOf(
  school: string,
  submission: SubmissionRecord,
  graded: GradingRecord,
  version: ExerciseVersion,
  tests_sha256: string,
): ReceiptPayload {
  const { submission_id, exercise_id, language, submission_code } = submission;
  const raw_grade = graded.raw_grade ?? 0;
  return {
    receipt_version: 1,
    school,
    submission_id,
    exercise_id,
    exercise_version: graded.exercise_version,
    code_sha256: sha256(submission_code),
    tests_sha256,
    runtime: graded.grader_version ?? 'unknown',
    language,
    limits: { ...defaultLimits(language), ...version.limits },
    seeds: graded.seeds,
    verdicts: graded.verdicts,
    raw_grade,
    grade: submission.grade ?? raw_grade,
    grader: submission.grader ?? 'system',
    graded_at: submission.graded_at ?? graded.at,
  };
}
