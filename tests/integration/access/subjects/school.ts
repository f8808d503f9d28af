import type { schoolContract } from '#shared/contracts/school.ts';
import type { Circle } from '../cast.ts';
import type { Asked, Subjects } from '../subject.ts';
import { resultSubjects } from './results.ts';

const circle = ({ cast, whose }: Asked): Circle => cast.circles[whose];

const aStudent = ({ cast, whose }: Asked) =>
  cast.school.person('student', { org_id: cast.circles[whose].org_id });

/** A student of the circle's class who may be taken out of it. */
async function anEnrolled(asked: Asked): Promise<string> {
  const { user_id } = await aStudent(asked);
  const { teacher, class_id } = circle(asked);
  await teacher.school.enroll({ body: { class_id, student_id: user_id } });
  return user_id;
}

async function aGuardian({ cast, whose }: Asked): Promise<string> {
  const { org_id } = cast.circles[whose];
  return (await cast.school.person('guardian', { org_id })).user_id;
}

async function aStaffMember(asked: Asked): Promise<string> {
  const { user_id } = await asked.cast.school.person('assistant', { org_id: circle(asked).org_id });
  const { teacher, class_id } = circle(asked);
  await teacher.school.putStaff({ params: { class_id, user_id }, body: { role: 'assistant' } });
  return user_id;
}

async function anotherClass(asked: Asked): Promise<string> {
  const { teacher } = circle(asked);
  const { class_id } = await teacher.school.createClass({ body: { name: asked.cast.unique() } });
  return class_id;
}

const organizationParams = (asked: Asked) => ({ params: { org_id: circle(asked).org_id } });
const classParams = (asked: Asked) => ({ params: { class_id: circle(asked).class_id } });
const studentParams = (asked: Asked) => ({
  params: { student_id: circle(asked).student.user_id, user_id: circle(asked).student.user_id },
});
const teacherParams = (asked: Asked) => ({ params: { teacher_id: circle(asked).teacher.user_id } });
/** The whole list of the organisation that the object is in. */
const listQuery = (asked: Asked) => ({ query: { org_id: circle(asked).org_id, limit: 100 } });

const organizationSubjects = {
  createOrganization: {
    reach: 'none',
    request: ({ cast }) => ({ body: { name: cast.unique(), type: 'school' } }),
  },
  listOrganizations: {
    reach: 'list',
    request: () => ({ query: { limit: 100 } }),
    lists: ({ items }, asked) => items.some(({ org_id }) => org_id === circle(asked).org_id),
  },
  getOrganization: { reach: 'object', request: organizationParams },
  updateOrganization: {
    reach: 'object',
    request: (asked) => ({ ...organizationParams(asked), body: { type: 'academy' } }),
  },
  deleteOrganization: {
    reach: 'none',
    request: async ({ cast }) => ({ params: { org_id: await cast.school.organization(cast.unique()) } }),
  },
} satisfies Partial<Subjects<typeof schoolContract>>;

const userSubjects = {
  createUser: {
    reach: 'object',
    refused: [400],
    request: (asked) => ({
      body: { name: 'New', username: asked.cast.unique(), org_id: circle(asked).org_id },
    }),
  },
  listUsers: {
    reach: 'list',
    request: (asked) => ({
      query: { org_id: circle(asked).org_id, q: circle(asked).student.name, limit: 100 },
    }),
    lists: ({ items }, asked) => items.some(({ user_id }) => user_id === circle(asked).student.user_id),
  },
  getUser: { reach: 'object', request: studentParams },
  updateUser: {
    reach: 'object',
    request: async (asked) => ({
      params: { user_id: (await aStudent(asked)).user_id },
      body: { role: 'guardian', disabled: true },
    }),
  },
  resetUser: { reach: 'object', request: studentParams },
} satisfies Partial<Subjects<typeof schoolContract>>;

const profileSubjects = {
  createTeacher: {
    reach: 'object',
    refused: [400],
    request: async (asked) => {
      const { user_id } = await asked.cast.school.person('teacher', { org_id: circle(asked).org_id });
      return { body: { user_id } };
    },
  },
  listTeachers: {
    reach: 'list',
    request: listQuery,
    lists: ({ items }, asked) => items.some(({ user_id }) => user_id === circle(asked).teacher.user_id),
  },
  getTeacher: { reach: 'object', request: teacherParams },
  updateTeacher: {
    reach: 'object',
    request: (asked) => ({ ...teacherParams(asked), body: { subject: 'Music' } }),
  },
  createStudent: {
    reach: 'object',
    refused: [400],
    request: async (asked) => ({ body: { user_id: (await aStudent(asked)).user_id } }),
  },
  listStudents: {
    reach: 'list',
    request: (asked) => ({
      query: { org_id: circle(asked).org_id, q: circle(asked).student.name, limit: 100 },
    }),
    lists: ({ items }, asked) => items.some(({ user_id }) => user_id === circle(asked).student.user_id),
  },
  getStudent: { reach: 'object', request: studentParams },
  updateStudent: {
    reach: 'object',
    request: (asked) => ({ ...studentParams(asked), body: { grade: '2' } }),
  },
} satisfies Partial<Subjects<typeof schoolContract>>;

const classSubjects = {
  createClass: {
    reach: 'object',
    // a teacher may know the colleague in whose name they may not act
    refused: [400, 403],
    request: (asked) => ({
      body: {
        name: asked.cast.unique(),
        teacher_id: circle(asked).teacher.user_id,
        org_id: circle(asked).org_id,
      },
    }),
  },
  listClasses: {
    reach: 'list',
    request: (asked) => ({ query: { ...listQuery(asked).query, q: 'circle' } }),
    lists: ({ items }, asked) => items.some(({ class_id }) => class_id === circle(asked).class_id),
  },
  getClass: { reach: 'object', request: classParams },
  updateClass: { reach: 'object', request: (asked) => ({ ...classParams(asked), body: { grade: '2' } }) },
  deleteClass: {
    reach: 'object',
    request: async (asked) => ({ params: { class_id: await anotherClass(asked) } }),
  },
  renewJoinCode: { reach: 'object', request: classParams },
  joinClass: {
    reach: 'none',
    request: async (asked) => {
      const { teacher } = circle(asked);
      const created = await teacher.school.createClass({ body: { name: asked.cast.unique() } });
      return { body: { code: created.join_code ?? '' } };
    },
  },
  listClassStudents: { reach: 'object', request: classParams },
  listStaff: { reach: 'object', request: classParams },
  putStaff: {
    reach: 'object',
    request: async (asked) => {
      const { class_id, org_id } = circle(asked);
      const { user_id } = await asked.cast.school.person('assistant', { org_id });
      return { params: { class_id, user_id }, body: { role: 'assistant' } };
    },
  },
  removeStaff: {
    reach: 'object',
    request: async (asked) => ({
      params: { class_id: circle(asked).class_id, user_id: await aStaffMember(asked) },
    }),
  },
} satisfies Partial<Subjects<typeof schoolContract>>;

const enrollmentSubjects = {
  enroll: {
    reach: 'object',
    refused: [400],
    request: async (asked) => ({
      body: { class_id: circle(asked).class_id, student_id: (await aStudent(asked)).user_id },
    }),
  },
  enrollBulk: {
    reach: 'object',
    refused: [400],
    request: async (asked) => ({
      body: { class_id: circle(asked).class_id, student_ids: [(await aStudent(asked)).user_id] },
    }),
  },
  unenroll: {
    reach: 'object',
    request: async (asked) => ({
      params: { class_id: circle(asked).class_id, student_id: await anEnrolled(asked) },
    }),
  },
  linkGuardian: {
    reach: 'object',
    refused: [400],
    request: async (asked) => ({
      body: { guardian_id: await aGuardian(asked), student_id: circle(asked).student.user_id },
    }),
  },
  listGuardianLinks: {
    reach: 'object',
    request: (asked) => ({ query: { student_id: circle(asked).student.user_id } }),
  },
  unlinkGuardian: {
    reach: 'object',
    request: async (asked) => {
      const pair = { guardian_id: await aGuardian(asked), student_id: circle(asked).student.user_id };
      await circle(asked).teacher.school.linkGuardian({ body: pair });
      return { params: pair };
    },
  },
} satisfies Partial<Subjects<typeof schoolContract>>;

const rosterSubjects = {
  importRoster: {
    reach: 'object',
    refused: [400],
    request: async (asked) => ({
      body: {
        csv: `name,username\nNew,${asked.cast.unique()}\n`,
        class_id: await anotherClass(asked),
      },
    }),
  },
  resetClass: {
    reach: 'object',
    request: (asked) => ({ ...classParams(asked), body: { whom: 'all' } }),
  },
} satisfies Partial<Subjects<typeof schoolContract>>;

export const schoolSubjects: Subjects<typeof schoolContract> = {
  ...organizationSubjects,
  ...userSubjects,
  ...profileSubjects,
  ...classSubjects,
  ...enrollmentSubjects,
  ...rosterSubjects,
  ...resultSubjects,
};
