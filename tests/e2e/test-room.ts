/** A class with a bank of items, a released adaptive test and quizzes, made through the API; students take them. */
import { authContract } from '#shared/contracts/auth.ts';
import { examPlanOperations } from '#shared/contracts/exam-plans.ts';
import { examSessionOperations } from '#shared/contracts/exam-sessions.ts';
import { itemBankOperations } from '#shared/contracts/item-banks.ts';
import { quizOperations } from '#shared/contracts/quizzes.ts';
import { schoolContract } from '#shared/contracts/school.ts';
import { createClient } from '#shared/http/client.ts';
import type { SharedPlatform } from '#tests/support/shared-platform.ts';
import { unique } from '#tests/support/unique.ts';
import { password } from './world.ts';

type Login = { readonly email: string } | { readonly username: string };
type Role = 'teacher' | 'student' | 'guardian';

/** The clients of somebody who is signed in. */
export async function person(origin: string, login: Login, secret = password) {
  const { access_token, user } = await createClient(authContract, { origin }).login({
    body: { ...login, password: secret },
  });
  const options = { origin, token: () => access_token };
  return {
    user,
    school: createClient(schoolContract, options),
    banks: createClient(itemBankOperations, options),
    plans: createClient(examPlanOperations, options),
    sessions: createClient(examSessionOperations, options),
    quizzes: createClient(quizOperations, options),
  };
}
export type Person = Awaited<ReturnType<typeof person>>;

const choice = {
  kind: 'choice',
  body: 'What does this print?\n\n```\nfor i in range(3):\n    print(i, end=" ")\n```',
  options: ['`0 1 2`', '`1 2 3`', '`0 1 2 3`', 'Nothing: it is an error'],
  key: 0,
  explanation: '`range(3)` counts from 0 and stops before 3.',
} as const;
const formula = {
  kind: 'choice',
  body: String.raw`What is $\displaystyle\sum_{k=1}^{4} k^2$?`,
  options: ['$10$', '$16$', '$30$', String.raw`$\frac{16}{3}$`],
  key: 2,
  explanation: String.raw`$1 + 4 + 9 + 16 = 30$, or $\frac{n(n+1)(2n+1)}{6}$ with $n = 4$.`,
} as const;
const multi = {
  kind: 'multi',
  body: 'Which of these are prime?',
  options: ['$2$', '$9$', '$11$', '$21$'],
  key: [0, 2],
  explanation: '$9 = 3^2$ and $21 = 3 \\cdot 7$.',
} as const;
const numeric = {
  kind: 'numeric',
  body: 'A triangle has the sides $3$ and $4$ and a right angle between them. How long is half of the third side?',
  key: { value: 2.5, tolerance: 0.01 },
  explanation: String.raw`$\frac{1}{2}\sqrt{3^2 + 4^2} = 2.5$`,
} as const;
const text = {
  kind: 'text',
  body: 'Which Python keyword begins the definition of a function?',
  key: { accepted: ['def'] },
  explanation: 'A definition is `def name():`.',
} as const;
export const questions = [choice, formula, multi, numeric, text] as const;

/** Live items of every kind with difficulties from −2.5 to 2.5. */
const items = Array.from({ length: 24 }, (_, k) => {
  const one = questions[k % questions.length] ?? choice;
  return {
    ...one,
    body: `${one.body}\n\n(${k + 1})`,
    parameters: { model: '2PL', a: 1.4 + 0.1 * (k % 4), b: -2.5 + (5 * k) / 23 },
    status: 'live',
    external_id: `q${k + 1}`,
  };
});

export interface TestRoom {
  readonly teacher: Person;
  readonly class_id: string;
  readonly className: string;
  readonly student_id: string;
  readonly username: string;
  readonly guardian: string;
  readonly plan_id: string;
  readonly quiz_id: string;
  /** One more student of the class, who can sign in. */
  readonly enrol: (name: string, username: string) => Promise<string>;
  /** One more quiz of the class. */
  readonly giveQuiz: (title: string, changes?: Readonly<Record<string, unknown>>) => Promise<string>;
}

export async function furnishTestRoom({
  origin,
  adminEmail,
  adminPassword,
}: SharedPlatform): Promise<TestRoom> {
  const admin = await person(origin, { email: adminEmail }, adminPassword);
  // teachers see the banks and the tests of their whole school
  const { org_id } = await admin.school.createOrganization({
    body: { name: unique('한빛 학교'), type: 'school' },
  });
  const join = async (who: { name: string; role: Role; class_id?: string } & Login) => {
    const created = await admin.school.createUser({ body: { ...who, org_id } });
    const body = { code: created.reset_code ?? '', password };
    await createClient(authContract, { origin }).reset({ body });
    return created.user_id;
  };
  const [username, guardian, email] = [
    unique('seoyeon'),
    unique('jiyoung'),
    unique('teacher@school.example'),
  ];
  const teacher_id = await join({ name: '김선생', email, role: 'teacher' });
  const className = '인공지능 10B';
  const { class_id } = await admin.school.createClass({
    body: { name: className, subject: '정보', teacher_id, org_id },
  });
  const enrol = (name: string, username: string) => join({ name, username, role: 'student', class_id });
  const student_id = await enrol('이서연', username);
  const guardian_id = await join({ name: '이지영', username: guardian, role: 'guardian' });
  await admin.school.linkGuardian({ body: { guardian_id, student_id } });

  const teacher = await person(origin, { email });
  const plan_id = await releasePlan(teacher, class_id);
  const giveQuiz = async (title: string, changes: Readonly<Record<string, unknown>> = {}) => {
    const body = { class_id, title, questions: [...questions], ...changes };
    return (await teacher.quizzes.createQuiz({ body })).quiz_id;
  };
  const quiz_id = await giveQuiz('Loops and numbers', {
    time_limit_s: 1500,
    description: 'What we did in week 3. Paper is allowed, a calculator is not.',
    max_attempts: 3,
    shuffle_options: true,
    due_at: new Date(Date.now() + 3 * 86_400_000).toISOString(),
  });
  return { teacher, class_id, className, student_id, username, guardian, plan_id, quiz_id, enrol, giveQuiz };
}

async function releasePlan(teacher: Person, class_id: string): Promise<string> {
  const { bank_id } = await teacher.banks.createItemBank({ body: { name: 'Programming and numbers' } });
  const content = JSON.stringify(items);
  await teacher.banks.importItems({ params: { bank_id }, body: { format: 'json', content } });
  await teacher.banks.publishItemBank({ params: { bank_id }, body: {} });
  const { plan_id } = await teacher.plans.createExamPlan({
    body: {
      name: 'Where do I stand?',
      exam_type: 'practice',
      bank_id,
      class_ids: [class_id],
      config: { stop: { min_items: 3, max_items: 8, se: null, time_limit_s: 1800 } },
      feedback: { when: 'after_session', show: 'score', show_answers: true },
    },
  });
  const params = { plan_id };
  await teacher.plans.simulateExamPlan({ params, body: { simulees: 100 } });
  await teacher.plans.releaseExamPlan({ params, body: {} });
  return plan_id;
}
