import type { Caller } from '#shared/contracts/operation.ts';
import { gradeAfterLatePolicy, noStanding } from '#shared/domain/grading/assignment-rules.ts';
import { forbidden, invalid, unauthorized } from '#shared/errors.ts';
import { resultEvent } from '#shared/jobs/told.ts';
import { logger } from '#shared/observability.ts';
import { assignmentStandings, assignments } from '#shared/table/assignment.ts';
import { standingWrites } from '#shared/table/standing.ts';
import {
  type GradingRecord,
  gradings,
  type SubmissionRecord,
  type SubmissionResults,
  submissionResults,
  submissions,
} from '#shared/table/submission.ts';
import type { Write } from '#shared/table/table.ts';
import { users } from '#shared/table/user.ts';
import { statusTold, tell } from '../tell.ts';
import type { CodeWorld } from '../world.ts';
import type { ReviewBody } from './review.ts';

/**
 * What staff decide: their own grade, which neither tests nor regrades change any more, or that the present one
 * stands; with feedback or without. Each decision is kept, with who made it and when.
 */
export async function decide(
  world: CodeWorld,
  caller: Caller,
  seen: SubmissionRecord,
  { note, grade, feedback }: ReviewBody,
  also: readonly Write[],
): Promise<void> {
  if (seen.student_id === caller.user_id)
    throw forbidden('review.own', 'Nobody decides about their own submission.');
  if (note !== undefined)
    throw invalid(['body', 'note'], 'a note is what a student asks; staff give grade and feedback', 'extra');
  const { table, now } = world;
  const grader = await table.get(users, caller);
  if (!grader) throw unauthorized('auth.ended', 'This account no longer exists.');
  const results = await table.get(submissionResults, seen, { consistent: true });
  const next: SubmissionRecord = {
    ...seen,
    ...(grade === undefined ? await standing(world, seen) : { grade, grader: 'teacher' }),
    status: 'graded',
    feedback: feedback ?? seen.feedback,
    graded_at: now().toISOString(),
    review_reason: null,
    gradings: seen.gradings + 1,
  };
  const verdicts = (results?.outcomes ?? []).map(({ status }) => status);
  await tell(
    world,
    seen,
    (job) => [resultEvent(next, verdicts, null), statusTold(job, next)],
    [
      table.replace(submissions, seen, next),
      table.insert(gradings, decision(next, caller, grader.name, results, feedback)),
      ...(await standingWrites(table, seen, next)),
      ...also,
    ],
    'graded',
  );
  logger.info('submission.decided', {
    submission_id: seen.submission_id,
    by: caller.user_id,
    overridden: grade !== undefined,
  });
}

/** The grade that stands when staff give none: the present one, or what the tests gave. */
async function standing(
  { table }: CodeWorld,
  { grade, grader, raw_grade, assignment_id, student_id, submission_time }: SubmissionRecord,
): Promise<Pick<SubmissionRecord, 'grade' | 'grader'>> {
  if (grade !== null) return { grade, grader };
  if (raw_grade === null)
    throw invalid(['body', 'grade'], 'the tests gave no grade, so a person has to', 'missing');
  if (assignment_id === null) return { grade: raw_grade, grader: 'system' };
  const [assignment, student] = await Promise.all([
    table.get(assignments, { assignment_id }, { consistent: true }),
    table.get(assignmentStandings, { assignment_id, student_id }, { consistent: true }),
  ]);
  const after = assignment
    ? gradeAfterLatePolicy(assignment, student ?? noStanding, raw_grade, submission_time)
    : raw_grade;
  return { grade: after, grader: 'system' };
}

/** The decision as the history keeps it. */
const decision = (
  next: SubmissionRecord,
  { user_id }: Caller,
  grader_name: string,
  results: SubmissionResults | undefined,
  feedback: string | undefined,
): GradingRecord => ({
  submission_id: next.submission_id,
  number: next.gradings,
  grade: next.grade,
  raw_grade: next.raw_grade,
  grader: 'teacher',
  grader_id: user_id,
  grader_name,
  grader_version: null,
  exercise_version: results?.exercise_version ?? next.exercise_version,
  reason: 'override',
  automated_tests_passed: next.automated_tests_passed ?? 0,
  total_tests: next.total_tests,
  feedback: feedback ?? null,
  at: next.graded_at ?? '',
  verdicts: [],
  seeds: [],
});
