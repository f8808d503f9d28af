/** A teacher with a class of students, made through the API; the students hand in programs. */
import { authContract } from '#shared/contracts/auth.ts';
import { schoolContract } from '#shared/contracts/school.ts';
import { submissionOperations } from '#shared/contracts/submissions.ts';
import { createClient } from '#shared/http/client.ts';
import type { SharedPlatform } from '#tests/support/shared-platform.ts';
import { unique } from '#tests/support/unique.ts';
import { password } from './world.ts';

type Login = { readonly email: string } | { readonly username: string };

async function access(origin: string, login: Login, secret: string) {
  const { access_token } = await createClient(authContract, { origin }).login({
    body: { ...login, password: secret },
  });
  return { origin, token: () => access_token };
}

export interface Pupil {
  readonly name: string;
  readonly student_id: string;
  /** Hands a program in and waits for its verdict. */
  readonly handIn: (exercise_id: string, assignment_id: string, code: string) => Promise<Verdict>;
  /** Asks the teacher to look at a submission. */
  readonly ask: (submission_id: string, note: string) => Promise<void>;
}
interface Verdict {
  readonly submission_id: string;
  readonly status: string;
  readonly grade: number | null;
}
export interface Classroom {
  readonly class_id: string;
  readonly className: string;
  readonly teacher: string;
  readonly pupils: readonly Pupil[];
  /** What they sign in with. */
  readonly usernames: Readonly<Record<(typeof pupilNames)[number][1], string>>;
}

const pupilNames = [
  ['김민아', 'mina'],
  ['박준호', 'junho'],
  ['Olivia Brown', 'olivia'],
  ['최지우', 'jiwoo'],
] as const;

export async function openClassroom({
  origin,
  adminEmail,
  adminPassword,
}: SharedPlatform): Promise<Classroom> {
  const school = createClient(schoolContract, await access(origin, { email: adminEmail }, adminPassword));
  const join = async (person: { name: string; role: 'teacher' | 'student'; class_id?: string } & Login) => {
    const created = await school.createUser({ body: person });
    const reset = { code: created.reset_code ?? '', password };
    await createClient(authContract, { origin }).reset({ body: reset });
    return created.user_id;
  };
  const teacher = unique('noether@school.example');
  const teacher_id = await join({ name: 'Emmy Noether', email: teacher, role: 'teacher' });
  const className = '인공지능 10B';
  const { class_id } = await school.createClass({ body: { name: className, subject: '정보', teacher_id } });
  const usernames = {
    mina: unique('mina'),
    junho: unique('junho'),
    olivia: unique('olivia'),
    jiwoo: unique('jiwoo'),
  };
  const pupils: Pupil[] = [];
  for (const [name, key] of pupilNames) {
    const username = usernames[key];
    const student_id = await join({ name, username, role: 'student', class_id });
    pupils.push(await pupil(origin, { name, username, student_id }));
  }
  return { class_id, className, teacher, pupils, usernames };
}

async function pupil(
  origin: string,
  who: { name: string; username: string; student_id: string },
): Promise<Pupil> {
  const client = createClient(
    submissionOperations,
    await access(origin, { username: who.username }, password),
  );
  return {
    name: who.name,
    student_id: who.student_id,
    handIn: async (exercise_id, assignment_id, submission_code) => {
      const body = { submission_code, assignment_id };
      let one = await client.submit({ params: { exercise_id }, body });
      const deadline = Date.now() + 60_000;
      while (one.status === 'pending' || one.status === 'grading') {
        if (Date.now() > deadline) throw new Error('The submission is not graded.');
        await new Promise((wait) => setTimeout(wait, 150));
        one = await client.getSubmission({ params: { submission_id: one.submission_id } });
      }
      return one;
    },
    ask: async (submission_id, note) => {
      await client.requestReview({ params: { submission_id }, body: { note } });
    },
  };
}
