/** What students hand in for practice, without an assignment: who of the staff finds it, and by which indexes. */
import '#tests/support/quiet.ts';
import { expect, test } from 'vitest';
import { anExercise } from '#tests/support/exercises.ts';
import { handedIn } from '#tests/support/handed-in.ts';
import { refusal } from '#tests/support/refusal.ts';
import { aSchool, type Person } from '#tests/support/school.ts';
import { recordCalls } from '#tests/support/table-calls.ts';

const school = await aSchool();
const { table, org_id } = school;
const { teacher, students, class_id } = await school.withClass({ students: 2 });
const [mina, joon] = students;
if (!mina || !joon) throw new Error('the class has students');
const beside = await school.withClass({ students: 1 });
const [sora] = beside.students;
if (!sora) throw new Error('the class has a student');
const assistant = await school.person('assistant');
await teacher.school.putStaff({
  params: { class_id, user_id: assistant.user_id },
  body: { role: 'assistant' },
});
const admin = await school.person('org_admin');

const exercise = await anExercise(table, { org_id, by: admin.user_id, practice: true });
const { exercise_id } = exercise;
const hands = async (student: Person) => (await handedIn(table, { exercise, student })).submission_id;
const of = {
  mina: [await hands(mina), await hands(mina)],
  joon: [await hands(joon)],
  sora: [await hands(sora)],
};

async function listed(who: Person, query: object, limit = 100): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await who.code.listSubmissions({ query: { ...query, limit, ...(cursor && { cursor }) } });
    ids.push(...page.items.map(({ submission_id }) => submission_id));
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return ids;
}

test('the staff of a student’s class find it by the exercise and by the student, newest first', async () => {
  const ofClass = [...of.mina, ...of.joon].toReversed();
  for (const who of [teacher, assistant]) {
    expect(await listed(who, { exercise_id })).toEqual(ofClass);
    expect(await listed(who, { exercise_id, student_id: mina.user_id })).toEqual(of.mina.toReversed());
  }
  expect(await listed(beside.teacher, { exercise_id })).toEqual(of.sora);
  expect(await listed(admin, { exercise_id })).toEqual([...of.sora, ...ofClass]);
});

test('a page that holds nothing of theirs leads on to those that do', async () => {
  for (let n = 0; n < 25; n++) await hands(sora);
  expect(await listed(teacher, { exercise_id }, 1)).toEqual([...of.mina, ...of.joon].toReversed());
});

test('others do not, nor do other students, and of another organisation there is no such exercise', async () => {
  const stranger = await school.person('teacher');
  expect(await listed(stranger, { exercise_id })).toEqual([]);
  expect(await refusal(listed(stranger, { exercise_id, student_id: mina.user_id }))).toBe(
    '404 user.not_found',
  );
  expect(await listed(joon, { exercise_id })).toEqual(of.joon);
  const foreign = await school.person('teacher', { org_id: await school.organization() });
  expect(await refusal(listed(foreign, { exercise_id }))).toBe('404 exercise.not_found');
});

test('who leaves the class takes it along', async () => {
  const moving = await school.person('student');
  await teacher.school.enroll({ body: { class_id, student_id: moving.user_id } });
  const id = await hands(moving);
  expect(await listed(teacher, { exercise_id })).toContain(id);
  await teacher.school.unenroll({ params: { class_id, student_id: moving.user_id } });
  expect(await listed(teacher, { exercise_id })).not.toContain(id);
  expect(await refusal(teacher.code.getSubmission({ params: { submission_id: id } }))).toBe(
    '404 submission.not_found',
  );
});

test('it is read by the exercise’s index, never by a scan', async () => {
  const calls = recordCalls();
  await teacher.code.listSubmissions({ query: { exercise_id } });
  const used = calls.all().map(({ command, index }) => `${command} ${index ?? ''}`.trim());
  expect(used).toContain('Query gsi2');
  expect(used.filter((one) => one.startsWith('Scan'))).toEqual([]);
  expect(new Set(used.filter((one) => one.startsWith('Query gsi')))).toEqual(new Set(['Query gsi2']));
});
