import * as z from 'zod';
import { leaderboardMode } from '../contracts/leaderboard-mode.ts';
import { externalIds, meta } from '../contracts/shapes.ts';
import { entity, sortable } from './entity.ts';

/**
 * A class.
 *
 * Access patterns:
 * - by id: `class#<id>` / `class`
 * - classes of an organisation by name: gsi1 `org#<org>#classes`
 * - classes of their own teacher by name: gsi2 `teacher#<user>#classes`
 *
 * `student_count` and `staff_count` move in the transaction that enrols or appoints, and raise `version`.
 */
export const classes = entity({
  type: 'class',
  schema: z.object({
    class_id: z.string(),
    org_id: z.string(),
    teacher_id: z.string(),
    name: z.string(),
    subject: z.string().nullable(),
    grade: z.string().nullable(),
    join_code: z.string(),
    leaderboard: leaderboardMode.default('anonymous'),
    student_count: z.int(),
    staff_count: z.int(),
    meta,
    external_ids: externalIds,
    created_at: z.string(),
    updated_at: z.string(),
    version: z.int(),
  }),
  key: ({ class_id }: { class_id: string }) => ({ pk: `class#${class_id}`, sk: 'class' }),
  indexes: {
    gsi1: (item) => ({ pk: `org#${item.org_id}#classes`, sk: `${sortable(item.name)}#${item.class_id}` }),
    gsi2: (item) => ({
      pk: `teacher#${item.teacher_id}#classes`,
      sk: `${sortable(item.name)}#${item.class_id}`,
    }),
  },
});
export type ClassRecord = z.output<typeof classes.schema>;

/**
 * Who teaches and assists in a class.
 *
 * Access patterns:
 * - by class and person: `class#<class>` / `staff#<user>`
 * - the staff of a class: `class#<class>`, prefix `staff#`
 */
export const staff = entity({
  type: 'staff',
  schema: z.object({
    class_id: z.string(),
    user_id: z.string(),
    name: z.string(),
    role: z.enum(['teacher', 'assistant']),
    added_at: z.string(),
  }),
  key: ({ class_id, user_id }: { class_id: string; user_id: string }) => ({
    pk: `class#${class_id}`,
    sk: `staff#${user_id}`,
  }),
});
export type StaffRecord = z.output<typeof staff.schema>;

/**
 * The same fact beside the person, written in the same transaction, so that both directions can be read
 * consistently (an index cannot).
 *
 * Access pattern: the classes of a person: `user#<user>`, prefix `staff#`
 */
export const staffOf = entity({
  type: 'staff_of',
  schema: z.object({
    user_id: z.string(),
    class_id: z.string(),
    role: z.enum(['teacher', 'assistant']),
  }),
  key: ({ user_id, class_id }: { user_id: string; class_id: string }) => ({
    pk: `user#${user_id}`,
    sk: `staff#${class_id}`,
  }),
});

/**
 * Which class a join code opens: eight symbols, without the hyphen.
 *
 * Access pattern: by code: `join#<CODE>` / `unique`
 */
export const joinCodes = entity({
  type: 'join_code',
  schema: z.object({ code: z.string(), class_id: z.string() }),
  key: ({ code }: { code: string }) => ({ pk: `join#${code}`, sk: 'unique' }),
});
