import { describe, expect, test } from 'vitest';
import { classes, joinCodes } from '#shared/table/class.ts';
import { refusal, refusedWith } from '#tests/support/refusal.ts';
import { aSchool } from '#tests/support/school.ts';

const school = await aSchool();
const orgAdmin = await school.person('org_admin');

describe('creating', () => {
  test('a teacher’s class is their own, with a join code and themselves on the staff', async () => {
    const teacher = await school.person('teacher', { name: '이선생' });
    const body = { name: '확률과 통계', subject: '수학', grade: '고2', meta: { room: 'B204' } };
    const created = await teacher.school.createClass({ body });
    expect(created).toMatchObject({ ...body, teacher_id: teacher.user_id, student_count: 0 });
    expect(created.join_code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
    const { class_id } = created;
    const { items } = await teacher.school.listStaff({ params: { class_id } });
    expect(items).toMatchObject([{ user_id: teacher.user_id, name: '이선생', role: 'teacher' }]);
  });

  test('a teacher does not make a class for another', async () => {
    const [one, two] = await school.several(2, 'teacher');
    const make = (teacher_id: string | undefined) =>
      refusal(
        one?.school.createClass({ body: { name: 'X', ...(teacher_id && { teacher_id }) } }) ??
          Promise.resolve(),
      );
    expect(await make(two?.user_id)).toBe('403 owner_mismatch');
  });

  test('an administrator names the teacher, who must be one of the organisation', async () => {
    const teacher = await school.person('teacher');
    const foreign = await school.person('teacher', { org_id: await school.organization() });
    const assistant = await school.person('assistant');
    const make = (teacher_id?: string) =>
      orgAdmin.school.createClass({ body: { name: 'By admin', ...(teacher_id && { teacher_id }) } });
    expect((await make(teacher.user_id)).teacher_id).toBe(teacher.user_id);
    expect(await refusal(make())).toBe('422 request.invalid');
    for (const id of [foreign.user_id, assistant.user_id, 'nobody', orgAdmin.user_id])
      expect(await refusal(make(id))).toBe('400 teacher.unknown');
  });

  test('another organisation is not found', async () => {
    const teacher = await school.person('teacher');
    const body = { name: 'X', org_id: await school.organization() };
    expect(await refusal(teacher.school.createClass({ body }))).toBe('400 organization.unknown');
  });

  test('the same Idempotency-Key makes one class', async () => {
    const teacher = await school.person('teacher');
    const call = { body: { name: 'Once' }, idempotency_key: 'class-once' };
    const first = await teacher.school.createClass(call);
    expect(await teacher.school.createClass(call)).toEqual(first);
    expect((await teacher.school.listClasses({})).items).toHaveLength(1);
  });
});

describe('the join code', () => {
  test('is shown to the staff and to administrators, not to students and guardians', async () => {
    const { class_id, teacher, students, join_code } = await school.withClass({ students: 1 });
    const [student] = students;
    const guardian = await school.person('guardian');
    const student_id = student?.user_id ?? '';
    await teacher.school.linkGuardian({ body: { guardian_id: guardian.user_id, student_id } });
    const seenBy = async (who: typeof teacher) => [
      (await who.school.getClass({ params: { class_id } })).join_code,
      (await who.school.listClasses({})).items.find((one) => one.class_id === class_id)?.join_code,
    ];
    for (const who of [teacher, orgAdmin]) expect(await seenBy(who)).toEqual([join_code, join_code]);
    for (const who of [student ?? guardian, guardian]) expect(await seenBy(who)).toEqual([null, null]);
  });

  test('once renewed, the old one no longer opens the class', async () => {
    const { class_id, teacher, join_code } = await school.withClass();
    const renewed = await teacher.school.renewJoinCode({ params: { class_id }, idempotency_key: 'renew' });
    const again = await teacher.school.renewJoinCode({ params: { class_id }, idempotency_key: 'renew' });
    expect(renewed.join_code).not.toBe(join_code);
    expect(again.join_code).toBe(renewed.join_code);
    const student = await school.person('student');
    expect(await refusal(student.school.joinClass({ body: { code: join_code } }))).toBe(
      '400 class.join_code_unknown',
    );
    const joined = await student.school.joinClass({ body: { code: renewed.join_code ?? '' } });
    expect(joined.class_id).toBe(class_id);
  });
});

describe('changing', () => {
  test('a change names what changes and leaves the rest', async () => {
    const { class_id, teacher, created } = await school.withClass({ name: 'Before' });
    const changed = await teacher.school.updateClass({
      params: { class_id },
      body: { name: 'After', grade: '3', external_ids: { oneroster: 'c-1' } },
    });
    expect(changed).toEqual({
      ...created,
      name: 'After',
      grade: '3',
      external_ids: { oneroster: 'c-1' },
      updated_at: changed.updated_at,
    });
  });

  test('a class is handed over by its own teacher or an administrator; the teacher before stays on the staff', async () => {
    const { class_id, teacher } = await school.withClass();
    const [next, third] = await school.several(2, 'teacher');
    const params = { class_id };
    await teacher.school.updateClass({ params, body: { teacher_id: next?.user_id } });
    const { items } = await teacher.school.listStaff({ params });
    expect(items.map(({ user_id }) => user_id).sort()).toEqual([teacher.user_id, next?.user_id].sort());
    expect((await teacher.school.getClass({ params })).teacher_id).toBe(next?.user_id);

    const again = teacher.school.updateClass({ params, body: { teacher_id: teacher.user_id } });
    expect(await refusal(again)).toBe('403 class.not_own');
    await orgAdmin.school.updateClass({ params, body: { teacher_id: third?.user_id } });
    const unknown = orgAdmin.school.updateClass({ params, body: { teacher_id: 'nobody' } });
    expect(await refusal(unknown)).toBe('400 teacher.unknown');
    await orgAdmin.school.removeStaff({ params: { class_id, user_id: teacher.user_id } });
    expect(await refusal(teacher.school.getClass({ params }))).toBe('404 class.not_found');
  });
});

describe('deleting', () => {
  test('a class with students stays, and the refusal says how many there are', async () => {
    const { class_id, teacher, students } = await school.withClass({ students: 2 });
    const refused = await refusedWith(teacher.school.deleteClass({ params: { class_id } }));
    expect(refused.summary).toBe('409 class.in_use');
    expect(refused.message).toBe('2 students are enrolled; take them out first.');
    for (const { user_id } of students)
      await teacher.school.unenroll({ params: { class_id, student_id: user_id } });
    await teacher.school.deleteClass({ params: { class_id } });
    expect(await refusal(teacher.school.getClass({ params: { class_id } }))).toBe('404 class.not_found');
  });

  test('nothing of a deleted class is left: code, staff, lists', async () => {
    const { class_id, teacher, join_code } = await school.withClass();
    const assistant = await school.person('assistant');
    const params = { class_id, user_id: assistant.user_id };
    await teacher.school.putStaff({ params, body: { role: 'assistant' } });
    await teacher.school.deleteClass({ params: { class_id } });
    expect(await school.table.get(classes, { class_id })).toBeUndefined();
    expect(await school.table.get(joinCodes, { code: join_code.replace('-', '') })).toBeUndefined();
    expect((await teacher.school.listClasses({})).items).toEqual([]);
    expect((await assistant.school.listClasses({})).items).toEqual([]);
  });
});

describe('the staff', () => {
  test('an assistant sees and enrols, and does not change the class', async () => {
    const { class_id, teacher } = await school.withClass({ students: 1 });
    const assistant = await school.person('assistant');
    const colleague = await school.person('teacher');
    for (const { user_id } of [assistant, colleague])
      await teacher.school.putStaff({ params: { class_id, user_id }, body: { role: 'assistant' } });
    expect((await assistant.school.listClassStudents({ params: { class_id } })).items).toHaveLength(1);
    const { user_id: student_id } = await school.person('student');
    await assistant.school.enroll({ body: { class_id, student_id } });

    expect(await refusal(assistant.school.updateClass({ params: { class_id }, body: {} }))).toBe(
      '403 auth.role',
    );
    expect(await refusal(colleague.school.updateClass({ params: { class_id }, body: {} }))).toBe(
      '403 class.assistant',
    );
    expect(await refusal(colleague.school.renewJoinCode({ params: { class_id } }))).toBe(
      '403 class.assistant',
    );
    expect((await teacher.school.listStaff({ params: { class_id } })).items).toHaveLength(3);
  });

  test('appointing twice changes nothing; another role changes the role', async () => {
    const { class_id, teacher } = await school.withClass();
    const { user_id } = await school.person('teacher');
    const put = (role: 'teacher' | 'assistant') =>
      teacher.school.putStaff({ params: { class_id, user_id }, body: { role } });
    const first = await put('assistant');
    expect(await put('assistant')).toEqual(first);
    expect(await put('teacher')).toEqual({ ...first, role: 'teacher' });
    expect((await school.table.get(classes, { class_id }))?.staff_count).toBe(2);
  });

  test('who may be on the staff: people of the organisation who are not students or guardians', async () => {
    const { class_id, teacher } = await school.withClass();
    const put = (user_id: string, role: 'teacher' | 'assistant' = 'assistant') =>
      refusal(teacher.school.putStaff({ params: { class_id, user_id }, body: { role } }));
    const foreign = await school.person('teacher', { org_id: await school.organization() });
    const student = await school.person('student');
    const assistant = await school.person('assistant');
    for (const { user_id } of [foreign, student]) expect(await put(user_id)).toBe('404 user.not_found');
    expect(await put(assistant.user_id, 'teacher')).toBe('409 staff.role');
    expect(await put(teacher.user_id)).toBe('409 class.own_teacher');
  });

  test('who is taken off is out at once; the class’s own teacher is not taken off', async () => {
    const { class_id, teacher } = await school.withClass();
    const assistant = await school.person('assistant');
    const params = { class_id, user_id: assistant.user_id };
    await teacher.school.putStaff({ params, body: { role: 'assistant' } });
    await teacher.school.removeStaff({ params });
    expect(await refusal(assistant.school.getClass({ params }))).toBe('404 class.not_found');
    expect(await refusal(teacher.school.removeStaff({ params }))).toBe('404 staff_member.not_found');
    const own = { class_id, user_id: teacher.user_id };
    expect(await refusal(teacher.school.removeStaff({ params: own }))).toBe('409 class.own_teacher');
  });

  test('has at most forty members, also when fifty are appointed at once', async () => {
    const { class_id, teacher } = await school.withClass();
    const people = await school.several(50, 'assistant');
    const results = await Promise.allSettled(
      people.map(({ user_id }) =>
        teacher.school.putStaff({ params: { class_id, user_id }, body: { role: 'assistant' } }),
      ),
    );
    const { items } = await teacher.school.listStaff({ params: { class_id } });
    expect(items.length).toBe(1 + results.filter(({ status }) => status === 'fulfilled').length);
    expect(items.length).toBeLessThanOrEqual(40);
    expect((await school.table.get(classes, { class_id }))?.staff_count).toBe(items.length);
  });
});
