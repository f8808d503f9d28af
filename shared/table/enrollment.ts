import * as z from 'zod';
import { entity, sortable } from './entity.ts';

/**
 * A student in a class.
 *
 * Access patterns:
 * - by class and student: `class#<class>` / `student#<student>`
 * - the roster of a class by name: gsi1 `class#<class>#roster`
 */
export const enrollments = entity({
  type: 'enrollment',
  schema: z.object({
    class_id: z.string(),
    student_id: z.string(),
    student_name: z.string(),
    source: z.enum(['manual', 'bulk', 'join_code']),
    /** The bulk request that made it: its repetition can tell its own work from others'. */
    batch_id: z.string().nullable(),
    enrolled_at: z.string(),
  }),
  key: ({ class_id, student_id }: { class_id: string; student_id: string }) => ({
    pk: `class#${class_id}`,
    sk: `student#${student_id}`,
  }),
  indexes: {
    gsi1: (item) => ({
      pk: `class#${item.class_id}#roster`,
      sk: `${sortable(item.student_name)}#${item.student_id}`,
    }),
  },
});
export type EnrollmentRecord = z.output<typeof enrollments.schema>;

/**
 * The same fact beside the student, written in the same transaction.
 *
 * Access pattern: the classes of a student: `user#<student>`, prefix `enrolled#`
 */
export const enrolledIn = entity({
  type: 'enrolled_in',
  schema: z.object({ student_id: z.string(), class_id: z.string() }),
  key: ({ student_id, class_id }: { student_id: string; class_id: string }) => ({
    pk: `user#${student_id}`,
    sk: `enrolled#${class_id}`,
  }),
});
