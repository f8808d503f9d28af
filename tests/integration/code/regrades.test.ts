import { describe, expect, test } from 'vitest';
import { exerciseStandings } from '#shared/table/exercise.ts';
import { regradeResults, regradeRows, regrades } from '#shared/table/regrade.ts';
import { anExercise } from '#tests/support/exercises.ts';
import { handedIn } from '#tests/support/handed-in.ts';
import { refusal } from '#tests/support/refusal.ts';
import { scriptedGrader } from '#tests/support/scripted-grader.ts';
import { aRegradeWorld, byName, firstTest, passing } from './regrade-world.ts';

const { school, class_id, teacher, admin, anna, ben, cho, ...made } = await aRegradeWorld();
const { table, org_id } = school;
const {
  given,
  aClassOfThree,
  secondVersion,
  create,
  read,
  rowsOf,
  apply,
  stored,
  eventsOf,
  previewed,
  applied,
} = made;

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
    await teacher.code.updateExercise({ params: { exercise_id }, body: { tests: [firstTest] } });
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

  test('when five ask at once: one begins, and it is applied once', async () => {
    const world = await given();
    const asked = await Promise.allSettled(Array.from({ length: 5 }, () => create(world)));
    const begun = asked.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const refused = asked.flatMap((one) =>
      one.status === 'rejected' ? [refusal(Promise.reject(one.reason))] : [],
    );
    expect(await Promise.all(refused)).toEqual(Array.from({ length: 4 }, () => '409 regrade.under_way'));
    expect(begun).toHaveLength(1);
    await scriptedGrader(table, byName).run(begun[0]?.job_id ?? '');
    const applied = await Promise.all(begun.flatMap((one) => [apply(one), apply(one), apply(one)]));
    expect(new Set(applied.map(({ job_id }) => job_id)).size).toBe(1);
  });

  test('while another of the same submissions is applied', async () => {
    const world = await given();
    const first = await previewed(world);
    const second = await previewed(world);
    const { job_id } = await apply(first);
    expect(await refusal(create(world))).toBe('409 regrade.under_way');
    expect(await refusal(apply(second))).toBe('409 regrade.under_way');
    await scriptedGrader(table, byName).run(job_id);
    expect((await apply(second)).status).toBe('pending');
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

describe('what a preview found', () => {
  const day = 86_400_000;
  const found = async ({ regrade_id }: { regrade_id: string }, submission: { submission_id: string }) => {
    const id = { regrade_id, submission_id: submission.submission_id };
    return [
      await table.get(regradeRows, id, { consistent: true }),
      await table.get(regradeResults, id, { consistent: true }),
    ];
  };

  test('expires with the school’s events, a day after it may be applied no more', async () => {
    const world = await aClassOfThree();
    const regrade = await previewed(world);
    const until = Date.parse(regrade.created_at) + (school.settings.retention.events_days + 1) * day;
    for (const one of await found(regrade, world.rising))
      expect(one?.expires_at).toBe(Math.floor(until / 1_000));
    expect((await rowsOf(regrade))[0]).not.toHaveProperty('expires_at');
  });

  test('is not applied when part of it may be gone', async () => {
    const world = await aClassOfThree();
    const regrade = await previewed(world);
    const aged = async (days: number) => {
      const seen = await table.get(regrades, regrade, { consistent: true });
      if (!seen) throw new Error('there is a regrade');
      const created_at = new Date(Date.now() - days * day).toISOString();
      await table.write(table.replace(regrades, seen, { ...seen, created_at }));
    };
    await aged(school.settings.retention.events_days + 0.1);
    expect(await refusal(apply(regrade))).toBe('409 regrade.expired');
    expect((await read(regrade)).status).toBe('previewed');
    await aged(school.settings.retention.events_days - 0.1);
    await applied(regrade);
    expect((await stored(world.rising))?.grade).toBe(50);
  });
});
