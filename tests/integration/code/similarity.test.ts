import { expect, test } from 'vitest';
import { jobs } from '#shared/jobs/job.ts';
import { events, eventsKey } from '#shared/realtime/event.ts';
import { keepReport, reportedPairs, similarities } from '#shared/table/similarity.ts';
import { anExercise } from '#tests/support/exercises.ts';
import { handedIn } from '#tests/support/handed-in.ts';
import { refusal } from '#tests/support/refusal.ts';
import { aSchool } from '#tests/support/school.ts';
import { scriptedGrader } from '#tests/support/scripted-grader.ts';
import { disguised, honest, original } from '#tests/unit/grading/similar-programs.ts';

const school = await aSchool();
const { table, org_id } = school;
const { teacher, students, class_id } = await school.withClass({ students: 4 });
const [anna, ben, cho, dan] = students;
if (!anna || !ben || !cho || !dan) throw new Error('the class has students');
const exercise = await anExercise(table, { org_id, by: teacher.user_id });
const { exercise_id } = exercise;
const grader = scriptedGrader(table, () => 'pass');

const given = () => teacher.code.createAssignment({ body: { class_id, exercise_id } });
type Assignment = Awaited<ReturnType<typeof given>>;
const start = ({ assignment_id }: Assignment) => teacher.code.startSimilarity({ params: { assignment_id } });
const read = ({ assignment_id }: Assignment) => teacher.code.getSimilarity({ params: { assignment_id } });
const hands = (assignment: Assignment, student: typeof anna, code: string) =>
  handedIn(table, { exercise, student, assignment, code });

const aClass = async () => {
  const assignment = await given();
  await hands(assignment, anna, 'print("a first try, which does not count")\n');
  const copied = await hands(assignment, anna, original);
  const copy = await hands(assignment, ben, disguised);
  await hands(assignment, cho, honest[0]);
  await hands(assignment, dan, honest[1]);
  return { assignment, copied, copy };
};
const run = (job_id: string | null) => grader.run(job_id ?? '');

test('the report names the copy first, and the lines on both sides', async () => {
  const { assignment, copied, copy } = await aClass();
  expect(await read(assignment)).toMatchObject({ status: 'none', job_id: null, pairs: [] });
  const started = await start(assignment);
  expect(started).toMatchObject({ status: 'pending', queue_position: 1, made_at: null, pairs: [] });
  expect(await run(started.job_id)).toBe('done');
  const report = await read(assignment);
  expect(report).toMatchObject({ status: 'completed', submissions: 4, queue_position: null });
  const [first, ...others] = report.pairs;
  expect([first?.left.submission_id, first?.right.submission_id].sort()).toEqual(
    [copied.submission_id, copy.submission_id].sort(),
  );
  expect([first?.left.student_name, first?.right.student_name].sort()).toEqual([anna.name, ben.name].sort());
  expect(first?.similarity).toBeGreaterThan(0.9);
  expect(first?.fragments.length).toBeGreaterThan(0);
  for (const { similarity } of others) expect(similarity).toBeLessThan(0.4);
  const told = await table.queryAll(events, { pk: eventsKey(`job:${started.job_id}`) });
  expect(told.at(-1)?.data).toMatchObject({ status: 'completed' });
});

test('while one comparison waits or runs, another start is that one; afterwards a new one replaces the report', async () => {
  const { assignment } = await aClass();
  const [one, two] = await Promise.all([start(assignment), start(assignment)]);
  expect(one.job_id).toBe(two.job_id);
  await run(one.job_id);
  const before = await read(assignment);
  await hands(assignment, ben, honest[2]);
  const next = await start(assignment);
  expect(next.job_id).not.toBe(one.job_id);
  // the old report is shown until the new one is there
  expect(next).toMatchObject({ status: 'pending', made_at: before.made_at, pairs: before.pairs });
  await run(next.job_id);
  const after = await read(assignment);
  expect(after.pairs.every(({ similarity }) => similarity < 0.4)).toBe(true);
});

test('there is nothing to compare before two have handed in', async () => {
  const assignment = await given();
  expect(await refusal(start(assignment))).toBe('409 similarity.too_few');
  await hands(assignment, anna, original);
  await hands(assignment, anna, disguised);
  expect(await refusal(start(assignment))).toBe('409 similarity.too_few');
});

test('assistants of the class and students see no reports', async () => {
  const { assignment } = await aClass();
  const assisting = await school.person('teacher');
  await teacher.school.putStaff({
    params: { class_id, user_id: assisting.user_id },
    body: { role: 'assistant' },
  });
  const params = { assignment_id: assignment.assignment_id };
  expect(await refusal(assisting.code.getSimilarity({ params }))).toBe('403 class.assistant');
  expect(await refusal(anna.code.getSimilarity({ params }))).toBe('403 auth.role');
});

test('a task that ends gives the comparison back, and another finishes it', async () => {
  const { assignment } = await aClass();
  const { job_id } = await start(assignment);
  const ending = scriptedGrader(table, () => 'pass');
  ending.end();
  expect(await ending.run(job_id ?? '')).toBe('interrupted');
  expect((await read(assignment)).status).toBe('pending');
  expect(await run(job_id)).toBe('done');
  const job = await table.get(jobs, { job_id: job_id ?? '' }, { consistent: true });
  expect(job).toMatchObject({ attempt: 2, state: 'succeeded' });
});

test('a report that failed says so and may be asked for again', async () => {
  const { assignment } = await aClass();
  const { job_id } = await start(assignment);
  const job = await table.get(jobs, { job_id: job_id ?? '' }, { consistent: true });
  if (!job) throw new Error('the comparison has a job');
  await table.write(table.replace(jobs, job, { ...job, state: 'failed', error_code: 'job.worker_died' }));
  expect(await read(assignment)).toMatchObject({ status: 'failed', pairs: [] });
  expect((await start(assignment)).job_id).not.toBe(job_id);
});

test('a report of two hundred pairs with many fragments takes several items, and comes back whole', async () => {
  const { assignment } = await aClass();
  const { assignment_id } = assignment;
  await start(assignment);
  const side = (index: number) => ({
    submission_id: `s${index}`,
    student_id: `p${index}`,
    student_name: '김민아',
  });
  const pairs = Array.from({ length: 200 }, (_, index) => ({
    left: side(index),
    right: side(index + 1),
    similarity: 0.5,
    longest_fragment: 40,
    fragments: Array.from({ length: 60 }, (__, line) => ({
      left: { start_line: line, end_line: line + 9 },
      right: { start_line: line, end_line: line + 9 },
    })),
  }));
  const seen = await table.get(similarities, { assignment_id }, { consistent: true });
  if (!seen) throw new Error('the comparison has a record');
  await table.write(
    await keepReport(table, seen, { submissions: 201, made_at: new Date().toISOString(), pairs }),
  );
  const kept = await table.get(similarities, { assignment_id }, { consistent: true });
  expect(kept?.report?.chunks).toBeGreaterThan(1);
  expect(kept && (await reportedPairs(table, kept))).toEqual(pairs);
});
