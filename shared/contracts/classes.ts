import * as z from 'zod';
import { leaderboardMode } from './leaderboard-mode.ts';
import { contract } from './operation.ts';
import {
  admins,
  classReaders,
  gradeName,
  nameSort,
  orgFilter,
  search,
  staff,
  teachers,
} from './school-shapes.ts';
import { externalIds, id, instant, meta, nothing, page, paging, text } from './shapes.ts';

export const schoolClass = z
  .object({
    class_id: id,
    org_id: id,
    teacher_id: id,
    name: z.string(),
    subject: z.string().nullable(),
    grade: z.string().nullable(),
    join_code: z.string().nullable().meta({ description: 'Shown to staff only' }),
    student_count: z.int(),
    leaderboard: leaderboardMode,
    meta,
    external_ids: externalIds,
    created_at: instant,
    updated_at: instant,
  })
  .meta({ id: 'Class' });

export const enrollment = z
  .object({
    class_id: id,
    student_id: id,
    student_name: z.string(),
    source: z.enum(['manual', 'bulk', 'join_code']),
    enrolled_at: instant,
  })
  .meta({ id: 'Enrollment' });

export const rosterEntry = z
  .object({
    student_id: id,
    name: z.string(),
    grade: z.string().nullable(),
    email: z.string().nullable(),
    username: z.string().nullable(),
    enrolled_at: instant,
  })
  .meta({ id: 'RosterEntry' });

export const staffMember = z
  .object({
    class_id: id,
    user_id: id,
    name: z.string(),
    role: z.enum(['teacher', 'assistant']),
    added_at: instant,
  })
  .meta({ id: 'StaffMember' });

const bulkRow = z
  .object({
    student_id: id,
    status: z.enum(['enrolled', 'already_enrolled', 'unknown_student']),
    detail: z.string().nullable(),
  })
  .meta({ id: 'BulkEnrollmentRow' });

export const classOperations = contract({
  createClass: {
    method: 'POST',
    path: '/api/core/classes',
    summary: 'Create a class',
    description: 'A teacher’s new class is their own; an administrator names the teacher.',
    access: { teacher: 'own', ...admins },
    body: z.strictObject({
      name: text(200),
      subject: text(100).nullable().optional(),
      grade: gradeName.nullable().optional(),
      teacher_id: id.optional(),
      org_id: orgFilter,
      leaderboard: leaderboardMode.optional(),
      meta: meta.optional(),
      external_ids: externalIds.optional(),
    }),
    status: 201,
    response: schoolClass,
    errors: [400],
  },
  listClasses: {
    method: 'GET',
    path: '/api/core/classes',
    summary: 'List the classes one may see',
    access: classReaders,
    query: z.strictObject({
      org_id: orgFilter,
      teacher_id: id.optional().meta({ description: 'Administrators: only the classes of this teacher' }),
      q: search,
      sort: nameSort,
      ...paging,
    }),
    status: 200,
    response: page(schoolClass),
    errors: [404],
  },
  getClass: {
    method: 'GET',
    path: '/api/core/classes/{class_id}',
    summary: 'Read a class',
    access: classReaders,
    params: z.object({ class_id: id }),
    status: 200,
    response: schoolClass,
    errors: [404],
  },
  updateClass: {
    method: 'PATCH',
    path: '/api/core/classes/{class_id}',
    summary: 'Change a class',
    access: teachers,
    params: z.object({ class_id: id }),
    body: z.strictObject({
      name: text(200).optional(),
      subject: text(100).nullable().optional(),
      grade: gradeName.nullable().optional(),
      teacher_id: id.optional().meta({
        description: 'Hands the class over: its own teacher and administrators may',
      }),
      leaderboard: leaderboardMode.optional(),
      meta: meta.optional(),
      external_ids: externalIds.optional(),
    }),
    status: 200,
    response: schoolClass,
    errors: [400, 404, 409],
  },
  deleteClass: {
    method: 'DELETE',
    path: '/api/core/classes/{class_id}',
    summary: 'Delete a class without students',
    description: 'Refused with 409 while students are enrolled.',
    access: teachers,
    params: z.object({ class_id: id }),
    status: 204,
    response: nothing,
    errors: [404, 409],
  },
  renewJoinCode: {
    method: 'POST',
    path: '/api/core/classes/{class_id}/join-code',
    summary: 'Replace the join code of a class',
    access: teachers,
    params: z.object({ class_id: id }),
    status: 201,
    response: schoolClass,
    errors: [404, 409],
  },
  joinClass: {
    method: 'POST',
    path: '/api/core/classes/join',
    summary: 'Join a class by its code',
    access: { student: 'self' },
    body: z.strictObject({ code: text(20).meta({ examples: ['KX4P-7TQ2'] }) }),
    status: 201,
    response: enrollment,
    errors: [400, 409, 429],
  },
  listClassStudents: {
    method: 'GET',
    path: '/api/core/classes/{class_id}/students',
    summary: 'List the students of a class',
    access: staff,
    params: z.object({ class_id: id }),
    query: z.strictObject({ q: search, sort: nameSort, ...paging }),
    status: 200,
    response: page(rosterEntry),
    errors: [404],
  },
  listStaff: {
    method: 'GET',
    path: '/api/core/classes/{class_id}/staff',
    summary: 'List who teaches and assists in a class',
    access: staff,
    params: z.object({ class_id: id }),
    status: 200,
    response: page(staffMember),
    errors: [404],
  },
  putStaff: {
    method: 'PUT',
    path: '/api/core/classes/{class_id}/staff/{user_id}',
    summary: 'Add a teacher or an assistant to a class',
    access: teachers,
    params: z.object({ class_id: id, user_id: id }),
    body: z.strictObject({ role: z.enum(['teacher', 'assistant']) }),
    status: 200,
    response: staffMember,
    errors: [400, 404, 409],
  },
  removeStaff: {
    method: 'DELETE',
    path: '/api/core/classes/{class_id}/staff/{user_id}',
    summary: 'Take a person off the staff of a class',
    description: 'The class’s own teacher cannot be taken off.',
    access: teachers,
    params: z.object({ class_id: id, user_id: id }),
    status: 204,
    response: nothing,
    errors: [404, 409],
  },
  enroll: {
    method: 'POST',
    path: '/api/core/enrollments',
    summary: 'Enrol a student in a class',
    access: staff,
    body: z.strictObject({ student_id: id, class_id: id }),
    status: 201,
    response: enrollment,
    errors: [400, 409],
  },
  enrollBulk: {
    method: 'POST',
    path: '/api/core/enrollments/bulk',
    summary: 'Enrol up to 500 students in a class',
    description: 'Every row is reported; a row that fails does not stop the others.',
    access: staff,
    body: z.strictObject({ class_id: id, student_ids: z.array(id).min(1).max(500) }),
    status: 201,
    response: z
      .object({
        class_id: id,
        enrolled: z.int(),
        already_enrolled: z.int(),
        failed: z.int(),
        rows: z.array(bulkRow),
      })
      .meta({ id: 'BulkEnrollmentReport' }),
    errors: [400],
  },
  unenroll: {
    method: 'DELETE',
    path: '/api/core/enrollments/{student_id}/{class_id}',
    summary: 'Take a student out of a class',
    access: staff,
    params: z.object({ student_id: id, class_id: id }),
    status: 204,
    response: nothing,
    errors: [404],
  },
});
