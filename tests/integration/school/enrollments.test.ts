import { describe, expect, test } from 'vitest';
import { refusal, refusedWith } from '#tests/support/refusal.ts';
import { aSchool } from '#tests/support/school.ts';

const school = await aSchool();
const orgAdmin = await school.person('org_admin');
const platform = await school.person('platform_admin');

const countOf = async (class_id: string) =>
  (await platform.school.getClass({ params: { class_id } })).student_count;

describe('one student', () => {
  test('is enrolled, shown on the roster, and taken out', async () => {
    const { class_id, teacher } = await school.withClass();
    const student = await school.person('student', { name: '한지우', grade: '고3' });
    const student_id = student.user_id;
    const made = await teacher.school.enroll({ body: { class_id, student_id } });
    expect(made).toMatchObject({ class_id, student_id, student_name: '한지우', source: 'manual' });
    const roster = await teacher.school.listClassStudents({ params: { class_id } });
    expect(roster).toMatchObject({
      total: 1,
      items: [{ student_id, name: '한지우', grade: '고3', email: student.email }],
    });
    expect((await student.school.listClasses({})).items.map((one) => one.class_id)).toEqual([class_id]);

    await teacher.school.unenroll({ params: { class_id, student_id } });
    expect(await countOf(class_id)).toBe(0);
    expect(await refusal(student.school.getClass({ params: { class_id } }))).toBe('404 class.not_found');
    expect(await refusal(teacher.school.unenroll({ params: { class_id, student_id } }))).toBe(
      '404 enrollment.not_found',
    );
  });

  test('twice is a conflict and counts once', async () => {
    const { class_id, teacher, students } = await school.withClass({ students: 1 });
    const body = { class_id, student_id: students[0]?.user_id ?? '' };
    const { summary, message } = await refusedWith(teacher.school.enroll({ body }));
    expect([summary, message]).toEqual(['409 already_enrolled', 'Already enrolled']);
    expect(await countOf(class_id)).toBe(1);
  });

  test('with the same Idempotency-Key gets the same enrolment', async () => {
    const { class_id, teacher } = await school.withClass();
    const { user_id } = await school.person('student');
    const call = { body: { class_id, student_id: user_id }, idempotency_key: 'enrol-once' };
    const made = await teacher.school.enroll(call);
    expect(await teacher.school.enroll(call)).toEqual(made);
  });

  test('a missing reference is named', async () => {
    const { class_id, teacher } = await school.withClass();
    const student = await school.person('student');
    const foreign = await school.person('student', { org_id: await school.organization() });
    const enroll = async (body: { class_id: string; student_id: string }, by = teacher) => {
      const { summary, message } = await refusedWith(by.school.enroll({ body }));
      return `${summary} ${message}`;
    };
    const unknownStudent = '400 student.unknown Student not found';
    for (const student_id of ['nobody', foreign.user_id, teacher.user_id]) {
      expect(await enroll({ class_id, student_id })).toBe(unknownStudent);
      expect(await enroll({ class_id, student_id }, platform)).toBe(unknownStudent);
    }
    const body = { class_id: 'nothing', student_id: student.user_id };
    expect(await enroll(body)).toBe('400 class.unknown Class not found');
    const { teacher: other } = await school.withClass();
    expect(await enroll({ class_id, student_id: student.user_id }, other)).toBe(
      '400 class.unknown Class not found',
    );
  });
});

describe('by code', () => {
  test('a student joins, whatever the case, hyphen and look-alikes of what they type', async () => {
    const { class_id, join_code } = await school.withClass();
    const typed = [
      join_code.toLowerCase(),
      join_code.replace('-', ''),
      ` ${join_code.replace('-', ' ')} `,
      join_code.replaceAll('0', 'o').replaceAll('1', 'l'),
    ];
    for (const code of typed) {
      const student = await school.person('student');
      const made = await student.school.joinClass({ body: { code } });
      expect(made).toMatchObject({ class_id, student_id: student.user_id, source: 'join_code' });
    }
    expect(await countOf(class_id)).toBe(typed.length);
  });

  test('a second time is a conflict; a code of another organisation opens nothing', async () => {
    const { join_code } = await school.withClass();
    const student = await school.person('student');
    await student.school.joinClass({ body: { code: join_code } });
    expect(await refusal(student.school.joinClass({ body: { code: join_code } }))).toBe(
      '409 already_enrolled',
    );
    const foreign = await school.person('student', { org_id: await school.organization() });
    expect(await refusal(foreign.school.joinClass({ body: { code: join_code } }))).toBe(
      '400 class.join_code_unknown',
    );
  });

  test('guessing ends after ten tries, and says when to try again', async () => {
    const { join_code } = await school.withClass();
    const student = await school.person('student');
    const guess = () => refusedWith(student.school.joinClass({ body: { code: 'ZZZZ-ZZZZ' } }));
    for (let at = 0; at < 10; at++) expect((await guess()).summary).toBe('400 class.join_code_unknown');
    const stopped = await guess();
    expect(stopped.summary).toBe('429 rate.limited');
    expect(stopped.retry_after_s).toBeGreaterThan(30);
    expect(await refusal(student.school.joinClass({ body: { code: join_code } }))).toBe('429 rate.limited');
    const neighbour = await school.person('student');
    expect((await neighbour.school.joinClass({ body: { code: join_code } })).student_id).toBe(
      neighbour.user_id,
    );
  });
});

describe('a list', () => {
  test('is enrolled in one request, each row reported in its order', async () => {
    const { class_id, teacher, students } = await school.withClass({ students: 1 });
    const [present] = students;
    const fresh = await school.several(3, 'student');
    const foreign = await school.person('student', { org_id: await school.organization() });
    const [one, two, three] = fresh.map(({ user_id }) => user_id);
    const student_ids = [one, present?.user_id, two, 'nobody', one, foreign.user_id, three, teacher.user_id];
    const report = await teacher.school.enrollBulk({
      body: { class_id, student_ids: student_ids.map((student_id) => student_id ?? '') },
    });
    expect(report.rows.map(({ student_id, status }) => [student_id, status])).toEqual([
      [one, 'enrolled'],
      [present?.user_id, 'already_enrolled'],
      [two, 'enrolled'],
      ['nobody', 'unknown_student'],
      [one, 'already_enrolled'],
      [foreign.user_id, 'unknown_student'],
      [three, 'enrolled'],
      [teacher.user_id, 'unknown_student'],
    ]);
    expect(report.rows[4]?.detail).toBe('Listed more than once');
    expect(report).toMatchObject({ enrolled: 3, already_enrolled: 2, failed: 3 });
    expect(await countOf(class_id)).toBe(4);
  });

  test('of 500 works, and run again enrols nobody twice', async () => {
    const { class_id } = await school.withClass();
    const people = await school.several(500, 'student');
    const student_ids = people.map(({ user_id }) => user_id);
    const first = await orgAdmin.school.enrollBulk({ body: { class_id, student_ids } });
    expect(first).toMatchObject({ enrolled: 500, already_enrolled: 0, failed: 0 });
    const second = await orgAdmin.school.enrollBulk({ body: { class_id, student_ids } });
    expect(second).toMatchObject({ enrolled: 0, already_enrolled: 500, failed: 0 });
    expect(await countOf(class_id)).toBe(500);
    expect(
      await refusal(orgAdmin.school.enrollBulk({ body: { class_id, student_ids: [...student_ids, 'x'] } })),
    ).toBe('422 request.invalid');
  }, 120_000);

  test('with the same Idempotency-Key gets the same report', async () => {
    const { class_id, teacher } = await school.withClass();
    const student_ids = (await school.several(5, 'student')).map(({ user_id }) => user_id);
    const call = { body: { class_id, student_ids }, idempotency_key: 'bulk-once' };
    const report = await teacher.school.enrollBulk(call);
    expect(await teacher.school.enrollBulk(call)).toEqual(report);
    expect(report.enrolled).toBe(5);
  });

  test('enrols each student once although four requests race for the same list', async () => {
    const { class_id, teacher } = await school.withClass();
    const student_ids = (await school.several(60, 'student')).map(({ user_id }) => user_id);
    const lists = [student_ids, student_ids.toReversed(), student_ids, student_ids.toReversed()];
    const reports = await Promise.all(
      lists.map((list) => teacher.school.enrollBulk({ body: { class_id, student_ids: list } })),
    );
    expect(reports.reduce((sum, { enrolled }) => sum + enrolled, 0)).toBe(60);
    expect(reports.every(({ failed }) => failed === 0)).toBe(true);
    expect(await countOf(class_id)).toBe(60);
  });

  test('needs a class that the caller reaches', async () => {
    const { class_id } = await school.withClass();
    const { teacher } = await school.withClass();
    const body = { class_id, student_ids: ['anybody'] };
    expect(await refusal(teacher.school.enrollBulk({ body }))).toBe('400 class.unknown');
  });
});
