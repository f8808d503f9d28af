import { expect, test } from 'vitest';
import { hashPassword } from '#shared/identity/password.ts';
import { refusal } from '#tests/support/refusal.ts';
import { aSchool, type Person } from '#tests/support/school.ts';

const school = await aSchool();
const password = 'a heron, an otter, a lake';
const { auth } = school.clients();

const reset = (by: Person, class_id: string, whom: 'without_password' | 'all') =>
  by.school.resetClass({ params: { class_id }, body: { whom } });

async function aClass() {
  const { class_id, teacher, students } = await school.withClass({ students: 2 });
  const password_hash = await hashPassword('an older password');
  const old = await school.person('student', { name: 'aa', username: `old-${class_id}`, password_hash });
  const off = await school.person('student', { disabled: true });
  for (const { user_id } of [old, off])
    await teacher.school.enroll({ body: { class_id, student_id: user_id } });
  return { class_id, teacher, students, old };
}

test('students without a password get a code each; the others and disabled accounts are left out', async () => {
  const { class_id, teacher, students } = await aClass();
  const { cards, left_out, expires_at } = await reset(teacher, class_id, 'without_password');
  expect(cards.map(({ student_id }) => student_id).toSorted()).toEqual(
    students.map(({ user_id }) => user_id).toSorted(),
  );
  expect(left_out).toBe(2);
  expect(Date.parse(expires_at)).toBeGreaterThan(Date.now());
});

test('for all of a class every code sets its own student’s password', async () => {
  const { class_id, teacher, old } = await aClass();
  const { cards, left_out } = await reset(teacher, class_id, 'all');
  expect([cards.length, left_out]).toEqual([3, 1]);
  const card = cards.find(({ student_id }) => student_id === old.user_id);
  await auth.reset({ body: { code: card?.code ?? '', password } });
  const { user } = await auth.login({ body: { username: card?.username ?? '', password } });
  expect(user.user_id).toBe(old.user_id);
});

test('a teacher resets the students they teach, one by one and as a class, and nobody else’s', async () => {
  const { class_id, teacher, old } = await aClass();
  const { teacher: other } = await school.withClass();
  const assistant = await school.person('assistant');
  const helper = await school.person('teacher');
  for (const [{ user_id }, role] of [
    [assistant, 'assistant'],
    [helper, 'assistant'],
  ] as const)
    await teacher.school.putStaff({ params: { class_id, user_id }, body: { role } });
  const params = { user_id: old.user_id };
  expect((await teacher.school.resetUser({ params })).user_id).toBe(old.user_id);
  expect(await refusal(other.school.resetUser({ params }))).toBe('404 user.not_found');
  expect(await refusal(reset(other, class_id, 'all'))).toBe('404 class.not_found');
  expect(await refusal(reset(assistant, class_id, 'all'))).toBe('403 auth.role');
  expect(await refusal(reset(helper, class_id, 'all'))).toBe('403 class.assistant');
  expect(await refusal(reset(old, class_id, 'all'))).toBe('403 auth.role');
});
