/** Submissions as they are in a school, written past the API: as handed in, or as their grading came out. */
import { uuidv7 } from '#shared/ids.ts';
import { newJobWrites } from '#shared/jobs/advance.ts';
import { classJobs, type JobOf, newGrading } from '#shared/jobs/job.ts';
import { loads } from '#shared/jobs/load.ts';
import { assignmentStandings } from '#shared/table/assignment.ts';
import { exerciseStandings } from '#shared/table/exercise.ts';
import { gradings, type SubmissionRecord, submissionResults, submissions } from '#shared/table/submission.ts';
import type { Table } from '#shared/table/table.ts';

/** `graded`: two of three tests passed; `failed`: given up by the graders. */
type State = 'pending' | 'graded' | 'failed';

export interface SubmissionOptions {
  readonly student: { readonly user_id: string; readonly name: string };
  readonly exercise: { readonly exercise_id: string; readonly title: string; readonly org_id: string };
  readonly assignment?: { readonly assignment_id: string; readonly class_id: string };
  readonly code?: string;
  readonly state?: State;
  readonly more?: Partial<SubmissionRecord>;
}

const verdicts = ['pass', 'pass', 'wrong_answer'] as const;
const raw_grade = 75;

export async function aSubmission(table: Table, options: SubmissionOptions): Promise<SubmissionRecord> {
  const { student, exercise, assignment, state = 'graded' } = options;
  const at = new Date();
  const record: SubmissionRecord = {
    submission_id: uuidv7(),
    org_id: exercise.org_id,
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
    ...asGraded(state, at),
    feedback: null,
    total_tests: 3,
    review_note: null,
    version: 1,
    ...options.more,
  };
  const world = { table, now: () => at, events_days: 30 };
  await table.write(
    ...newJobWrites(world, jobOf(record, state, at)),
    table.insert(submissions, record),
    ...standings(table, record),
    ...resultWrites(table, record, at),
    ...(record.class_id === null
      ? []
      : [
          table.insert(classJobs, {
            class_id: record.class_id,
            job_id: record.submission_id,
            created_at: record.submission_time,
          }),
        ]),
    table.put(loads, {
      user_id: student.user_id,
      active: state === 'pending' ? 1 : 0,
      minute: '',
      started: 0,
      version: 1,
    }),
  );
  return record;
}

const asGraded = (state: State, at: Date) => ({
  status: state === 'failed' ? ('manual_review' as const) : state,
  review_reason: state === 'failed' ? ('grader_failed' as const) : null,
  ...(state === 'graded'
    ? {
        grade: raw_grade,
        raw_grade,
        automated_tests_passed: 2,
        execution_time_ms: 9,
        memory_usage_kb: 9_000,
        grader: 'system' as const,
        graded_at: at.toISOString(),
        gradings: 1,
      }
    : {
        grade: null,
        raw_grade: null,
        automated_tests_passed: null,
        execution_time_ms: null,
        memory_usage_kb: null,
        grader: null,
        graded_at: null,
        gradings: 0,
      }),
});

function resultWrites(table: Table, record: SubmissionRecord, at: Date) {
  const { submission_id, gradings: number, exercise_version, grade } = record;
  if (number === 0) return [];
  const outcomes = verdicts.map((status) => ({
    status,
    output: status === 'pass' ? 'right\n' : 'wrong\n',
    error: null,
    execution_time_ms: 3,
    memory_usage_kb: 9_000,
  }));
  return [
    table.insert(submissionResults, { submission_id, exercise_version, grading: number, outcomes }),
    table.insert(gradings, {
      submission_id,
      number,
      grade,
      raw_grade,
      grader: 'system',
      grader_id: null,
      grader_name: null,
      grader_version: 'test 1',
      exercise_version,
      reason: 'submitted',
      automated_tests_passed: 2,
      total_tests: 3,
      feedback: null,
      at: at.toISOString(),
      verdicts: [...verdicts],
      seeds: [1, 2, 3],
    }),
  ];
}

function jobOf(record: SubmissionRecord, state: State, at: Date): JobOf<'submission'> {
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
  if (state === 'graded')
    return { ...job, state: 'succeeded', outcome: 'graded', attempt: 1, ended_at: at.toISOString() };
  return {
    ...job,
    state: 'failed',
    deaths: 3,
    attempt: 3,
    error_code: 'grader.failed',
    ended_at: at.toISOString(),
  };
}

const standings = (table: Table, record: SubmissionRecord) => {
  const { exercise_id, assignment_id, student_id, status, late } = record;
  const last = { last_submission_id: record.submission_id, last_at: record.submission_time };
  const standing = { student_id, attempts: 1, best_grade: record.grade, status, ...last, version: 1 };
  return [
    table.put(exerciseStandings, { ...standing, exercise_id }),
    ...(assignment_id === null
      ? []
      : [table.put(assignmentStandings, { ...standing, assignment_id, late, extension: null })]),
  ];
};
