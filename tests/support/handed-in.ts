/**
 * Whole histories of submissions, written past the API: one after the other, with any verdicts, and the standings that
 * follow from them.
 */
import { gradeOf, seeded } from '#shared/domain/grading/score.ts';
import type { Verdict } from '#shared/domain/grading/types.ts';
import { uuidv7 } from '#shared/ids.ts';
import { newJobWrites } from '#shared/jobs/advance.ts';
import { type JobOf, newGrading } from '#shared/jobs/job.ts';
import { assignmentStandings } from '#shared/table/assignment.ts';
import { type ExerciseRecord, exerciseStandings, exerciseVersions } from '#shared/table/exercise.ts';
import { gradings, type SubmissionRecord, submissionResults, submissions } from '#shared/table/submission.ts';
import type { Table } from '#shared/table/table.ts';

export interface HandedIn {
  readonly exercise: ExerciseRecord;
  readonly student: { readonly user_id: string; readonly name: string };
  readonly assignment?: { readonly assignment_id: string; readonly class_id: string };
  readonly code?: string;
  /** Of the tests in order, the last for all that follow. */
  readonly verdicts?: readonly Verdict[];
  /** `pending`: a grader is at it; `rule`: graded by the tests, and waiting for a person. */
  readonly state?: 'graded' | 'pending' | 'rule' | 'failed';
  readonly at?: Date;
  /** What late policy left of the tests' grade; all of it when absent. */
  readonly grade?: number;
}
type State = NonNullable<HandedIn['state']>;

/** A submission that came and, unless it is pending, was judged. */
export async function handedIn(table: Table, options: HandedIn): Promise<SubmissionRecord> {
  const { exercise, student, state = 'graded', at = new Date() } = options;
  const { exercise_id, published_version, newest_version } = exercise;
  const version_number = published_version ?? newest_version;
  const version = await table.get(exerciseVersions, { exercise_id, version_number }, { consistent: true });
  if (!version) throw new Error('the exercise has no such version');
  const tests = version.tests.map(seeded);
  const given = options.verdicts ?? ['pass'];
  const verdicts = tests.map((_, index) => given[index] ?? given.at(-1) ?? 'pass');
  const standing = await table.get(exerciseStandings, { exercise_id, student_id: student.user_id });
  const record: SubmissionRecord = {
    submission_id: uuidv7(),
    org_id: exercise.org_id,
    exercise_id,
    exercise_title: exercise.title,
    exercise_version: version_number,
    assignment_id: options.assignment?.assignment_id ?? null,
    class_id: options.assignment?.class_id ?? null,
    student_id: student.user_id,
    student_name: student.name,
    attempt_number: (standing?.attempts ?? 0) + 1,
    language: version.language,
    submission_code: options.code ?? 'n = int(input())\nprint(n * n)\n',
    submission_time: at.toISOString(),
    late: false,
    feedback: null,
    total_tests: tests.length,
    review_note: null,
    version: 1,
    ...judged(state, verdicts, gradeOf(tests, verdicts), options.grade, at),
  };
  const world = { table, now: () => at, events_days: 30 };
  const seeds = tests.map(({ seed }) => seed);
  await table.write(
    table.insert(submissions, record),
    ...newJobWrites(world, jobOf(record, state, at)),
    ...(ran(state) ? runWrites(table, record, verdicts, seeds) : []),
  );
  await follow(table, record);
  return record;
}

const ran = (state: State): boolean => state === 'graded' || state === 'rule';

function judged(
  state: State,
  verdicts: readonly Verdict[],
  raw_grade: number,
  grade: number | undefined,
  at: Date,
) {
  const isGraded = state === 'graded';
  return {
    status: state === 'pending' ? 'pending' : isGraded ? 'graded' : 'manual_review',
    grade: isGraded ? (grade ?? raw_grade) : null,
    raw_grade: ran(state) ? raw_grade : null,
    automated_tests_passed: ran(state) ? verdicts.filter((one) => one === 'pass').length : null,
    execution_time_ms: ran(state) ? 12 : null,
    memory_usage_kb: ran(state) ? 2_048 : null,
    grader: isGraded ? 'system' : null,
    graded_at: isGraded ? at.toISOString() : null,
    review_reason: state === 'rule' ? 'rule' : state === 'failed' ? 'grader_failed' : null,
    gradings: ran(state) ? 1 : 0,
  } as const;
}

const jobStates = { graded: 'succeeded', rule: 'succeeded', pending: 'running', failed: 'failed' } as const;

function jobOf(record: SubmissionRecord, state: State, at: Date): JobOf<'submission'> {
  const { submission_id: job_id, org_id, class_id, exercise_id, exercise_version, assignment_id } = record;
  const given = {
    kind: 'submission',
    job_id,
    owner_id: record.student_id,
    owner_name: record.student_name,
    org_id,
    class_id,
    exercise_id,
    exercise_version,
    assignment_id,
  } as const;
  return {
    ...newGrading(given, at.toISOString(), at),
    state: jobStates[state],
    attempt: 1,
    ...(state === 'pending' && { worker: 'another', lease_until: '2999-01-01T00:00:00.000Z' }),
    error_code: state === 'failed' ? 'job.worker_died' : null,
    outcome: state === 'graded' ? 'graded' : state === 'rule' ? 'manual_review' : null,
    ended_at: state === 'pending' ? null : at.toISOString(),
  };
}

function runWrites(table: Table, record: SubmissionRecord, verdicts: Verdict[], seeds: number[]) {
  const { submission_id, exercise_version, submission_time: at } = record;
  const empty = { output: '', error: null, execution_time_ms: 4, memory_usage_kb: 2_048 };
  return [
    table.insert(submissionResults, {
      submission_id,
      exercise_version,
      grading: 1,
      outcomes: verdicts.map((status) => ({ status, ...empty })),
    }),
    table.insert(gradings, {
      submission_id,
      number: 1,
      grade: record.grade,
      raw_grade: record.raw_grade,
      grader: 'system',
      grader_id: null,
      grader_name: null,
      grader_version: 'test 1',
      exercise_version,
      reason: 'submitted',
      automated_tests_passed: record.automated_tests_passed ?? 0,
      total_tests: record.total_tests,
      feedback: null,
      at,
      verdicts,
      seeds,
    }),
  ];
}

const best = (before: number | null | undefined, grade: number | null): number | null =>
  grade === null ? (before ?? null) : Math.max(before ?? 0, grade);

async function follow(table: Table, record: SubmissionRecord): Promise<void> {
  const { exercise_id, student_id, assignment_id, status, grade, raw_grade } = record;
  const last = { status, last_submission_id: record.submission_id, last_at: record.submission_time };
  const seen = await table.get(exerciseStandings, { exercise_id, student_id }, { consistent: true });
  const attempts = (seen?.attempts ?? 0) + 1;
  const best_grade = best(seen?.best_grade, grade === null ? null : raw_grade);
  const version = (seen?.version ?? 0) + 1;
  await table.write(
    table.put(exerciseStandings, { exercise_id, student_id, attempts, best_grade, version, ...last }),
  );
  if (assignment_id === null) return;
  const stood = await table.get(assignmentStandings, { assignment_id, student_id }, { consistent: true });
  await table.write(
    table.put(assignmentStandings, {
      assignment_id,
      student_id,
      attempts: (stood?.attempts ?? 0) + 1,
      best_grade: best(stood?.best_grade, grade),
      late: false,
      extension: stood?.extension ?? null,
      version: (stood?.version ?? 0) + 1,
      ...last,
    }),
  );
}
