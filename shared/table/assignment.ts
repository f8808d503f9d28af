import * as z from 'zod';
import { extension, latePolicy, reviewRule } from '../contracts/assignments.ts';
import { submissionStatus } from '../contracts/submissions.ts';
import { entity } from './entity.ts';

/** Assignments stand by when they are due; those without an end come last. */
const endless = '~';
export const assignmentTurn = (item: {
  readonly due_at: string | null;
  readonly assignment_id: string;
}): string => `${item.due_at ?? endless}#${item.assignment_id}`;

/**
 * An exercise given to a class.
 *
 * Access patterns:
 * - by id: `assignment#<id>` / `assignment`
 * - of an organisation by due date: gsi1 `org#<org>#assignments`
 * - of a class by due date: gsi2 `class#<class>#assignments`
 * - of an exercise by due date: gsi3 `exercise#<exercise>#assignments`
 */
export const assignments = entity({
  type: 'assignment',
  schema: z.object({
    assignment_id: z.string(),
    org_id: z.string(),
    class_id: z.string(),
    exercise_id: z.string(),
    /** The exercise's own when null. */
    title: z.string().nullable(),
    opens_at: z.string().nullable(),
    due_at: z.string().nullable(),
    late_policy: latePolicy,
    max_attempts: z.int().nullable(),
    cooldown_s: z.int(),
    review: reviewRule,
    created_by: z.string(),
    created_at: z.string(),
    updated_at: z.string(),
    version: z.int(),
  }),
  key: ({ assignment_id }: { assignment_id: string }) => ({
    pk: `assignment#${assignment_id}`,
    sk: 'assignment',
  }),
  indexes: {
    gsi1: (item) => ({ pk: `org#${item.org_id}#assignments`, sk: assignmentTurn(item) }),
    gsi2: (item) => ({ pk: `class#${item.class_id}#assignments`, sk: assignmentTurn(item) }),
    gsi3: (item) => ({ pk: `exercise#${item.exercise_id}#assignments`, sk: assignmentTurn(item) }),
  },
});
export type AssignmentRecord = z.output<typeof assignments.schema>;

/**
 * The same fact beside the class, written in the same transaction, so that what a student may see can be read
 * consistently.
 *
 * Access patterns:
 * - what a class was given: `class#<class>`, prefix `given#`
 * - whether a class was given an exercise: `class#<class>`, prefix `given#<exercise>#`
 */
export const classAssignments = entity({
  type: 'class_assignment',
  schema: z.object({
    class_id: z.string(),
    exercise_id: z.string(),
    assignment_id: z.string(),
    opens_at: z.string().nullable(),
  }),
  key: (ref: { class_id: string; exercise_id: string; assignment_id: string }) => ({
    pk: `class#${ref.class_id}`,
    sk: `given#${ref.exercise_id}#${ref.assignment_id}`,
  }),
});
export type ClassAssignment = z.output<typeof classAssignments.schema>;

/**
 * Where a student stands with an assignment. It begins with the first submission, or with an extension
 * (`attempts: 0`, no last submission). Written in the transactions of the submission, of its result, and of the
 * extension; each raises `version`, so that of two submissions at once the second counts the first.
 *
 * Access patterns:
 * - by assignment and student: `assignment#<id>` / `student#<id>` (the board: a batch of these, by the roster)
 * - all of an assignment: `assignment#<id>`, prefix `student#`
 */
export const assignmentStandings = entity({
  type: 'assignment_standing',
  schema: z.object({
    assignment_id: z.string(),
    student_id: z.string(),
    attempts: z.int(),
    /** After late policy and overrides. */
    best_grade: z.number().nullable(),
    /** Of the last submission; null before the first. */
    status: submissionStatus.nullable(),
    late: z.boolean(),
    last_submission_id: z.string().nullable(),
    last_at: z.string().nullable(),
    extension: extension.omit({ student_id: true }).nullable(),
    version: z.int(),
  }),
  key: ({ assignment_id, student_id }: { assignment_id: string; student_id: string }) => ({
    pk: `assignment#${assignment_id}`,
    sk: `student#${student_id}`,
  }),
});
export type AssignmentStanding = z.output<typeof assignmentStandings.schema>;
