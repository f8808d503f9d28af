import * as z from 'zod';
import { submission as wire, grading as wireGrading } from '../contracts/submissions.ts';
import { storedOutcome } from '../jobs/results.ts';
import { entity } from './entity.ts';

const { shape } = wire;
const submissionKey = ({ submission_id }: { submission_id: string }): string => `submission#${submission_id}`;

/** Where the submissions of a student, of an exercise, of an assignment stand by time. */
export const submissionsOf = {
  student: (student_id: string): string => `user#${student_id}#submissions`,
  exercise: (exercise_id: string): string => `exercise#${exercise_id}#submissions`,
  assignment: (assignment_id: string): string => `assignment#${assignment_id}#submissions`,
} as const;

/**
 * What a student handed in, and what came of it. `submission_code`, `exercise_version`, `attempt_number` and the time
 * never change; the rest is the newest grading's.
 *
 * Access patterns:
 * - by id: `submission#<id>` / `submission`
 * - of a student by time: gsi1 `user#<student>#submissions`
 * - of an exercise by time: gsi2 `exercise#<id>#submissions`
 * - of an assignment by time: gsi3 `assignment#<id>#submissions` (sparse)
 *
 * `status` stays `pending` until a result is committed; that a worker is at it (`grading`) the job says, which has
 * the submission's id.
 */
export const submissions = entity({
  type: 'submission',
  schema: z.object({
    submission_id: z.string(),
    org_id: z.string(),
    exercise_id: z.string(),
    exercise_title: z.string(),
    exercise_version: z.int(),
    assignment_id: z.string().nullable(),
    class_id: z.string().nullable(),
    student_id: z.string(),
    student_name: z.string(),
    attempt_number: z.int(),
    language: shape.language,
    submission_code: z.string(),
    submission_time: z.string(),
    late: z.boolean(),
    status: shape.status,
    grade: shape.grade,
    raw_grade: shape.raw_grade,
    feedback: shape.feedback,
    automated_tests_passed: shape.automated_tests_passed,
    total_tests: shape.total_tests,
    execution_time_ms: shape.execution_time_ms,
    memory_usage_kb: shape.memory_usage_kb,
    grader: shape.grader,
    graded_at: z.string().nullable(),
    review_reason: shape.review_reason,
    review_note: shape.review_note,
    /** How many gradings there are; the newest has this number. */
    gradings: z.int(),
    version: z.int(),
  }),
  key: (id: { submission_id: string }) => ({ pk: submissionKey(id), sk: 'submission' }),
  indexes: {
    gsi1: (one) => ({ pk: submissionsOf.student(one.student_id), sk: byTime(one) }),
    gsi2: (one) => ({ pk: submissionsOf.exercise(one.exercise_id), sk: byTime(one) }),
    gsi3: (one) =>
      one.assignment_id === null
        ? undefined
        : { pk: submissionsOf.assignment(one.assignment_id), sk: byTime(one) },
  },
});
export type SubmissionRecord = z.output<typeof submissions.schema>;

const byTime = (one: { readonly submission_time: string; readonly submission_id: string }): string =>
  `${one.submission_time}#${one.submission_id}`;

/**
 * The outcomes of the newest run of a submission’s tests, one per test of `exercise_version` in order, within 200 KB.
 *
 * Access pattern: by submission: `submission#<id>` / `results`
 */
export const submissionResults = entity({
  type: 'submission_results',
  schema: z.object({
    submission_id: z.string(),
    exercise_version: z.int(),
    /** The grading that they led to. */
    grading: z.int(),
    outcomes: z.array(storedOutcome),
  }),
  key: (id: { submission_id: string }) => ({ pk: submissionKey(id), sk: 'results' }),
});
export type SubmissionResults = z.output<typeof submissionResults.schema>;

/**
 * One judgement of a submission, never changed: what the API shows of it, and for those by machine what was run, so
 * that it can be run again.
 *
 * Access patterns:
 * - by submission and number: `submission#<id>` / `grading#<0001>`
 * - all of a submission, oldest first: `submission#<id>`, prefix `grading#`
 */
export const gradings = entity({
  type: 'grading',
  schema: z.object({
    submission_id: z.string(),
    ...wireGrading.shape,
    at: z.string(),
    /** Of the tests alone, before late policy. */
    raw_grade: wireGrading.shape.grade,
    /** One per test, in order; empty for a person's judgement. */
    verdicts: z.array(z.string()),
    seeds: z.array(z.int()),
  }),
  key: ({ number, ...id }: { submission_id: string; number: number }) => ({
    pk: submissionKey(id),
    sk: `grading#${String(number).padStart(4, '0')}`,
  }),
});
export type GradingRecord = z.output<typeof gradings.schema>;
