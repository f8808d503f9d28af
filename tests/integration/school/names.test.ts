import { describe, expect, test } from 'vitest';
import { guardianLinks } from '#shared/table/guardian.ts';
import { refusal } from '#tests/support/refusal.ts';
import { aSchool } from '#tests/support/school.ts';

const school = await aSchool();
const orgAdmin = await school.person('org_admin');

/** A student in `classCount` classes with a guardian, and everything that repeats the student's name. */
async function aKnownStudent(classCount: number) {
  const teacher = await school.person('teacher');
  const student = await school.person('student', { name: 'Before' });
  const guardian = await school.person('guardian');
  const student_id = student.user_id;
  const class_ids: string[] = [];
  for (let at = 0; at < classCount; at++) {
    const { class_id } = await teacher.school.createClass({ body: { name: `Class ${at}` } });
    await teacher.school.enroll({ body: { class_id, student_id } });
    class_ids.push(class_id);
  }
  const pair = { guardian_id: guardian.user_id, student_id };
  await teacher.school.linkGuardian({ body: pair });

  const everywhere = async (): Promise<Set<string | undefined>> => {
    const rosters = await Promise.all(
      class_ids.map((class_id) => teacher.school.listClassStudents({ params: { class_id } })),
    );
    return new Set([
      (await orgAdmin.school.getUser({ params: { user_id: student_id } })).name,
      (await orgAdmin.school.getStudent({ params: { student_id } })).name,
      (await school.table.get(guardianLinks, pair))?.student_name,
      ...rosters.map(({ items }) => items[0]?.name),
    ]);
  };
  const rename = (name: string) =>
    orgAdmin.school.updateUser({ params: { user_id: student_id }, body: { name } });
  return { teacher, student, guardian, class_ids, everywhere, rename, pair };
}

describe('a renamed person', () => {
  test('has the new name wherever it is shown, and stands there in the rosters’ order', async () => {
    const { teacher, class_ids, everywhere, rename, student } = await aKnownStudent(2);
    const [class_id = ''] = class_ids;
    const early = await school.person('student', { name: 'Aaron' });
    await teacher.school.enroll({ body: { class_id, student_id: early.user_id } });
    await rename('Aadam');
    expect(await everywhere()).toEqual(new Set(['Aadam']));
    const order = async (sort: 'name' | '-name') =>
      (await teacher.school.listClassStudents({ params: { class_id }, query: { sort } })).items.map(
        ({ student_id }) => student_id,
      );
    expect(await order('name')).toEqual([student.user_id, early.user_id]);
    expect(await order('-name')).toEqual([early.user_id, student.user_id]);
  });

  test('has it on the staffs and beside the children too', async () => {
    const { teacher, guardian, class_ids, pair } = await aKnownStudent(2);
    const rename = (user_id: string, name: string) =>
      orgAdmin.school.updateUser({ params: { user_id }, body: { name } });
    await rename(teacher.user_id, '새이름');
    await rename(guardian.user_id, '보호자');
    for (const class_id of class_ids)
      expect((await teacher.school.listStaff({ params: { class_id } })).items[0]?.name).toBe('새이름');
    expect((await orgAdmin.school.getTeacher({ params: { teacher_id: teacher.user_id } })).name).toBe(
      '새이름',
    );
    expect((await school.table.get(guardianLinks, pair))?.guardian_name).toBe('보호자');
  });

  test('by themselves has the new name everywhere too', async () => {
    const { student, everywhere } = await aKnownStudent(1);
    await student.auth.updateMe({ body: { name: '스스로 바꾼 이름' } });
    expect(await everywhere()).toEqual(new Set(['스스로 바꾼 이름']));
  });

  test('in more places than one transaction holds has it in all of them', async () => {
    const { everywhere, rename } = await aKnownStudent(105);
    await rename('Everywhere');
    expect(await everywhere()).toEqual(new Set(['Everywhere']));
  }, 60_000);

  test('has one name everywhere after fifty renames at once', async () => {
    const { everywhere, rename } = await aKnownStudent(3);
    const names = Array.from({ length: 50 }, (_, at) => `Name ${at}`);
    const results = await Promise.allSettled(names.map(rename));
    const renamed = names.filter((_, at) => results[at]?.status === 'fulfilled');
    for (const one of results)
      if (one.status === 'rejected')
        expect(await refusal(Promise.reject(one.reason))).toBe('409 write.conflict');
    expect(renamed.length).toBeGreaterThan(0);
    const [name, ...others] = await everywhere();
    expect(renamed).toContain(name);
    expect(others).toEqual([]);
  });

  test('who is enrolled and linked at that very moment is shown under the new name', async () => {
    for (let round = 0; round < 8; round++) {
      const { teacher, student, everywhere, rename, class_ids } = await aKnownStudent(1);
      const { class_id } = await teacher.school.createClass({ body: { name: 'Late' } });
      class_ids.push(class_id);
      await Promise.all([
        rename(`Renamed ${round}`),
        teacher.school.enroll({ body: { class_id, student_id: student.user_id } }),
      ]);
      expect(await everywhere()).toEqual(new Set([`Renamed ${round}`]));
    }
  });
});

describe('text', () => {
  const names = ['서울고등학교', 'Žofie Nováková', '山田 太郎', 'محمد', 'Zoë 👩🏽‍🏫', '𠮷野家'];

  test('in any script comes back as it was typed, composed', async () => {
    for (const [at, name] of names.entries()) {
      const created = await orgAdmin.school.createUser({
        body: { name: name.normalize('NFD'), username: `사용자${at}`.normalize('NFD'), role: 'teacher' },
      });
      expect(created.name).toBe(name.normalize('NFC'));
      expect(created.username).toBe(`사용자${at}`);
      const made = await orgAdmin.school.createClass({
        body: { name, teacher_id: created.user_id, subject: name, grade: '고1', meta: { note: name } },
      });
      expect(await orgAdmin.school.getClass({ params: { class_id: made.class_id } })).toMatchObject({
        name: name.normalize('NFC'),
        subject: name.normalize('NFC'),
        grade: '고1',
        meta: { note: name },
      });
    }
  });

  test('is found by a part of it, whatever its case, width and composition', async () => {
    const org_id = await school.organization('Searching');
    const admin = await school.person('org_admin', { org_id, name: 'Admin' });
    const street = await school.person('student', { org_id, name: 'Anna Großstraße' });
    const seoul = await school.person('student', { org_id, name: '김서울' });
    const mail = await school.person('student', { org_id, name: 'Z', email: 'needle@school.example' });
    const found = async (q: string) =>
      (await admin.school.listUsers({ query: { q } })).items.map(({ user_id }) => user_id);
    for (const q of ['GROSSSTRASSE', 'großstraße', 'ＡＮＮＡ'])
      expect(await found(q)).toEqual([street.user_id]);
    for (const q of ['서울', '서울'.normalize('NFD')]) expect(await found(q)).toEqual([seoul.user_id]);
    expect(await found('NEEDLE@')).toEqual([mail.user_id]);
    expect(await found('%')).toEqual([]);
  });

  test('of a hundred emoji sorts and pages, though a sort key ends inside one', async () => {
    const org_id = await school.organization('Emoji');
    const admin = await school.person('org_admin', { org_id, name: 'Admin' });
    await school.person('student', { org_id, name: `a${'👩'.repeat(99)}` });
    await school.person('student', { org_id, name: 'b' });
    const first = await admin.school.listStudents({ query: { limit: 1 } });
    const second = await admin.school.listStudents({ query: { limit: 1, cursor: first.next_cursor ?? '' } });
    expect([first.items[0]?.name, second.items[0]?.name]).toEqual([`a${'👩'.repeat(99)}`, 'b']);
  });
});
