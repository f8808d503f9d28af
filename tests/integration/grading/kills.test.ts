/**
 * Graders that are killed at random points while submissions come in. `npm run test:faults` makes this a campaign of
 * 500 submissions and 100 kills.
 */
import '#tests/support/quiet.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { seeded } from '#infra/local/adverse.ts';
import { isFinal } from '#shared/domain/jobs/states.ts';
import { jobs, workers } from '#shared/jobs/job.ts';
import { loads } from '#shared/jobs/load.ts';
import { startBackground } from '#tests/support/background.ts';
import { certified, type ExerciseBody } from '#tests/support/exercises.ts';
import { eventsOf, startRinging, until } from '#tests/support/grader.ts';
import { graderProcesses } from '#tests/support/grader-process.ts';
import { aSchool } from '#tests/support/school.ts';
import { aSubmission } from '#tests/support/submissions.ts';

const kills = Number(process.env['LYCEUM_FAULTS_KILLS'] ?? 6);
const total = Number(process.env['LYCEUM_FAULTS_SUBMISSIONS'] ?? 30);
const seed = Number(process.env['LYCEUM_FAULTS_SEED'] ?? 5);
const random = seeded(seed);

const background = await startBackground();
const school = await aSchool();
const { table } = school;
const reaper = await import('#functions/schedules/reaper/handler.ts');
const processes = await graderProcesses();
afterAll(async () => {
  await processes.stop();
  await background.stop();
});

const body: ExerciseBody = {
  title: 'Squares',
  topic: 'Loops',
  estimated_completion_time_min: 5,
  problem_description: 'Print the square of n.',
  solution_code: 'n = int(input())\nprint(n * n)\n',
  tests: [2, 3, 4, 5].map((n) => ({
    kind: 'stdio' as const,
    name: `square of ${n}`,
    stdin: `${n}\n`,
    expected: `${n * n}\n`,
  })),
};
/** Programs and the grade that is theirs, whatever happens around them. */
const programs = [
  { code: 'n = int(input())\nprint(n * n)\n', grade: 100 },
  { code: 'n = int(input())\nprint(n * 2)\n', grade: 25 },
  { code: 'n = int(input())\nprint(n * n if n < 4 else 1 / 0)\n', grade: 50 },
] as const;

const teacher = await school.person('teacher');
const admin = await school.person('org_admin');
const made = await teacher.code.createExercise({ body });
const { exercise_id } = made;
await certified(table, exercise_id);
await teacher.code.publishExercise({ params: { exercise_id } });

const sent: { readonly id: string; readonly grade: number; readonly student: string }[] = [];
let handed = 0;
async function handIn(count: number): Promise<void> {
  for (let n = 0; n < count && handed < total; n++) {
    const number = handed++;
    const program = programs[number % programs.length] ?? programs[0];
    const student = { user_id: `student-${number}`, name: `Student ${number}` };
    const exercise = { exercise_id, title: body.title, org_id: school.org_id };
    const more = { total_tests: 4 };
    const options = { student, exercise, code: program.code, state: 'pending', more } as const;
    const { submission_id } = await aSubmission(table, options);
    sent.push({ id: submission_id, grade: program.grade, student: student.user_id });
  }
}

const stoppedEvent = (taskArn: string) => ({
  'detail-type': 'ECS Task State Change',
  detail: { taskArn, lastStatus: 'STOPPED' },
});
const listed = async (worker_id: string) =>
  (await table.get(workers, { queue: 'grading', worker_id }, { consistent: true })) !== undefined;

let killed = 0;
let hits = 0;
/** Starts a grader and kills it: while it starts, while it waits, or while it works. */
async function killOne(): Promise<void> {
  const { worker, task, ended } = processes.start();
  if (random() < 0.1) await sleep(random() * 400);
  else {
    await until(
      () => listed(worker),
      (there) => there,
    );
    await handIn(Math.ceil(total / kills));
    await sleep(random() * 700);
  }
  task.kill('SIGKILL');
  await ended;
  hits += (await reaper.handler(stoppedEvent(worker))).returned;
}

/** A claim that a grader had sent when it was killed may come after the news of its end: its lease runs out. */
function startSchedule() {
  const ended = new AbortController();
  const looking = (async () => {
    while (!ended.signal.aborted) {
      hits += (await reaper.handler({ 'detail-type': 'Scheduled Event' })).returned;
      await sleep(5_000, undefined, { signal: ended.signal }).catch(() => undefined);
    }
  })();
  return () => {
    ended.abort();
    return looking;
  };
}

async function killInALane(): Promise<void> {
  while (killed < kills) {
    killed += 1;
    await killOne();
  }
}

const state = (id: string) => table.get(jobs, { job_id: id }, { consistent: true });
const allEnded = async (): Promise<void> => {
  for (const { id } of sent)
    await until(
      () => state(id),
      (job) => job !== undefined && isFinal(job.state),
      // a lease, the reaper’s next look, and a loaded machine
      120_000,
    );
};

test(
  `of ${total} submissions under ${kills} kills of their graders none is lost and none graded twice`,
  async () => {
    const ringing = startRinging(table, () => random() < 0.1);
    const endSchedule = startSchedule();
    await Promise.all([killInALane(), killInALane()]);
    await handIn(total);
    const last = processes.start();
    await allEnded();

    const givenUp: string[] = [];
    for (const { id } of sent) {
      if ((await state(id))?.state === 'failed') givenUp.push(id);
      // never a grade for a fault of ours
      const { status, grade } = await admin.code.getSubmission({ params: { submission_id: id } });
      expect(givenUp.includes(id) ? [status, grade] : [status]).toEqual(
        givenUp.includes(id) ? ['manual_review', null] : ['graded'],
      );
    }
    for (const id of givenUp) await admin.code.redriveSubmission({ params: { submission_id: id } });
    await allEnded();
    const at = performance.now();
    last.task.kill('SIGTERM');
    expect((await last.ended).code).toBe(0);
    expect(performance.now() - at).toBeLessThan(30_000);
    await ringing.stop();
    await endSchedule();

    expect(sent).toHaveLength(total);
    for (const { id, grade, student } of sent) {
      const seen = await admin.code.getSubmission({ params: { submission_id: id } });
      expect([seen.status, seen.grade, seen.gradings.length]).toEqual(['graded', grade, 1]);
      const told = await eventsOf(table, id);
      expect(told.map(({ seq }) => seq)).toEqual(told.map((_, index) => index + 1));
      expect(told.filter(({ event_type }) => event_type === 'code.result')).toHaveLength(1);
      expect(told.filter(({ data }) => data['status'] === 'graded' && 'attempt' in data)).toHaveLength(1);
      const load = await table.get(loads, { user_id: student }, { consistent: true });
      expect(load?.active).toBe(0);
    }
    console.info(
      `${total} submissions, ${killed} kills (${hits} jobs in the middle), 10 % of rings twice: 0 lost, 0 graded twice, one final event each; ${givenUp.length} died three times and were redriven (seed ${seed})`,
    );
  },
  kills * 6_000 + total * 1_000 + 120_000,
);
