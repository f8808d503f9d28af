/** A school with a class, its people and a finished training, made through the API. */

import { authContract } from '#shared/contracts/auth.ts';
import { schoolContract } from '#shared/contracts/school.ts';
import { trainingContract } from '#shared/contracts/training.ts';
import { createClient } from '#shared/http/client.ts';
import type { SharedPlatform } from '#tests/support/shared-platform.ts';
import { unique } from '#tests/support/unique.ts';

export const password = 'giraffes eat tall leaves';

type Login = { readonly email: string } | { readonly username: string };

async function signedIn(origin: string, login: Login, secret: string) {
  const { access_token, user } = await createClient(authContract, { origin }).login({
    body: { ...login, password: secret },
  });
  const options = { origin, token: () => access_token };
  return {
    user,
    school: createClient(schoolContract, options),
    training: createClient(trainingContract, options),
  };
}
type Admin = Awaited<ReturnType<typeof signedIn>>;

/** A person who has set their password with the code they were handed. */
async function join(
  origin: string,
  admin: Admin,
  person: { name: string; role: 'teacher' | 'student' | 'guardian'; class_id?: string } & Login,
) {
  const created = await admin.school.createUser({ body: person });
  await createClient(authContract, { origin }).reset({ body: { code: created.reset_code ?? '', password } });
  return created.user_id;
}

/** Starts a training of a student and waits until it is done. */
export async function train(
  origin: string,
  username: string,
  run: {
    readonly name: string;
    readonly class_id: string;
    readonly max_steps: number;
    readonly eval_frequency: number;
  },
): Promise<string> {
  const own = await signedIn(origin, { username }, password);
  const { session_id } = await own.training.start({
    body: { algorithm: 'ppo', environment: 'CartPole-v1', seed: 7, ...run },
  });
  await completed(async () => (await own.training.status({ params: { session_id } })).status);
  return session_id;
}

async function completed(status: () => Promise<string>, within_s = 300): Promise<void> {
  const deadline = Date.now() + within_s * 1000;
  for (let now = await status(); now !== 'completed'; now = await status()) {
    if (now === 'failed' || Date.now() > deadline) throw new Error(`The training is ${now}.`);
    await new Promise((wait) => setTimeout(wait, 250));
  }
}

export interface World {
  readonly class_id: string;
  readonly student_id: string;
  readonly username: string;
  readonly teacher: string;
  readonly guardian: string;
  /** A finished training of the student, shared with the class. */
  readonly session_id: string;
  /** Makes one more student of the class. */
  readonly enrol: (name: string, username: string) => Promise<string>;
}

/** The shortest run that has a curve, evaluations and an episode. */
const shortRun = { max_steps: 4096, eval_frequency: 2048 };

export async function furnish(
  { origin, adminEmail, adminPassword }: SharedPlatform,
  run = shortRun,
): Promise<World> {
  const admin = await signedIn(origin, { email: adminEmail }, adminPassword);
  const [username, guardian, teacher] = [
    unique('seoyeon'),
    unique('jiyoung'),
    unique('teacher@school.example'),
  ];
  const teacher_id = await join(origin, admin, { name: '김선생', email: teacher, role: 'teacher' });
  const { class_id } = await admin.school.createClass({
    body: { name: '인공지능 10B', subject: '정보', grade: '10', teacher_id },
  });
  const enrol = (name: string, username: string) =>
    join(origin, admin, { name, username, role: 'student', class_id });
  const student_id = await enrol('이서연', username);
  const guardian_id = await join(origin, admin, { name: '이지영', username: guardian, role: 'guardian' });
  await admin.school.linkGuardian({ body: { guardian_id, student_id } });
  const session_id = await train(origin, username, { name: '첫 훈련', class_id, ...run });
  return { class_id, student_id, username, teacher, guardian, session_id, enrol };
}
