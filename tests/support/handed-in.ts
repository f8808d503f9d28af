/** Submissions as they are in a school, written past the API: as handed in, or as their grading came out. */
import { uuidv7 } from '#shared/ids.ts';
import { newJobWrites } from '#shared/jobs/advance.ts';
import { classJobs, type JobOf, newGrading } from '#shared/jobs/job.ts';
import { loads } from '#shared/jobs/load.ts';
import { assignmentStandings } from '#shared/table/assignment.ts';
import { exerciseStandings } from '#shared/table/exercise.ts';
import { type SubmissionRecord, submissions } from '#shared/table/submission.ts';
import type { Table } from '#shared/table/table.ts';

interface Options {
  readonly student: { readonly user_id: string; readonly name: string; readonly org_id: string };
  readonly exercise: { readonly exercise_id: string; readonly title: string };
  readonly assignment?: { readonly assignment_id: string; readonly class_id: string };
  readonly code?: string;
  /** `failed`: given up by the graders. */
  readonly state?: 'pending' | 'failed';
  readonly more?: Partial<SubmissionRecord>;
}

export async function handedIn(table: Table, options: Options): Promise<SubmissionRecord> {
  const { student, exercise, assignment, state = 'pending' } = options;
  const at = new Date();
  const status = state === 'failed' ? 'manual_review' : 'pending';
  const record: SubmissionRecord = {
    submission_id: uuidv7(),
    org_id: student.org_id,
    exercise_id: exercise.exercise_id,
    exercise_title: exercise.title,
    exercise_version: 1,
    assignment_id: assignment?.assignment_id ?? null,
    class_id: assignment?.class_id ?? null,
    student_id: student.user_id,
    student_name: student.name,
    attempt_number: 1,
    language: 'python',
    submission_code: options.code ?? 'n = int(input())\nprint(n * n)\n',
    submission_time: at.toISOString(),
    late: false,
    status,
    grade: null,
    raw_grade: null,
    feedback: null,
    automated_tests_passed: null,
    total_tests: 3,
    execution_time_ms: null,
    memory_usage_kb: null,
    grader: null,
    graded_at: null,
    review_reason: state === 'failed' ? 'grader_failed' : null,
    review_note: null,
    gradings: 0,
    version: 1,
    ...options.more,
  };
  const world = { table, now: () => at, events_days: 30 };
  await table.write(
    ...newJobWrites(world, jobOf(record, state, at)),
    table.insert(submissions, record),
    ...standings(table, record),
    ...(record.class_id === null
      ? []
      : [
          table.insert(classJobs, {
            class_id: record.class_id,
            job_id: record.submission_id,
            created_at: record.submission_time,
          }),
        ]),
    table.put(loads, { user_id: student.user_id, active: 1, minute: '', started: 0, version: 1 }),
  );
  return record;
}

function jobOf(record: SubmissionRecord, state: 'pending' | 'failed', at: Date): JobOf<'submission'> {
  const given = {
    kind: 'submission',
    job_id: record.submission_id,
    owner_id: record.student_id,
    owner_name: record.student_name,
    org_id: record.org_id,
    class_id: record.class_id,
    exercise_id: record.exercise_id,
    exercise_version: record.exercise_version,
    assignment_id: record.assignment_id,
  } as const;
  const job = newGrading(given, at.toISOString(), at);
  if (state === 'pending') return job;
  return {
    ...job,
    state: 'failed',
    deaths: 3,
    attempt: 3,
    error_code: 'job.worker_died',
    ended_at: at.toISOString(),
  };
}

const standings = (table: Table, record: SubmissionRecord) => {
  const { exercise_id, assignment_id, student_id, status, late } = record;
  const last = { last_submission_id: record.submission_id, last_at: record.submission_time };
  const standing = { student_id, attempts: 1, best_grade: null, status, ...last, version: 1 };
  return [
    table.put(exerciseStandings, { ...standing, exercise_id }),
    ...(assignment_id === null
      ? []
      : [table.put(assignmentStandings, { ...standing, assignment_id, late, extension: null })]),
  ];
};
