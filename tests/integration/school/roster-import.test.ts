import { afterEach, describe, expect, test } from 'vitest';
import { faults } from '#infra/local/gateway.ts';
import type { Call } from '#shared/contracts/operation.ts';
import type { schoolContract } from '#shared/contracts/school.ts';
import { enrollments } from '#shared/table/enrollment.ts';
import { organizations } from '#shared/table/organization.ts';
import { refusal, refusedWith } from '#tests/support/refusal.ts';
import { aSchool, type Person } from '#tests/support/school.ts';
import { recordCalls } from '#tests/support/table-calls.ts';

const school = await aSchool();
const calls = recordCalls();
const platform = await school.person('platform_admin');
const orgAdmin = await school.person('org_admin');
afterEach(() => school.meet());

type Body = Call<typeof schoolContract.importRoster>['body'];
const importBy = (person: Person, body: Body, idempotency_key?: string) =>
  person.school.importRoster({ body, ...(idempotency_key !== undefined && { idempotency_key }) });

let number = 0;
/** Usernames that no other test has. */
const unique = (): string => `pupil-${++number}`;
const file = (...rows: readonly string[]): string =>
  ['name,username,email,grade,class', ...rows, ''].join('\r\n');
const pupils = (count: number, class_name = ''): string[] =>
  Array.from({ length: count }, (_, at) => `학생 ${at + 1},${unique()},,10,${class_name}`);

const rosterOf = async (class_id: string) =>
  school.table.queryAll(enrollments, { pk: `class#${class_id}`, prefix: 'student#' });
const countOf = async (class_id: string) =>
  (await platform.school.getClass({ params: { class_id } })).student_count;
const membersOf = async (org_id: string) =>
  (await school.table.get(organizations, { org_id }, { consistent: true }))?.member_count ?? 0;

describe('a class', () => {
  test('gets accounts and places for all rows, and each student signs in with the code and the username', async () => {
    const { class_id, teacher } = await school.withClass();
    const [a, b] = [unique(), unique()];
    const csv = `\uFEFF이름;아이디;이메일;학년\r\n김민아;${a};;10\r\n"Kim; Minsu";${b};${b}@school.example;\r\n`;
    const report = await importBy(teacher, { csv, class_id });
    expect(report).toMatchObject({
      dry_run: false,
      created: 2,
      enrolled: 0,
      already_enrolled: 0,
      refused: 0,
    });
    expect(report.rows).toMatchObject([
      { line: 2, name: '김민아', username: a, email: null, grade: '10', class_id, status: 'created' },
      { line: 3, name: 'Kim; Minsu', username: b, email: `${b}@school.example`, grade: null },
    ]);
    expect((await rosterOf(class_id)).map(({ student_name }) => student_name).toSorted()).toEqual([
      'Kim; Minsu',
      '김민아',
    ]);
    expect(await countOf(class_id)).toBe(2);
    const password = 'a heron, an otter, a lake';
    const { auth } = school.clients();
    await auth.reset({ body: { code: report.rows[0]?.reset_code ?? '', password } });
    const { user } = await auth.login({ body: { username: a, password } });
    expect(user).toMatchObject({ user_id: report.rows[0]?.student_id, role: 'student', name: '김민아' });
  });

  test('a dry run tells the same and writes nothing', async () => {
    const { class_id, teacher } = await school.withClass();
    const rows = [...pupils(3), ',nobody,,,'];
    calls.clear();
    const foreseen = await importBy(teacher, { csv: file(...rows), class_id, dry_run: true }, 'a-key');
    expect(calls.all().filter(({ kind }) => kind === 'write')).toEqual([]);
    expect(await countOf(class_id)).toBe(0);
    const done = await importBy(teacher, { csv: file(...rows), class_id });
    const shape = ({ rows: all }: typeof done) =>
      all.map(({ line, status, problem }) => [line, status, problem]);
    expect(shape(foreseen)).toEqual(shape(done));
    expect(foreseen.rows.every(({ reset_code }) => reset_code === null)).toBe(true);
  });

  test('the same file again changes nothing and gives no codes', async () => {
    const { class_id, teacher } = await school.withClass();
    const csv = file(...pupils(15));
    await importBy(teacher, { csv, class_id });
    const before = await membersOf(school.org_id);
    const again = await importBy(teacher, { csv, class_id });
    expect(again).toMatchObject({ created: 0, already_enrolled: 15, codes_expire_at: null });
    expect(again.rows.some(({ reset_code }) => reset_code !== null)).toBe(false);
    expect([await countOf(class_id), await membersOf(school.org_id)]).toEqual([15, before]);
  });

  test('an account that exists is enrolled as it is; one of somebody else is not', async () => {
    const { class_id, teacher } = await school.withClass();
    const org_id = await school.organization();
    const [known, elsewhere] = [unique(), unique()];
    await school.person('student', { name: '한지우', username: known, grade: '9' });
    await school.person('student', { name: '한지우', username: elsewhere, org_id });
    const csv = file(`한지우,${known},,12,`, `다른 이,${known},,,`, `한지우,${elsewhere},,,`);
    const { rows } = await importBy(teacher, { csv, class_id });
    expect(rows.map(({ status, problem }) => problem?.rule ?? status)).toEqual([
      'enrolled',
      'taken',
      'taken',
    ]);
    const { items } = await teacher.school.listClassStudents({ params: { class_id } });
    expect(items).toMatchObject([{ name: '한지우', grade: '9' }]);
  });

  test('of somebody else, or unknown, is a missing reference; with an assistant’s or student’s role nothing goes', async () => {
    const { class_id } = await school.withClass();
    const { teacher } = await school.withClass();
    const csv = file(...pupils(1));
    expect(await refusal(importBy(teacher, { csv, class_id }))).toBe('400 class.unknown');
    expect(await refusal(importBy(platform, { csv, class_id: 'nothing' }))).toBe('400 class.unknown');
    for (const role of ['assistant', 'student', 'guardian'] as const)
      expect(await refusal(importBy(await school.person(role), { csv, class_id }))).toBe('403 auth.role');
    expect(await countOf(class_id)).toBe(0);
  });

  test('a file that is no table is refused at its field, and one that is too long too', async () => {
    const { class_id, teacher } = await school.withClass();
    const fault = async (csv: string) => {
      const { body } = await refusedWith(importBy(teacher, { csv, class_id }));
      return typeof body.detail === 'string' ? body.detail : body.detail[0];
    };
    expect(await fault(file('"a,b,,,'))).toMatchObject({ loc: ['body', 'csv'], type: 'csv_quote' });
    expect(await fault(file(...pupils(1001)))).toMatchObject({ loc: ['body', 'csv'], type: 'csv_rows' });
    expect(await fault('x'.repeat(300_001))).toMatchObject({ loc: ['body', 'csv'], type: 'too_big' });
    expect(await refusal(importBy(teacher, { csv: '가'.repeat(400_000), class_id }))).toMatch(/^413 /);
  });
});

describe('a whole school', () => {
  test('rows go into the classes that they name; missing ones are created only if asked', async () => {
    const { teacher, class_id } = await school.withClass({ name: '10-1' });
    const [a, b] = [unique(), unique()];
    const csv = file(`가나,${a},,,10-1`, `다라,${b},,,10-2`, `가나,${a},,,10-2`);
    const refused = await importBy(teacher, { csv });
    expect(refused.rows.map(({ status, problem }) => problem?.rule ?? status)).toEqual([
      'created',
      'unknown_class',
      'unknown_class',
    ]);
    const foreseen = await importBy(teacher, { csv, create_classes: true, dry_run: true });
    expect(foreseen).toMatchObject({ new_classes: ['10-2'], created: 1, enrolled: 1, already_enrolled: 1 });
    expect(foreseen.rows[1]?.class_id).toBeNull();
    const done = await importBy(teacher, { csv, create_classes: true });
    expect(done).toMatchObject({ new_classes: ['10-2'], created: 1, enrolled: 1, already_enrolled: 1 });
    const made = done.rows[1]?.class_id ?? '';
    expect([await countOf(class_id), await countOf(made)]).toEqual([1, 2]);
    expect(await importBy(teacher, { csv, create_classes: true })).toMatchObject({
      new_classes: [],
      already_enrolled: 3,
    });
  });

  test('an administrator names the teacher of new classes, and reaches every class of the organisation', async () => {
    const { class_id } = await school.withClass({ name: '물리 3' });
    const head = await school.person('teacher');
    const csv = file(...pupils(1, '물리 3'), ...pupils(1, '화학 3'));
    expect(await refusal(importBy(orgAdmin, { csv, create_classes: true }))).toBe('422 request.invalid');
    const { rows } = await importBy(orgAdmin, { csv, create_classes: true, teacher_id: head.user_id });
    expect(rows[0]?.class_id).toBe(class_id);
    const { items } = await head.school.listClasses({});
    expect(items).toMatchObject([{ class_id: rows[1]?.class_id, name: '화학 3', student_count: 1 }]);
  });

  test('a teacher finds no class of a colleague, and may not make one in a colleague’s name', async () => {
    await school.withClass({ name: '남의 반' });
    const { teacher } = await school.withClass();
    const csv = file(...pupils(1, '남의 반'));
    expect((await importBy(teacher, { csv })).rows[0]?.problem?.rule).toBe('unknown_class');
    const body = { csv, create_classes: true, teacher_id: orgAdmin.user_id };
    expect(await refusal(importBy(teacher, body))).toBe('403 owner_mismatch');
  });

  test('two imports of one file at once make each class and each account once', async () => {
    const teacher = await school.person('teacher');
    const csv = file(...pupils(14, '동시 1'), ...pupils(14, '동시 2'));
    const body = { csv, create_classes: true };
    const reports = await Promise.all([importBy(teacher, body), importBy(teacher, body)]);
    const { items } = await teacher.school.listClasses({});
    expect(items.map(({ name, student_count }) => [name, student_count])).toEqual([
      ['동시 1', 14],
      ['동시 2', 14],
    ]);
    expect(reports.reduce((sum, { created }) => sum + created, 0)).toBe(28);
    expect(reports.reduce((sum, { refused }) => sum + refused, 0)).toBe(0);
  });
});

describe('an import that dies in the middle', () => {
  /** Every transaction after the first `whole` fails. */
  const dieAfter = (whole: number): void => {
    let met = 0;
    school.meet((operation) => {
      if (operation !== 'TransactWriteItems' || ++met <= whole) return undefined;
      return faults.serverError();
    });
  };

  test('goes on with the same key, and gives the codes that were lost', async () => {
    const { class_id, teacher } = await school.withClass();
    const csv = file(...pupils(40));
    dieAfter(2);
    expect(await refusal(importBy(teacher, { csv, class_id }, 'die-1'))).toMatch(/^5/);
    expect(await countOf(class_id)).toBe(32);
    school.meet();
    const report = await importBy(teacher, { csv, class_id }, 'die-1');
    expect(report).toMatchObject({ created: 40, already_enrolled: 0 });
    expect(new Set(report.rows.map(({ reset_code }) => reset_code)).size).toBe(40);
    expect(await countOf(class_id)).toBe(40);
  });

  test('goes on without a key; the class’s codes are issued for those who have none', async () => {
    const { class_id, teacher } = await school.withClass();
    const csv = file(...pupils(30));
    dieAfter(1);
    await refusal(importBy(teacher, { csv, class_id }));
    school.meet();
    expect(await importBy(teacher, { csv, class_id })).toMatchObject({ created: 14, already_enrolled: 16 });
    const { cards } = await teacher.school.resetClass({
      params: { class_id },
      body: { whom: 'without_password' },
    });
    expect(cards).toHaveLength(30);
  });
});

test('a thousand rows take fewer than 20 write units each', async () => {
  const teacher = await school.person('teacher');
  const rows = Array.from({ length: 40 }, (_, at) => pupils(25, `큰 학교 ${at + 1}`)).flat();
  school.meet(() => undefined);
  calls.clear();
  const report = await importBy(teacher, { csv: file(...rows), create_classes: true });
  expect(report).toMatchObject({ created: 1000, refused: 0 });
  expect(report.new_classes).toHaveLength(40);
  const sum = (kind: 'read' | 'write') =>
    calls.all().reduce((total, call) => total + (call.kind === kind ? call.units : 0), 0);
  console.info(`1,000 rows: ${sum('read')} read units, ${sum('write')} write units`);
  expect(sum('write')).toBeLessThan(20_000);
});
