import * as z from 'zod';
import { regradeRow } from '../contracts/regrades.ts';
import { storedOutcome } from '../jobs/results.ts';
import { entity } from './entity.ts';

/**
 * Grading many submissions again: what was asked for, and what came of it so far.
 *
 * Access patterns:
 * - by id: `regrade#<id>` / `regrade`
 * - of an exercise by age: gsi1 `exercise#<id>#regrades`
 *
 * The preview is one job, its application another; `job_id` is the newest of the two.
 */
export const regrades = entity({
  type: 'regrade',
  schema: z.object({
    regrade_id: z.string(),
    org_id: z.string(),
    /** The assignment's class. */
    class_id: z.string().nullable(),
    exercise_id: z.string(),
    assignment_id: z.string().nullable(),
    from_version: z.int().nullable(),
    to_version: z.int(),
    never_lower: z.boolean(),
    stage: z.enum(['preview', 'application']),
    job_id: z.string(),
    rises: z.int(),
    falls: z.int(),
    same: z.int(),
    /** Could not be graded; they stay as they are. */
    failed: z.int(),
    created_by: z.string(),
    created_at: z.string(),
    applied_at: z.string().nullable(),
    version: z.int(),
  }),
  key: ({ regrade_id }: { regrade_id: string }) => ({ pk: `regrade#${regrade_id}`, sk: 'regrade' }),
  indexes: {
    gsi1: (item) => ({
      pk: `exercise#${item.exercise_id}#regrades`,
      sk: `${item.created_at}#${item.regrade_id}`,
    }),
  },
});
export type RegradeRecord = z.output<typeof regrades.schema>;

/**
 * Which regrade of the same submissions, of an assignment or of all of an exercise, began or was applied last.
 *
 * Access pattern: by what is graded again: `exercise#<id>` / `regrading#<assignment>`, or `regrading#` for all
 */
export const regradeTurns = entity({
  type: 'regrade_turn',
  schema: z.object({
    exercise_id: z.string(),
    assignment_id: z.string().nullable(),
    regrade_id: z.string(),
    version: z.int(),
  }),
  key: ({ exercise_id, assignment_id }: { exercise_id: string; assignment_id: string | null }) => ({
    pk: `exercise#${exercise_id}`,
    sk: `regrading#${assignment_id ?? ''}`,
  }),
});

const dayMs = 86_400_000;

/** What a preview found is kept as long as events and the results of scratch runs; until then it may be applied. */
export const appliesUntil = ({ created_at }: Pick<RegradeRecord, 'created_at'>, events_days: number): Date =>
  new Date(Date.parse(created_at) + events_days * dayMs);

/** All of it goes together, a day later: an application that has begun by then comes to its end. */
export const foundExpires = (regrade: Pick<RegradeRecord, 'created_at'>, events_days: number): number =>
  Math.floor(appliesUntil(regrade, events_days + 1).getTime() / 1000);

/** Absent from what was written before anything of a regrade expired. */
const expires = z.int().optional();

/**
 * What a regrade found for one submission. A row that exists is not graded again; one that is `settled` is not
 * applied again.
 *
 * Access patterns:
 * - by regrade and submission: `regrade#<id>` / `row#<submission>`
 * - all of a regrade, oldest submission first: `regrade#<id>`, prefix `row#`
 */
export const regradeRows = entity({
  type: 'regrade_row',
  schema: z.object({
    regrade_id: z.string(),
    ...regradeRow.shape,
    /** The application has looked at it, and changed the submission (`applied`) or not. */
    settled: z.boolean(),
    expires_at: expires,
  }),
  key: ({ regrade_id, submission_id }: { regrade_id: string; submission_id: string }) => ({
    pk: `regrade#${regrade_id}`,
    sk: `row#${submission_id}`,
  }),
});
export type RegradeRowRecord = z.output<typeof regradeRows.schema>;

/**
 * What the tests said of one submission in a preview: the application writes this, and runs nothing again.
 *
 * Access pattern: by regrade and submission: `regrade#<id>` / `result#<submission>`
 */
export const regradeResults = entity({
  type: 'regrade_result',
  schema: z.object({
    regrade_id: z.string(),
    submission_id: z.string(),
    exercise_version: z.int(),
    outcomes: z.array(storedOutcome),
    seeds: z.array(z.int()),
    raw_grade: z.number(),
    grader_version: z.string(),
    expires_at: expires,
  }),
  key: ({ regrade_id, submission_id }: { regrade_id: string; submission_id: string }) => ({
    pk: `regrade#${regrade_id}`,
    sk: `result#${submission_id}`,
  }),
});
export type RegradeResult = z.output<typeof regradeResults.schema>;
