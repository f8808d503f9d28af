/** What an extension changes of work that was handed in before it. */
import { inHours } from '#tests/support/moments.ts';
import '#tests/support/quiet.ts';
import { expect, test } from 'vitest';
import { topicOf } from '#shared/jobs/advance.ts';
import { events, eventsKey } from '#shared/realtime/event.ts';
import { assignmentStandings } from '#shared/table/assignment.ts';
import { exerciseStandings } from '#shared/table/exercise.ts';
import { type SubmissionRecord, submissions } from '#shared/table/submission.ts';
import { anExercise } from '#tests/support/exercises.ts';
import { type HandedIn, handedIn } from '#tests/support/handed-in.ts';
import { aSchool } from '#tests/support/school.ts';
import { scriptedGrader } from '#tests/support/scripted-grader.ts';

const school = await aSchool();
const { table, org_id } = school;
const { teacher, students, class_id } = await school.withClass({ students: 2 });
const [first, other] = students;
if (!first || !other) throw new Error('the class has students');
const student = first;
const exercise = await anExercise(table, { org_id, by: teacher.user_id });
const { exercise_id } = exercise;

/** An assignment that was due 30 hours ago: work of today has lost 20 percent to two days begun. */
async function overdue(review: 'on_request' | 'always' = 'on_request') {
  const assignment = await teacher.code.createAssignment({
    body: {
      class_id,
      exercise_id,
      due_at: inHours(-30),
      late_policy: { kind: 'penalty', percent_per_day: 10, until: null },
      review,
    },
  });
  const { assignment_id } = assignment;
  return {
    assignment_id,
    assignment,
    extend: (due_at: string | null, who = student) =>
      teacher.code.putExtension({ params: { assignment_id, student_id: who.user_id }, body: { due_at } }),
    standing: (who = student) =>
      table.get(assignmentStandings, { assignment_id, student_id: who.user_id }, { consistent: true }),
  };
}

/** Handed in late, as its grading left it. */
async function late(world: { assignment: HandedIn['assignment'] }, more: Partial<HandedIn> = {}) {
  const given = { exercise, student, ...(world.assignment && { assignment: world.assignment }) };
  const made = await handedIn(table, { ...given, grade: 80, ...more });
  const { version: _version, ...rest } = made;
  await table.write(table.replace(submissions, made, { ...rest, late: true }));
  if (world.assignment) {
    const id = { assignment_id: world.assignment.assignment_id, student_id: made.student_id };
    await table.write(
      table.update(assignmentStandings, id, {
        expression: 'SET #late = :yes',
        values: { ':yes': true },
      }),
    );
  }
  return made;
}
const read = ({ submission_id }: Pick<SubmissionRecord, 'submission_id'>) =>
  teacher.code.getSubmission({ params: { submission_id } });
const told = async ({ submission_id }: Pick<SubmissionRecord, 'submission_id'>) =>
  (await table.queryAll(events, { pk: eventsKey(topicOf({ job_id: submission_id })) })).slice(1);

test('what lateness took is given back, and taken again with the extension; the history says who and why', async () => {
  const world = await overdue();
  const submission = await late(world);
  await world.extend(inHours(1));
  const inTime = await read(submission);
  expect(inTime).toMatchObject({ late: false, grade: 100, raw_grade: 100, grader: 'system' });
  expect(inTime.gradings.at(-1)).toMatchObject({
    number: 2,
    grade: 100,
    reason: 'extension',
    grader: 'system',
    grader_id: teacher.user_id,
    grader_name: teacher.name,
  });
  expect(await world.standing()).toMatchObject({ best_grade: 100, late: false, attempts: 1 });
  expect(
    (await told(submission)).map(({ event_type, data }) => [event_type, data['grade'], data['late']]),
  ).toEqual([['code.result', 100, false]]);
  await world.extend(null);
  expect(await read(submission)).toMatchObject({ late: true, grade: 80 });
  expect(await world.standing()).toMatchObject({ best_grade: 80, late: true, extension: null });
  const raw = await table.get(exerciseStandings, { exercise_id, student_id: student.user_id });
  expect(raw?.best_grade).toBe(100);
});

test('the same extension again, or one that changes no grade, changes nothing of the work', async () => {
  const world = await overdue();
  const submission = await late(world);
  const due_at = inHours(-7);
  await world.extend(due_at);
  const once = await read(submission);
  // one day begun instead of two
  expect(once).toMatchObject({ late: true, grade: 90 });
  await world.extend(due_at);
  await world.extend(inHours(-6));
  expect(await read(submission)).toEqual(once);
  expect(await told(submission)).toHaveLength(1);
});

test('every attempt counts anew, and the best of them is the best', async () => {
  const world = await overdue();
  const half = await late(world, { verdicts: ['pass', 'wrong_answer', 'pass'], grade: 40 });
  const whole = await late(world);
  expect((await world.standing())?.best_grade).toBe(80);
  await world.extend(inHours(1));
  expect([(await read(half)).grade, (await read(whole)).grade]).toEqual([50, 100]);
  expect(await world.standing()).toMatchObject({ best_grade: 100, attempts: 2, late: false });
  await world.extend(null);
  expect([(await read(half)).grade, (await read(whole)).grade]).toEqual([40, 80]);
  expect(await world.standing()).toMatchObject({ best_grade: 80 });
});

test('a teacher’s own grade stays, and so does the work of others', async () => {
  const world = await overdue();
  const [mine, theirs] = [await late(world), await late(world, { student: other })];
  const params = { submission_id: mine.submission_id };
  await teacher.code.requestReview({ params, body: { grade: 66 } });
  const untouched = await read(theirs);
  await world.extend(inHours(1));
  expect(await read(mine)).toMatchObject({ grade: 66, grader: 'teacher', late: false });
  expect((await read(mine)).gradings).toHaveLength(2);
  expect(await world.standing()).toMatchObject({ best_grade: 66, late: false });
  expect(await read(theirs)).toEqual(untouched);
});

test('work that waits for its grade or for a person is in time too, and gets no grade by it', async () => {
  const world = await overdue('always');
  const rule = await late(world, { state: 'rule' });
  const pending = await late(world, { state: 'pending' });
  await world.extend(inHours(1));
  expect(await read(rule)).toMatchObject({ late: false, grade: null, status: 'manual_review' });
  expect(await read(pending)).toMatchObject({ late: false, grade: null, status: 'grading' });
  expect([await told(rule), await told(pending)]).toEqual([[], []]);
});

test('an extension in the moment of a grading counts in whichever order they come', async () => {
  for (let n = 0; n < 4; n++) {
    const world = await overdue();
    const { submission_id } = await student.code.submit({
      params: { exercise_id },
      body: { submission_code: 'right', assignment_id: world.assignment_id },
    });
    const grader = scriptedGrader(table, () => 'pass');
    await Promise.all([grader.run(submission_id), world.extend(inHours(1))]);
    expect(await read({ submission_id })).toMatchObject({ status: 'graded', grade: 100, late: false });
    expect(await world.standing()).toMatchObject({ best_grade: 100, late: false, status: 'graded' });
  }
});
