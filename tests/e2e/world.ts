/** A school with a class, a student and a finished training, made through the API. */

import { authContract } from '#shared/contracts/auth.ts';
import { schoolContract } from '#shared/contracts/school.ts';
import { trainingContract } from '#shared/contracts/training.ts';
import { createClient } from '#shared/http/client.ts';
import type { Platform } from '#tests/support/platform.ts';

export const password = 'giraffes eat tall leaves';

async function clientsOf(origin: string, login: { email: string } | { username: string }, secret: string) {
  const auth = createClient(authContract, { origin });
  const { access_token, user } = await auth.login({ body: { ...login, password: secret } });
  const options = { origin, token: () => access_token };
  return {
    user,
    school: createClient(schoolContract, options),
    training: createClient(trainingContract, options),
  };
}

export interface World {
  readonly class_id: string;
  readonly student_id: string;
  readonly username: string;
  /** A finished training of the student, shared with the class. */
  readonly session_id: string;
}

export async function furnish({ origin, adminEmail, adminPassword }: Platform): Promise<World> {
  const admin = await clientsOf(origin, { email: adminEmail }, adminPassword);
  const teacher = await admin.school.createUser({
    body: { name: '김선생', email: 'teacher@school.example', role: 'teacher', password },
  });
  const { class_id } = await admin.school.createClass({
    body: { name: '인공지능 10B', subject: '정보', grade: '10', teacher_id: teacher.user_id },
  });
  const student = await admin.school.createUser({
    body: { name: '이서연', username: 'seoyeon', role: 'student', password, class_id },
  });
  const own = await clientsOf(origin, { username: 'seoyeon' }, password);
  const { session_id } = await own.training.start({
    body: {
      algorithm: 'ppo',
      environment: 'CartPole-v1',
      max_steps: 4096,
      eval_frequency: 2048,
      seed: 7,
      class_id,
      name: '첫 훈련',
    },
  });
  await completed(async () => (await own.training.status({ params: { session_id } })).status);
  return { class_id, student_id: student.user_id, username: 'seoyeon', session_id };
}

export async function completed(status: () => Promise<string>, within_s = 90): Promise<void> {
  const deadline = Date.now() + within_s * 1000;
  for (let now = await status(); now !== 'completed'; now = await status()) {
    if (now === 'failed' || Date.now() > deadline) throw new Error(`The training is ${now}.`);
    await new Promise((wait) => setTimeout(wait, 250));
  }
}
