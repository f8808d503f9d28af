import * as z from 'zod';
import { highestLimits } from '../domain/grading/limits.ts';
import { language, limits, source, starter, testInput, testResult, tests } from './grading-shapes.ts';
import { contract } from './operation.ts';
import { admins, orgFilter } from './school-shapes.ts';
import { id, instant, nothing, page, paging, prose, text } from './shapes.ts';

export const difficulty = z.enum(['easy', 'medium', 'hard']).meta({ id: 'Difficulty' });
export const exerciseStatus = z.enum(['draft', 'published', 'archived']).meta({ id: 'ExerciseStatus' });

const hints = z.array(prose(2_000)).max(10);

const translation = z.strictObject({
  title: text(200),
  problem_description: prose(20_000),
  hints: hints.default([]),
});

/** What a teacher writes of an exercise; each change of it makes a new version. */
const written = {
  title: text(200),
  topic: text(100),
  module: text(100).nullable(),
  difficulty,
  language,
  tags: z.array(text(40)).max(20),
  estimated_completion_time_min: z.int().min(1).max(600),
  problem_description: prose(20_000),
  hints,
  translations: z
    .partialRecord(z.enum(['en', 'ko']), translation)
    .meta({ description: 'The texts in other languages' }),
  starter_code: starter,
  solution_code: source,
  tests,
  limits: limits.nullable().meta({ description: 'For all tests that say nothing of their own' }),
  practice: z
    .boolean()
    .meta({ description: 'Open to every student of the organisation, not only where assigned' }),
} as const;

/** Where an exported exercise comes from. */
export const exportedFrom = z
  .strictObject({
    exercise_id: id,
    version: z.int().min(1),
    tests_salt: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .meta({ description: 'What the tests of this version are hashed with in grade receipts' }),
  })
  .meta({
    id: 'ExportedFrom',
    description: 'Written by the export for `npm run verify-receipt`; passed over when an exercise is made',
  });
export type ExportedFrom = z.output<typeof exportedFrom>;

export const exerciseInput = z
  .strictObject({
    ...written,
    module: written.module.default(null),
    difficulty: difficulty.default('easy'),
    language: language.default('python'),
    tags: written.tags.default([]),
    estimated_completion_time_min: written.estimated_completion_time_min.default(10),
    hints: hints.default([]),
    translations: written.translations.default({}),
    starter_code: written.starter_code.default(''),
    limits: written.limits.default(null),
    practice: written.practice.default(false),
    exported: exportedFrom.optional(),
  })
  .meta({ id: 'ExerciseInput' });
export type ExerciseInput = z.output<typeof exerciseInput>;

export const certification = z
  .object({
    status: z.enum(['none', 'pending', 'passed', 'failed']),
    job_id: id.nullable().meta({ description: 'Watch `job:<job_id>`' }),
    at: instant.nullable(),
    grader_version: z.string().nullable(),
    problems: z.array(z.string()).meta({ description: 'Why it failed, one sentence each' }),
    solution_results: z.array(testResult),
    starter_results: z.array(testResult),
  })
  .meta({ id: 'Certification', description: 'The solution must pass every test, the starter must not' });

/** One’s own standing with an exercise. */
const exerciseProgress = z
  .object({
    attempts: z.int(),
    best_grade: z.number().nullable(),
    solved: z.boolean(),
    last_submission_id: id.nullable(),
    last_at: instant.nullable(),
  })
  .meta({ id: 'ExerciseProgress' });

/** A line of the list. */
export const exerciseSummary = z
  .object({
    exercise_id: id,
    org_id: id,
    title: z.string(),
    titles: z.record(z.string(), z.string()).meta({ description: 'In other languages' }),
    topic: z.string(),
    module: z.string().nullable(),
    difficulty,
    language,
    tags: z.array(z.string()),
    estimated_completion_time_min: z.int(),
    status: exerciseStatus,
    version: z.int(),
    published_version: z.int().nullable(),
    practice: z.boolean(),
    created_by: id,
    created_by_name: z.string(),
    created_at: instant,
    updated_at: instant,
    progress: exerciseProgress.nullable().meta({ description: 'The caller’s own, for students' }),
  })
  .meta({ id: 'ExerciseSummary' });

/** Students get neither solution nor hidden tests nor checkers: those fields are null for them. */
export const exercise = z
  .object({
    ...exerciseSummary.shape,
    problem_description: z.string(),
    hints: z.array(z.string()),
    translations: z.partialRecord(z.enum(['en', 'ko']), translation),
    starter_code: z.string(),
    limits: z.object({ cpu_ms: z.int(), memory_mb: z.int(), output_bytes: z.int() }),
    public_tests: z.array(
      z.object({
        name: z.string(),
        input: z.string().meta({ description: 'stdin, or the call as text' }),
        expected_output: z.string(),
        weight: z.number(),
      }),
    ),
    test_count: z.int(),
    tests: z.array(z.intersection(testInput, z.object({ id: z.string() }))).nullable(),
    solution_code: z.string().nullable(),
    given_limits: limits.nullable(),
    certification: certification.nullable(),
  })
  .meta({ id: 'Exercise' });
export type Exercise = z.output<typeof exercise>;

export const exerciseVersion = z
  .object({
    version: z.int(),
    created_at: instant,
    created_by: id,
    published_at: instant.nullable(),
    certified: z.boolean(),
    changed: z.array(z.string()).meta({ description: 'The fields that differ from the version before' }),
  })
  .meta({ id: 'ExerciseVersion' });

const authors = { teacher: 'own', ...admins } as const;
const readersOfExercises = {
  student: 'member',
  assistant: 'organization',
  teacher: 'organization',
  ...admins,
} as const;
const one = { params: z.object({ exercise_id: id }) };

export const exerciseOperations = contract({
  createExercise: {
    method: 'POST',
    path: '/api/exercises',
    summary: 'Write an exercise',
    description: `A draft, version 1. Limits of a test reach to ${highestLimits.cpu_ms / 1000} s of CPU and ${highestLimits.memory_mb} MB. All parts together may have 256 KB.`,
    access: authors,
    body: exerciseInput,
    status: 201,
    response: exercise,
    errors: [409],
  },
  listExercises: {
    method: 'GET',
    path: '/api/exercises',
    summary: 'List the exercises one may see',
    description: 'Students see what is published and open for practice or assigned to a class of theirs.',
    access: readersOfExercises,
    query: z.strictObject({
      org_id: orgFilter,
      topic: text(100).optional(),
      module: text(100).optional(),
      difficulty: difficulty.optional(),
      language: language.optional(),
      status: exerciseStatus.optional(),
      tag: text(40).optional(),
      q: text(100).optional().meta({ description: 'Part of the title' }),
      mine: z.enum(['true', 'false']).optional(),
      sort: z.enum(['title', '-title', 'updated_at', '-updated_at']).default('title'),
      ...paging,
    }),
    status: 200,
    response: page(exerciseSummary),
    errors: [404],
  },
  getExercise: {
    method: 'GET',
    path: '/api/exercises/{exercise_id}',
    summary: 'Read an exercise',
    description: 'Students get the published version without solution, hidden tests and checkers.',
    access: readersOfExercises,
    ...one,
    query: z.strictObject({ version: z.coerce.number().int().min(1).optional() }),
    status: 200,
    response: exercise,
    errors: [404],
  },
  updateExercise: {
    method: 'PATCH',
    path: '/api/exercises/{exercise_id}',
    summary: 'Change an exercise',
    description: 'A change of anything but `practice` and `status` makes a new, uncertified version.',
    access: authors,
    ...one,
    body: z
      .strictObject({ ...written, status: z.enum(['draft', 'archived']) })
      .partial()
      .extend({
        version: z.int().optional().meta({ description: 'The version one has seen; another one is 409' }),
      }),
    status: 200,
    response: exercise,
    errors: [404, 409],
  },
  deleteExercise: {
    method: 'DELETE',
    path: '/api/exercises/{exercise_id}',
    summary: 'Delete an exercise that nobody was given',
    description: 'One with assignments or submissions is archived instead: 409 says so.',
    access: authors,
    ...one,
    status: 204,
    response: nothing,
    errors: [404, 409],
  },
  listVersions: {
    method: 'GET',
    path: '/api/exercises/{exercise_id}/versions',
    summary: 'List the versions of an exercise',
    access: { assistant: 'organization', teacher: 'organization', ...admins },
    ...one,
    query: z.strictObject(paging),
    status: 200,
    response: page(exerciseVersion),
    errors: [404],
  },
  certifyExercise: {
    method: 'POST',
    path: '/api/exercises/{exercise_id}/certify',
    summary: 'Run the solution and the starter of the newest version against its tests',
    access: authors,
    ...one,
    status: 202,
    response: exercise,
    errors: [404, 409, 429, 503],
  },
  publishExercise: {
    method: 'POST',
    path: '/api/exercises/{exercise_id}/publish',
    summary: 'Publish the newest version',
    description:
      'It must be certified; students get it from now on, submissions keep the version they were made for.',
    access: authors,
    ...one,
    status: 200,
    response: exercise,
    errors: [404, 409],
  },
  exportExercise: {
    method: 'GET',
    path: '/api/exercises/{exercise_id}/export',
    summary: 'Export an exercise as JSON or as a folder of files (zip)',
    description:
      'The newest version, or the one that is asked for: `npm run verify-receipt` wants the graded one.',
    access: { teacher: 'organization', ...admins },
    ...one,
    query: z.strictObject({
      format: z.enum(['json', 'zip']).default('zip'),
      version: z.coerce.number().int().min(1).optional(),
    }),
    status: 200,
    response: z
      .object({ file_name: z.string(), media_type: z.string(), base64: z.string() })
      .meta({ id: 'ExportedFile' }),
    errors: [404],
  },
  importExercise: {
    method: 'POST',
    path: '/api/exercises/import',
    summary: 'Import an exercise',
    description: 'From JSON, or from a zip of the folder that the export makes; it starts as a draft.',
    access: { teacher: 'own', ...admins },
    body: z.discriminatedUnion('format', [
      z.strictObject({ format: z.literal('json'), exercise: exerciseInput }),
      z.strictObject({ format: z.literal('zip'), base64: z.base64().max(700_000) }),
    ]),
    status: 201,
    response: exercise,
    errors: [409],
  },
});
