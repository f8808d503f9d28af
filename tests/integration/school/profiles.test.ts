import { expect, test } from 'vitest';
import { refusal } from '#tests/support/refusal.ts';
import { aSchool } from '#tests/support/school.ts';

const school = await aSchool();
const platform = await school.person('platform_admin');
const orgAdmin = await school.person('org_admin');

const certified = { certifications: ['Math Level 2'], years_experience: 5 };

test('a teacher profile is filled once; a second time is a conflict', async () => {
  const { user_id } = await school.person('teacher', { name: '박선생' });
  const body = { user_id, subject: '수학', meta: certified };
  const created = await orgAdmin.school.createTeacher({ body });
  expect(created).toMatchObject({ teacher_id: user_id, name: '박선생', subject: '수학', meta: certified });
  expect(await orgAdmin.school.getTeacher({ params: { teacher_id: user_id } })).toEqual(created);
  expect(await refusal(orgAdmin.school.createTeacher({ body }))).toBe('409 teacher.exists');
});

test('a student profile is filled once, and keeps the grade that came with the account', async () => {
  const { user_id } = await school.person('student', { grade: '고1' });
  const created = await orgAdmin.school.createStudent({ body: { user_id, meta: { club: 'robotics' } } });
  expect(created).toMatchObject({ student_id: user_id, grade: '고1', meta: { club: 'robotics' } });
  expect(await refusal(orgAdmin.school.createStudent({ body: { user_id } }))).toBe('409 student.exists');
});

test('a repeated request with its Idempotency-Key gets the same profile', async () => {
  const { user_id } = await school.person('student');
  const call = { body: { user_id, grade: '2' }, idempotency_key: 'profile-once' };
  const created = await orgAdmin.school.createStudent(call);
  expect(await orgAdmin.school.createStudent(call)).toEqual(created);
});

test('two who fill the same profile at once: one does', async () => {
  const { user_id } = await school.person('teacher');
  const results = await Promise.allSettled(
    ['Physics', 'Chemistry'].map((subject) => orgAdmin.school.createTeacher({ body: { user_id, subject } })),
  );
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('an administrator who teaches gets a teacher profile; other roles are refused', async () => {
  const admin = await school.person('org_admin');
  const made = await orgAdmin.school.createTeacher({ body: { user_id: admin.user_id, subject: 'History' } });
  expect(made.teacher_id).toBe(admin.user_id);
  const student = await school.person('student');
  expect(await refusal(orgAdmin.school.createTeacher({ body: { user_id: student.user_id } }))).toBe(
    '409 teacher.role',
  );
  expect(await refusal(orgAdmin.school.createStudent({ body: { user_id: admin.user_id } }))).toBe(
    '409 student.role',
  );
});

test('a missing reference is named: the user, the organisation', async () => {
  const elsewhere = await school.organization();
  const foreign = await school.person('student', { org_id: elsewhere });
  const own = await school.person('student');
  const create = (body: { user_id: string; org_id?: string }, by = orgAdmin) =>
    refusal(by.school.createStudent({ body }));
  expect(await create({ user_id: 'nobody' })).toBe('400 user.unknown');
  expect(await create({ user_id: foreign.user_id })).toBe('400 user.unknown');
  expect(await create({ user_id: own.user_id, org_id: elsewhere })).toBe('400 organization.unknown');
  expect(await create({ user_id: own.user_id, org_id: 'nowhere' }, platform)).toBe(
    '400 organization.unknown',
  );
  expect(await create({ user_id: own.user_id, org_id: elsewhere }, platform)).toBe('400 user.unknown');
  const made = await platform.school.createStudent({ body: { user_id: foreign.user_id, org_id: elsewhere } });
  expect(made.org_id).toBe(elsewhere);
});

test('a change names what changes and leaves the rest', async () => {
  const { user_id } = await school.person('teacher');
  const params = { teacher_id: user_id };
  await orgAdmin.school.updateTeacher({ params, body: { subject: 'Music', meta: certified } });
  const changed = await orgAdmin.school.updateTeacher({ params, body: { subject: null } });
  expect(changed).toMatchObject({ subject: null, meta: certified });
});

test('a teacher changes the own profile and nobody else’s', async () => {
  const [one, two] = await school.several(2, 'teacher');
  const change = (teacher_id = '') =>
    one?.school.updateTeacher({ params: { teacher_id }, body: { subject: 'Art' } });
  expect(await change(one?.user_id)).toMatchObject({ subject: 'Art' });
  expect(await refusal(change(two?.user_id) ?? Promise.resolve())).toBe('404 teacher.not_found');
});

test('lists filter by subject and by grade, whatever their case and width', async () => {
  const org_id = await school.organization('Filters');
  const admin = await school.person('org_admin', { org_id });
  const [one] = await school.several(2, 'teacher', { org_id });
  await admin.school.createTeacher({ body: { user_id: one?.user_id ?? '', subject: 'Physics' } });
  const bySubject = await admin.school.listTeachers({ query: { subject: 'ＰHYSICS' } });
  expect(bySubject.items.map(({ teacher_id }) => teacher_id)).toEqual([one?.user_id]);

  const ninth = await school.person('student', { org_id, grade: '9' });
  await school.person('student', { org_id, grade: '10' });
  const byGrade = await admin.school.listStudents({ query: { grade: '９' } });
  expect(byGrade.items.map(({ student_id }) => student_id)).toEqual([ninth.user_id]);
  await admin.school.updateStudent({ params: { student_id: ninth.user_id }, body: { grade: '10' } });
  expect((await admin.school.listStudents({ query: { grade: '9' } })).items).toEqual([]);
  expect((await admin.school.listStudents({ query: { grade: '10' } })).items).toHaveLength(2);
});

test('staff list the students of their classes once each, guardians their linked ones', async () => {
  const { teacher, students, class_id } = await school.withClass({ students: 3 });
  const second = await teacher.school.createClass({ body: { name: 'Second' } });
  const [shared] = students;
  const student_id = shared?.user_id ?? '';
  await teacher.school.enroll({ body: { class_id: second.class_id, student_id } });
  const ids = students.map(({ user_id }) => user_id).sort();
  const listed = async (by: typeof teacher, query = {}) =>
    (await by.school.listStudents({ query })).items.map((item) => item.student_id).sort();
  expect(await listed(teacher)).toEqual(ids);
  expect(await listed(teacher, { q: shared?.email ?? '' })).toEqual([student_id]);

  const assistant = await school.person('assistant');
  expect(await listed(assistant)).toEqual([]);
  await teacher.school.putStaff({
    params: { class_id, user_id: assistant.user_id },
    body: { role: 'assistant' },
  });
  expect(await listed(assistant)).toEqual(ids);

  const guardian = await school.person('guardian');
  await teacher.school.linkGuardian({ body: { guardian_id: guardian.user_id, student_id } });
  expect(await listed(guardian)).toEqual([student_id]);
  expect(await refusal(teacher.school.listStudents({ query: { org_id: 'elsewhere' } }))).toBe(
    '404 organization.not_found',
  );
});
