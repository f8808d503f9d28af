/**
 * A school that takes adaptive tests on a running platform, made over HTTP as a teacher would make it: classes from
 * a CSV, a bank of items whose parameters are known, a plan that was simulated and released. Its students answer as
 * their true θ and the items' parameters have it.
 */
import type * as z from 'zod';
import { authContract } from '#shared/contracts/auth.ts';
import { examPlanOperations } from '#shared/contracts/exam-plans.ts';
import { examSessionOperations } from '#shared/contracts/exam-sessions.ts';
import type { examConfig } from '#shared/contracts/exam-shapes.ts';
import { itemBankOperations } from '#shared/contracts/item-banks.ts';
import { itemOperations } from '#shared/contracts/items.ts';
import { schoolContract } from '#shared/contracts/school.ts';
import { normalOf, uniformOf } from '#shared/domain/irt/index.ts';
import { createClient } from '#shared/http/client.ts';
import { leanFetch } from './lean-fetch.ts';
import type { Platform } from './platform.ts';

const password = 'walk the dog at noon';
const teacherEmail = 'noether@exams.example';
export const examTeacher = { email: teacherEmail, password } as const;

/** Keys of the draws. */
const [SLOPE, DIFFICULTY, KEY, ABILITY, ANSWER] = [1, 2, 3, 4, 5] as const;

export interface KnownItem {
  readonly external_id: string;
  readonly a: number;
  readonly b: number;
  /** Position of the right option. */
  readonly key: number;
  /** Not known to the platform: it is given unscored. */
  readonly pilot: boolean;
}

/** 2PL items: ln a ~ N(0.2, 0.25²), b ~ N(0, 1). The last `pilots` of them are on trial. */
export const knownItems = (count: number, pilots: number, seed: number): KnownItem[] =>
  Array.from({ length: count }, (_, at) => ({
    external_id: `item-${String(at).padStart(4, '0')}`,
    a: Math.exp(0.2 + 0.25 * normalOf(seed, SLOPE, at)),
    b: normalOf(seed, DIFFICULTY, at),
    key: Math.floor(4 * uniformOf(seed, KEY, at)),
    pilot: at >= count - pilots,
  }));

const written = ({ external_id, a, b, key, pilot }: KnownItem) => ({
  external_id,
  kind: 'choice',
  body: `What does ${external_id} ask?`,
  options: ['one', 'two', 'three', 'four'],
  key,
  status: pilot ? 'pilot' : 'live',
  parameters: pilot ? null : { model: '2PL', a, b },
});

export interface ExamSchoolOptions {
  readonly classes: number;
  readonly studentsPerClass: number;
  readonly items: number;
  readonly pilots?: number;
  readonly config: z.input<typeof examConfig>;
  readonly seed: number;
}

export interface Examinee {
  readonly student_id: string;
  readonly username: string;
  readonly class_id: string;
  /** True ability. */
  readonly theta: number;
  readonly signIn: () => Promise<SignedIn>;
}
export type SignedIn = Awaited<ReturnType<typeof signedIn>>;

/** What hundreds of browsers would compute is not the platform's: they share the machine with it here. */
const send = leanFetch();

async function signedIn(origin: string, body: { email: string } | { username: string }) {
  const auth = createClient(authContract, { origin, fetch: send });
  const { access_token } = await auth.login({ body: { ...body, password } });
  const options = { origin, fetch: send, token: () => access_token };
  return {
    token: access_token,
    school: createClient(schoolContract, options),
    banks: createClient(itemBankOperations, options),
    items: createClient(itemOperations, options),
    plans: createClient(examPlanOperations, options),
    exams: createClient(examSessionOperations, options),
  };
}

export async function openExamSchool(
  { origin, adminEmail, adminPassword }: Pick<Platform, 'origin' | 'adminEmail' | 'adminPassword'>,
  options: ExamSchoolOptions,
) {
  const auth = createClient(authContract, { origin });
  const { access_token } = await auth.login({ body: { email: adminEmail, password: adminPassword } });
  const admin = createClient(schoolContract, { origin, token: () => access_token });
  const made = await admin.createUser({
    body: { name: 'Emmy Noether', email: teacherEmail, role: 'teacher' },
  });
  await auth.reset({ body: { code: made.reset_code ?? '', password } });
  const teacher = await signedIn(origin, { email: teacherEmail });

  const students = await enrolled(origin, teacher, options);
  const items = knownItems(options.items, options.pilots ?? 0, options.seed);
  const bank_id = await publishedBank(teacher, items);
  const class_ids = [...new Set(students.map(({ class_id }) => class_id))];
  const { plan_id } = await teacher.plans.createExamPlan({
    body: { name: 'Placement', exam_type: 'placement', bank_id, class_ids, config: options.config },
  });
  const simulation = await teacher.plans.simulateExamPlan({ params: { plan_id }, body: { simulees: 200 } });
  await teacher.plans.releaseExamPlan({ params: { plan_id }, body: {} });
  return { origin, teacher, students, class_ids, items, bank_id, plan_id, simulation };
}
export type ExamSchool = Awaited<ReturnType<typeof openExamSchool>>;

/** A student takes the whole test; `tried` says what becomes of each request, for one that may fail. */
export async function takeExam(
  { plan_id }: Pick<ExamSchool, 'plan_id'>,
  { signIn, class_id }: Examinee,
  answerOf: (body: string) => number,
  tried: <T>(send: () => Promise<T>) => Promise<T> = (send) => send(),
): Promise<void> {
  const { exams } = await tried(signIn);
  const { exam_session_id } = await tried(() =>
    exams.startExamSession({ body: { class_id, exam_type: 'placement', plan_id } }),
  );
  let { item } = await tried(() => exams.nextExamItem({ params: { exam_session_id } }));
  while (item) {
    const body = { exam_session_id, item_id: item.item_id, selected_choice: answerOf(item.body) };
    ({ next_item: item } = await tried(() => exams.createAttempt({ body })));
  }
}

async function enrolled(
  origin: string,
  teacher: SignedIn,
  { classes, studentsPerClass, seed }: ExamSchoolOptions,
): Promise<Examinee[]> {
  const rows = Array.from({ length: classes * studentsPerClass }, (_, at) => {
    const number = String(at).padStart(4, '0');
    return `김민아 ${number},pupil${number},,10,10-${Math.floor(at / studentsPerClass) + 1}`;
  });
  const csv = ['name,username,email,grade,class', ...rows].join('\r\n');
  const report = await teacher.school.importRoster({ body: { csv, create_classes: true } });
  const auth = createClient(authContract, { origin });
  const found: Examinee[] = [];
  for (const [at, { student_id, username, class_id, reset_code }] of report.rows.entries()) {
    if (!student_id || !username || !class_id) throw new Error(`row ${at} of the roster was refused`);
    if (reset_code !== null) await auth.reset({ body: { code: reset_code, password } });
    const theta = normalOf(seed, ABILITY, at);
    found.push({ student_id, username, class_id, theta, signIn: () => signedIn(origin, { username }) });
  }
  return found;
}

async function publishedBank({ banks }: SignedIn, items: readonly KnownItem[]): Promise<string> {
  const { bank_id } = await banks.createItemBank({ body: { name: 'Known items' } });
  const content = JSON.stringify(items.map(written));
  const report = await banks.importItems({ params: { bank_id }, body: { format: 'json', content } });
  if (report.refused > 0) throw new Error(`${report.refused} items were refused`);
  await banks.publishItemBank({ params: { bank_id }, body: {} });
  return bank_id;
}

/** How a student with `theta` answers each item: the same answer however often it is asked. */
export function answerer(items: readonly KnownItem[], seed: number) {
  const byName = new Map(items.map((item, at) => [`What does ${item.external_id} ask?`, { item, at }]));
  return (student: number, theta: number, body: string): number => {
    const known = byName.get(body);
    if (!known) throw new Error(`no such item: ${body}`);
    const { a, b, key } = known.item;
    const right =
      uniformOf(seed, ANSWER, student * items.length + known.at) < 1 / (1 + Math.exp(-a * (theta - b)));
    return right ? key : (key + 1) % 4;
  };
}
