import * as z from 'zod';
import { email, newPassword, resetCode, username } from './auth.ts';
import { contract, role } from './operation.ts';
import { externalIds, id, instant, meta, nothing, page, paging, text } from './shapes.ts';
import { user } from './users.ts';

const nameSort = z
  .enum(['name', '-name'])
  .default('name')
  .meta({ description: 'Order by name, or backwards' });
const search = text(100).optional().meta({ description: 'Part of a name, e-mail address or username' });
const orgFilter = id.optional().meta({ description: 'The caller’s own organisation when absent' });

export const organization = z
  .object({
    org_id: id,
    name: z.string(),
    type: z.string(),
    member_count: z.int(),
    external_ids: externalIds,
    created_at: instant,
    updated_at: instant,
  })
  .meta({ id: 'Organization' });

const organizationFields = {
  name: text(200).meta({ examples: ['서울고등학교'] }),
  type: text(50).meta({ description: 'For instance school, academy, district', examples: ['school'] }),
  external_ids: externalIds.optional(),
};

const gradeName = text(20).meta({
  description: 'School year as the school writes it',
  examples: ['10', '고1'],
});

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

export const guardianLink = z
  .object({
    guardian_id: id,
    guardian_name: z.string(),
    student_id: id,
    student_name: z.string(),
    linked_at: instant,
  })
  .meta({ id: 'GuardianLink' });

const bulkRow = z
  .object({
    student_id: id,
    status: z.enum(['enrolled', 'already_enrolled', 'unknown_student']),
    detail: z.string().nullable(),
  })
  .meta({ id: 'BulkEnrollmentRow' });

const everybodyInOrganization = {
  student: 'organization',
  guardian: 'organization',
  assistant: 'organization',
  teacher: 'organization',
  org_admin: 'organization',
  platform_admin: 'all',
} as const;
const admins = { org_admin: 'organization', platform_admin: 'all' } as const;
const teachers = { teacher: 'taught', ...admins } as const;
const staff = { assistant: 'taught', ...teachers } as const;
const readers = { student: 'own', guardian: 'linked', ...staff } as const;
const classReaders = { student: 'member', guardian: 'linked', ...staff } as const;

export const schoolContract = contract({
  createOrganization: {
    method: 'POST',
    path: '/api/core/organizations',
    summary: 'Create an organisation',
    access: { platform_admin: 'all' },
    body: z.strictObject(organizationFields),
    status: 201,
    response: organization,
  },
  listOrganizations: {
    method: 'GET',
    path: '/api/core/organizations',
    summary: 'List the organisations one may see',
    access: everybodyInOrganization,
    query: z.strictObject({ q: search, sort: nameSort, ...paging }),
    status: 200,
    response: page(organization),
  },
  getOrganization: {
    method: 'GET',
    path: '/api/core/organizations/{org_id}',
    summary: 'Read an organisation',
    access: everybodyInOrganization,
    params: z.object({ org_id: id }),
    status: 200,
    response: organization,
    errors: [404],
  },
  updateOrganization: {
    method: 'PATCH',
    path: '/api/core/organizations/{org_id}',
    summary: 'Change an organisation',
    access: admins,
    params: z.object({ org_id: id }),
    body: z.strictObject(organizationFields).partial(),
    status: 200,
    response: organization,
    errors: [404, 409],
  },
  deleteOrganization: {
    method: 'DELETE',
    path: '/api/core/organizations/{org_id}',
    summary: 'Delete an empty organisation',
    description: 'Refused with 409 while it has members.',
    access: { platform_admin: 'all' },
    params: z.object({ org_id: id }),
    status: 204,
    response: nothing,
    errors: [404, 409],
  },

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
