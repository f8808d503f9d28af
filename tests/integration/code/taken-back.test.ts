/** Assignments that are taken back while somebody hands in for them. */
import '#tests/support/quiet.ts';
import { beforeEach, expect, test } from 'vitest';
import { assignmentStandings, assignments } from '#shared/table/assignment.ts';
import { exercises } from '#shared/table/exercise.ts';
import { submissions, submissionsOf } from '#shared/table/submission.ts';
import { anExercise } from '#tests/support/exercises.ts';
import { hookedTable } from '#tests/support/hooked-table.ts';
import { refusal } from '#tests/support/refusal.ts';
import { aSchool } from '#tests/support/school.ts';

const school = await aSchool();
const { table, org_id } = school;
const { teacher, students, class_id } = await school.withClass({ students: 4 });
const [student] = students;
if (!student) throw new Error('the class has students');
const { exercise_id } = await anExercise(table, { org_id, by: teacher.user_id, practice: true });

/** What happens between the reads of the next calls and their transactions, one for each. */
const between: (() => Promise<unknown>)[] = [];
hookedTable().middlewareStack.add(
  (next, { commandName }) =>
    async (args) => {
      if (commandName?.startsWith('TransactWrite')) await between.shift()?.();
      return next(args);
    },
  { step: 'initialize', name: 'between', priority: 'high' },
);
beforeEach(() => {
  between.length = 0;
});

const given = async () => {
  const made = await teacher.code.createAssignment({ body: { class_id, exercise_id } });
  return made.assignment_id;
};
const submit = (assignment_id: string, who = student) =>
  who.code.submit({ params: { exercise_id }, body: { submission_code: 'print(1)', assignment_id } });
const takeBack = (assignment_id: string) => teacher.code.deleteAssignment({ params: { assignment_id } });
const stands = (assignment_id: string) => table.get(assignments, { assignment_id }, { consistent: true });
const handedIn = (assignment_id: string) =>
  table.queryAll(submissions, { index: 'gsi3', pk: submissionsOf.assignment(assignment_id) });

test('who hands in at that moment is told so, and nothing is left of it', async () => {
  const assignment_id = await given();
  between.push(() => takeBack(assignment_id));
  expect(await refusal(submit(assignment_id))).toBe('409 assignment.taken_back');
  expect(await stands(assignment_id)).toBeUndefined();
  expect(await handedIn(assignment_id)).toEqual([]);
  expect(await refusal(submit(assignment_id))).toBe('400 assignment.unknown');
});

test('work that came in before the last look keeps the assignment, and others go on handing in', async () => {
  const assignment_id = await given();
  // after the first look, before anything is shut
  between.push(async () => submit(assignment_id));
  expect(await refusal(takeBack(assignment_id))).toBe('409 assignment.in_use');
  expect(await stands(assignment_id)).toBeDefined();
  await submit(assignment_id);
  expect(await handedIn(assignment_id)).toHaveLength(2);
});

test('of many at once either the assignment goes or the work stays', async () => {
  const before = await table.get(exercises, { exercise_id }, { consistent: true });
  let kept = 0;
  for (let n = 0; n < 6; n++) {
    const assignment_id = await given();
    await Promise.allSettled([
      ...students.slice(0, n % 4).map((who) => submit(assignment_id, who)),
      takeBack(assignment_id),
      takeBack(assignment_id),
      ...students.slice(n % 4).map((who) => submit(assignment_id, who)),
    ]);
    const there = (await stands(assignment_id)) !== undefined;
    if (there) kept += 1;
    else expect(await handedIn(assignment_id)).toEqual([]);
  }
  const after = await table.get(exercises, { exercise_id }, { consistent: true });
  expect(after?.assignment_count).toBe((before?.assignment_count ?? 0) + kept);
});

test('who gives an extension at that moment is told that there is no assignment', async () => {
  const assignment_id = await given();
  between.push(() => takeBack(assignment_id));
  const params = { assignment_id, student_id: student.user_id };
  const extension = teacher.code.putExtension({ params, body: { extra_attempts: 1 } });
  expect(await refusal(extension)).toBe('404 assignment.not_found');
  expect(await table.get(assignmentStandings, params, { consistent: true })).toBeUndefined();
});
