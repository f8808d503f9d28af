import * as z from 'zod';
import type { Role } from '../contracts/operation.ts';
import { meta } from '../contracts/shapes.ts';
import { entity, sortable } from './entity.ts';

/**
 * What a person is at school beside being a user: a teacher, a student.
 *
 * Access patterns:
 * - by user: `user#<id>` / `teacher`, `user#<id>` / `student`
 * - profiles of an organisation by name: gsi1 `org#<org>#teachers`, `org#<org>#students`
 * - those of a subject or a grade by name: gsi2 `org#<org>#teachers#<subject>`, `org#<org>#students#<grade>`
 *
 * A profile comes into being with its user (`origin: 'user'`) and is filled once through the API. When the role
 * moves on it stays behind inactive, out of every list, for the day the role comes back.
 */
const profile = {
  user_id: z.string(),
  org_id: z.string(),
  name: z.string(),
  /** For searching; the user's own item is the truth. */
  email: z.string().nullable(),
  username: z.string().nullable(),
  meta,
  origin: z.enum(['user', 'profile']),
  active: z.boolean(),
  created_at: z.string(),
  updated_at: z.string(),
  version: z.int(),
};

const byName = (person: { readonly name: string; readonly user_id: string }): string =>
  `${sortable(person.name)}#${person.user_id}`;

export const teachersBySubject = (org_id: string, subject: string): string =>
  `org#${org_id}#teachers#${sortable(subject)}`;
export const studentsByGrade = (org_id: string, grade: string): string =>
  `org#${org_id}#students#${sortable(grade)}`;

export const teachers = entity({
  type: 'teacher',
  schema: z.object({ ...profile, subject: z.string().nullable() }),
  key: ({ user_id }: { user_id: string }) => ({ pk: `user#${user_id}`, sk: 'teacher' }),
  indexes: {
    gsi1: (item) => (item.active ? { pk: `org#${item.org_id}#teachers`, sk: byName(item) } : undefined),
    gsi2: (item) =>
      item.active && item.subject !== null
        ? { pk: teachersBySubject(item.org_id, item.subject), sk: byName(item) }
        : undefined,
  },
});
export type TeacherRecord = z.output<typeof teachers.schema>;

export const students = entity({
  type: 'student',
  schema: z.object({
    ...profile,
    grade: z.string().nullable(),
    /** Time limits of quizzes and tests are this much longer. */
    time_factor: z.number().default(1),
  }),
  key: ({ user_id }: { user_id: string }) => ({ pk: `user#${user_id}`, sk: 'student' }),
  indexes: {
    gsi1: (item) => (item.active ? { pk: `org#${item.org_id}#students`, sk: byName(item) } : undefined),
    gsi2: (item) =>
      item.active && item.grade !== null
        ? { pk: studentsByGrade(item.org_id, item.grade), sk: byName(item) }
        : undefined,
  },
});
export type StudentRecord = z.output<typeof students.schema>;

/** Who may have a teacher profile: an administrator of a small school teaches too. */
export const teachingRoles: readonly Role[] = ['teacher', 'org_admin', 'platform_admin'];
