import * as z from 'zod';
import { grade, language, queuePosition, source, testResult } from './grading-shapes.ts';
import { contract } from './operation.ts';
import { admins, readers, teachers } from './school-shapes.ts';
import { id, instant, page, paging, prose } from './shapes.ts';

export const submissionStatus = z
  .enum(['pending', 'grading', 'graded', 'manual_review'])
  .meta({ id: 'SubmissionStatus' });

/** One judgement of a submission; the newest counts, the others are its history. */
export const grading = z
  .object({
    number: z.int(),
    grade: grade.nullable(),
    grader: z.enum(['system', 'teacher', 'ai']),
    grader_id: id.nullable(),
    grader_name: z.string().nullable(),
    grader_version: z.string().nullable().meta({ description: 'Engine and interpreters, for `system`' }),
    exercise_version: z.int(),
    reason: z
      .enum(['submitted', 'regrade', 'override', 'redrive', 'extension'])
      .meta({ description: '`extension`: the student’s due date moved, and with it what lateness takes' }),
    automated_tests_passed: z.int(),
    total_tests: z.int(),
    feedback: z.string().nullable(),
    at: instant,
  })
  .meta({ id: 'Grading' });

export const submission = z
  .object({
    submission_id: id,
    exercise_id: id,
    exercise_title: z.string(),
    exercise_version: z.int(),
    assignment_id: id.nullable(),
    class_id: id.nullable(),
    student_id: id,
    student_name: z.string(),
    attempt_number: z.int(),
    language,
    submission_code: z.string(),
    submission_time: instant,
    late: z.boolean(),
    status: submissionStatus,
    grade: grade.nullable().meta({ description: 'After late policy and overrides; null until graded' }),
    raw_grade: grade.nullable().meta({ description: 'What the tests alone gave' }),
    feedback: z.string().nullable(),
    automated_tests_passed: z.int().nullable(),
    total_tests: z.int(),
    execution_time_ms: z.number().nullable().meta({ description: 'Of the public tests together' }),
    memory_usage_kb: z.int().nullable().meta({ description: 'The most that a public test took' }),
    grader: z.enum(['ai', 'teacher', 'system']).nullable(),
    graded_at: instant.nullable(),
    review_reason: z.enum(['requested', 'rule', 'grader_failed']).nullable().meta({
      description: 'Why a person looks at it; grader_failed: the platform’s fault, never a grade of 0',
    }),
    review_note: z.string().nullable().meta({ description: 'What the student asked' }),
    test_results: z.array(testResult).nullable(),
    gradings: z.array(grading),
    queue_position: queuePosition,
    last_seq: z.int().meta({ description: 'Number of the newest event on `job:<submission_id>`' }),
  })
  .meta({ id: 'Submission' });
export type Submission = z.output<typeof submission>;

export const submissionSummary = submission
  .omit({ submission_code: true, test_results: true, gradings: true, last_seq: true, queue_position: true })
  .meta({ id: 'SubmissionSummary' });

export const comment = z
  .object({
    comment_id: id,
    submission_id: id,
    line: z.int().nullable().meta({ description: 'Null: about the whole' }),
    text: z.string(),
    author_id: id,
    author_name: z.string(),
    at: instant,
  })
  .meta({ id: 'SubmissionComment' });

/** A statement of ours about a grading, signed: `npm run verify-receipt` runs it again. */
export const receipt = z
  .object({
    payload: z.object({
      receipt_version: z.literal(1),
      school: z.string(),
      submission_id: id,
      exercise_id: id,
      exercise_version: z.int(),
      code_sha256: z.string().meta({ description: 'SHA-256 of the program in UTF-8, hexadecimal' }),
      tests_sha256: z.string().meta({
        description:
          'HMAC-SHA-256, hexadecimal. Its key is the salt of the exercise’s version, the text `exported.tests_salt` of a teacher’s export, so that nobody finds out hidden tests by trying; its message the array of all tests of that version in order, whole but for their `id`, as canonical JSON (RFC 8785) in UTF-8',
      }),
      runtime: z.string().meta({ description: 'The grader’s version' }),
      language,
      limits: z.record(z.string(), z.number()),
      seeds: z.array(z.int()),
      verdicts: z.array(z.string()).meta({ description: 'One per test, in order' }),
      raw_grade: z.number().meta({ description: 'What the verdicts give; running it again gives the same' }),
      grade: z.number().meta({ description: 'What counts: after late policy, or a teacher’s own' }),
      grader: z.enum(['ai', 'teacher', 'system']).meta({ description: 'Who gave `grade`' }),
      graded_at: instant,
    }),
    jws: z.string().meta({
      description: 'Compact JWS (EdDSA) over the payload; its key is in the JWKS with `use: "receipt"`',
    }),
  })
  .meta({ id: 'GradeReceipt' });

const submitters = {
  student: 'own',
  assistant: 'own',
  teacher: 'own',
  org_admin: 'own',
  platform_admin: 'own',
} as const;
const one = { params: z.object({ submission_id: id }) };

export const submissionOperations = contract({
  submit: {
    method: 'POST',
    path: '/api/exercises/{exercise_id}/submissions',
    summary: 'Hand in a solution',
    description:
      'Immutable from then on; `job:<submission_id>` carries the verdicts of its tests while they run (`code.verdicts`), and its end (`code.result`). With `assignment_id` its dates, attempts and cooldown hold.',
    access: submitters,
    params: z.object({ exercise_id: id }),
    body: z.strictObject({
      submission_code: source,
      assignment_id: id.optional(),
      language: language.optional().meta({ description: 'Must be the exercise’s, if given' }),
      student_id: id.optional().meta({ description: 'Accepted when it is one’s own' }),
    }),
    status: 202,
    response: submission,
    errors: [400, 404, 409, 429, 503],
  },
  listSubmissions: {
    method: 'GET',
    path: '/api/submissions',
    summary: 'List submissions, newest first',
    description: 'One’s own; staff give the exercise, the assignment or the student of theirs.',
    access: readers,
    query: z.strictObject({
      exercise_id: id.optional(),
      assignment_id: id.optional(),
      student_id: id.optional(),
      class_id: id.optional(),
      status: submissionStatus.optional(),
      ...paging,
    }),
    status: 200,
    response: page(submissionSummary),
    errors: [404],
  },
  getSubmission: {
    method: 'GET',
    path: '/api/submissions/{submission_id}',
    summary: 'Read a submission',
    description: 'Of hidden tests students see name, status and weight.',
    access: readers,
    ...one,
    status: 200,
    response: submission,
    errors: [404],
  },
  requestReview: {
    method: 'POST',
    path: '/api/submissions/{submission_id}/review',
    summary: 'Ask for a person to look (student), or decide (staff)',
    description:
      'A student gives `note`; staff give `grade` and `feedback`. Each decision is kept in the history.',
    access: { student: 'own', assistant: 'taught', ...teachers },
    ...one,
    body: z
      .strictObject({
        note: prose(2_000).optional(),
        grade: grade.optional(),
        feedback: prose(10_000).optional(),
      })
      .refine((body) => Object.values(body).some((value) => value !== undefined), 'give a note, or a grade'),
    status: 200,
    response: submission,
    errors: [404, 409],
  },
  redriveSubmission: {
    method: 'POST',
    path: '/api/submissions/{submission_id}/redrive',
    summary: 'Grade a submission once more whose grading failed',
    access: admins,
    ...one,
    status: 202,
    response: submission,
    errors: [404, 409],
  },
  listComments: {
    method: 'GET',
    path: '/api/submissions/{submission_id}/comments',
    summary: 'List the comments on a submission, by line',
    access: readers,
    ...one,
    query: z.strictObject(paging),
    status: 200,
    response: page(comment),
    errors: [404],
  },
  addComment: {
    method: 'POST',
    path: '/api/submissions/{submission_id}/comments',
    summary: 'Comment on a submission or one of its lines',
    access: { student: 'own', assistant: 'taught', ...teachers },
    ...one,
    body: z.strictObject({
      line: z.int().min(1).max(65_536).nullable().default(null),
      text: prose(4_000),
    }),
    status: 201,
    response: comment,
    errors: [404, 409],
  },
  getReceipt: {
    method: 'GET',
    path: '/api/submissions/{submission_id}/receipt',
    summary: 'Read the signed receipt of a grading',
    access: readers,
    ...one,
    status: 200,
    response: receipt,
    errors: [404, 409],
  },
});
