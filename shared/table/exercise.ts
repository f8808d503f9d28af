import * as z from 'zod';
import { certification, difficulty, exerciseInput, exerciseStatus } from '../contracts/exercises.ts';
import { language, testInput } from '../contracts/grading-shapes.ts';
import { submissionStatus } from '../contracts/submissions.ts';
import { entity, type ItemOf, jsonText, sortable, withText } from './entity.ts';

/** What a list shows of an exercise's version. */
const summary = {
  title: z.string(),
  /** In other languages. */
  titles: z.record(z.string(), z.string()),
  topic: z.string(),
  module: z.string().nullable(),
  difficulty,
  language,
  tags: z.array(z.string()),
  estimated_completion_time_min: z.int(),
};

const byTitle = (item: { readonly title: string; readonly exercise_id: string }): string =>
  `${sortable(item.title)}#${item.exercise_id}`;
const byTime = (item: { readonly updated_at: string; readonly exercise_id: string }): string =>
  `${item.updated_at}#${item.exercise_id}`;
const exerciseKey = ({ exercise_id }: { exercise_id: string }): string => `exercise#${exercise_id}`;
const numbered = (version: number): string => String(version).padStart(4, '0');

/**
 * An exercise as its authors see it: what a list shows of its newest version.
 *
 * Access patterns:
 * - by id: `exercise#<id>` / `exercise`
 * - of an organisation by title: gsi1 `org#<org>#exercises`
 * - of an organisation by change: gsi2 `org#<org>#exercises#changed`
 *
 * `assignment_count` moves in the transaction that gives the exercise to a class or takes it back. Submissions do
 * not write here: a class hands in at once, and would meet at one item.
 */
export const exercises = entity({
  type: 'exercise',
  schema: z.object({
    exercise_id: z.string(),
    org_id: z.string(),
    ...summary,
    status: exerciseStatus,
    practice: z.boolean(),
    newest_version: z.int(),
    /** What students get; stays when the exercise is archived, for the classes that were given it. */
    published_version: z.int().nullable(),
    assignment_count: z.int(),
    created_by: z.string(),
    created_at: z.string(),
    updated_at: z.string(),
    version: z.int(),
  }),
  key: (id: { exercise_id: string }) => ({ pk: exerciseKey(id), sk: 'exercise' }),
  indexes: {
    gsi1: (item) => ({ pk: `org#${item.org_id}#exercises`, sk: byTitle(item) }),
    gsi2: (item) => ({ pk: `org#${item.org_id}#exercises#changed`, sk: byTime(item) }),
  },
});
export type ExerciseRecord = z.output<typeof exercises.schema>;

/**
 * An exercise as students see it in a list: the published version, while a newer one is being written. It comes,
 * changes and goes in the transaction that changes the exercise.
 *
 * Access patterns:
 * - by id: `exercise#<id>` / `published`
 * - of an organisation by title: gsi1 `org#<org>#published`
 * - of an organisation by publication: gsi2 `org#<org>#published#changed`
 */
export const publishedExercises = entity({
  type: 'published_exercise',
  schema: z.object({
    exercise_id: z.string(),
    org_id: z.string(),
    ...summary,
    status: exerciseStatus,
    practice: z.boolean(),
    published_version: z.int(),
    created_by: z.string(),
    created_at: z.string(),
    /** When it was published. */
    updated_at: z.string(),
  }),
  key: (id: { exercise_id: string }) => ({ pk: exerciseKey(id), sk: 'published' }),
  indexes: {
    gsi1: (item) => ({ pk: `org#${item.org_id}#published`, sk: byTitle(item) }),
    gsi2: (item) => ({ pk: `org#${item.org_id}#published#changed`, sk: byTime(item) }),
  },
});
export type PublishedExercise = z.output<typeof publishedExercises.schema>;

const { practice: _practice, exported: _exported, tests: _tests, ...written } = exerciseInput.shape;
const version = {
  exercise_id: z.string(),
  version_number: z.int(),
  ...written,
  created_by: z.string(),
  created_at: z.string(),
  /** Set when the exercise is deleted: gradings under way still find what they grade. */
  expires_at: z.int().optional(),
};

/** A test keeps its id from version to version while it keeps its name. */
const versionTests = z.array(z.intersection(testInput, z.object({ id: z.string() })));

const storedVersions = entity({
  type: 'exercise_version',
  schema: z.object({ ...version, tests: z.string() }),
  key: ({ version_number, ...id }: { exercise_id: string; version_number: number }) => ({
    pk: exerciseKey(id),
    sk: `version#${numbered(version_number)}`,
  }),
});

/**
 * A version of an exercise: everything a teacher wrote. Never changed once it is written; submissions, gradings
 * and receipts name it. Up to 256 KB.
 *
 * Access pattern: by exercise and number: `exercise#<id>` / `version#<0001>`
 *
 * The tests are kept as JSON text: their values may have any depth, key and magnitude, which the table may not.
 */
export const exerciseVersions = withText(storedVersions, 'tests', jsonText(versionTests));
export type ExerciseVersion = ItemOf<typeof exerciseVersions>;

/**
 * What happened to a version: how it came to be, its certification, its publication.
 *
 * Access patterns:
 * - by exercise and number: `exercise#<id>` / `state#<0001>`
 * - the versions of an exercise, newest first: `exercise#<id>`, prefix `state#`
 *
 * The grader's commit of a certification sets `certification` here and puts the results beside it.
 */
export const versionStates = entity({
  type: 'version_state',
  schema: z.object({
    exercise_id: z.string(),
    version_number: z.int(),
    changed: z.array(z.string()),
    certification: certification.omit({ solution_results: true, starter_results: true }),
    published_at: z.string().nullable(),
    created_by: z.string(),
    created_at: z.string(),
    version: z.int(),
  }),
  key: ({ version_number, ...id }: { exercise_id: string; version_number: number }) => ({
    pk: exerciseKey(id),
    sk: `state#${numbered(version_number)}`,
  }),
});
export type VersionState = z.output<typeof versionStates.schema>;

/**
 * The results of a version's newest certification, each output cut so that the item stays below 400 KB.
 *
 * Access pattern: by exercise and number: `exercise#<id>` / `certification#<0001>`
 */
export const certificationResults = entity({
  type: 'certification_results',
  schema: z.object({
    exercise_id: z.string(),
    version_number: z.int(),
    /** The certification that they belong to: an older one's results are not shown for a newer. */
    job_id: z.string(),
    ...certification.pick({ solution_results: true, starter_results: true }).shape,
  }),
  key: ({ version_number, ...id }: { exercise_id: string; version_number: number }) => ({
    pk: exerciseKey(id),
    sk: `certification#${numbered(version_number)}`,
  }),
});

/**
 * Where a student stands with an exercise, over all their submissions of it, for assignments or not. Written in the
 * transactions of the submission and of its result.
 *
 * Access patterns:
 * - by exercise and student: `exercise#<id>` / `student#<id>` (lists: a batch of these)
 * - whether anybody has handed in: `exercise#<id>`, prefix `student#`, one item
 */
export const exerciseStandings = entity({
  type: 'exercise_standing',
  schema: z.object({
    exercise_id: z.string(),
    student_id: z.string(),
    attempts: z.int(),
    /** Without late policies: what the tests gave, or a teacher instead of them. */
    best_grade: z.number().nullable(),
    /** Of the last submission. */
    status: submissionStatus,
    last_submission_id: z.string(),
    last_at: z.string(),
    version: z.int(),
  }),
  key: ({ student_id, ...id }: { exercise_id: string; student_id: string }) => ({
    pk: exerciseKey(id),
    sk: `student#${student_id}`,
  }),
});
export type ExerciseStanding = z.output<typeof exerciseStandings.schema>;
