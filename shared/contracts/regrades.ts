import * as z from 'zod';
import { queuePosition } from './grading-shapes.ts';
import { contract } from './operation.ts';
import { admins } from './school-shapes.ts';
import { id, instant, page, paging } from './shapes.ts';

export const regrade = z
  .object({
    regrade_id: id,
    exercise_id: id,
    assignment_id: id.nullable(),
    from_version: z.int().nullable().meta({ description: 'Only submissions of this version; null: all' }),
    to_version: z.int(),
    never_lower: z.boolean(),
    job_id: id.meta({ description: 'Watch `job:<job_id>`: the preview’s, then the application’s' }),
    status: z
      .enum(['pending', 'running', 'previewed', 'applied', 'failed'])
      .meta({ description: 'Nothing changes before it is applied' }),
    progress: z.object({ done: z.int(), total: z.int() }),
    rises: z.int(),
    falls: z.int(),
    same: z.int(),
    failed: z.int().meta({ description: 'Could not be graded; they stay as they are' }),
    queue_position: queuePosition,
    last_seq: z.int().meta({ description: 'Number of the newest event on `job:<job_id>`' }),
    created_by: id,
    created_at: instant,
    applied_at: instant.nullable(),
    error_code: z.string().nullable(),
  })
  .meta({ id: 'Regrade', description: 'A preview of grading submissions again, and its application' });
export type Regrade = z.output<typeof regrade>;

export const regradeRow = z
  .object({
    submission_id: id,
    student_id: id,
    student_name: z.string(),
    old_grade: z.number().nullable(),
    new_grade: z.number().nullable(),
    change: z.enum(['rises', 'falls', 'same', 'failed']),
    tests: z
      .array(z.object({ name: z.string(), before: z.string().nullable(), after: z.string() }))
      .meta({ description: 'The tests whose verdict changes' }),
    applied: z.boolean(),
  })
  .meta({ id: 'RegradeRow' });
export type RegradeRow = z.output<typeof regradeRow>;

const graders = { teacher: 'taught', ...admins } as const;
const one = { params: z.object({ regrade_id: id }) };

export const regradeOperations = contract({
  createRegrade: {
    method: 'POST',
    path: '/api/regrades',
    summary: 'Preview grading submissions again with another version of the tests',
    description:
      'Of an assignment (its class’s teacher), or of all submissions to an exercise (administrators).',
    access: graders,
    body: z.strictObject({
      exercise_id: id,
      assignment_id: id.optional(),
      from_version: z.int().min(1).optional(),
      to_version: z.int().min(1).optional().meta({ description: 'The published one when absent' }),
      never_lower: z.boolean().default(true),
    }),
    status: 202,
    response: regrade,
    errors: [400, 404, 409, 503],
  },
  listRegrades: {
    method: 'GET',
    path: '/api/regrades',
    summary: 'List the regrades of an exercise, newest first',
    access: graders,
    query: z.strictObject({ exercise_id: id, ...paging }),
    status: 200,
    response: page(regrade),
    errors: [404],
  },
  getRegrade: {
    method: 'GET',
    path: '/api/regrades/{regrade_id}',
    summary: 'Read a regrade',
    access: graders,
    ...one,
    status: 200,
    response: regrade,
    errors: [404],
  },
  listRegradeRows: {
    method: 'GET',
    path: '/api/regrades/{regrade_id}/rows',
    summary: 'List who rises, who falls, and by which test',
    access: graders,
    ...one,
    query: z.strictObject({ change: regradeRow.shape.change.optional(), ...paging }),
    status: 200,
    response: page(regradeRow),
    errors: [404],
  },
  applyRegrade: {
    method: 'POST',
    path: '/api/regrades/{regrade_id}/apply',
    summary: 'Apply a previewed regrade',
    description:
      'Overrides of teachers stay. With never_lower nobody falls. Applying it again changes nothing.',
    access: graders,
    ...one,
    body: z.strictObject({ never_lower: z.boolean().optional() }).optional(),
    status: 202,
    response: regrade,
    errors: [404, 409],
  },
});
