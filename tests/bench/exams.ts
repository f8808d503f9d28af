import { setTimeout as sleep } from 'node:timers/promises';
import {
  answerer,
  type Examinee,
  type ExamSchool,
  openExamSchool,
  type SignedIn,
} from '#tests/support/exam-school.ts';
import { wrongStatistics } from '#tests/support/exam-truth.ts';
import { startPlatform } from '#tests/support/platform.ts';
import { type Figure, hostTakes, quantile } from './measure.ts';

/** LYCEUM_BENCH_STUDENTS finds out how many a machine carries. */
const students = Number(process.env['LYCEUM_BENCH_STUDENTS'] ?? 500);
const startWithinMs = 60_000;
const answers = 20;
const paceMs = 2_000;
const seed = 7;

/**
 * A whole year takes one test: 500 students sign in and start within a minute, then answer 20 items each, one every
 * two seconds, and every statistic is compared with what the sessions say.
 */
export async function benchmark(): Promise<Figure[]> {
  await using platform = await startPlatform();
  const school = await openExamSchool(platform, {
    classes: 1,
    studentsPerClass: students,
    items: 300,
    config: { stop: { min_items: answers, max_items: answers, se: null } },
    seed,
  });
  const times: Times = { signIn: [], start: [], answer: [], errors: 0 };
  const began = performance.now();
  const sitting = await Promise.all(
    school.students.map(async (student, at) => {
      await sleep((at / students) * startWithinMs * 0.95);
      return begin(student, school, times);
    }),
  );
  const startedWithin = (performance.now() - began) / 1000;
  const answerOf = answerer(school.items, seed);
  const taken = hostTakes();
  await Promise.all(
    sitting.map(async (one, at) => {
      await sleep((at / students) * paceMs);
      if (one) await take(one, (body) => answerOf(at, one.theta, body), times);
    }),
  );
  const takenByHost = taken();
  const wrong = await wrongStatistics(school);
  for (const line of wrong.slice(0, 10)) console.error(line);
  const ms = (values: readonly number[], q: number) => Math.round(quantile(values, q));
  return [
    { name: `${students} have signed in and started after`, value: startedWithin, unit: 's', target: 60 },
    { name: 'sign-in, p95', value: ms(times.signIn, 0.95), unit: 'ms' },
    { name: 'start of the test, p95', value: ms(times.start, 0.95), unit: 'ms', target: 1000 },
    { name: `answer, ${students} students at one in 2 s, p50`, value: ms(times.answer, 0.5), unit: 'ms' },
    {
      name: `answer, ${students} students at one in 2 s, p95`,
      value: ms(times.answer, 0.95),
      unit: 'ms',
      target: 300,
    },
    { name: "of the cores' time meanwhile taken by the host", value: takenByHost, unit: '%' },
    { name: 'answers', value: times.answer.length, unit: '', target: students * answers, atLeast: true },
    { name: 'errors', value: times.errors, unit: '', target: 0 },
    { name: 'statistics that are not what the sessions say', value: wrong.length, unit: '', target: 0 },
  ];
}

interface Times {
  readonly signIn: number[];
  readonly start: number[];
  readonly answer: number[];
  errors: number;
}

interface Sitting extends SignedIn {
  readonly theta: number;
  readonly exam_session_id: string;
  readonly item: Pending;
}
type Pending = Awaited<ReturnType<SignedIn['exams']['nextExamItem']>>['item'];

async function timed<T>(into: number[], act: () => Promise<T>): Promise<T> {
  const from = performance.now();
  const result = await act();
  into.push(performance.now() - from);
  return result;
}

async function begin(
  { signIn, class_id, theta }: Examinee,
  { plan_id }: ExamSchool,
  times: Times,
): Promise<Sitting | undefined> {
  try {
    const person = await timed(times.signIn, signIn);
    const { exam_session_id } = await timed(times.start, () =>
      person.exams.startExamSession({ body: { class_id, exam_type: 'placement', plan_id } }),
    );
    const { item } = await person.exams.nextExamItem({ params: { exam_session_id } });
    return { ...person, theta, exam_session_id, item };
  } catch (error) {
    fails(times, error);
    return undefined;
  }
}

/** The first item was read at the start, each later one comes with the reply to the answer before. */
async function take(
  { exams, exam_session_id, item: first }: Sitting,
  answerOf: (body: string) => number,
  times: Times,
): Promise<void> {
  let item = first;
  while (item) {
    const { item_id, body } = item;
    const next = performance.now() + paceMs;
    try {
      const reply = await timed(times.answer, () =>
        exams.createAttempt({ body: { exam_session_id, item_id, selected_choice: answerOf(body) } }),
      );
      item = reply.next_item;
    } catch (error) {
      fails(times, error);
      return;
    }
    if (item) await sleep(Math.max(0, next - performance.now()));
  }
}

function fails(times: Times, error: unknown): void {
  if (times.errors++ < 5) console.error(error);
}
