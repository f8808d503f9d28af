/**
 * `npm run test:exams [students]`: a year takes an adaptive test on a running platform, a tenth of it the way networks
 * and people are: answers sent twice at once, sent again with another choice, given up on the way and sent anew, pages
 * reloaded, devices changed, while the whole platform is killed and started again. Then every statistic is computed anew
 * from the raw answers, and a calibration of the items on trial is compared with the parameters that the answers were
 * drawn from.
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { calibrationOperations } from '#shared/contracts/calibrations.ts';
import { ApiError, createClient } from '#shared/http/client.ts';
import {
  answerer,
  type Examinee,
  type ExamSchool,
  openExamSchool,
  type SignedIn,
  takeExam,
} from '#tests/support/exam-school.ts';
import { wrongStatistics } from '#tests/support/exam-truth.ts';
import { type Platform, startPlatform } from '#tests/support/platform.ts';
import { scratch } from '#tests/support/scratch.ts';

const students = Number(process.argv[2] ?? 600);
const classes = 3;
const atOnce = 20;
const pilots = 5;
/** How often everything is killed with SIGKILL while they take the test. */
const kills = Number(process.env['LYCEUM_EXAMS_KILLS'] ?? 2);
const seed = Number(process.env['LYCEUM_EXAMS_SEED'] ?? 11);

const faults: string[] = [];
const expect = (holds: boolean, fault: string): void => {
  if (!holds) faults.push(fault);
};
const say = (line: string): void => console.info(`${new Date().toISOString().slice(11, 19)} ${line}`);

async function main(): Promise<void> {
  const data = join(scratch('exams'), 'data');
  let platform = await startPlatform({ data });
  const port = Number(new URL(platform.origin).port);
  const restarted = async (): Promise<void> => {
    await platform.kill();
    platform = await startPlatform({ data, port });
    say('killed and started again');
  };
  try {
    await campaign(platform, restarted);
  } finally {
    await platform.stop();
  }
}

async function campaign(platform: Platform, restarted: () => Promise<void>): Promise<void> {
  say(`${students} students in ${classes} classes, a bank of 300 items, ${pilots} of them on trial`);
  const school = await openExamSchool(platform, {
    classes,
    studentsPerClass: Math.ceil(students / classes),
    items: 300,
    pilots,
    config: { stop: { min_items: 15, max_items: 20, se: 0.35 }, pilot: { count: pilots } },
    seed,
  });
  const { mean_items, max_exposure } = school.simulation.summary;
  say(`released; simulated: ${mean_items.toFixed(1)} items, highest exposure ${max_exposure.toFixed(2)}`);
  await everybodyTakes(school, restarted);
  faults.push(...(await wrongStatistics(school)));
  say('statistics compared with the raw answers');
  await calibrates(school);
  for (const fault of faults.slice(0, 20)) console.error(fault);
  say(faults.length === 0 ? 'everything held' : `${faults.length} faults`);
  process.exitCode = faults.length === 0 ? 0 : 1;
}

async function everybodyTakes(school: ExamSchool, restarted: () => Promise<void>): Promise<void> {
  const answerOf = answerer(school.items, seed);
  const waiting = school.students.entries();
  const killAt = new Set(
    Array.from({ length: kills }, (_, k) => Math.ceil(((k + 1) * students) / (kills + 1))),
  );
  let done = 0;
  const worker = async (): Promise<void> => {
    for (const [at, student] of waiting) {
      const choose = (body: string): number => answerOf(at, student.theta, body);
      await (at % 10 === 0 ? stumbles : strolls)(school, student, choose);
      done++;
      if (killAt.has(done)) await restarted();
      if (done % 100 === 0) say(`${done} have taken the test`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/** What a browser does while nobody answers: the same again, for a minute. */
async function persistently<T>(act: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await act();
    } catch (error) {
      const passing = !(error instanceof ApiError) || error.status >= 500;
      if (!passing || tries === 120) throw error;
      await sleep(500);
    }
  }
}

type Take = (school: ExamSchool, student: Examinee, choose: (body: string) => number) => Promise<void>;

const start = ({ plan_id }: ExamSchool, { class_id }: Examinee, { exams }: SignedIn) =>
  persistently(() => exams.startExamSession({ body: { class_id, exam_type: 'placement', plan_id } }));

const strolls: Take = (school, student, choose) => takeExam(school, student, choose, persistently);

/** Everything that goes wrong between a classroom and a server, one after another. */
const stumbles: Take = async (school, student, choose) => {
  let person = await persistently(student.signIn);
  const { exam_session_id } = await start(school, student, person);
  const params = { exam_session_id };
  for (let n = 0; ; n++) {
    const { item } = await persistently(() => person.exams.nextExamItem({ params }));
    if (!item) break;
    const choice = choose(item.body);
    const body = { exam_session_id, item_id: item.item_id, selected_choice: choice };
    const send = () => persistently(() => person.exams.createAttempt({ body }));
    switch (n % 4) {
      case 0: {
        const replies = await Promise.all([send(), send(), send()]);
        const next = new Set(replies.map(({ next_item }) => next_item?.item_id));
        expect(next.size === 1, `one answer three times at once gave ${next.size} next items`);
        break;
      }
      case 1: {
        await send();
        const other = { ...body, selected_choice: (choice + 2) % 4 };
        const refused = await persistently(() => person.exams.createAttempt({ body: other })).catch(
          (error: unknown) => error,
        );
        const is409 = refused instanceof ApiError && refused.status === 409;
        expect(is409, `another answer to the same item was not a conflict`);
        break;
      }
      case 2: {
        // the request goes out, and nobody waits for the reply
        void send().catch(() => undefined);
        await sleep(5);
        await send();
        break;
      }
      default: {
        person = await persistently(student.signIn);
        const again = await start(school, student, person);
        expect(again.exam_session_id === exam_session_id, 'another device began another session');
        await send();
      }
    }
  }
  const session = await persistently(() => person.exams.getExamSession({ params }));
  expect(session.status === 'completed', `a session ended as ${session.status}`);
};

/** The items on trial were given to everybody: their parameters must come out of the answers. */
async function calibrates({ teacher, origin, bank_id, items }: ExamSchool): Promise<void> {
  const client = createClient(calibrationOperations, { origin, token: () => teacher.token });
  const body = { bank_id, model: '2PL', mode: 'fixed' } as const;
  let job = await client.createCalibration({ body });
  const params = { calibration_id: job.calibration_id };
  for (let waited = 0; waited < 300 && ['pending', 'running'].includes(job.status); waited++) {
    await sleep(500);
    job = await client.getCalibration({ params });
  }
  expect(job.status === 'completed', `the calibration is ${job.status}: ${job.error_detail}`);
  if (job.status !== 'completed') return;
  const report = await client.getCalibrationReport({ params });
  expect(report.items.length === pilots, `${report.items.length} items were calibrated, not ${pilots}`);
  const { items: listed } = await teacher.items.listItems({
    query: { bank_id, status: 'pilot', limit: 100 },
  });
  for (const { item_id, after, se, answers } of report.items) {
    const known = items.find(
      ({ external_id }) => external_id === listed.find((one) => one.item_id === item_id)?.external_id,
    );
    if (!known || !('b' in after) || !se?.a || !se.b) {
      faults.push(`nothing is known of item ${item_id}`);
      continue;
    }
    const [zA, zB] = [(after.a - known.a) / se.a, (after.b - known.b) / se.b];
    const told = `${known.external_id}: a ${after.a.toFixed(2)} (true ${known.a.toFixed(2)}), b ${after.b.toFixed(2)} (true ${known.b.toFixed(2)}), SE(b) ${se.b.toFixed(2)}, ${answers} answers`;
    say(told);
    expect(Math.abs(zA) < 4 && Math.abs(zB) < 4, `not recovered: ${told}`);
  }
}

await main();
