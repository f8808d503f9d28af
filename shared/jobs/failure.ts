import { assignmentStandings } from '../table/assignment.ts';
import { exerciseStandings, versionStates } from '../table/exercise.ts';
import { submissions } from '../table/submission.ts';
import type { Table, Write } from '../table/table.ts';
import type { Job, JobOf } from './job.ts';

/**
 * What else is written when a job is given up, by its kind, so that what it was about does not wait for ever. Each
 * write holds only if nobody changed the item since.
 */
export async function failureWrites(table: Table, job: Job): Promise<Write[]> {
  if (job.kind === 'submission') return submissionGivenUp(table, job);
  if (job.kind === 'certification') return certificationGivenUp(table, job);
  return [];
}

/** A person looks at it: never a grade of 0 for a fault of ours. What a teacher has graded by now stays. */
async function submissionGivenUp(table: Table, job: JobOf<'submission'>): Promise<Write[]> {
  const submission = await table.get(submissions, { submission_id: job.job_id }, { consistent: true });
  if (submission?.status !== 'pending') return [];
  const next = { ...submission, status: 'manual_review', review_reason: 'grader_failed' } as const;
  return [table.replace(submissions, submission, next), ...(await standingWrites(table, job, next.status))];
}

/** A redrive: the submission waits for its grade again. */
export async function submissionRedriven(table: Table, job: JobOf<'submission'>): Promise<Write[]> {
  const submission = await table.get(submissions, { submission_id: job.job_id }, { consistent: true });
  if (submission?.review_reason !== 'grader_failed') return [];
  const next = { ...submission, status: 'pending', review_reason: null } as const;
  return [table.replace(submissions, submission, next), ...(await standingWrites(table, job, next.status))];
}

/** The student's standings say how their last submission is. */
async function standingWrites(
  table: Table,
  { job_id, owner_id: student_id, exercise_id, assignment_id }: JobOf<'submission'>,
  status: 'pending' | 'manual_review',
): Promise<Write[]> {
  const [ofExercise, ofAssignment] = await Promise.all([
    table.get(exerciseStandings, { exercise_id, student_id }, { consistent: true }),
    assignment_id === null
      ? undefined
      : table.get(assignmentStandings, { assignment_id, student_id }, { consistent: true }),
  ]);
  return [
    ...(ofExercise?.last_submission_id === job_id
      ? [table.replace(exerciseStandings, ofExercise, { ...ofExercise, status })]
      : []),
    ...(ofAssignment?.last_submission_id === job_id
      ? [table.replace(assignmentStandings, ofAssignment, { ...ofAssignment, status })]
      : []),
  ];
}

async function certificationGivenUp(
  table: Table,
  { job_id, exercise_id, exercise_version }: JobOf<'certification'>,
): Promise<Write[]> {
  const id = { exercise_id, version_number: exercise_version };
  const state = await table.get(versionStates, id, { consistent: true });
  if (state?.certification.job_id !== job_id) return [];
  const problems = ['The grader failed at this three times; start the certification again.'];
  const certification = { ...state.certification, status: 'failed' as const, problems };
  return [table.replace(versionStates, state, { ...state, certification })];
}
