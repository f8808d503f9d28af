import type { Caller, Request } from '#shared/contracts/operation.ts';
import type { Submission, submissionOperations } from '#shared/contracts/submissions.ts';
import { forbidden, invalid, unauthorized } from '#shared/errors.ts';
import { newJobWrites } from '#shared/jobs/advance.ts';
import { classJobs, type JobOf, newGrading } from '#shared/jobs/job.ts';
import { inTurn, type Turn } from '#shared/jobs/turn.ts';
import { enrollments } from '#shared/table/enrollment.ts';
import { type ExerciseVersion, exerciseVersions } from '#shared/table/exercise.ts';
import { assignmentGates } from '#shared/table/gate.ts';
import { idempotently } from '#shared/table/idempotency.ts';
import { retried } from '#shared/table/retry.ts';
import { type SubmissionRecord, submissions } from '#shared/table/submission.ts';
import type { Write } from '#shared/table/table.ts';
import { users } from '#shared/table/user.ts';
import { requireGrader } from '../graders.ts';
import { refuseLongSource } from '../source.ts';
import { viewSubmission } from '../submission.ts';
import type { CodeWorld } from '../world.ts';
import { readStandings, standingWrites } from './standings.ts';
import { type Task, taskOf } from './task.ts';

type Body = Request<(typeof submissionOperations)['submit']>['body'];
interface Asked {
  readonly exercise_id: string;
  readonly body: Body;
  readonly idempotency_key: string | undefined;
}

/**
 * Hands in a solution: the submission, its job with the first event, what is kept of the student's standing and
 * load, in one transaction.
 */
export async function submit(world: CodeWorld, caller: Caller, asked: Asked): Promise<Submission> {
  const { exercise_id, body, idempotency_key: key } = asked;
  if (body.student_id !== undefined && body.student_id !== caller.user_id)
    throw forbidden('owner_mismatch', 'One hands in for oneself only: leave student_id out.');
  const { table } = world;
  const submission_id = await idempotently(
    table,
    { caller, operation: 'code.submit', key, body: { exercise_id, ...body }, now: world.now() },
    async (done) => {
      refuseLongSource(world, body.submission_code, 'submission_code');
      await requireGrader(world);
      const [task, student_name] = await Promise.all([
        taskOf(world, caller, exercise_id, body.assignment_id),
        nameOf(world, caller),
      ]);
      const version = await versionOf(world, task);
      refuseOtherLanguage(version, body.language);
      return retried(() =>
        inTurn(world, caller.user_id, world.settings.limits, (turn) =>
          handIn(world, { caller, student_name, task, version, code: body.submission_code, turn, done }),
        ),
      );
    },
    async (id) => id,
  );
  return viewSubmission(world, caller, submission_id);
}

async function nameOf({ table }: CodeWorld, caller: Caller): Promise<string> {
  const user = await table.get(users, caller);
  if (!user) throw unauthorized('auth.ended', 'This account no longer exists.');
  return user.name;
}

async function versionOf({ table }: CodeWorld, { exercise }: Task): Promise<ExerciseVersion> {
  const { exercise_id, published_version: version_number } = exercise;
  const version = await table.get(exerciseVersions, { exercise_id, version_number }, { consistent: true });
  if (!version) throw new Error(`version ${version_number} of exercise ${exercise_id} is not there`);
  return version;
}

function refuseOtherLanguage({ language }: ExerciseVersion, given: string | undefined): void {
  if (given !== undefined && given !== language)
    throw invalid(['body', 'language'], `this exercise is solved in ${language}`, 'value_error');
}

interface HandIn {
  readonly caller: Caller;
  readonly student_name: string;
  readonly task: Task;
  readonly version: ExerciseVersion;
  readonly code: string;
  readonly turn: Turn;
  readonly done: (id: string) => Write[];
}

async function handIn(world: CodeWorld, given: HandIn): Promise<string> {
  const { table } = world;
  const { caller, task, turn, done } = given;
  const submission_id = world.newId();
  const at = world.now();
  const submission_time = at.toISOString();
  // read anew at each try: of two submissions at once the second counts the first
  const standings = await readStandings(world, caller.user_id, task, submission_time);
  const submission = newSubmission(given, { submission_id, submission_time }, standings);
  const job = newJob(submission, turn, at);
  await table.write(
    ...newJobWrites(world, job),
    table.insert(submissions, submission),
    ...standingWrites(table, standings, submission),
    ...classWrites(world, job),
    ...(task.assignment
      ? [assignmentGates.isOpen(table, task.assignment.assignment_id, caller.user_id, at)]
      : []),
    turn.write,
    ...done(submission_id),
  );
  return submission_id;
}

const newSubmission = (
  { caller, student_name, task, version, code }: HandIn,
  stamp: { readonly submission_id: string; readonly submission_time: string },
  { attempt_number, late }: { readonly attempt_number: number; readonly late: boolean },
): SubmissionRecord => ({
  ...stamp,
  org_id: caller.org_id,
  exercise_id: version.exercise_id,
  exercise_title: task.assignment?.title ?? version.title,
  exercise_version: version.version_number,
  assignment_id: task.assignment?.assignment_id ?? null,
  class_id: task.assignment?.class_id ?? null,
  student_id: caller.user_id,
  student_name,
  attempt_number,
  language: version.language,
  submission_code: code,
  late,
  status: 'pending',
  grade: null,
  raw_grade: null,
  feedback: null,
  automated_tests_passed: null,
  total_tests: version.tests.length,
  execution_time_ms: null,
  memory_usage_kb: null,
  grader: null,
  graded_at: null,
  review_reason: null,
  review_note: null,
  gradings: 0,
  version: 1,
});

function newJob(submission: SubmissionRecord, { fair_at }: Turn, at: Date): JobOf<'submission'> {
  const { submission_id, student_id, student_name, org_id, class_id } = submission;
  const { exercise_id, exercise_version, assignment_id } = submission;
  const given = {
    kind: 'submission',
    job_id: submission_id,
    owner_id: student_id,
    owner_name: student_name,
    org_id,
    class_id,
    exercise_id,
    exercise_version,
    assignment_id,
  } as const;
  return newGrading(given, fair_at, at);
}

/**
 * The class's reference, and that the student is still in it. Nothing that the whole class shares is touched:
 * thirty who hand in at once do not meet.
 */
const classWrites = (
  { table }: CodeWorld,
  { class_id, job_id, created_at, owner_id }: JobOf<'submission'>,
) =>
  class_id === null
    ? []
    : [
        table.insert(classJobs, { class_id, job_id, created_at }),
        table.check(enrollments, { class_id, student_id: owner_id }),
      ];
