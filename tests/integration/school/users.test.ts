import { describe, expect, test } from 'vitest';
import { roles } from '#shared/contracts/operation.ts';
import { students, teachers } from '#shared/table/profile.ts';
import { users } from '#shared/table/user.ts';
import { refusal, refusedWith } from '#tests/support/refusal.ts';
import { aSchool } from '#tests/support/school.ts';

const school = await aSchool();
const platform = await school.person('platform_admin');
const orgAdmin = await school.person('org_admin');

const recordOf = (user_id: string) => school.table.get(users, { user_id }, { consistent: true });

describe('creating', () => {
  test('without a password the reply carries a code, with which the person sets one and signs in', async () => {
    const created = await orgAdmin.school.createUser({
      body: { name: '김민아', email: 'Mina@School.example', grade: '고1' },
    });
    expect(created).toMatchObject({
      name: '김민아',
      role: 'student',
      org_id: school.org_id,
      disabled: false,
    });
    expect(created.reset_code).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/);

    const anybody = school.clients();
    const password = 'blue-heron-lake-7';
    await anybody.auth.reset({ body: { code: created.reset_code ?? '', password } });
    const { user } = await anybody.auth.login({ body: { email: 'mina@school.example', password } });
    expect(user.user_id).toBe(created.user_id);
  });

  test('with a password there is no code, and the person is asked to choose another password', async () => {
    const body = { name: 'Seo-jun', username: 'seojun', password: 'first-grade-otter' };
    const created = await orgAdmin.school.createUser({ body });
    expect(created).toMatchObject({ reset_code: null, must_change_password: true, username: 'seojun' });
    expect(
      await refusal(orgAdmin.school.createUser({ body: { ...body, username: 'x2', password: 'password' } })),
    ).toBe('422 password.weak');
  });

  test('a student and a teacher get their profile with the account, others none', async () => {
    for (const role of roles) {
      const { user_id } = await platform.school.createUser({
        body: { name: `New ${role}`, username: `profile-${role.replace('_', '-')}`, role },
      });
      const student = await school.table.get(students, { user_id });
      const teacher = await school.table.get(teachers, { user_id });
      expect(student?.origin).toBe(role === 'student' ? 'user' : undefined);
      expect(teacher?.origin).toBe(role === 'teacher' ? 'user' : undefined);
    }
  });

  test('needs an e-mail address or a username', async () => {
    expect(await refusal(orgAdmin.school.createUser({ body: { name: 'Nobody' } }))).toBe(
      '422 request.invalid',
    );
  });

  test('an address and a username belong to one person, whatever their case and width', async () => {
    await orgAdmin.school.createUser({
      body: { name: 'A', email: 'taken@school.example', username: 'taken' },
    });
    const again = (body: { email?: string; username?: string }) =>
      refusal(orgAdmin.school.createUser({ body: { name: 'B', ...body } }));
    expect(await again({ email: 'TAKEN@school.example' })).toBe('409 user.email_taken');
    expect(await again({ username: 'Ｔaken' })).toBe('409 user.username_taken');
    const before = await orgAdmin.school.getOrganization({ params: { org_id: school.org_id } });
    await again({ username: 'taken' });
    const after = await orgAdmin.school.getOrganization({ params: { org_id: school.org_id } });
    expect(after.member_count).toBe(before.member_count);
  });

  test('ten people who want the same address at once: one gets it', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 10 }, (_, at) =>
        orgAdmin.school.createUser({ body: { name: `Twin ${at}`, email: 'twin@school.example' } }),
      ),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('nobody gives a role above their own', async () => {
    const body = { name: 'Above', username: 'above', role: 'platform_admin' } as const;
    expect(await refusal(orgAdmin.school.createUser({ body }))).toBe('403 user.role_above');
    const equal = await orgAdmin.school.createUser({ body: { ...body, role: 'org_admin' } });
    expect(equal.role).toBe('org_admin');
  });

  test('a teacher creates students only, and enrols them at once in an own class', async () => {
    const { teacher, class_id } = await school.withClass();
    for (const role of ['guardian', 'assistant', 'teacher', 'org_admin'] as const)
      expect(
        await refusal(
          teacher.school.createUser({ body: { name: 'X', username: `by-teacher-${role}`, role } }),
        ),
      ).toBe('403 user.role_above');
    const created = await teacher.school.createUser({
      body: { name: 'Little One', username: 'little-one', class_id, grade: '1' },
    });
    const roster = await teacher.school.listClassStudents({ params: { class_id } });
    expect(roster.items).toMatchObject([{ student_id: created.user_id, name: 'Little One', grade: '1' }]);
    expect(roster.total).toBe(1);
  });

  test('a class that is not the teacher’s, or in another organisation, is not found, and nothing is made', async () => {
    const { teacher } = await school.withClass();
    const { class_id } = await school.withClass();
    const foreign = await school.withClass({ org_id: await school.organization() });
    for (const other of [class_id, foreign.class_id, 'no-such-class'])
      expect(
        await refusal(
          teacher.school.createUser({ body: { name: 'X', username: 'nowhere', class_id: other } }),
        ),
      ).toBe('400 class.unknown');
    const { items } = await orgAdmin.school.listUsers({ query: { q: 'nowhere' } });
    expect(items).toEqual([]);
  });

  test('only students have a class and a grade', async () => {
    const { class_id } = await school.withClass();
    const body = { name: 'T', username: 'has-no-class', role: 'teacher' } as const;
    expect(await refusal(orgAdmin.school.createUser({ body: { ...body, class_id } }))).toBe(
      '422 request.invalid',
    );
    expect(await refusal(orgAdmin.school.createUser({ body: { ...body, grade: '1' } }))).toBe(
      '422 request.invalid',
    );
  });

  test('another organisation is not found, but for a platform administrator', async () => {
    const org_id = await school.organization();
    const body = { name: 'Elsewhere', username: 'elsewhere', org_id };
    expect(await refusal(orgAdmin.school.createUser({ body }))).toBe('400 organization.unknown');
    const unknown = { ...body, org_id: 'no-such-organisation' };
    expect(await refusal(platform.school.createUser({ body: unknown }))).toBe('400 organization.unknown');
    expect((await platform.school.createUser({ body })).org_id).toBe(org_id);
  });

  test('the same Idempotency-Key makes one user; the lost code is replaced by one that works', async () => {
    const call = { body: { name: 'Retry', username: 'retry-me' }, idempotency_key: 'create-retry' };
    const first = await orgAdmin.school.createUser(call);
    const second = await orgAdmin.school.createUser(call);
    expect(second.user_id).toBe(first.user_id);
    const body = { code: second.reset_code ?? '', password: 'heron-and-otter' };
    await school.clients().auth.reset({ body });
    const third = await orgAdmin.school.createUser(call);
    expect(third).toMatchObject({ user_id: first.user_id, reset_code: null });
  });

  test('twenty requests at once with the same Idempotency-Key make one user', async () => {
    const call = { body: { name: 'Retry', username: 'retry-at-once' }, idempotency_key: 'create-at-once' };
    const made = await Promise.all(Array.from({ length: 20 }, () => orgAdmin.school.createUser(call)));
    expect(new Set(made.map(({ user_id }) => user_id)).size).toBe(1);
  });
});

describe('changing', () => {
  test('a new address frees the old one', async () => {
    const one = await school.person('student', { email: 'old@school.example' });
    const params = { user_id: one.user_id };
    const changed = await orgAdmin.school.updateUser({ params, body: { email: 'new@school.example' } });
    expect(changed.email).toBe('new@school.example');
    await orgAdmin.school.createUser({ body: { name: 'Next', email: 'old@school.example' } });
    const back = orgAdmin.school.updateUser({ params, body: { email: 'old@school.example' } });
    expect(await refusal(back)).toBe('409 user.email_taken');
  });

  test('a user keeps one of e-mail address and username', async () => {
    const one = await school.person('student');
    const params = { user_id: one.user_id };
    expect(await refusal(orgAdmin.school.updateUser({ params, body: { email: null } }))).toBe(
      '422 request.invalid',
    );
    const body = { email: null, username: 'only-a-username' };
    expect(await orgAdmin.school.updateUser({ params, body })).toMatchObject(body);
  });

  test('a disabled user is out and can be let in again', async () => {
    const one = await school.person('student');
    const params = { user_id: one.user_id };
    await orgAdmin.school.updateUser({ params, body: { disabled: true } });
    expect(await refusal(one.auth.me({}))).toBe('401 auth.ended');
    await orgAdmin.school.updateUser({ params, body: { disabled: false } });
    const again = school.clients(await school.tokenOf(one.user_id));
    expect((await again.auth.me({})).user_id).toBe(one.user_id);
  });

  test('nobody disables themselves or changes their own role', async () => {
    for (const admin of [orgAdmin, platform]) {
      const params = { user_id: admin.user_id };
      expect(await refusal(admin.school.updateUser({ params, body: { disabled: true } }))).toBe(
        '409 user.self_disable',
      );
      expect(await refusal(admin.school.updateUser({ params, body: { role: 'teacher' } }))).toBe(
        '409 user.self_role',
      );
      expect((await admin.school.updateUser({ params, body: { role: admin.role } })).role).toBe(admin.role);
    }
  });

  test('nobody changes, resets or disables a person who stands above them', async () => {
    const above = await school.person('platform_admin');
    const params = { user_id: above.user_id };
    for (const body of [{ name: 'X' }, { disabled: true }, { role: 'student' } as const])
      expect(await refusal(orgAdmin.school.updateUser({ params, body }))).toBe('403 user.above');
    expect(await refusal(orgAdmin.school.resetUser({ params }))).toBe('403 user.above');
  });

  test('nobody raises another above themselves', async () => {
    const { user_id } = await school.person('teacher');
    const raise = orgAdmin.school.updateUser({ params: { user_id }, body: { role: 'platform_admin' } });
    expect(await refusal(raise)).toBe('403 user.role_above');
    expect((await recordOf(user_id))?.role).toBe('teacher');
  });

  test('two platform administrators who remove each other at once: one stays', async () => {
    for (const body of [{ disabled: true }, { role: 'student' } as const]) {
      const [one, two] = await school.several(2, 'platform_admin');
      if (!one || !two) throw new Error('two are needed');
      await Promise.allSettled([
        one.school.updateUser({ params: { user_id: two.user_id }, body }),
        two.school.updateUser({ params: { user_id: one.user_id }, body }),
      ]);
      const left = await Promise.all([recordOf(one.user_id), recordOf(two.user_id)]);
      const still = left.filter((user) => user?.role === 'platform_admin' && !user.disabled);
      expect(still).toHaveLength(1);
    }
  });

  test('a role that moves on gets the fitting profile, and the old one back when it returns', async () => {
    const one = await school.person('student', { grade: '11' });
    const params = { user_id: one.user_id };
    const ids = { student_id: one.user_id, teacher_id: one.user_id };
    await orgAdmin.school.updateUser({ params, body: { role: 'teacher' } });
    expect((await orgAdmin.school.getTeacher({ params: ids })).name).toBe(one.name);
    expect(await refusal(orgAdmin.school.getStudent({ params: ids }))).toBe('404 student.not_found');

    await orgAdmin.school.updateUser({ params, body: { role: 'student' } });
    expect((await orgAdmin.school.getStudent({ params: ids })).grade).toBe('11');
    expect(await refusal(orgAdmin.school.getTeacher({ params: ids }))).toBe('404 teacher.not_found');
    const listed = await orgAdmin.school.listTeachers({ query: { q: one.name } });
    expect(listed.items).toEqual([]);
  });

  test('a role is not taken from somebody who still uses it, and the refusal says where', async () => {
    const { teacher, students: pupils, class_id } = await school.withClass({ students: 1 });
    const guardian = await school.person('guardian');
    const student_id = pupils[0]?.user_id ?? '';
    await teacher.school.linkGuardian({ body: { guardian_id: guardian.user_id, student_id } });
    const demote = (user_id: string, role: 'assistant' | 'student' | 'teacher') =>
      refusedWith(orgAdmin.school.updateUser({ params: { user_id }, body: { role } }));

    const ofTeacher = await demote(teacher.user_id, 'assistant');
    expect(ofTeacher).toMatchObject({ summary: '409 user.in_use' });
    expect(ofTeacher.message).toContain('1 class where they are on the staff');
    const ofStudent = await demote(student_id, 'teacher');
    expect(ofStudent.message).toContain('1 class where they are enrolled, 1 guardian');
    expect((await demote(guardian.user_id, 'student')).message).toContain('1 student they are guardian of');

    const promoted = { params: { user_id: teacher.user_id }, body: { role: 'org_admin' } } as const;
    expect((await orgAdmin.school.updateUser(promoted)).role).toBe('org_admin');
    expect((await orgAdmin.school.getClass({ params: { class_id } })).teacher_id).toBe(teacher.user_id);
  });
});

describe('resetting', () => {
  test('a teacher resets the students they teach, nobody else', async () => {
    const { teacher, students: pupils } = await school.withClass({ students: 1 });
    const { students: others } = await school.withClass({ students: 1 });
    const [own] = pupils;
    const [other] = others;
    const reset = (user_id = '') => teacher.school.resetUser({ params: { user_id } });
    const { code, user_id } = await reset(own?.user_id);
    expect(user_id).toBe(own?.user_id);
    await school.clients().auth.reset({ body: { code, password: 'a-brand-new-word' } });
    expect(
      await refusal(school.clients().auth.reset({ body: { code, password: 'a-brand-new-word' } })),
    ).toMatch(/^422/);
    for (const id of [other?.user_id, orgAdmin.user_id, 'nobody'])
      expect(await refusal(reset(id))).toBe('404 user.not_found');
    expect(await refusal(reset(teacher.user_id))).toBe('403 user.self_reset');
  });
});
