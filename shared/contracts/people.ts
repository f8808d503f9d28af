import * as z from 'zod';
import { email, newPassword, resetCode, username } from './auth.ts';
import { contract, role } from './operation.ts';
import { admins, gradeName, nameSort, orgFilter, readers, search, staff, teachers } from './school-shapes.ts';
import { externalIds, id, instant, meta, nothing, page, paging, text } from './shapes.ts';
import { user } from './users.ts';

export const teacher = z
  .object({
    teacher_id: id.meta({ description: 'The id of the user' }),
    user_id: id,
    org_id: id,
    name: z.string(),
    subject: z.string().nullable(),
    meta,
    created_at: instant,
    updated_at: instant,
  })
  .meta({ id: 'Teacher' });

export const student = z
  .object({
    student_id: id.meta({ description: 'The id of the user' }),
    user_id: id,
    org_id: id,
    name: z.string(),
    grade: z.string().nullable(),
    meta,
    created_at: instant,
    updated_at: instant,
  })
  .meta({ id: 'Student' });

export const guardianLink = z
  .object({
    guardian_id: id,
    guardian_name: z.string(),
    student_id: id,
    student_name: z.string(),
    linked_at: instant,
  })
  .meta({ id: 'GuardianLink' });

export const peopleOperations = contract({
  createUser: {
    method: 'POST',
    path: '/api/core/users',
    summary: 'Create a user',
    description:
      'Needs an e-mail address or a username. Without a password the reply carries a one-time code. Teachers create students only, and may enrol them at once with `class_id`. Nobody gives a role above their own.',
    access: { teacher: 'organization', org_admin: 'organization', platform_admin: 'all' },
    body: z
      .strictObject({
        name: text(200),
        email: email.optional(),
        username: username.optional(),
        password: newPassword.optional(),
        role: role.default('student'),
        org_id: orgFilter,
        locale: z.enum(['en', 'ko']).optional(),
        grade: gradeName.optional(),
        class_id: id.optional().meta({ description: 'Enrol the new student in this class' }),
        external_ids: externalIds.optional(),
      })
      .refine((body) => body.email !== undefined || body.username !== undefined, {
        message: 'a user needs an e-mail address or a username',
        path: ['email'],
      }),
    status: 201,
    response: z.object({ ...user.shape, reset_code: z.string().nullable() }).meta({ id: 'CreatedUser' }),
    errors: [400, 409],
  },
  listUsers: {
    method: 'GET',
    path: '/api/core/users',
    summary: 'List users',
    access: admins,
    query: z.strictObject({ role: role.optional(), org_id: orgFilter, q: search, sort: nameSort, ...paging }),
    status: 200,
    response: page(user),
    errors: [404],
  },
  getUser: {
    method: 'GET',
    path: '/api/core/users/{user_id}',
    summary: 'Read a user',
    access: readers,
    params: z.object({ user_id: id }),
    status: 200,
    response: user,
    errors: [404],
  },
  updateUser: {
    method: 'PATCH',
    path: '/api/core/users/{user_id}',
    summary: 'Change a user, their role, or disable them',
    access: admins,
    params: z.object({ user_id: id }),
    body: z.strictObject({
      name: text(200).optional(),
      email: email.nullable().optional(),
      username: username.nullable().optional(),
      role: role.optional(),
      disabled: z.boolean().optional(),
      locale: z.enum(['en', 'ko']).optional(),
      external_ids: externalIds.optional(),
    }),
    status: 200,
    response: user,
    errors: [404, 409],
  },
  resetUser: {
    method: 'POST',
    path: '/api/core/users/{user_id}/reset',
    summary: 'Issue a one-time code with which the person sets a new password',
    access: teachers,
    params: z.object({ user_id: id }),
    status: 201,
    response: resetCode.meta({ id: 'ResetCode' }),
    errors: [404],
  },
  createTeacher: {
    method: 'POST',
    path: '/api/core/teachers',
    summary: 'Create a teacher profile',
    access: admins,
    body: z.strictObject({
      user_id: id,
      org_id: orgFilter,
      subject: text(100).nullable().optional(),
      meta: meta.optional().meta({ examples: [{ certifications: ['Math Level 2'], years_experience: 5 }] }),
    }),
    status: 201,
    response: teacher,
    errors: [400, 409],
  },
  listTeachers: {
    method: 'GET',
    path: '/api/core/teachers',
    summary: 'List teacher profiles',
    access: { assistant: 'organization', teacher: 'organization', ...admins },
    query: z.strictObject({
      org_id: orgFilter,
      subject: text(100).optional(),
      q: search,
      sort: nameSort,
      ...paging,
    }),
    status: 200,
    response: page(teacher),
    errors: [404],
  },
  getTeacher: {
    method: 'GET',
    path: '/api/core/teachers/{teacher_id}',
    summary: 'Read a teacher profile',
    access: { assistant: 'organization', teacher: 'organization', ...admins },
    params: z.object({ teacher_id: id }),
    status: 200,
    response: teacher,
    errors: [404],
  },
  updateTeacher: {
    method: 'PATCH',
    path: '/api/core/teachers/{teacher_id}',
    summary: 'Change a teacher profile',
    access: { teacher: 'own', ...admins },
    params: z.object({ teacher_id: id }),
    body: z.strictObject({ subject: text(100).nullable().optional(), meta: meta.optional() }),
    status: 200,
    response: teacher,
    errors: [404, 409],
  },
  createStudent: {
    method: 'POST',
    path: '/api/core/students',
    summary: 'Create a student profile',
    access: admins,
    body: z.strictObject({
      user_id: id,
      org_id: orgFilter,
      grade: gradeName.nullable().optional(),
      meta: meta.optional(),
    }),
    status: 201,
    response: student,
    errors: [400, 409],
  },
  listStudents: {
    method: 'GET',
    path: '/api/core/students',
    summary: 'List student profiles',
    description:
      'Teachers and assistants see the students of their classes, guardians their linked students.',
    access: { guardian: 'linked', ...staff },
    query: z.strictObject({
      org_id: orgFilter,
      grade: gradeName.optional(),
      q: search,
      sort: nameSort,
      ...paging,
    }),
    status: 200,
    response: page(student),
    errors: [404],
  },
  getStudent: {
    method: 'GET',
    path: '/api/core/students/{student_id}',
    summary: 'Read a student profile',
    access: readers,
    params: z.object({ student_id: id }),
    status: 200,
    response: student,
    errors: [404],
  },
  updateStudent: {
    method: 'PATCH',
    path: '/api/core/students/{student_id}',
    summary: 'Change a student profile',
    access: teachers,
    params: z.object({ student_id: id }),
    body: z.strictObject({ grade: gradeName.nullable().optional(), meta: meta.optional() }),
    status: 200,
    response: student,
    errors: [404, 409],
  },
  linkGuardian: {
    method: 'POST',
    path: '/api/core/guardians',
    summary: 'Link a guardian to a student',
    access: teachers,
    body: z.strictObject({ guardian_id: id, student_id: id }),
    status: 201,
    response: guardianLink,
    errors: [400, 409],
  },
  listGuardianLinks: {
    method: 'GET',
    path: '/api/core/guardians',
    summary: 'List the guardians of a student, or the students of a guardian',
    description:
      'Students see their own guardians and guardians their own students; others name one of the two.',
    access: { student: 'own', guardian: 'own', ...teachers },
    query: z.strictObject({ student_id: id.optional(), guardian_id: id.optional(), ...paging }),
    status: 200,
    response: page(guardianLink),
    errors: [404],
  },
  unlinkGuardian: {
    method: 'DELETE',
    path: '/api/core/guardians/{guardian_id}/{student_id}',
    summary: 'Remove the link between a guardian and a student',
    access: teachers,
    params: z.object({ guardian_id: id, student_id: id }),
    status: 204,
    response: nothing,
    errors: [404],
  },
});
