import { expect, test } from 'vitest';
import { uuidv7 } from '#shared/ids.ts';
import { advance } from '#shared/jobs/advance.ts';
import { jobs } from '#shared/jobs/job.ts';
import { exerciseStandings, exerciseVersions } from '#shared/table/exercise.ts';
import { anExercise, body, certified, secrets } from '#tests/support/exercises.ts';
import { refusal, refusedWith } from '#tests/support/refusal.ts';
import { aSchool } from '#tests/support/school.ts';

const school = await aSchool();
const { table, org_id } = school;
const { teacher, students, class_id } = await school.withClass({ students: 2 });
const [student] = students;
if (!student) throw new Error('the class has students');
const stranger = await school.person('student');
const colleague = await school.person('teacher');
const admin = await school.person('org_admin');

const written = () => teacher.code.createExercise({ body });
const path = ({ exercise_id }: { exercise_id: string }) => ({ params: { exercise_id } });

async function published(more: { practice?: boolean } = {}) {
  const made = await teacher.code.createExercise({ body: { ...body, ...more } });
  await certified(table, made.exercise_id);
  return teacher.code.publishExercise(path(made));
}

test('a new exercise is a draft of its author, whole as it was written', async () => {
  const made = await written();
  expect(made).toMatchObject({
    title: 'Squares',
    titles: { ko: '제곱' },
    status: 'draft',
    version: 1,
    published_version: null,
    practice: false,
    created_by: teacher.user_id,
    created_by_name: teacher.name,
    progress: null,
    language: 'python',
    solution_code: body.solution_code,
    limits: { cpu_ms: 2000, memory_mb: 128, output_bytes: 65_536 },
    given_limits: null,
    test_count: 3,
    certification: { status: 'none' },
  });
  expect(made.tests?.map(({ id, name, weight }) => ({ id, name, weight }))).toEqual([
    { id: 't1', name: 'two', weight: 1 },
    { id: 't2', name: 'large', weight: 2 },
    { id: 't3', name: 'called', weight: 1 },
  ]);
  expect(made.public_tests.map(({ name, input, expected_output }) => [name, input, expected_output])).toEqual(
    [
      ['two', '2\n', '4\n'],
      ['called', 'square(3, {"deep": [1e+300, None, True]})', '9'],
    ],
  );
  expect(await colleague.code.getExercise(path(made))).toEqual(made);
});

test('the same key makes one exercise, another body with it is refused', async () => {
  const idempotency_key = uuidv7();
  const [one, two] = await Promise.all([
    teacher.code.createExercise({ body, idempotency_key }),
    teacher.code.createExercise({ body, idempotency_key }),
  ]);
  expect(one.exercise_id).toBe(two.exercise_id);
  const other = teacher.code.createExercise({ body: { ...body, title: 'Other' }, idempotency_key });
  expect(await refusal(other)).toBe('409 idempotency.other_body');
});

test('a change makes a new version that says what changed; the one before stays as it was', async () => {
  const first = await written();
  const [two, large, called] = body.tests;
  const second = await teacher.code.updateExercise({
    ...path(first),
    body: {
      topic: 'Numbers',
      title: 'Squares',
      tests: [{ ...large, weight: 5 }, two, { ...called, name: 'renamed' }],
      limits: { cpu_ms: 500 },
    },
  });
  expect(second).toMatchObject({ version: 2, topic: 'Numbers', limits: { cpu_ms: 500, memory_mb: 128 } });
  expect(
    second.tests?.map(({ id }) => id),
    'a test keeps its id with its name',
  ).toEqual(['t2', 't1', 't4']);
  const versions = await teacher.code.listVersions(path(first));
  expect(versions).toMatchObject({
    total: 2,
    items: [
      { version: 2, certified: false, published_at: null },
      { version: 1, changed: [] },
    ],
  });
  expect(versions.items[0]?.changed.toSorted()).toEqual(['limits', 'tests', 'topic']);
  const before = await teacher.code.getExercise({ ...path(first), query: { version: 1 } });
  expect(before).toMatchObject({ topic: 'Loops', version: 1, tests: first.tests });
  const unknown = teacher.code.getExercise({ ...path(first), query: { version: 3 } });
  expect(await refusal(unknown)).toBe('404 version.not_found');
});

test('a change that changes nothing makes no version, nor does opening it for practice', async () => {
  const made = await written();
  const again = await teacher.code.updateExercise({
    ...path(made),
    body: { topic: made.topic, tests: body.tests },
  });
  expect(again).toEqual(made);
  const practice = await teacher.code.updateExercise({ ...path(made), body: { practice: true } });
  expect(practice).toMatchObject({ version: 1, practice: true });
});

test('two changes at once both count; one that has seen an older version is refused', async () => {
  const made = await written();
  await Promise.all([
    teacher.code.updateExercise({ ...path(made), body: { topic: 'Numbers' } }),
    teacher.code.updateExercise({ ...path(made), body: { module: null } }),
  ]);
  expect(await teacher.code.getExercise(path(made))).toMatchObject({
    version: 3,
    topic: 'Numbers',
    module: null,
  });
  const late = teacher.code.updateExercise({ ...path(made), body: { topic: 'Old', version: 1 } });
  expect(await refusal(late)).toBe('409 exercise.changed');
});

test('an exercise of more than 256 KB is refused, when written and when changed', async () => {
  const long = '가'.repeat(60_000);
  const tests = Array.from({ length: 2 }, (_, at) => ({ ...body.tests[0], name: `t${at}`, stdin: long }));
  const made = await written();
  const refused = await refusedWith(teacher.code.createExercise({ body: { ...body, tests } }));
  expect(refused).toMatchObject({ summary: '422 request.invalid' });
  expect(refused.message).toContain('256 KB');
  expect(await refusal(teacher.code.updateExercise({ ...path(made), body: { tests } }))).toBe(
    '422 request.invalid',
  );
});

test('only the newest certified version is published, and publishing it again changes nothing', async () => {
  const made = await written();
  expect(await refusal(teacher.code.publishExercise(path(made)))).toBe('409 exercise.not_certified');
  await certified(table, made.exercise_id);
  const first = await teacher.code.publishExercise(path(made));
  expect(first).toMatchObject({
    status: 'published',
    published_version: 1,
    certification: { status: 'passed' },
  });
  expect(await teacher.code.publishExercise(path(made))).toEqual(first);
  await teacher.code.updateExercise({ ...path(made), body: { topic: 'Numbers' } });
  expect(await refusal(teacher.code.publishExercise(path(made)))).toBe('409 exercise.not_certified');
  const { items } = await teacher.code.listVersions(path(made));
  expect(items.map(({ published_at }) => published_at !== null)).toEqual([false, true]);
});

test('students get the published version while the next one is written', async () => {
  const made = await published({ practice: true });
  await teacher.code.updateExercise({
    ...path(made),
    body: { title: 'A draft title', problem_description: 'draft' },
  });
  const seen = await student.code.getExercise(path(made));
  expect(seen).toMatchObject({
    title: 'Squares',
    version: 1,
    problem_description: body.problem_description,
    progress: { attempts: 0, solved: false, best_grade: null },
  });
  const draft = student.code.getExercise({ ...path(made), query: { version: 2 } });
  expect(await refusal(draft)).toBe('404 version.not_found');
  const list = await student.code.listExercises({ query: { q: 'draft' } });
  expect(list.items).toEqual([]);
});

test('a draft, what is not for practice and not assigned, and what opens later are no student’s', async () => {
  const draft = await written();
  const unassigned = await published();
  const later = await published();
  const opens_at = new Date(Date.now() + 3_600_000).toISOString();
  await teacher.code.createAssignment({ body: { class_id, exercise_id: later.exercise_id, opens_at } });
  for (const one of [draft, unassigned, later])
    expect(await refusal(student.code.getExercise(path(one)))).toBe('404 exercise.not_found');
  const shown = await student.code.listExercises({ query: { limit: 100 } });
  const ids = shown.items.map(({ exercise_id }) => exercise_id);
  for (const { exercise_id } of [draft, unassigned, later]) expect(ids).not.toContain(exercise_id);
});

test('what a class was given its students read, and no others; once archived it stays theirs', async () => {
  const made = await published();
  await teacher.code.createAssignment({ body: { class_id, exercise_id: made.exercise_id } });
  expect(await student.code.getExercise(path(made))).toMatchObject({ title: 'Squares' });
  expect(await refusal(stranger.code.getExercise(path(made)))).toBe('404 exercise.not_found');
  await teacher.code.updateExercise({ ...path(made), body: { status: 'archived' } });
  expect(await student.code.getExercise(path(made))).toMatchObject({ status: 'archived' });
  const draft = teacher.code.updateExercise({ ...path(made), body: { status: 'draft' } });
  expect(await refusal(draft)).toBe('409 exercise.in_use');
  const again = teacher.code.createAssignment({ body: { class_id, exercise_id: made.exercise_id } });
  expect(await refusal(again)).toBe('409 exercise.not_published');
});

test('archived, an exercise is no practice; a draft again, it is nobody’s', async () => {
  const made = await published({ practice: true });
  await teacher.code.updateExercise({ ...path(made), body: { status: 'archived' } });
  expect(await refusal(student.code.getExercise(path(made)))).toBe('404 exercise.not_found');
  expect(await teacher.code.publishExercise(path(made))).toMatchObject({ status: 'published' });
  expect(await student.code.getExercise(path(made))).toMatchObject({ version: 1 });
  const draft = await teacher.code.updateExercise({ ...path(made), body: { status: 'draft' } });
  expect(draft).toMatchObject({ status: 'draft', published_version: null });
  expect(await refusal(student.code.getExercise(path(made)))).toBe('404 exercise.not_found');
});

test('no reply to a student holds a solution, a hidden test, a checker or its code', async () => {
  const made = await published({ practice: true });
  const { assignment_id } = await teacher.code.createAssignment({
    body: { class_id, exercise_id: made.exercise_id },
  });
  const replies = [
    await student.code.getExercise(path(made)),
    await student.code.getExercise({ ...path(made), query: { version: 1 } }),
    await student.code.listExercises({ query: { limit: 100 } }),
    await student.code.listAssignments({ query: { limit: 100 } }),
    await student.code.getAssignment({ params: { assignment_id } }),
  ];
  for (const reply of replies)
    for (const secret of secrets) expect(JSON.stringify(reply)).not.toContain(secret);
  expect(replies[0]).toMatchObject({
    tests: null,
    solution_code: null,
    certification: null,
    given_limits: null,
  });
  for (const forbidden of [
    () => student.code.listVersions(path(made)),
    () => student.code.exportExercise(path(made)),
    () => student.code.certifyExercise(path(made)),
    () => student.code.updateExercise({ ...path(made), body: {} }),
  ])
    expect(await refusal(forbidden())).toBe('403 auth.role');
  expect(JSON.stringify(await teacher.code.getExercise(path(made)))).toContain(secrets[0]);
});

test('a student’s list and page show where they stand', async () => {
  const made = await published({ practice: true });
  const standing = {
    exercise_id: made.exercise_id,
    student_id: student.user_id,
    attempts: 3,
    best_grade: 100,
    status: 'graded' as const,
    last_submission_id: 's1',
    last_at: '2026-11-20T09:30:00.000Z',
    version: 1,
  };
  await table.write(table.insert(exerciseStandings, standing));
  const progress = {
    attempts: 3,
    best_grade: 100,
    solved: true,
    last_submission_id: 's1',
    last_at: standing.last_at,
  };
  expect(await student.code.getExercise(path(made))).toMatchObject({ progress });
  const { items } = await student.code.listExercises({ query: { limit: 100 } });
  expect(items.find(({ exercise_id }) => exercise_id === made.exercise_id)).toMatchObject({ progress });
});

test('certifying queues a job that the version names, once', async () => {
  const made = await written();
  const idempotency_key = uuidv7();
  const [one, two] = await Promise.all([
    teacher.code.certifyExercise({ ...path(made), idempotency_key }),
    teacher.code.certifyExercise({ ...path(made), idempotency_key }),
  ]);
  const job_id = one.certification?.job_id ?? '';
  expect(two.certification).toEqual(one.certification);
  expect(one.certification).toMatchObject({ status: 'pending', solution_results: [] });
  expect(await table.get(jobs, { job_id })).toMatchObject({
    kind: 'certification',
    state: 'queued',
    exercise_id: made.exercise_id,
    exercise_version: 1,
    owner_id: teacher.user_id,
  });
  expect(await refusal(teacher.code.certifyExercise(path(made)))).toBe('409 certification.running');
  expect(await refusal(teacher.code.publishExercise(path(made)))).toBe('409 exercise.not_certified');
});

test('a certification whose grader gave up is not pending for ever', async () => {
  const made = await written();
  const { certification } = await teacher.code.certifyExercise(path(made));
  const job = await table.get(jobs, { job_id: certification?.job_id ?? '' }, { consistent: true });
  if (!job) throw new Error('the job is there');
  await advance({ table, now: () => new Date(), events_days: 30 }, job, { state: 'cancelled' });
  const after = await teacher.code.getExercise(path(made));
  expect(after.certification).toMatchObject({
    status: 'failed',
    problems: [expect.stringContaining('once more')],
  });
  expect(await teacher.code.certifyExercise(path(made))).toMatchObject({
    certification: { status: 'pending' },
  });
});

test('a teacher changes only their own exercises, an administrator those of the organisation', async () => {
  const made = await written();
  const change = { ...path(made), body: { topic: 'Numbers' } };
  expect(await refusal(colleague.code.updateExercise(change))).toBe('403 exercise.not_own');
  expect(await refusal(colleague.code.deleteExercise(path(made)))).toBe('403 exercise.not_own');
  expect(await admin.code.updateExercise(change)).toMatchObject({ version: 2, created_by: teacher.user_id });
});

test('an exercise that is in use is not deleted, and the refusal says where', async () => {
  const made = await published();
  const { assignment_id } = await teacher.code.createAssignment({
    body: { class_id, exercise_id: made.exercise_id },
  });
  const refused = await refusedWith(teacher.code.deleteExercise(path(made)));
  expect(refused.summary).toBe('409 exercise.in_use');
  expect(refused.message).toContain('수학 I');
  await teacher.code.deleteAssignment({ params: { assignment_id } });
  await table.write(
    table.insert(exerciseStandings, {
      exercise_id: made.exercise_id,
      student_id: student.user_id,
      attempts: 1,
      best_grade: null,
      status: 'pending',
      last_submission_id: 's',
      last_at: '2026-11-20T09:30:00.000Z',
      version: 1,
    }),
  );
  expect((await refusedWith(teacher.code.deleteExercise(path(made)))).message).toContain('handed in');
});

test('a deleted exercise is gone for everybody, its versions follow in time', async () => {
  const made = await published({ practice: true });
  await teacher.code.updateExercise({ ...path(made), body: { topic: 'Numbers' } });
  await teacher.code.deleteExercise(path(made));
  for (const person of [teacher, admin, student])
    expect(await refusal(person.code.getExercise(path(made)))).toBe('404 exercise.not_found');
  expect(await refusal(teacher.code.deleteExercise(path(made)))).toBe('404 exercise.not_found');
  const lists = [
    await teacher.code.listExercises({ query: { limit: 100 } }),
    await student.code.listExercises({ query: { limit: 100 } }),
  ];
  for (const { items } of lists)
    expect(items.map(({ exercise_id }) => exercise_id)).not.toContain(made.exercise_id);
  const id = { exercise_id: made.exercise_id, version_number: 1 };
  const kept = await table.get(exerciseVersions, id, { consistent: true });
  expect(kept?.expires_at).toBeGreaterThan(Date.now() / 1000);
});

test('an exercise is not given to a class and deleted in one moment', async () => {
  for (let round = 0; round < 5; round++) {
    const { exercise_id } = await anExercise(table, { org_id, by: teacher.user_id });
    const [given, deleted] = await Promise.allSettled([
      teacher.code.createAssignment({ body: { class_id, exercise_id } }),
      teacher.code.deleteExercise({ params: { exercise_id } }),
    ]);
    expect([given.status, deleted.status].toSorted()).toEqual(['fulfilled', 'rejected']);
  }
});

test.each([
  ['a blank solution', { solution_code: '  \n' }, 'solution_code'],
  ['no tests', { tests: [] }, 'tests'],
  ['too many tests', { tests: Array.from({ length: 51 }, () => body.tests[0]) }, 'tests'],
  ['a negative weight', { tests: [{ ...body.tests[0], weight: -1 }] }, 'weight'],
  ['an unknown language', { language: 'cobol' as 'python' }, 'language'],
  [
    'an invalid pattern',
    { tests: [{ ...body.tests[0], checker: { kind: 'regex', pattern: '(' } }] },
    'pattern',
  ],
  ['a limit beyond the highest', { limits: { cpu_ms: 60_000 } }, 'cpu_ms'],
  ['a solution that nobody could hand in', { solution_code: 'x'.repeat(10_001) }, 'solution_code'],
  ['a starter that nobody could hand in', { starter_code: 'x'.repeat(10_001) }, 'starter_code'],
  ['NUL in a starter', { starter_code: 'a\0' }, 'starter_code'],
  ['NUL in a test', { tests: [{ ...body.tests[0], stdin: 'a\0' }] }, 'stdin'],
  ['a field of ours', { created_by: 'me' } as object, 'created_by'],
] as const)('%s is refused by name', async (_, wrong, field) => {
  const refused = await refusedWith(
    teacher.code.createExercise({ body: { ...body, ...wrong } as typeof body }),
  );
  expect(refused.status).toBe(422);
  expect(JSON.stringify(refused.body)).toContain(field);
});
