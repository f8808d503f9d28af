import * as z from 'zod';
import { entity } from './entity.ts';

/**
 * A guardian's link to a student.
 *
 * Access patterns:
 * - by guardian and student: `user#<guardian>` / `child#<student>`
 * - the students of a guardian: `user#<guardian>`, prefix `child#`
 */
export const guardianLinks = entity({
  type: 'guardian_link',
  schema: z.object({
    guardian_id: z.string(),
    guardian_name: z.string(),
    student_id: z.string(),
    student_name: z.string(),
    linked_at: z.string(),
  }),
  key: ({ guardian_id, student_id }: { guardian_id: string; student_id: string }) => ({
    pk: `user#${guardian_id}`,
    sk: `child#${student_id}`,
  }),
});
export type GuardianLinkRecord = z.output<typeof guardianLinks.schema>;

/**
 * The same fact beside the student, written in the same transaction.
 *
 * Access pattern: the guardians of a student: `user#<student>`, prefix `guardian#`
 */
export const guardianOf = entity({
  type: 'guardian_of',
  schema: z.object({ student_id: z.string(), guardian_id: z.string() }),
  key: ({ student_id, guardian_id }: { student_id: string; guardian_id: string }) => ({
    pk: `user#${student_id}`,
    sk: `guardian#${guardian_id}`,
  }),
});
