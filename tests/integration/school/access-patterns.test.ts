/** What each operation asks of the table: never a Scan, and how much capacity it consumes. */
import { expect, test } from 'vitest';
import { aSchool } from '#tests/support/school.ts';
import { recordCalls } from '#tests/support/table-calls.ts';

const school = await aSchool();
const calls = recordCalls();
const admin = await school.person('org_admin');
const platform = await school.person('platform_admin');
const { class_id, teacher, students, join_code } = await school.withClass({ students: 30 });
const guardian = await school.person('guardian');
const [first] = students;
const student_id = first?.user_id ?? '';
const user_id = student_id;
await teacher.school.linkGuardian({ body: { guardian_id: guardian.user_id, student_id } });
const fresh = await school.several(4, 'student');
const assistant = await school.person('assistant');
const one = fresh[0]?.user_id ?? '';
const org_id = school.org_id;

/** The reads that each operation needs, in the words of the table, beside authentication. */
const operations: Record<string, () => Promise<unknown>> = {
  listOrganizations: () => platform.school.listOrganizations({}),
  getOrganization: () => teacher.school.getOrganization({ params: { org_id } }),
  createUser: () => admin.school.createUser({ body: { name: 'New', username: 'pattern-user' } }),
  listUsers: () => admin.school.listUsers({}),
  'listUsers by role': () => admin.school.listUsers({ query: { role: 'student' } }),
  'listUsers with a search': () => admin.school.listUsers({ query: { q: 'student' } }),
  getUser: () => teacher.school.getUser({ params: { user_id } }),
  'updateUser (rename)': () => admin.school.updateUser({ params: { user_id }, body: { name: 'Renamed' } }),
  resetUser: () => teacher.school.resetUser({ params: { user_id } }),
  listTeachers: () => teacher.school.listTeachers({}),
  getTeacher: () => teacher.school.getTeacher({ params: { teacher_id: teacher.user_id } }),
  'listStudents of an organisation': () => admin.school.listStudents({}),
  'listStudents of a teacher': () => teacher.school.listStudents({}),
  'getStudent by a teacher': () => teacher.school.getStudent({ params: { student_id } }),
  'getStudent by a guardian': () => guardian.school.getStudent({ params: { student_id } }),
  updateStudent: () => teacher.school.updateStudent({ params: { student_id }, body: { grade: '2' } }),
  createClass: () => teacher.school.createClass({ body: { name: 'Pattern' } }),
  'listClasses of an organisation': () => admin.school.listClasses({}),
  'listClasses of a teacher': () => teacher.school.listClasses({}),
  'listClasses of a student': () => first?.school.listClasses({}) ?? Promise.resolve(),
  'getClass by its teacher': () => teacher.school.getClass({ params: { class_id } }),
  'getClass by a guardian': () => guardian.school.getClass({ params: { class_id } }),
  listClassStudents: () => teacher.school.listClassStudents({ params: { class_id } }),
  listStaff: () => teacher.school.listStaff({ params: { class_id } }),
  putStaff: () =>
    teacher.school.putStaff({
      params: { class_id, user_id: assistant.user_id },
      body: { role: 'assistant' },
    }),
  enroll: () => teacher.school.enroll({ body: { class_id, student_id: one } }),
  unenroll: () => teacher.school.unenroll({ params: { class_id, student_id: one } }),
  joinClass: () => fresh[1]?.school.joinClass({ body: { code: join_code } }) ?? Promise.resolve(),
  'enrollBulk of 3': () =>
    teacher.school.enrollBulk({
      body: { class_id, student_ids: fresh.filter((_, at) => at !== 1).map((who) => who.user_id) },
    }),
  listGuardianLinks: () => teacher.school.listGuardianLinks({ query: { student_id } }),
};

test('every operation reads by Get or Query, and its capacity is known', async () => {
  const rows: string[] = [];
  for (const [name, run] of Object.entries(operations)) {
    calls.clear();
    await run();
    const seen = calls.all();
    expect(seen.length, name).toBeGreaterThan(0);
    for (const { command } of seen)
      expect(['Get', 'BatchGet', 'Query', 'Put', 'Update', 'Delete', 'TransactWrite'], name).toContain(
        command,
      );
    const sum = (kind: 'read' | 'write') =>
      seen.filter((call) => call.kind === kind).reduce((total, { units }) => total + units, 0);
    rows.push(
      `${name.padEnd(32)} ${String(seen.length).padStart(5)} ${sum('read').toFixed(1).padStart(7)} ${sum('write').toFixed(1).padStart(7)}  ${calls.summary()}`,
    );
  }
  console.log([`${'operation'.padEnd(32)} calls   reads  writes  commands`, ...rows].join('\n'));
});

test('permission is never decided on an index, which may be stale', async () => {
  for (const run of [
    () => teacher.school.getUser({ params: { user_id } }),
    () => teacher.school.getStudent({ params: { student_id } }),
    () => guardian.school.getStudent({ params: { student_id } }),
    () => guardian.school.getClass({ params: { class_id } }),
    () => first?.school.getClass({ params: { class_id } }),
    () => teacher.school.updateClass({ params: { class_id }, body: {} }),
    () => teacher.school.listGuardianLinks({ query: { student_id } }),
  ]) {
    calls.clear();
    await run();
    for (const { index, consistent, command } of calls.all())
      if (command === 'Query' || command === 'Get' || command === 'BatchGet') {
        expect(index).toBeUndefined();
        expect(consistent).toBe(true);
      }
  }
});
