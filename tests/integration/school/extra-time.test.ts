import { expect, test } from 'vitest';
import { students } from '#shared/table/profile.ts';
import { refusal } from '#tests/support/refusal.ts';
import { aSchool } from '#tests/support/school.ts';

const school = await aSchool();
const { teacher, students: enrolled } = await school.withClass({ students: 1 });
const [student] = enrolled;
if (!student) throw new Error('the class has a student');
const params = { student_id: student.user_id };

test('a teacher gives a student extra time; the student sees it and cannot give it', async () => {
  expect(await student.school.getStudent({ params })).toMatchObject({ time_factor: 1 });
  const given = await teacher.school.updateStudent({ params, body: { time_factor: 1.5 } });
  expect(given.time_factor).toBe(1.5);
  expect(await student.school.getStudent({ params })).toMatchObject({ time_factor: 1.5 });
  // other changes leave it
  expect(await teacher.school.updateStudent({ params, body: { grade: '2' } })).toMatchObject({
    time_factor: 1.5,
  });
  const own = student.school.updateStudent({ params, body: { time_factor: 5 } });
  expect(await refusal(own)).toBe('403 auth.role');
});

test('time is never taken away, nor given without end', async () => {
  for (const time_factor of [0, 0.99, 5.01, -1])
    expect(await refusal(teacher.school.updateStudent({ params, body: { time_factor } }))).toBe(
      '422 request.invalid',
    );
});

test('a profile from before has the usual time', async () => {
  const { user_id } = await school.person('student');
  const { table } = school;
  await table.write(table.update(students, { user_id }, { expression: 'REMOVE #time_factor' }));
  expect(await table.get(students, { user_id })).toMatchObject({ time_factor: 1 });
});
