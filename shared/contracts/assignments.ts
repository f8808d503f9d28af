import * as z from 'zod';
import { exerciseSummary } from './exercises.ts';
import { queuePosition } from './grading-shapes.ts';
import { contract } from './operation.ts';
import { classReaders, schoolTime, staff, teachers } from './school-shapes.ts';
import { id, instant, nothing, page, paging, text } from './shapes.ts';

const latePolicyUntil = <T extends z.ZodType>(moment: T) =>
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('refuse') }),
    z.strictObject({ kind: z.literal('accept') }),
    z.strictObject({
      kind: z.literal('penalty'),
      percent_per_day: z
        .number()
        .min(0.1)
        .max(100)
        .meta({ description: 'Each day begun after `due_at` takes this share of what was reached' }),
      until: moment
        .nullable()
        .default(null)
        .meta({ description: 'Afterwards nothing is accepted; null: no end' }),
    }),
  ]);
export const latePolicy = latePolicyUntil(instant).meta({
  id: 'LatePolicy',
  description: 'What happens to a submission after `due_at`',
});

export const reviewRule = z
  .enum(['never', 'on_request', 'always'])
  .meta({ description: 'Whether a teacher looks at submissions before they are graded' });

const rules = {
  title: text(200).nullable().meta({ description: 'The exercise’s own when null' }),
  opens_at: instant.nullable(),
  due_at: instant.nullable(),
  late_policy: latePolicy,
  max_attempts: z.int().min(1).max(1000).nullable(),
  cooldown_s: z.int().min(0).max(86_400).meta({ description: 'Between two attempts of a student' }),
  review: reviewRule,
} as const;

/** As they are asked for: dates may be the school's. */
const wantedRules = {
  ...rules,
  opens_at: schoolTime.nullable(),
  due_at: schoolTime.nullable(),
  late_policy: latePolicyUntil(schoolTime),
} as const;

export const extension = z
  .object({
    student_id: id,
    due_at: instant.nullable(),
    extra_attempts: z.int(),
    set_by: id,
    set_at: instant,
  })
  .meta({ id: 'Extension' });

export const assignment = z
  .object({
    assignment_id: id,
    class_id: id,
    class_name: z.string(),
    exercise_id: id,
    exercise: exerciseSummary.omit({ progress: true }),
    ...rules,
    title: z.string(),
    created_by: id,
    created_at: instant,
    updated_at: instant,
    version: z.int(),
    mine: z
      .object({
        due_at: instant.nullable().meta({ description: 'With the extension, if one was given' }),
        attempts: z.int(),
        attempts_left: z.int().nullable(),
        next_attempt_at: instant.nullable(),
        best_grade: z.number().nullable(),
        last_submission_id: id.nullable(),
        is_open: z.boolean(),
      })
      .nullable()
      .meta({ description: 'Where the student stands who asks, or who was asked for' }),
  })
  .meta({ id: 'Assignment' });
export type Assignment = z.output<typeof assignment>;

export const assignmentProgress = z
  .object({
    student_id: id,
    student_name: z.string(),
    attempts: z.int(),
    status: z.enum(['not_started', 'pending', 'grading', 'graded', 'manual_review']),
    grade: z.number().nullable().meta({ description: 'The best, after late policy and overrides' }),
    late: z.boolean(),
    last_submission_id: id.nullable(),
    last_at: instant.nullable(),
    extension: extension.nullable(),
  })
  .meta({ id: 'AssignmentProgress' });

export const similarPair = z
  .object({
    left: z.object({ submission_id: id, student_id: id, student_name: z.string() }),
    right: z.object({ submission_id: id, student_id: id, student_name: z.string() }),
    similarity: z.number().min(0).max(1),
    longest_fragment: z.int().meta({ description: 'Tokens in a row' }),
    fragments: z
      .array(
        z.object({
          left: z.object({ start_line: z.int(), end_line: z.int() }),
          right: z.object({ start_line: z.int(), end_line: z.int() }),
        }),
      )
      .meta({ description: 'Lines that match, for the side-by-side view' }),
  })
  .meta({ id: 'SimilarPair' });

export const similarityReport = z
  .object({
    assignment_id: id,
    status: z.enum(['none', 'pending', 'running', 'completed', 'failed']),
    job_id: id.nullable(),
    queue_position: queuePosition,
    submissions: z.int().meta({ description: 'Last submissions of each student that were compared' }),
    made_at: instant.nullable(),
    pairs: z.array(similarPair).meta({ description: 'The most similar first; at most 200' }),
  })
  .meta({ id: 'SimilarityReport' });

const one = { params: z.object({ assignment_id: id }) };

export const assignmentOperations = contract({
  createAssignment: {
    method: 'POST',
    path: '/api/assignments',
    summary: 'Give an exercise to a class',
    description: 'The exercise must be published.',
    access: teachers,
    body: z.strictObject({
      class_id: id,
      exercise_id: id,
      ...wantedRules,
      title: rules.title.default(null),
      opens_at: wantedRules.opens_at.default(null),
      due_at: wantedRules.due_at.default(null),
      late_policy: wantedRules.late_policy.default({ kind: 'accept' }),
      max_attempts: rules.max_attempts.default(null),
      cooldown_s: rules.cooldown_s.default(0),
      review: rules.review.default('on_request'),
    }),
    status: 201,
    response: assignment,
    errors: [400, 409],
  },
  listAssignments: {
    method: 'GET',
    path: '/api/assignments',
    summary: 'List assignments, by due date',
    description:
      'Of a class, or of all classes one belongs to. Students see those that have opened. With `student_id`, `mine` is that student’s.',
    access: classReaders,
    query: z.strictObject({
      class_id: id.optional(),
      exercise_id: id.optional(),
      student_id: id.optional(),
      ...paging,
    }),
    status: 200,
    response: page(assignment),
    errors: [404],
  },
  getAssignment: {
    method: 'GET',
    path: '/api/assignments/{assignment_id}',
    summary: 'Read an assignment',
    access: classReaders,
    ...one,
    status: 200,
    response: assignment,
    errors: [404],
  },
  updateAssignment: {
    method: 'PATCH',
    path: '/api/assignments/{assignment_id}',
    summary: 'Change an assignment',
    access: teachers,
    ...one,
    body: z.strictObject(wantedRules).partial().extend({ version: z.int().optional() }),
    status: 200,
    response: assignment,
    errors: [404, 409],
  },
  deleteAssignment: {
    method: 'DELETE',
    path: '/api/assignments/{assignment_id}',
    summary: 'Take back an assignment without submissions',
    access: teachers,
    ...one,
    status: 204,
    response: nothing,
    errors: [404, 409],
  },
  assignmentProgress: {
    method: 'GET',
    path: '/api/assignments/{assignment_id}/progress',
    summary: 'List who has done what',
    access: staff,
    ...one,
    query: z.strictObject({ status: assignmentProgress.shape.status.optional(), ...paging }),
    status: 200,
    response: page(assignmentProgress),
    errors: [404],
  },
  putExtension: {
    method: 'PUT',
    path: '/api/assignments/{assignment_id}/extensions/{student_id}',
    summary: 'Give one student more time or attempts',
    description:
      'Without `due_at` and `extra_attempts` it is taken back. What was handed in late before follows: grade, standing and history.',
    access: teachers,
    params: z.object({ assignment_id: id, student_id: id }),
    body: z.strictObject({
      due_at: schoolTime.nullable().default(null),
      extra_attempts: z.int().min(0).max(1000).default(0),
    }),
    status: 200,
    response: extension,
    errors: [400, 404, 409],
  },
  startSimilarity: {
    method: 'POST',
    path: '/api/assignments/{assignment_id}/similarity',
    summary: 'Compare the submissions of an assignment with one another',
    access: teachers,
    ...one,
    status: 202,
    response: similarityReport,
    errors: [404, 409, 503],
  },
  getSimilarity: {
    method: 'GET',
    path: '/api/assignments/{assignment_id}/similarity',
    summary: 'Read the newest similarity report',
    access: teachers,
    ...one,
    status: 200,
    response: similarityReport,
    errors: [404],
  },
});
