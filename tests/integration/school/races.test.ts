import { expect, test } from 'vitest';
import { classes } from '#shared/table/class.ts';
import { enrolledIn, enrollments } from '#shared/table/enrollment.ts';
import { users } from '#shared/table/user.ts';
import { aSchool } from '#tests/support/school.ts';

const school = await aSchool();
const orgAdmin = await school.person('org_admin');

const rosterOf = (class_id: string) =>
  school.table.queryAll(enrollments, { pk: `class#${class_id}`, prefix: 'student#' });

test('a hundred students join at once: the class counts a hundred', async () => {
  const { class_id, join_code } = await school.withClass();
  const students = await school.several(100, 'student');
  const joined = await Promise.all(
    students.map((student) => student.school.joinClass({ body: { code: join_code } })),
  );
  expect(new Set(joined.map(({ student_id }) => student_id)).size).toBe(100);
  const stored = await school.table.get(classes, { class_id }, { consistent: true });
  expect(stored?.student_count).toBe(100);
  expect(await rosterOf(class_id)).toHaveLength(100);
}, 60_000);

test('one student joins twenty times at once: enrolled and counted once', async () => {
  const { class_id, teacher } = await school.withClass();
  const { user_id } = await school.person('student');
  const results = await Promise.allSettled(
    Array.from({ length: 20 }, () => teacher.school.enroll({ body: { class_id, student_id: user_id } })),
  );
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect((await school.table.get(classes, { class_id }))?.student_count).toBe(1);
});

test('who is enrolled and taken out at once leaves roster, counter and own list agreeing', async () => {
  const { class_id, teacher, students } = await school.withClass({ students: 4 });
  await Promise.allSettled(
    students.flatMap(({ user_id: student_id }) => [
      teacher.school.unenroll({ params: { class_id, student_id } }),
      teacher.school.enroll({ body: { class_id, student_id } }),
      teacher.school.unenroll({ params: { class_id, student_id } }),
    ]),
  );
  const roster = (await rosterOf(class_id)).map(({ student_id }) => student_id).sort();
  const mirrored = await Promise.all(
    students.map(({ user_id: student_id }) => school.table.get(enrolledIn, { student_id, class_id })),
  );
  const own = mirrored.flatMap((item) => (item ? [item.student_id] : [])).sort();
  expect(own).toEqual(roster);
  expect((await school.table.get(classes, { class_id }))?.student_count).toBe(roster.length);
});

test('nobody is enrolled in a class that is deleted at that moment', async () => {
  for (let round = 0; round < 20; round++) {
    const { class_id, teacher } = await school.withClass();
    const { user_id: student_id } = await school.person('student');
    const [enrolled, deleted] = await Promise.allSettled([
      teacher.school.enroll({ body: { class_id, student_id } }),
      teacher.school.deleteClass({ params: { class_id } }),
    ]);
    expect(enrolled.status === 'fulfilled').not.toBe(deleted.status === 'fulfilled');
    const left = await school.table.get(classes, { class_id }, { consistent: true });
    expect(left === undefined).toBe(deleted.status === 'fulfilled');
    expect(await rosterOf(class_id)).toHaveLength(left ? 1 : 0);
    const own = await school.table.get(enrolledIn, { student_id, class_id }, { consistent: true });
    expect(own !== undefined).toBe(left !== undefined);
  }
}, 60_000);

test('nobody is enrolled who stops being a student at that moment', async () => {
  for (let round = 0; round < 10; round++) {
    const { class_id, teacher } = await school.withClass();
    const { user_id } = await school.person('student');
    await Promise.allSettled([
      teacher.school.enroll({ body: { class_id, student_id: user_id } }),
      orgAdmin.school.updateUser({ params: { user_id }, body: { role: 'guardian' } }),
    ]);
    const user = await school.table.get(users, { user_id }, { consistent: true });
    expect(await rosterOf(class_id)).toHaveLength(user?.role === 'student' ? 1 : 0);
  }
}, 60_000);

test('nobody is put on the staff of a class that is deleted at that moment', async () => {
  for (let round = 0; round < 10; round++) {
    const { class_id, teacher } = await school.withClass();
    const assistant = await school.person('assistant');
    await Promise.allSettled([
      teacher.school.putStaff({
        params: { class_id, user_id: assistant.user_id },
        body: { role: 'assistant' },
      }),
      teacher.school.deleteClass({ params: { class_id } }),
    ]);
    const left = await school.table.get(classes, { class_id }, { consistent: true });
    const { items } = await assistant.school.listClasses({});
    if (!left) expect(items).toEqual([]);
  }
}, 60_000);
