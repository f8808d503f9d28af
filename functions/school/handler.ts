import { dynamoDb } from '#shared/aws/clients.ts';
import { schoolContract } from '#shared/contracts/school.ts';
import { readEnv } from '#shared/env.ts';
import { serve } from '#shared/http/serve.ts';
import { createIdentity } from '#shared/identity/authenticate.ts';
import { readableCode } from '#shared/identity/reset-code.ts';
import { systemClock } from '#shared/ids.ts';
import { createTable } from '#shared/table/table.ts';
import { enrollBulk } from './bulk.ts';
import { createClass, deleteClass, getClass, listClasses, renewJoinCode, updateClass } from './classes.ts';
import { createUser } from './create-user.ts';
import { enroll, unenroll } from './enrollments.ts';
import { linkGuardian, listGuardianLinks, unlinkGuardian } from './guardians.ts';
import { joinClass } from './join.ts';
import * as organizations from './organizations.ts';
import { resetClass } from './reset-class.ts';
import { examHistory } from './results/exam-history.ts';
import { readLeaderboard } from './results/exam-leaderboard.ts';
import { readClassStats, readStudentStats } from './results/exam-statistics.ts';
import { exportGradebook, readGradebook } from './results/gradebook.ts';
import { readStudentResults } from './results/student.ts';
import { listClassStudents } from './roster.ts';
import { importRoster } from './roster-import/import-roster.ts';
import { listStaff, putStaff, removeStaff } from './staff.ts';
import { createStudent, getStudent, listStudents, updateStudent } from './students.ts';
import { createTeacher, getTeacher, listTeachers, updateTeacher } from './teachers.ts';
import { getUser, listUsers, resetUser, updateUser } from './users.ts';
import type { World } from './world.ts';

const env = readEnv('TABLE_NAME', 'SCHOOL', 'SCHOOL_SETTINGS');
const world: World = {
  ...systemClock,
  table: createTable(dynamoDb(), env.TABLE_NAME),
  time_zone: env.SCHOOL_SETTINGS.time_zone,
  newJoinCode: () => readableCode(8, 4),
};
const { authenticate } = createIdentity(world.table, env.SCHOOL);

export const handler = serve(schoolContract, { authenticate })({
  createOrganization: (request) => organizations.createOrganization(world, request.caller, request),
  listOrganizations: ({ caller, query }) => organizations.listOrganizations(world, caller, query),
  getOrganization: ({ caller, params }) => organizations.getOrganization(world, caller, params.org_id),
  updateOrganization: ({ caller, params, body }) =>
    organizations.updateOrganization(world, caller, params.org_id, body),
  deleteOrganization: ({ params }) => organizations.deleteOrganization(world, params.org_id),

  createUser: (request) => createUser(world, request.caller, request),
  listUsers: ({ caller, query }) => listUsers(world, caller, query),
  getUser: ({ caller, params }) => getUser(world, caller, params.user_id),
  updateUser: ({ caller, params, body }) => updateUser(world, caller, params.user_id, body),
  resetUser: ({ caller, params }) => resetUser(world, caller, params.user_id),

  createTeacher: (request) => createTeacher(world, request.caller, request),
  listTeachers: ({ caller, query }) => listTeachers(world, caller, query),
  getTeacher: ({ caller, params }) => getTeacher(world, caller, params.teacher_id),
  updateTeacher: ({ caller, params, body }) => updateTeacher(world, caller, params.teacher_id, body),

  createStudent: (request) => createStudent(world, request.caller, request),
  listStudents: ({ caller, query }) => listStudents(world, caller, query),
  getStudent: ({ caller, params }) => getStudent(world, caller, params.student_id),
  updateStudent: ({ caller, params, body }) => updateStudent(world, caller, params.student_id, body),

  createClass: (request) => createClass(world, request.caller, request),
  listClasses: ({ caller, query }) => listClasses(world, caller, query),
  getClass: ({ caller, params }) => getClass(world, caller, params.class_id),
  updateClass: ({ caller, params, body }) => updateClass(world, caller, params.class_id, body),
  deleteClass: ({ caller, params }) => deleteClass(world, caller, params.class_id),
  renewJoinCode: ({ caller, params, idempotency_key }) =>
    renewJoinCode(world, caller, params.class_id, idempotency_key),
  joinClass: (request) => joinClass(world, request.caller, request),
  listClassStudents: ({ caller, params, query }) => listClassStudents(world, caller, params.class_id, query),
  listStaff: ({ caller, params }) => listStaff(world, caller, params.class_id),
  putStaff: ({ caller, params, body }) => putStaff(world, caller, params, body.role),
  removeStaff: ({ caller, params }) => removeStaff(world, caller, params),

  enroll: (request) => enroll(world, request.caller, request),
  enrollBulk: (request) => enrollBulk(world, request.caller, request),
  unenroll: ({ caller, params }) => unenroll(world, caller, params),

  importRoster: (request) => importRoster(world, request.caller, request),
  resetClass: ({ caller, params, body }) => resetClass(world, caller, params.class_id, body.whom),

  studentExamStats: ({ caller, params }) => readStudentStats(world, caller, params.student_id),
  examHistory: ({ caller, params, query }) => examHistory(world, caller, params.student_id, query),
  classExamStats: ({ caller, params }) => readClassStats(world, caller, params.class_id),
  examLeaderboard: ({ caller, params, query }) => readLeaderboard(world, caller, params.class_id, query),

  gradebook: ({ caller, params, query }) => readGradebook(world, caller, params.class_id, query),
  gradebookFile: ({ caller, params, query }) => exportGradebook(world, caller, params.class_id, query),
  studentResults: ({ caller, params }) => readStudentResults(world, caller, params.student_id),

  linkGuardian: (request) => linkGuardian(world, request.caller, request),
  listGuardianLinks: ({ caller, query }) => listGuardianLinks(world, caller, query),
  unlinkGuardian: ({ caller, params }) => unlinkGuardian(world, caller, params),
});
