import { gradeAfterLatePolicy, noStanding } from '#shared/domain/grading/assignment-rules.ts';
import type { StoredOutcome } from '#shared/jobs/results.ts';
import { type AssignmentRecord, assignmentStandings, assignments } from '#shared/table/assignment.ts';
import type { ExerciseVersion } from '#shared/table/exercise.ts';
import { type SubmissionRecord, submissions } from '#shared/table/submission.ts';
import type { Table } from '#shared/table/table.ts';
import { persist } from '../persist.ts';
import { openTotals } from '../run-tests.ts';

/** A submission as it stands, with what its grade depends on beside the tests. */
export interface Around {
  readonly submission: SubmissionRecord;
  readonly assignment: AssignmentRecord | undefined;
  /** The tests' grade after late policy. */
  readonly afterLatePolicy: (raw_grade: number) => number;
}

export async function readAround(table: Table, submission_id: string): Promise<Around | undefined> {
  return persist('regrade.submission', async () => {
    const submission = await table.get(submissions, { submission_id }, { consistent: true });
    if (!submission) return undefined;
    const { assignment_id, student_id, submission_time } = submission;
    if (assignment_id === null) return { submission, assignment: undefined, afterLatePolicy: (raw) => raw };
    const [assignment, standing] = await Promise.all([
      table.get(assignments, { assignment_id }, { consistent: true }),
      table.get(assignmentStandings, { assignment_id, student_id }, { consistent: true }),
    ]);
    return {
      submission,
      assignment,
      afterLatePolicy: (raw) =>
        assignment ? gradeAfterLatePolicy(assignment, standing ?? noStanding, raw, submission_time) : raw,
    };
  });
}

/** What a teacher decided stays, whatever the tests say. */
export const isOverridden = ({ grader }: SubmissionRecord): boolean => grader === 'teacher';

/**
 * The submission after another run of the tests. One that waits for a person goes on waiting, and its grade, if it
 * has one, follows; one that the platform had failed to grade is graded.
 */
export function judgedAgain(
  { submission, assignment, afterLatePolicy }: Around,
  version: Pick<ExerciseVersion, 'tests'>,
  result: { readonly outcomes: readonly StoredOutcome[]; readonly raw_grade: number },
  at: string,
): SubmissionRecord {
  const { raw_grade, outcomes } = result;
  const run: SubmissionRecord = {
    ...submission,
    ...openTotals({ version, outcomes }),
    raw_grade,
    automated_tests_passed: outcomes.filter(({ status }) => status === 'pass').length,
    total_tests: outcomes.length,
    gradings: submission.gradings + 1,
  };
  const { review_reason } = submission;
  if (review_reason === 'rule' || (review_reason === 'grader_failed' && assignment?.review === 'always'))
    return { ...run, review_reason: 'rule' };
  const graded: SubmissionRecord = {
    ...run,
    grade: afterLatePolicy(raw_grade),
    grader: 'system',
    graded_at: at,
  };
  return review_reason === 'requested' ? graded : { ...graded, status: 'graded', review_reason: null };
}
