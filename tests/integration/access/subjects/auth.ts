import type { authContract } from '#shared/contracts/auth.ts';
import { demoPeople } from '#shared/table/seed.ts';
import { password } from '../cast.ts';
import type { Asked, Question, Subjects } from '../subject.ts';

const owner = ({ caller }: Question) => caller;

const signIn = ({ owner, cast }: Asked) =>
  cast.school.clients().auth.login({ body: { email: owner.email ?? '', password } });

/** The people as whom one may look around, as the setup of a demo school makes them. */
async function demoSchool({ cast }: Asked): Promise<void> {
  const { table } = cast.school;
  const { teacher, student, guardian } = cast.callers;
  const people = { teacher: teacher.user_id, student: student.user_id, guardian: guardian.user_id };
  await table.write(table.put(demoPeople, { ...people, created_at: new Date().toISOString() }));
}

const refreshToken = async (asked: Asked) => ({
  body: { refresh_token: (await signIn(asked)).refresh_token ?? '' },
});

export const authSubjects: Subjects<typeof authContract> = {
  register: {
    reach: 'none',
    request: ({ cast }) => ({
      body: { email: `${cast.unique()}@school.example`, password, name: 'New Student' },
    }),
  },
  login: {
    reach: 'none',
    owner,
    request: ({ owner: { email } }) => ({ body: { email: email ?? '', password } }),
  },
  refresh: { reach: 'none', owner, request: refreshToken },
  logout: { reach: 'none', owner, request: refreshToken },
  me: { reach: 'none', request: () => ({}) },
  updateMe: { reach: 'none', request: () => ({ body: { locale: 'ko' } }) },
  changePassword: {
    reach: 'none',
    // each caller changes it once, after the sign-ins above
    request: ({ cast }) => ({
      body: { current_password: password, new_password: `another lake ${cast.unique()}` },
    }),
  },
  reset: {
    reach: 'none',
    request: async ({ cast }) => {
      const { reset_code } = await cast.platform_admin.school.createUser({
        body: { name: 'Forgetful', username: cast.unique() },
      });
      return { body: { code: reset_code ?? '', password } };
    },
  },
  demo: { reach: 'none', request: () => ({}) },
  demoSignIn: {
    reach: 'none',
    request: async (asked) => {
      await demoSchool(asked);
      return { body: { role: 'student' } };
    },
  },
};
