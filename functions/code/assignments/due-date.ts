import type { Caller } from '#shared/contracts/operation.ts';
import { gradeAfterLatePolicy, isLate } from '#shared/domain/grading/assignment-rules.ts';
import { unauthorized } from '#shared/errors.ts';
import { resultEvent } from '#shared/jobs/told.ts';
import { logger } from '#shared/observability.ts';
import {
  type AssignmentRecord,
  type AssignmentStanding,
  assignmentStandings,
  assignments,
} from '#shared/table/assignment.ts';
import { retried } from '#shared/table/retry.ts';
import { standingWrites } from '#shared/table/standing.ts';
import {
  type GradingRecord,
  gradings,
  type SubmissionRecord,
  type SubmissionResults,
  submissionResults,
  submissions,
  submissionsOf,
} from '#shared/table/submission.ts';
import type { Write } from '#shared/table/table.ts';
import { type UserRecord, users } from '#shared/table/user.ts';
import { tell } from '../tell.ts';
import type { CodeWorld } from '../world.ts';

/**
 * After a student's due date moved: whether what they handed in is late, and what late policy leaves of its grade. A
 * transaction for each submission that changes; what a teacher decided stays.
 */
export async function followDueDate(
  world: CodeWorld,
  caller: Caller,
  assignment: AssignmentRecord,
  student_id: string,
): Promise<void> {
  const { assignment_id, created_at } = assignment;
  const handedIn = await world.table.queryAll(submissions, {
    index: 'gsi1',
    pk: submissionsOf.student(student_id),
    after: created_at,
  });
  const theirs = handedIn.filter((one) => one.assignment_id === assignment_id);
  if (theirs.length === 0) return;
  const by = await world.table.get(users, caller);
  if (!by) throw unauthorized('auth.ended', 'This account no longer exists.');
  for (const { submission_id } of theirs)
    await retried(() => follow(world, by, { submission_id, assignment_id, student_id }));
}

interface Ids {
  readonly submission_id: string;
  readonly assignment_id: string;
  readonly student_id: string;
}

async function follow(world: CodeWorld, by: UserRecord, ids: Ids): Promise<void> {
  const { table, now } = world;
  const [submission, results, standing, assignment] = await Promise.all([
    table.get(submissions, ids, { consistent: true }),
    table.get(submissionResults, ids, { consistent: true }),
    table.get(assignmentStandings, ids, { consistent: true }),
    table.get(assignments, ids, { consistent: true }),
  ]);
  if (!submission || !standing || !assignment) return;
  const next = judgedAnew(submission, assignment, standing, now().toISOString());
  const writes: Write[] = [
    table.replace(submissions, submission, next),
    ...(await standingWrites(table, submission, next, standing)),
  ];
  if (next.grade === submission.grade) {
    if (next.late !== submission.late) await table.write(...writes);
    return;
  }
  const verdicts = (results?.outcomes ?? []).map(({ status }) => status);
  const history = table.insert(gradings, gradingOf(next, by, results));
  await tell(world, submission, () => [resultEvent(next, verdicts, null)], [...writes, history]);
  logger.info('submission.due_date_moved', { submission_id: submission.submission_id, by: by.user_id });
}

/** As it would be had the student's due date always been this one. */
function judgedAnew(
  submission: SubmissionRecord,
  assignment: AssignmentRecord,
  standing: AssignmentStanding,
  at: string,
): SubmissionRecord {
  const { submission_time, raw_grade, grade, grader, gradings: before } = submission;
  const late = isLate(assignment, standing, submission_time);
  if (raw_grade === null || grade === null || grader !== 'system') return { ...submission, late };
  const after = gradeAfterLatePolicy(assignment, standing, raw_grade, submission_time);
  if (after === grade) return { ...submission, late };
  return { ...submission, late, grade: after, graded_at: at, gradings: before + 1 };
}

/** Nothing was run: the tests' verdicts are those of the grading before. */
const gradingOf = (
  next: SubmissionRecord,
  { user_id, name }: UserRecord,
  results: SubmissionResults | undefined,
): GradingRecord => ({
  submission_id: next.submission_id,
  number: next.gradings,
  grade: next.grade,
  raw_grade: next.raw_grade,
  grader: 'system',
  grader_id: user_id,
  grader_name: name,
  grader_version: null,
  exercise_version: results?.exercise_version ?? next.exercise_version,
  reason: 'extension',
  automated_tests_passed: next.automated_tests_passed ?? 0,
  total_tests: next.total_tests,
  feedback: null,
  at: next.graded_at ?? '',
  verdicts: [],
  seeds: [],
});
