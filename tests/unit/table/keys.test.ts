import { expect, test } from 'vitest';
import { assignmentStandings, assignments, classAssignments } from '#shared/table/assignment.ts';
import { classes, joinCodes, staff, staffOf } from '#shared/table/class.ts';
import { enrolledIn, enrollments } from '#shared/table/enrollment.ts';
import {
  certificationResults,
  exerciseStandings,
  exercises,
  exerciseVersions,
  publishedExercises,
  versionStates,
} from '#shared/table/exercise.ts';
import { guardianLinks, guardianOf } from '#shared/table/guardian.ts';
import { organizations } from '#shared/table/organization.ts';
import { students, teachers } from '#shared/table/profile.ts';
import { claims, users } from '#shared/table/user.ts';
import { keysOf } from '#tests/support/keys-of.ts';

const at = '2026-11-20T09:30:00.000Z';
const stamps = { created_at: at, updated_at: at, version: 1 };
const profile = {
  user_id: 'u1',
  org_id: 'o1',
  name: 'Ann',
  email: null,
  username: null,
  meta: {},
  origin: 'user' as const,
  active: true,
  ...stamps,
};
const schoolClass = {
  class_id: 'c1',
  org_id: 'o1',
  teacher_id: 'u1',
  name: 'Math',
  subject: null,
  grade: null,
  join_code: 'AAAA-BBBB',
  leaderboard: 'anonymous' as const,
  student_count: 0,
  staff_count: 1,
  meta: {},
  external_ids: {},
  ...stamps,
};
const user = {
  user_id: 'u1',
  email: null,
  username: 'ann',
  name: 'Ann',
  role: 'student' as const,
  org_id: 'o1',
  locale: 'ko' as const,
  password_hash: null,
  must_change_password: false,
  disabled: false,
  external_ids: {},
  created_by: null,
  ...stamps,
};

const summary = {
  title: 'Squares',
  titles: {},
  topic: 'Loops',
  module: null,
  difficulty: 'easy' as const,
  language: 'python' as const,
  tags: [],
  estimated_completion_time_min: 10,
};
const exercise = {
  exercise_id: 'e1',
  org_id: 'o1',
  ...summary,
  status: 'published' as const,
  practice: true,
};
const certification = { job_id: null, at: null, grader_version: null, problems: [] };
const assignment = {
  assignment_id: 'a1',
  org_id: 'o1',
  class_id: 'c1',
  exercise_id: 'e1',
  title: null,
  opens_at: null,
  due_at: at,
  late_policy: { kind: 'accept' as const },
  max_attempts: null,
  cooldown_s: 0,
  review: 'never' as const,
  created_by: 'u1',
  ...stamps,
};
const standing = { attempts: 1, best_grade: 100, status: 'graded' as const, version: 1 };

test('exercises and assignments stand where their access patterns look for them', () => {
  expect({
    exercise: keysOf(exercises, {
      ...exercise,
      newest_version: 2,
      published_version: 1,
      assignment_count: 0,
      created_by: 'u1',
      ...stamps,
    }),
    published: keysOf(publishedExercises, {
      ...exercise,
      published_version: 1,
      created_by: 'u1',
      created_at: at,
      updated_at: at,
    }),
    version: keysOf(exerciseVersions, {
      ...summary,
      exercise_id: 'e1',
      version_number: 12,
      problem_description: 'x',
      hints: [],
      translations: {},
      starter_code: '',
      solution_code: 'x',
      tests: [],
      limits: null,
      created_by: 'u1',
      created_at: at,
    }),
    'state of a version': keysOf(versionStates, {
      exercise_id: 'e1',
      version_number: 12,
      changed: [],
      certification: { status: 'none', ...certification },
      published_at: null,
      created_by: 'u1',
      created_at: at,
      version: 1,
    }),
    'results of a certification': keysOf(certificationResults, {
      exercise_id: 'e1',
      version_number: 12,
      job_id: 'j1',
      solution_results: [],
      starter_results: [],
    }),
    'standing with an exercise': keysOf(exerciseStandings, {
      exercise_id: 'e1',
      student_id: 'u1',
      last_submission_id: 's1',
      last_at: at,
      ...standing,
    }),
    assignment: keysOf(assignments, assignment),
    'assignment without an end': keysOf(assignments, { ...assignment, due_at: null }).slice(2, 3),
    'assignment of a class': keysOf(classAssignments, {
      class_id: 'c1',
      exercise_id: 'e1',
      assignment_id: 'a1',
      opens_at: null,
    }),
    'standing with an assignment': keysOf(assignmentStandings, {
      assignment_id: 'a1',
      student_id: 'u1',
      late: false,
      last_submission_id: 's1',
      last_at: at,
      extension: null,
      ...standing,
    }),
  }).toEqual({
    exercise: [
      'table: exercise#e1 / exercise',
      'gsi1: org#o1#exercises / squares#e1',
      `gsi2: org#o1#exercises#changed / ${at}#e1`,
    ],
    published: [
      'table: exercise#e1 / published',
      'gsi1: org#o1#published / squares#e1',
      `gsi2: org#o1#published#changed / ${at}#e1`,
    ],
    version: ['table: exercise#e1 / version#0012'],
    'state of a version': ['table: exercise#e1 / state#0012'],
    'results of a certification': ['table: exercise#e1 / certification#0012'],
    'standing with an exercise': ['table: exercise#e1 / student#u1'],
    assignment: [
      'table: assignment#a1 / assignment',
      `gsi1: org#o1#assignments / ${at}#a1`,
      `gsi2: class#c1#assignments / ${at}#a1`,
      `gsi3: exercise#e1#assignments / ${at}#a1`,
    ],
    'assignment without an end': ['gsi2: class#c1#assignments / ~#a1'],
    'assignment of a class': ['table: class#c1 / given#e1#a1'],
    'standing with an assignment': ['table: assignment#a1 / student#u1'],
  });
});

test('every item of a school stands where its access patterns look for it', () => {
  expect({
    organization: keysOf(organizations, {
      org_id: 'o1',
      name: '서울',
      kind: 'school',
      member_count: 0,
      external_ids: {},
      ...stamps,
    }),
    user: keysOf(users, user),
    claim: keysOf(claims, { kind: 'email', value: 'Ａnn@School.example', user_id: 'u1' }),
    teacher: keysOf(teachers, { ...profile, subject: 'Math' }),
    student: keysOf(students, { ...profile, grade: '고1', time_factor: 1 }),
    'student without a grade': keysOf(students, { ...profile, grade: null, time_factor: 1 }),
    'inactive student': keysOf(students, { ...profile, active: false, grade: '고1', time_factor: 1 }),
    class: keysOf(classes, schoolClass),
    staff: keysOf(staff, { class_id: 'c1', user_id: 'u1', name: 'Ann', role: 'teacher', added_at: at }),
    'staff of': keysOf(staffOf, { class_id: 'c1', user_id: 'u1', role: 'teacher' }),
    'join code': keysOf(joinCodes, { code: 'AAAABBBB', class_id: 'c1' }),
    enrollment: keysOf(enrollments, {
      class_id: 'c1',
      student_id: 'u1',
      student_name: 'Ann',
      source: 'bulk',
      batch_id: null,
      enrolled_at: at,
    }),
    'enrolled in': keysOf(enrolledIn, { class_id: 'c1', student_id: 'u1' }),
    'guardian link': keysOf(guardianLinks, {
      guardian_id: 'g1',
      guardian_name: 'Gil',
      student_id: 'u1',
      student_name: 'Ann',
      linked_at: at,
    }),
    'guardian of': keysOf(guardianOf, { guardian_id: 'g1', student_id: 'u1' }),
  }).toEqual({
    organization: ['table: org#o1 / org', 'gsi1: orgs / 서울#o1'],
    user: ['table: user#u1 / user', 'gsi1: org#o1#users / ann#u1', 'gsi2: org#o1#users#student / ann#u1'],
    claim: ['table: email#ann@school.example / unique'],
    teacher: [
      'table: user#u1 / teacher',
      'gsi1: org#o1#teachers / ann#u1',
      'gsi2: org#o1#teachers#math / ann#u1',
    ],
    student: [
      'table: user#u1 / student',
      'gsi1: org#o1#students / ann#u1',
      'gsi2: org#o1#students#고1 / ann#u1',
    ],
    'student without a grade': ['table: user#u1 / student', 'gsi1: org#o1#students / ann#u1'],
    'inactive student': ['table: user#u1 / student'],
    class: [
      'table: class#c1 / class',
      'gsi1: org#o1#classes / math#c1',
      'gsi2: teacher#u1#classes / math#c1',
    ],
    staff: ['table: class#c1 / staff#u1'],
    'staff of': ['table: user#u1 / staff#c1'],
    'join code': ['table: join#AAAABBBB / unique'],
    enrollment: ['table: class#c1 / student#u1', 'gsi1: class#c1#roster / ann#u1'],
    'enrolled in': ['table: user#u1 / enrolled#c1'],
    'guardian link': ['table: user#g1 / child#u1'],
    'guardian of': ['table: user#u1 / guardian#g1'],
  });
});
