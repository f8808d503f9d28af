import type { LearnerError } from '../domain/grading/types.ts';
import type { SubmissionRecord } from '../table/submission.ts';
import type { NewEvent } from './advance.ts';

/** What the socket tells of a judged submission: all that a verdict needs, nothing of hidden tests but their verdicts. */
export const resultEvent = (
  next: SubmissionRecord,
  verdicts: readonly string[],
  error: LearnerError | null,
): NewEvent => ({
  type: 'code.result',
  data: {
    submission_id: next.submission_id,
    exercise_id: next.exercise_id,
    assignment_id: next.assignment_id,
    student_id: next.student_id,
    student_name: next.student_name,
    attempt_number: next.attempt_number,
    status: next.status,
    grade: next.status === 'graded' ? next.grade : null,
    late: next.late,
    automated_tests_passed: next.automated_tests_passed,
    total_tests: next.total_tests,
    verdicts: [...verdicts],
    error,
    execution_time_ms: next.execution_time_ms,
    memory_usage_kb: next.memory_usage_kb,
  },
});
