import type { Caller } from '#shared/contracts/operation.ts';
import type { Submission } from '#shared/contracts/submissions.ts';
import { isWaiting, statusOf } from '#shared/domain/jobs/states.ts';
import { notFound } from '#shared/errors.ts';
import { type JobOf, jobs } from '#shared/jobs/job.ts';
import { shownResults } from '#shared/jobs/results.ts';
import { isStaffOf, reachesStudent } from '#shared/reach.ts';
import { exerciseVersions } from '#shared/table/exercise.ts';
import {
  type GradingRecord,
  gradings,
  type SubmissionRecord,
  type SubmissionResults,
  submissionResults,
  submissions,
} from '#shared/table/submission.ts';
import { queuePosition } from './queue.ts';
import type { CodeWorld } from './world.ts';

/** The student, the staff of its class or of a class of the student, linked guardians, administrators. */
export async function reachedSubmission(
  { table }: Pick<CodeWorld, 'table'>,
  caller: Caller,
  submission_id: string,
): Promise<SubmissionRecord> {
  const found = await table.get(submissions, { submission_id }, { consistent: true });
  if (!found) throw notFound('submission');
  const { class_id, student_id: user_id, org_id } = found;
  const reached =
    (class_id !== null && (await isStaffOf(table, caller, class_id))) ||
    (await reachesStudent(table, caller, { user_id, org_id }));
  if (!reached) throw notFound('submission');
  return found;
}

/** Those who judge, and see what students do not. */
export const isGrader = ({ role }: Caller): boolean => role !== 'student' && role !== 'guardian';

interface Snapshot {
  readonly record: SubmissionRecord;
  readonly results: SubmissionResults | undefined;
  readonly job: JobOf<'submission'>;
  readonly history: readonly GradingRecord[];
}

async function read({ table }: CodeWorld, submission_id: string): Promise<Snapshot> {
  const [[submission, results, job], history] = await Promise.all([
    table.getRaw([
      submissions.key({ submission_id }),
      submissionResults.key({ submission_id }),
      jobs.key({ job_id: submission_id }),
    ]),
    table.queryAll(gradings, { pk: submissions.key({ submission_id }).pk, prefix: 'grading#' }),
  ]);
  return {
    record: submissions.parse(submission),
    results: results && submissionResults.parse(results),
    job: submissionJob(jobs.parse(job)),
    history,
  };
}

/** A grading is one transaction, but it may be committed between our reads. */
const isTorn = ({ record, job, history }: Snapshot): boolean =>
  history.length !== record.gradings || (record.status === 'pending' && job.state === 'succeeded');

/** A submission as the caller may see it, with its results and the history of its gradings. */
export async function viewSubmission(
  world: CodeWorld,
  caller: Caller,
  submission_id: string,
): Promise<Submission> {
  const first = await read(world, submission_id);
  const { record, results, job: work, history } = isTorn(first) ? await read(world, submission_id) : first;
  const { org_id: _org, version: _version, gradings: _count, ...shown } = record;
  return {
    ...shown,
    status: shownStatus(record, work),
    test_results: results ? await resultsOf(world, caller, record, results) : null,
    gradings: history.map(
      ({ submission_id: _id, raw_grade: _raw, verdicts: _verdicts, seeds: _seeds, ...one }) => one,
    ),
    queue_position: isWaiting(work.state) ? await queuePosition(world, work) : null,
    last_seq: work.event_seq,
  };
}

function submissionJob(job: ReturnType<typeof jobs.parse>): JobOf<'submission'> {
  if (job.kind !== 'submission') throw new Error(`the job ${job.job_id} grades no submission`);
  return job;
}

/** Until a result is there the job knows more. */
export const shownStatus = (
  { status }: Pick<SubmissionRecord, 'status'>,
  job: JobOf<'submission'>,
): Submission['status'] => (status === 'pending' ? statusOf(job) : status);

async function resultsOf(
  { table }: CodeWorld,
  caller: Caller,
  { exercise_id, language }: SubmissionRecord,
  { exercise_version: version_number, outcomes }: SubmissionResults,
) {
  const version = await table.get(exerciseVersions, { exercise_id, version_number });
  if (!version) return null;
  return shownResults(language, version.tests, outcomes, isGrader(caller) ? 'everything' : 'public');
}
