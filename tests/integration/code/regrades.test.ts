import { describe, expect, test } from 'vitest';
import { faults } from '#infra/local/gateway.ts';
import type { Verdict } from '#shared/domain/grading/types.ts';
import { uuidv7 } from '#shared/ids.ts';
import { newJobWrites } from '#shared/jobs/advance.ts';
import { jobs, newGrading } from '#shared/jobs/job.ts';
import { returnFromDeadWorker } from '#shared/jobs/dead-workers.ts';
import { events, eventsKey } from '#shared/realtime/event.ts';
import { assignmentStandings } from '#shared/table/assignment.ts';
import { type ExerciseRecord, exerciseStandings } from '#shared/table/exercise.ts';
import { submissions } from '#shared/table/submission.ts';
import { anExercise, certified, body as exerciseBody } from '#tests/support/exercises.ts';
import { type HandedIn, handedIn } from '#tests/support/handed-in.ts';
import { refusal } from '#tests/support/refusal.ts';
import { aSchool } from '#tests/support/school.ts';
import { type Script, scriptedGrader } from '#tests/support/scripted-grader.ts';

const school = await aSchool();
const { table, org_id } = school;
const { teacher, students, class_id } = await school.withClass({ students: 4 });
const [anna, ben, cho, dan] = students;
if (!anna || !ben || !cho || !dan) throw new Error('the class has students');
const admin = await school.person('org_admin');

/** The tests of the exercise weigh 1, 2 and 1: a program passes those that its code names. */
const byName: Script = (code, { name }): Verdict => (code.includes(name) ? 'pass' : 'wrong_answer');
const [two, large, called] = exerciseBody.tests;

/** The second version has the tests `two`, `large` and, new, `fixed` in the place of `called`. */
async function secondVersion({ exercise_id }: ExerciseRecord) {
  await teacher.code.updateExercise({
    params: { exercise_id },
    body: { tests: [two, large, { ...called, name: 'fixed' }] },
  });
  await certified(table, exercise_id);
  await teacher.code.publishExercise({ params: { exercise_id } });
}

const passing = (...names: string[]): Verdict[] =>
  ['two', 'large', 'called'].map((name) => (names.includes(name) ? 'pass' : 'wrong_answer'));

async function given(rules: { review?: 'always'; late?: boolean } = {}) {
  const exercise = await anExercise(table, { org_id, by: teacher.user_id });
  const { exercise_id } = exercise;
  const assignment = await teacher.code.createAssignment({
    body: { class_id, exercise_id, ...(rules.review && { review: rules.review }) },
  });
  const hands = (student: HandedIn['student'], code: string, more: Partial<HandedIn> = {}) =>
    handedIn(table, { exercise, student, assignment, code, ...more });
  const { assignment_id } = assignment;
  const standingOf = (student: { user_id: string }) =>
    table.get(assignmentStandings, { assignment_id, student_id: student.user_id }, { consistent: true });
  return { exercise, exercise_id, assignment_id, hands, standingOf };
}

const create = ({ exercise_id, assignment_id }: { exercise_id: string; assignment_id: string }, more = {}) =>
  teacher.code.createRegrade({ body: { exercise_id, assignment_id, ...more } });
const read = ({ regrade_id }: { regrade_id: string }) => teacher.code.getRegrade({ params: { regrade_id } });
const rowsOf = async ({ regrade_id }: { regrade_id: string }, query = {}) =>
  (await teacher.code.listRegradeRows({ params: { regrade_id }, query })).items;
const apply = ({ regrade_id }: { regrade_id: string }, body: { never_lower?: boolean } = {}) =>
  teacher.code.applyRegrade({ params: { regrade_id }, body });
const stored = ({ submission_id }: { submission_id: string }) =>
  table.get(submissions, { submission_id }, { consistent: true });
const eventsOf = (id: string) => table.queryAll(events, { pk: eventsKey(`job:${id}`) });

/** Anna rises from 25 to 50, Ben falls from 75 to 50, Cho stays. */
const aClassOfThree = async () => {
  const world = await given();
  const rising = await world.hands(anna, '# two fixed', { verdicts: passing('two') });
  const falling = await world.hands(ben, '# large', { verdicts: passing('large', 'called') });
  const staying = await world.hands(cho, '# two large', { verdicts: passing('two', 'large') });
  await secondVersion(world.exercise);
  return { ...world, rising, falling, staying };
};

async function previewed(world: { exercise_id: string; assignment_id: string }, more = {}, script = byName) {
  const regrade = await create(world, more);
  await scriptedGrader(table, script).run(regrade.job_id);
  return regrade;
}
async function applied(regrade: { regrade_id: string }, body = {}, script = byName) {
  const { job_id } = await apply(regrade, body);
  await scriptedGrader(table, script).run(job_id);
}

describe('a preview', () => {
  test('says who rises, who falls and by which test, and changes no submission', async () => {
    const world = await aClassOfThree();
    const before = await stored(world.rising);
    const regrade = await create(world);
    expect(regrade).toMatchObject({ status: 'pending', to_version: 2, never_lower: true, queue_position: 1 });
    await scriptedGrader(table, byName).run(regrade.job_id);
    expect(await read(regrade)).toMatchObject({
      status: 'previewed',
      progress: { done: 3, total: 3 },
      rises: 1,
      falls: 1,
      same: 1,
      failed: 0,
      applied_at: null,
    });
    const rows = await rowsOf(regrade);
    expect(
      rows.map(({ student_name, old_grade, new_grade, change }) => [
        student_name,
        old_grade,
        new_grade,
        change,
      ]),
    ).toEqual([
      [anna.name, 25, 50, 'rises'],
      [ben.name, 75, 50, 'falls'],
      [cho.name, 75, 75, 'same'],
    ]);
    expect(rows[0]?.tests).toEqual([{ name: 'fixed', before: null, after: 'pass' }]);
    expect(await rowsOf(regrade, { change: 'falls' })).toHaveLength(1);
    expect(await stored(world.rising)).toEqual(before);
  });

  test('tells how far it is', async () => {
    const regrade = await previewed(await aClassOfThree());
    const told = await eventsOf(regrade.job_id);
    expect(told.map(({ event_type }) => event_type)).toEqual([
      'job.status',
      'job.status',
      'job.progress',
      'job.progress',
      'job.status',
    ]);
    expect(told.at(-1)?.data).toMatchObject({ status: 'previewed' });
    expect((await read(regrade)).last_seq).toBe(5);
  });

  test('takes only the submissions of the version that was asked for, and none that is not graded yet', async () => {
    const world = await given();
    await world.hands(anna, '# two', { verdicts: passing('two') });
    await world.hands(ben, '# two', { state: 'pending' });
    await secondVersion(world.exercise);
    await handedIn(table, {
      exercise: { ...world.exercise, published_version: 2, newest_version: 2 },
      student: cho,
      assignment: { assignment_id: world.assignment_id, class_id },
      code: '# two',
    });
    const regrade = await previewed(world, { from_version: 1 });
    expect((await rowsOf(regrade)).map(({ student_id }) => student_id)).toEqual([anna.user_id]);
  });

  test('leaves what could not be graded as it is, and says so', async () => {
    const world = await given();
    const broken = await world.hands(anna, '# broken', { verdicts: passing('two') });
    const fine = await world.hands(ben, '# two large', { verdicts: passing('two') });
    await secondVersion(world.exercise);
    const regrade = await previewed(world, {}, (code, one) =>
      code.includes('broken') ? 'internal' : byName(code, one),
    );
    expect(await read(regrade)).toMatchObject({ status: 'previewed', rises: 1, failed: 1 });
    const before = await stored(broken);
    await applied(regrade);
    expect(await stored(broken)).toEqual(before);
    expect(await stored(fine)).toMatchObject({ grade: 75 });
    expect(await rowsOf(regrade, { change: 'failed' })).toMatchObject([
      { student_id: anna.user_id, new_grade: null, applied: false },
    ]);
  });
});

describe('an application', () => {
  test('raises, with history, results, standings and an event; with never_lower nobody falls', async () => {
    const world = await aClassOfThree();
    const regrade = await previewed(world);
    await applied(regrade);
    expect(await read(regrade)).toMatchObject({ status: 'applied', applied_at: expect.any(String) });
    const { submission_id } = world.rising;
    const shown = await anna.code.getSubmission({ params: { submission_id } });
    expect(shown).toMatchObject({ grade: 50, raw_grade: 50, status: 'graded', exercise_version: 1 });
    expect(
      shown.gradings.map(({ reason, grade, exercise_version, grader_version }) => [
        reason,
        grade,
        exercise_version,
        grader_version,
      ]),
    ).toEqual([
      ['submitted', 25, 1, 'test 1'],
      ['regrade', 50, 2, 'scripted 1'],
    ]);
    expect(shown.test_results?.map(({ name, status }) => [name, status])).toEqual([
      ['two', 'pass'],
      ['large', 'wrong_answer'],
      ['fixed', 'pass'],
    ]);
    expect(await world.standingOf(anna)).toMatchObject({ best_grade: 50, status: 'graded' });
    const told = await eventsOf(submission_id);
    expect(told.at(-1)).toMatchObject({
      event_type: 'code.result',
      fan_in: [`class:${class_id}`],
      data: { grade: 50 },
    });
    expect(shown.last_seq).toBe(told.length);
    expect(await stored(world.falling)).toMatchObject({ grade: 75, gradings: 1 });
    expect(await world.standingOf(ben)).toMatchObject({ best_grade: 75 });
    expect((await rowsOf(regrade)).map((row) => row.applied)).toEqual([true, false, true]);
  });

  test('lowers where that is wanted; the best grade is then the best of what is left', async () => {
    const world = await given();
    const exercise_standing = () =>
      table.get(
        exerciseStandings,
        { exercise_id: world.exercise_id, student_id: ben.user_id },
        { consistent: true },
      );
    await world.hands(ben, '# two', { verdicts: passing('two', 'called') });
    const best = await world.hands(ben, '# nothing', { verdicts: ['pass'] });
    await secondVersion(world.exercise);
    expect(await world.standingOf(ben)).toMatchObject({ best_grade: 100 });
    const regrade = await previewed(world);
    await applied(regrade, { never_lower: false });
    expect(await stored(best)).toMatchObject({ grade: 0 });
    expect(await world.standingOf(ben)).toMatchObject({ best_grade: 25 });
    expect(await exercise_standing()).toMatchObject({ best_grade: 25 });
    expect(await read(regrade)).toMatchObject({ never_lower: false });
  });

  test('leaves what a teacher decided, before the preview or after it', async () => {
    const world = await given();
    const early = await world.hands(anna, '# two large fixed', { verdicts: passing('two') });
    const late = await world.hands(ben, '# two large fixed', { verdicts: passing('two') });
    await secondVersion(world.exercise);
    const overrides = (id: string) =>
      teacher.code.requestReview({ params: { submission_id: id }, body: { grade: 60 } });
    await overrides(early.submission_id);
    const regrade = await previewed(world);
    expect((await rowsOf(regrade)).map(({ change, new_grade }) => [change, new_grade])).toEqual([
      ['same', 60],
      ['rises', 100],
    ]);
    await overrides(late.submission_id);
    await applied(regrade);
    for (const one of [early, late])
      expect(await stored(one)).toMatchObject({ grade: 60, grader: 'teacher', raw_grade: 25, gradings: 2 });
    expect((await rowsOf(regrade)).map((row) => row.applied)).toEqual([false, false]);
  });

  test('again changes nothing', async () => {
    const world = await aClassOfThree();
    const regrade = await previewed(world);
    await applied(regrade);
    const before = [await stored(world.rising), await stored(world.staying)];
    const again = await apply(regrade);
    expect(again).toMatchObject({ status: 'applied', job_id: (await read(regrade)).job_id });
    expect([await stored(world.rising), await stored(world.staying)]).toEqual(before);
  });

  test('grades what the platform had failed to grade; who waits for a person goes on waiting', async () => {
    const world = await given();
    const failed = await world.hands(anna, '# two', { state: 'failed' });
    const waiting = await world.hands(ben, '# two', { state: 'rule', verdicts: ['pass'] });
    await secondVersion(world.exercise);
    const regrade = await previewed(world);
    expect(
      (await rowsOf(regrade)).map(({ change, old_grade, new_grade }) => [change, old_grade, new_grade]),
    ).toEqual([
      ['rises', null, 25],
      ['same', null, null],
    ]);
    await applied(regrade);
    expect(await stored(failed)).toMatchObject({ status: 'graded', grade: 25, review_reason: null });
    expect(await world.standingOf(anna)).toMatchObject({ best_grade: 25, status: 'graded' });
    expect((await eventsOf(failed.submission_id)).at(-1)?.data).toMatchObject({ status: 'graded' });
    expect(await stored(waiting)).toMatchObject({ status: 'manual_review', grade: null, raw_grade: 25 });
  });
});

describe('a worker that stops', () => {
  /** A regrade of four submissions. */
  async function four() {
    const world = await given();
    for (const one of [anna, ben, cho, dan]) if (one) await world.hands(one, `# two ${one.user_id}`);
    await secondVersion(world.exercise);
    return { ...world, regrade: await create(world) };
  }

  test('gives the preview back when the task ends, and another goes on where it stopped', async () => {
    const { regrade } = await four();
    const first = scriptedGrader(table, (code, one) => {
      if (first.graded.length === 2) first.end();
      return byName(code, one);
    });
    expect(await first.run(regrade.job_id)).toBe('interrupted');
    expect(await read(regrade)).toMatchObject({ status: 'pending', falls: 2 });
    const second = scriptedGrader(table, byName);
    expect(await second.run(regrade.job_id, 'worker-2')).toBe('done');
    expect([first.graded.length, second.graded.length]).toEqual([2, 2]);
    expect(await read(regrade)).toMatchObject({
      status: 'previewed',
      falls: 4,
      progress: { done: 4, total: 4 },
    });
  });

  test('too slow to be believed alive writes nothing any more: no row twice, no count twice', async () => {
    const { regrade } = await four();
    let arrived: () => void = () => {};
    const atSecond = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    let release: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow = scriptedGrader(table, async (code, one) => {
      if (slow.graded.length === 2) {
        arrived();
        await held;
      }
      return byName(code, one);
    });
    const running = slow.run(regrade.job_id);
    await atSecond;
    const job = await table.get(jobs, { job_id: regrade.job_id }, { consistent: true });
    if (!job) throw new Error('the regrade has a job');
    await returnFromDeadWorker(slow.world, job);
    const second = scriptedGrader(table, byName);
    expect(await second.run(regrade.job_id, 'worker-2')).toBe('done');
    release();
    expect(await running).toBe('lost');
    expect(second.graded).toHaveLength(3);
    expect(await read(regrade)).toMatchObject({ status: 'previewed', rises: 0, falls: 4, same: 0 });
    expect(await rowsOf(regrade)).toHaveLength(4);
  });

  test('half way through the application: each submission is changed once', async () => {
    const { regrade } = await four();
    await scriptedGrader(table, byName).run(regrade.job_id);
    const { job_id } = await apply(regrade, { never_lower: false });
    const first = scriptedGrader(table, byName);
    let settled = 0;
    school.meet((operation) => {
      if (operation.startsWith('TransactWrite') && ++settled === 4) first.end();
      return undefined;
    });
    expect(await first.run(job_id)).toBe('interrupted');
    school.meet();
    const partly = (await rowsOf(regrade)).filter((row) => row.applied).length;
    expect(partly).toBeGreaterThan(0);
    expect(partly).toBeLessThan(4);
    expect(await scriptedGrader(table, byName).run(job_id, 'worker-2')).toBe('done');
    const rows = await rowsOf(regrade);
    expect(rows.every((row) => row.applied)).toBe(true);
    for (const { submission_id } of rows)
      expect(await stored({ submission_id })).toMatchObject({ grade: 25, gradings: 2 });
  });

  test('though every other reply of the table gets lost, each submission is changed once', async () => {
    const { regrade } = await four();
    let call = 0;
    const lostReplies = (operation: string) =>
      operation.startsWith('TransactWrite') && ++call % 2 === 0 ? faults.lostReply() : undefined;
    const grader = scriptedGrader(table, byName);
    school.meet(lostReplies);
    expect(await grader.run(regrade.job_id)).toBe('done');
    school.meet();
    expect(await read(regrade)).toMatchObject({ status: 'previewed', rises: 0, falls: 4, same: 0 });
    const { job_id } = await apply(regrade, { never_lower: false });
    school.meet(lostReplies);
    expect(await scriptedGrader(table, byName).run(job_id)).toBe('done');
    school.meet();
    for (const row of await rowsOf(regrade)) {
      expect(row.applied).toBe(true);
      expect(await stored(row)).toMatchObject({ grade: 25, gradings: 2 });
      const results = (await eventsOf(row.submission_id)).filter((one) => one.event_type === 'code.result');
      expect(results).toHaveLength(1);
    }
  });

  test('lets those who sit and wait go first, and still gets one further each time', async () => {
    const { regrade } = await four();
    const someone = newGrading(
      {
        kind: 'execution',
        job_id: uuidv7(),
        owner_id: dan.user_id,
        owner_name: dan.name,
        org_id,
        class_id: null,
        language: 'python',
        expires_at: Math.floor(Date.now() / 1000) + 600,
      },
      new Date().toISOString(),
      new Date(),
    );
    await table.write(...newJobWrites({ table, now: () => new Date(), events_days: 1 }, someone));
    const grader = scriptedGrader(table, byName);
    for (const rows of [1, 2]) {
      expect(await grader.run(regrade.job_id)).toBe('interrupted');
      expect(await rowsOf(regrade)).toHaveLength(rows);
    }
    const waiting = await table.get(jobs, someone, { consistent: true });
    if (waiting) await table.write(table.replace(jobs, waiting, { ...waiting, state: 'cancelled' }));
    expect(await grader.run(regrade.job_id)).toBe('done');
    expect(grader.graded).toHaveLength(4);
  });

  test('for good: the preview failed, and another may be made', async () => {
    const { regrade, exercise_id, assignment_id } = await four();
    const job = await table.get(jobs, regrade, { consistent: true });
    if (!job) throw new Error('the regrade has a job');
    await table.write(table.replace(jobs, job, { ...job, state: 'failed', error_code: 'job.worker_died' }));
    expect(await read(regrade)).toMatchObject({ status: 'failed', error_code: 'job.worker_died' });
    expect(await refusal(apply(regrade))).toBe('409 regrade.failed');
    expect(await create({ exercise_id, assignment_id })).toMatchObject({ status: 'pending' });
  });

  test('for good while applying: applying again goes on, under the terms it began with', async () => {
    const { regrade } = await four();
    await scriptedGrader(table, byName).run(regrade.job_id);
    const first = await apply(regrade, { never_lower: false });
    const job = await table.get(jobs, first, { consistent: true });
    if (!job) throw new Error('the regrade has a job');
    await table.write(table.replace(jobs, job, { ...job, state: 'failed', error_code: 'job.worker_died' }));
    const second = await apply(regrade, { never_lower: true });
    expect(second).toMatchObject({ status: 'pending', never_lower: false });
    expect(second.job_id).not.toBe(first.job_id);
    expect(await scriptedGrader(table, byName).run(second.job_id)).toBe('done');
    expect((await rowsOf(regrade)).every((row) => row.applied)).toBe(true);
  });
});

describe('a regrade is refused', () => {
  test('to a teacher for a whole exercise; an administrator may', async () => {
    const { exercise_id, hands } = await given();
    await hands(anna, '# two');
    expect(await refusal(teacher.code.createRegrade({ body: { exercise_id } }))).toBe(
      '403 regrade.whole_exercise',
    );
    const regrade = await admin.code.createRegrade({ body: { exercise_id } });
    expect(regrade).toMatchObject({ assignment_id: null, to_version: 1 });
    expect(await refusal(read(regrade))).toBe('404 regrade.not_found');
    await scriptedGrader(table, byName).run(regrade.job_id);
    const listed = await admin.code.listRegrades({ query: { exercise_id } });
    expect(listed.items).toMatchObject([{ regrade_id: regrade.regrade_id, status: 'previewed', falls: 1 }]);
    expect((await teacher.code.listRegrades({ query: { exercise_id } })).items).toEqual([]);
  });

  test('for a version that is unknown or not certified, and for another exercise’s assignment', async () => {
    const { exercise_id, assignment_id } = await given();
    await teacher.code.updateExercise({ params: { exercise_id }, body: { tests: [two] } });
    const one = { exercise_id, assignment_id };
    expect(await refusal(create(one, { to_version: 2 }))).toBe('409 version.not_certified');
    expect(await refusal(create(one, { to_version: 9 }))).toBe('400 version.unknown');
    expect(await refusal(create({ exercise_id, assignment_id: 'none' }))).toBe('400 assignment.unknown');
    expect(await refusal(create({ exercise_id: 'none', assignment_id }))).toBe('400 exercise.unknown');
    const other = await given();
    expect(await refusal(create({ exercise_id, assignment_id: other.assignment_id }))).toBe(
      '400 assignment.other_exercise',
    );
    const draft = await anExercise(table, { org_id, by: teacher.user_id, state: 'draft' });
    const body = { exercise_id: draft.exercise_id };
    expect(await refusal(admin.code.createRegrade({ body }))).toBe('409 exercise.not_published');
  });

  test('while the same submissions are being graded again, and applying before the preview ended', async () => {
    const world = await given();
    const regrade = await create(world);
    expect(await refusal(create(world))).toBe('409 regrade.under_way');
    expect(await refusal(apply(regrade))).toBe('409 regrade.not_previewed');
  });

  test('the same Idempotency-Key makes one regrade', async () => {
    const { exercise_id, assignment_id } = await given();
    const ask = async () => {
      const response = await school.fetch(`${school.origin}/api/regrades`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${teacher.token}`,
          'content-type': 'application/json',
          'idempotency-key': 'once',
        },
        body: JSON.stringify({ exercise_id, assignment_id }),
      });
      return (await response.json()) as { regrade_id: string };
    };
    expect((await ask()).regrade_id).toBe((await ask()).regrade_id);
  });
});
