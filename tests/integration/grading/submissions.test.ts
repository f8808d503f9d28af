import '#tests/support/quiet.ts';
import { afterAll, describe, expect, test } from 'vitest';
import { engineOf } from '#functions/tasks/grader/engine.ts';
import { events } from '#shared/realtime/event.ts';
import { assignmentStandings } from '#shared/table/assignment.ts';
import { exerciseStandings } from '#shared/table/exercise.ts';
import { gradings } from '#shared/table/submission.ts';
import { openSandbox } from '#tests/integration/sandbox/world.ts';
import { startBackground } from '#tests/support/background.ts';
import type { ExerciseBody } from '#tests/support/exercises.ts';
import { eventsOf, startGrader, startRinging, until } from '#tests/support/grader.ts';
import { refusal, refusedWith } from '#tests/support/refusal.ts';
import { aSchool, type Person } from '#tests/support/school.ts';

const background = await startBackground();
const school = await aSchool();
const { table } = school;
const sandbox = await openSandbox({ reuse: true });
const ringing = startRinging(table);
const grader = startGrader(table, engineOf(sandbox));
afterAll(async () => {
  await ringing.stop();
  await grader.end();
  await sandbox.close();
  await background.stop();
});

const squares: ExerciseBody = {
  title: 'Squares',
  topic: 'Loops',
  estimated_completion_time_min: 5,
  problem_description: 'Print the square of n.',
  starter_code: 'n = int(input())\n',
  solution_code: 'n = int(input())\nprint(n * n)\n',
  tests: [
    { kind: 'stdio', name: 'two', stdin: '2\n', expected: '4\n' },
    { kind: 'stdio', name: 'three', stdin: '3\n', expected: '9\n' },
    {
      kind: 'stdio',
      name: 'secret',
      stdin: '112233\n',
      expected: '12596246289\n',
      visibility: 'hidden',
      weight: 2,
    },
  ],
};
const right = 'n = int(input())\nprint(n * n)\n';
const twice = 'n = int(input())\nprint(n * 2)\n';
const admin = await school.person('org_admin');
const { teacher, students, class_id } = await school.withClass({ students: 3 });
const [mina, joon, sora] = students;
if (!mina || !joon || !sora) throw new Error('three students were asked for');

const certified = async (by: Person, exercise_id: string) => {
  const params = { exercise_id };
  await by.code.certifyExercise({ params });
  return until(
    () => by.code.getExercise({ params }),
    ({ certification }) => certification?.status !== 'pending',
  );
};
const published = async (body: ExerciseBody = squares) => {
  const { exercise_id } = await teacher.code.createExercise({ body });
  await certified(teacher, exercise_id);
  await teacher.code.publishExercise({ params: { exercise_id } });
  return exercise_id;
};
type Rules = Partial<Parameters<Person['code']['createAssignment']>[0]['body']>;
const given = async (exercise_id: string, rules: Rules = {}) =>
  (await teacher.code.createAssignment({ body: { class_id, exercise_id, ...rules } })).assignment_id;
const handIn = (who: Person, exercise_id: string, submission_code: string, assignment_id?: string) =>
  who.code.submit({
    params: { exercise_id },
    body: { submission_code, ...(assignment_id !== undefined && { assignment_id }) },
  });
const graded = (who: Person, submission_id: string) =>
  until(
    () => who.code.getSubmission({ params: { submission_id } }),
    ({ status }) => status === 'graded' || status === 'manual_review',
  );
const solve = async (who: Person, exercise_id: string, code: string, assignment_id?: string) =>
  graded(who, (await handIn(who, exercise_id, code, assignment_id)).submission_id);

describe('a certification', () => {
  test('passes when the solution solves and the starter does not, and keeps both results', async () => {
    const { exercise_id } = await teacher.code.createExercise({ body: squares });
    const { certification } = await certified(teacher, exercise_id);
    expect(certification).toMatchObject({ status: 'passed', problems: [] });
    expect(certification?.grader_version).toMatch(/python/);
    expect(certification?.solution_results.map(({ status }) => status)).toEqual(['pass', 'pass', 'pass']);
    expect(certification?.starter_results.every(({ status }) => status === 'pass')).toBe(false);
    const told = await eventsOf(table, certification?.job_id ?? '');
    expect(told.at(-2)?.data).toMatchObject({ status: 'passed' });
    expect(told.at(-1)?.data).toMatchObject({ status: 'passed' });
  });

  test('says why it failed, and such an exercise is not published', async () => {
    const { exercise_id } = await teacher.code.createExercise({
      body: { ...squares, solution_code: twice, starter_code: '' },
    });
    const { certification } = await certified(teacher, exercise_id);
    expect(certification?.status).toBe('failed');
    expect(certification?.problems).toHaveLength(2);
    expect(certification?.problems[0]).toMatch(/“three”.*wrong answer/);
    expect(await refusal(teacher.code.publishExercise({ params: { exercise_id } }))).toMatch(/^409 /);
    const solved = await teacher.code.createExercise({ body: { ...squares, starter_code: right } });
    const other = await certified(teacher, solved.exercise_id);
    expect(other.certification?.problems).toEqual(['The starter passes every test already.']);
  });
});

describe('a submission', () => {
  test('is graded by the weights of its tests; of hidden ones a student sees name, status and weight', async () => {
    const exercise_id = await published();
    const assignment_id = await given(exercise_id);
    const sent = await handIn(mina, exercise_id, twice, assignment_id);
    expect(sent).toMatchObject({ attempt_number: 1, status: 'pending', grade: null, test_results: null });
    const mine = await graded(mina, sent.submission_id);
    expect(mine).toMatchObject({
      status: 'graded',
      grade: 25,
      raw_grade: 25,
      automated_tests_passed: 1,
      total_tests: 3,
      grader: 'system',
      late: false,
      queue_position: null,
      submission_code: twice,
    });
    expect(mine.test_results?.map(({ status }) => status)).toEqual(['pass', 'wrong_answer', 'wrong_answer']);
    expect(mine.test_results?.[1]).toMatchObject({ input: '3\n', expected_output: '9\n', output: '6\n' });
    expect(mine.test_results?.[2]).toMatchObject({ name: 'secret', input: null, output: null, weight: 2 });
    const told = await eventsOf(table, sent.submission_id);
    for (const secret of ['112233', '12596246289', '224466'])
      expect(JSON.stringify([mine, told])).not.toContain(secret);
    const seen = await teacher.code.getSubmission({ params: sent });
    expect(seen.test_results?.[2]).toMatchObject({ input: '112233\n', output: '224466\n' });
    expect(seen.gradings).toMatchObject([{ number: 1, grade: 25, reason: 'submitted', grader: 'system' }]);
    const kept = await table.get(gradings, { submission_id: sent.submission_id, number: 1 });
    expect(kept?.seeds).toHaveLength(3);
    expect(kept?.verdicts).toEqual(['pass', 'wrong_answer', 'wrong_answer']);
  });

  test('does not tell by its memory or its time what a hidden test gave it', async () => {
    const exercise_id = await published();
    const code = 'n = int(input())\nx = bytearray(n * 400)\nprint(len(x))\n';
    const { submission_id } = await solve(mina, exercise_id, code, await given(exercise_id));
    const [mine, staff] = await Promise.all(
      [mina, teacher].map((who) => who.code.getSubmission({ params: { submission_id } })),
    );
    const [two, three, secret] = staff?.test_results ?? [];
    expect(secret?.memory_usage_kb).toBeGreaterThan((two?.memory_usage_kb ?? 0) + 10_000);
    expect(mine?.memory_usage_kb).toBe(Math.max(two?.memory_usage_kb ?? 0, three?.memory_usage_kb ?? 0));
    expect(mine?.execution_time_ms).toBeCloseTo(
      (two?.execution_time_ms ?? 0) + (three?.execution_time_ms ?? 0),
    );
  });

  test('tells its verdict on its own topic and on the class’s, once, in order', async () => {
    const exercise_id = await published();
    const { submission_id } = await solve(mina, exercise_id, right, await given(exercise_id));
    // a loaded machine may take long enough for verdicts on the way
    const told = (await eventsOf(table, submission_id)).filter(
      ({ event_type }) => event_type !== 'code.verdicts',
    );
    expect(told.map(({ event_type, data }) => [event_type, data['status']])).toEqual([
      ['job.status', 'pending'],
      ['job.status', 'grading'],
      ['code.result', 'graded'],
      ['job.status', 'graded'],
    ]);
    expect(told[2]?.data).toMatchObject({
      grade: 100,
      verdicts: ['pass', 'pass', 'pass'],
      attempt_number: 1,
    });
    for (const { fan_in, owner_id, data } of told) {
      expect([fan_in, owner_id]).toEqual([[`class:${class_id}`], mina.user_id]);
      expect(Buffer.byteLength(JSON.stringify(data))).toBeLessThan(4_096);
    }
  });

  test('counts in the standings: attempts, best grade, the last one’s status', async () => {
    const exercise_id = await published();
    const assignment_id = await given(exercise_id);
    await solve(joon, exercise_id, right, assignment_id);
    const last = await solve(joon, exercise_id, twice, assignment_id);
    expect(last.attempt_number).toBe(2);
    const student_id = joon.user_id;
    const standing = {
      attempts: 2,
      best_grade: 100,
      status: 'graded',
      last_submission_id: last.submission_id,
    };
    expect(await table.get(assignmentStandings, { assignment_id, student_id })).toMatchObject(standing);
    expect(await table.get(exerciseStandings, { exercise_id, student_id })).toMatchObject(standing);
  });

  test('of which several come at once have numbers of their own, and none is lost', async () => {
    const exercise_id = await published({ ...squares, practice: true });
    const sent = await Promise.all(Array.from({ length: 4 }, () => handIn(sora, exercise_id, right)));
    const done = await Promise.all(sent.map(({ submission_id }) => graded(sora, submission_id)));
    expect(done.map(({ attempt_number }) => attempt_number).sort()).toEqual([1, 2, 3, 4]);
    expect(done.every(({ grade }) => grade === 100)).toBe(true);
    const standing = await table.get(exerciseStandings, { exercise_id, student_id: sora.user_id });
    expect(standing).toMatchObject({ attempts: 4, best_grade: 100, status: 'graded' });
  });

  test('sent again with its key is the same one, and another’s is not there', async () => {
    const exercise_id = await published({ ...squares, practice: true });
    const send = (submission_code: string) =>
      sora.code.submit({ params: { exercise_id }, body: { submission_code }, idempotency_key: 'once' });
    const all = await Promise.all([send(right), send(right), send(right)]);
    expect(new Set(all.map(({ submission_id }) => submission_id)).size).toBe(1);
    expect(await refusal(send(twice))).toBe('409 idempotency.other_body');
    const submission_id = all[0]?.submission_id ?? '';
    expect(await refusal(mina.code.getSubmission({ params: { submission_id } }))).toBe(
      '404 submission.not_found',
    );
  });

  test('is refused where there is nothing to solve, or in somebody else’s name', async () => {
    const exercise_id = await published();
    const [draft, assignment_id] = [
      await teacher.code.createExercise({ body: squares }),
      await given(exercise_id),
    ];
    const params = { exercise_id };
    const submit = (body: object, who = mina, at = params) =>
      refusal(who.code.submit({ params: at, body: { submission_code: right, ...body } }));
    const outsider = await school.person('student');
    expect(
      await Promise.all([
        submit({}),
        submit({ assignment_id: 'no-such-assignment' }),
        submit({ assignment_id, language: 'javascript' }),
        submit({ assignment_id, student_id: joon.user_id }),
        submit({ assignment_id, submission_code: ' ' }),
        submit({ assignment_id, submission_code: 'x'.repeat(10_001) }),
        submit({ assignment_id }, outsider),
        submit({ assignment_id }, mina, { exercise_id: draft.exercise_id }),
      ]),
    ).toEqual([
      '409 assignment.missing',
      '400 assignment.unknown',
      '422 request.invalid',
      '403 owner_mismatch',
      '422 request.invalid',
      '422 request.invalid',
      '404 exercise.not_found',
      '404 exercise.not_found',
    ]);
  });
});

describe('an assignment’s rules', () => {
  const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();

  test('take from late work what its policy says', async () => {
    const exercise_id = await published();
    const due_at = ago(30);
    const penalty = { kind: 'penalty', percent_per_day: 10, until: null } as const;
    const late = await solve(
      mina,
      exercise_id,
      right,
      await given(exercise_id, { due_at, late_policy: penalty }),
    );
    expect(late).toMatchObject({ late: true, raw_grade: 100, grade: 80 });
    const closed = await given(exercise_id, { due_at, late_policy: { kind: 'refuse' } });
    expect(await refusal(handIn(mina, exercise_id, right, closed))).toBe('409 assignment.closed');
    const params = { assignment_id: closed, student_id: mina.user_id };
    await teacher.code.putExtension({ params, body: { due_at: ago(-1) } });
    expect(await solve(mina, exercise_id, right, closed)).toMatchObject({ late: false, grade: 100 });
  });

  test('limit attempts, with what an extension adds, however many come at once', async () => {
    const exercise_id = await published();
    const assignment_id = await given(exercise_id, { max_attempts: 2 });
    const sent = await Promise.allSettled(
      Array.from({ length: 5 }, () => handIn(joon, exercise_id, right, assignment_id)),
    );
    expect(sent.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    expect(await refusal(handIn(joon, exercise_id, right, assignment_id))).toBe('409 assignment.no_attempts');
    const params = { assignment_id, student_id: joon.user_id };
    await teacher.code.putExtension({ params, body: { extra_attempts: 1 } });
    expect((await handIn(joon, exercise_id, right, assignment_id)).attempt_number).toBe(3);
  });

  test('make who was just graded wait, and say how long', async () => {
    const exercise_id = await published();
    const assignment_id = await given(exercise_id, { cooldown_s: 600 });
    await handIn(sora, exercise_id, right, assignment_id);
    const refused = await refusedWith(handIn(sora, exercise_id, right, assignment_id));
    expect(refused.summary).toBe('429 assignment.cooldown');
    expect(refused.retry_after_s).toBeGreaterThan(500);
  });

  test('may have a teacher look first: tests are run, and no grade is given', async () => {
    const exercise_id = await published();
    const done = await solve(mina, exercise_id, right, await given(exercise_id, { review: 'always' }));
    expect(done).toMatchObject({
      status: 'manual_review',
      review_reason: 'rule',
      grade: null,
      raw_grade: 100,
      automated_tests_passed: 3,
    });
  });
});

describe('who sees submissions', () => {
  test('the student, their guardian without the code, the staff of the class, administrators', async () => {
    const exercise_id = await published();
    const assignment_id = await given(exercise_id);
    const { submission_id } = await solve(mina, exercise_id, right, assignment_id);
    const guardian = await school.person('guardian');
    await teacher.school.linkGuardian({
      body: { guardian_id: guardian.user_id, student_id: mina.user_id },
    });
    const params = { submission_id };
    expect((await guardian.code.getSubmission({ params })).submission_code).toBe('');
    expect((await guardian.code.getSubmission({ params })).test_results?.[2]?.input).toBeNull();
    expect((await admin.code.getSubmission({ params })).test_results?.[2]?.input).toBe('112233\n');
    const ids = async (who: Person, query: object) =>
      (await who.code.listSubmissions({ query })).items.map((one) => one.submission_id);
    for (const [who, query] of [
      [mina, { exercise_id }],
      [mina, { assignment_id, status: 'graded' }],
      [guardian, { exercise_id }],
      [guardian, { student_id: mina.user_id, exercise_id }],
      [teacher, { exercise_id }],
      [teacher, { assignment_id }],
      [teacher, { class_id, exercise_id }],
      [teacher, { student_id: mina.user_id, assignment_id }],
      [admin, { exercise_id }],
      [admin, { status: 'graded', exercise_id }],
    ] as const)
      expect(await ids(who, query)).toEqual([submission_id]);
    expect(await ids(joon, { exercise_id })).toEqual([]);
    expect(await ids(admin, { limit: 1 })).toHaveLength(1);
    expect(await refusal(joon.code.listSubmissions({ query: { student_id: mina.user_id } }))).toBe(
      '404 user.not_found',
    );
    const stranger = await school.person('teacher');
    expect(await ids(stranger, { exercise_id })).toEqual([]);
    expect(await refusal(stranger.code.listSubmissions({ query: { assignment_id } }))).toBe(
      '404 assignment.not_found',
    );
    expect(await refusal(stranger.code.listSubmissions({ query: { class_id } }))).toBe('404 class.not_found');
  });

  test('a list is paged, newest first', async () => {
    const exercise_id = await published({ ...squares, practice: true });
    const who = await school.person('student');
    const sent: string[] = [];
    for (let n = 0; n < 5; n++) {
      sent.unshift((await handIn(who, exercise_id, right)).submission_id);
      await graded(who, sent[0] ?? '');
    }
    for (const [person, query] of [
      [who, {}],
      [admin, { exercise_id }],
    ] as const) {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await person.code.listSubmissions({
          query: { ...query, limit: 2, ...(cursor !== undefined && { cursor }) },
        });
        seen.push(...page.items.map(({ submission_id }) => submission_id));
        cursor = page.next_cursor ?? undefined;
      } while (cursor !== undefined);
      expect(seen).toEqual(sent);
    }
  });
});

test('thirty who hand in within the same moment are all graded, none twice', async () => {
  const big = await school.withClass({ students: 30 });
  const exercise_id = await published();
  const { assignment_id } = await teacher.code
    .createAssignment({ body: { class_id, exercise_id } })
    .then(() => admin.code.createAssignment({ body: { class_id: big.class_id, exercise_id } }));
  const sent = await Promise.all(
    big.students.map((student) => handIn(student, exercise_id, right, assignment_id)),
  );
  // one asks at a time: thirty who ask without end would be most of the load
  for (const [at, { submission_id }] of sent.entries())
    expect((await graded(big.students[at] ?? mina, submission_id)).grade).toBe(100);
  for (const { submission_id } of sent) {
    const told = await table.queryAll(events, { pk: `topic#job:${submission_id}#events` });
    expect(told.filter(({ event_type }) => event_type === 'code.result')).toHaveLength(1);
  }
});
