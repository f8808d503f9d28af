import { expect, test } from 'vitest';
import { refusal } from '#tests/support/refusal.ts';
import { aSchool } from '#tests/support/school.ts';

const school = await aSchool();
const orgAdmin = await school.person('org_admin');

/** A taught student with a linked guardian. */
async function aFamily() {
  const { teacher, class_id, students } = await school.withClass({ students: 1 });
  const [student] = students;
  if (!student) throw new Error('one student is needed');
  const guardian = await school.person('guardian', { name: '한보호' });
  const pair = { guardian_id: guardian.user_id, student_id: student.user_id };
  const link = await teacher.school.linkGuardian({ body: pair });
  return { teacher, class_id, student, guardian, pair, link };
}

test('a guardian reaches the linked student, the class and nothing else, until the link goes', async () => {
  const { teacher, class_id, student, guardian, pair, link } = await aFamily();
  expect(link).toMatchObject({ ...pair, guardian_name: '한보호', student_name: student.name });
  const params = { student_id: student.user_id, user_id: student.user_id, class_id };
  expect((await guardian.school.getStudent({ params })).name).toBe(student.name);
  expect((await guardian.school.getUser({ params })).name).toBe(student.name);
  expect((await guardian.school.getClass({ params })).class_id).toBe(class_id);
  expect((await guardian.school.listClasses({})).items).toHaveLength(1);
  const other = await aFamily();
  expect(await refusal(guardian.school.getStudent({ params: { student_id: other.student.user_id } }))).toBe(
    '404 student.not_found',
  );

  await teacher.school.unlinkGuardian({ params: pair });
  expect(await refusal(guardian.school.getStudent({ params }))).toBe('404 student.not_found');
  expect(await refusal(guardian.school.getClass({ params }))).toBe('404 class.not_found');
  expect(await refusal(teacher.school.unlinkGuardian({ params: pair }))).toBe('404 guardian_link.not_found');
});

test('linking twice is a conflict, and with the same Idempotency-Key the same link', async () => {
  const { teacher, student } = await aFamily();
  const guardian = await school.person('guardian');
  const body = { guardian_id: guardian.user_id, student_id: student.user_id };
  const link = await teacher.school.linkGuardian({ body, idempotency_key: 'link-once' });
  expect(await teacher.school.linkGuardian({ body, idempotency_key: 'link-once' })).toEqual(link);
  expect(await refusal(teacher.school.linkGuardian({ body }))).toBe('409 guardian.linked');
});

test('a missing reference is named: the guardian, the student', async () => {
  const { teacher, student, guardian } = await aFamily();
  const elsewhere = await school.organization();
  const foreign = await school.person('guardian', { org_id: elsewhere });
  const untaught = await school.person('student');
  const link = (guardian_id: string, student_id: string) =>
    refusal(teacher.school.linkGuardian({ body: { guardian_id, student_id } }));
  for (const id of ['nobody', foreign.user_id, teacher.user_id, student.user_id])
    expect(await link(id, student.user_id)).toBe('400 guardian.unknown');
  for (const id of ['nobody', untaught.user_id, teacher.user_id])
    expect(await link(guardian.user_id, id)).toBe('400 student.unknown');
});

test('links are listed from both ends, to those who may know them', async () => {
  const { teacher, student, guardian, pair, link } = await aFamily();
  const list = async (who: typeof teacher, query = {}) =>
    (await who.school.listGuardianLinks({ query })).items;
  expect(await list(student)).toEqual([link]);
  expect(await list(guardian)).toEqual([link]);
  for (const who of [teacher, orgAdmin]) {
    expect(await list(who, { student_id: pair.student_id })).toEqual([link]);
    expect(await list(who, { guardian_id: pair.guardian_id })).toEqual([link]);
    expect(await list(who, pair)).toEqual([link]);
    expect(await refusal(who.school.listGuardianLinks({}))).toBe('422 request.invalid');
  }

  const other = await aFamily();
  const refused = (who: typeof teacher, query: object) => refusal(who.school.listGuardianLinks({ query }));
  expect(await refused(student, { student_id: other.student.user_id })).toBe('404 student.not_found');
  expect(await refused(guardian, { guardian_id: other.guardian.user_id })).toBe('404 guardian.not_found');
  expect(await refused(teacher, { student_id: other.student.user_id })).toBe('404 student.not_found');
  expect(await refused(teacher, { guardian_id: other.guardian.user_id })).toBe('404 guardian.not_found');
  const foreignAdmin = await school.person('org_admin', { org_id: await school.organization() });
  expect(await refused(foreignAdmin, { guardian_id: pair.guardian_id })).toBe('404 guardian.not_found');
  expect(await refused(foreignAdmin, { student_id: pair.student_id })).toBe('404 student.not_found');
});

test('a teacher sees of a guardian only the links to students they teach', async () => {
  const { teacher, guardian, link } = await aFamily();
  const sibling = await school.person('student');
  await orgAdmin.school.linkGuardian({
    body: { guardian_id: guardian.user_id, student_id: sibling.user_id },
  });
  const query = { guardian_id: guardian.user_id };
  expect((await teacher.school.listGuardianLinks({ query })).items).toEqual([link]);
  expect((await orgAdmin.school.listGuardianLinks({ query })).items).toHaveLength(2);
});
