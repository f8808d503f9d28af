import { expect, test } from 'vitest';
import type { Page } from '#shared/contracts/shapes.ts';
import { refusal } from '#tests/support/refusal.ts';
import { aSchool } from '#tests/support/school.ts';

const school = await aSchool();
const platform = await school.person('platform_admin');
const admin = await school.person('org_admin');

interface Asked {
  readonly limit: number;
  readonly cursor?: string;
}

/** Every page of a list, by cursor, checking the envelope on the way. */
async function pagesOf<T>(read: (query: Asked) => Promise<Page<T>>, limit: number): Promise<T[][]> {
  const pages: T[][] = [];
  let cursor: string | undefined;
  do {
    const page = await read({ limit, ...(cursor !== undefined && { cursor }) });
    expect(page).toMatchObject({ page: pages.length + 1, per_page: limit, has_prev: pages.length > 0 });
    expect(page.has_next).toBe(page.next_cursor !== null);
    pages.push(page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return pages;
}

test('every list pages through all of its items once, in order, forwards and backwards', async () => {
  const org_id = await school.organization('Paging');
  const own = await school.person('org_admin', { org_id, name: 'zz admin' });
  const { teacher, class_id } = await school.withClass({ org_id, students: 23 });
  for (let at = 0; at < 6; at++) await teacher.school.createClass({ body: { name: `Class ${at}` } });

  for (const sort of ['name', '-name'] as const) {
    const lists: Record<string, (query: Asked) => Promise<Page<{ readonly name: string }>>> = {
      users: (query) => own.school.listUsers({ query: { ...query, sort } }),
      'users by role': (query) => own.school.listUsers({ query: { ...query, sort, role: 'student' } }),
      students: (query) => own.school.listStudents({ query: { ...query, sort } }),
      'students of a teacher': (query) => teacher.school.listStudents({ query: { ...query, sort } }),
      teachers: (query) => own.school.listTeachers({ query: { ...query, sort } }),
      classes: (query) => own.school.listClasses({ query: { ...query, sort } }),
      'classes of one teacher': (query) =>
        own.school.listClasses({ query: { ...query, sort, teacher_id: teacher.user_id } }),
      'own classes': (query) => teacher.school.listClasses({ query: { ...query, sort } }),
      roster: (query) =>
        teacher.school.listClassStudents({ params: { class_id }, query: { ...query, sort } }),
      organizations: (query) => platform.school.listOrganizations({ query: { ...query, sort } }),
    };
    for (const [name, read] of Object.entries(lists)) {
      const names = (await pagesOf(read, 5)).flat().map((item) => item.name);
      const whole = (await pagesOf(read, 100)).flat().map((item) => item.name);
      expect(names, name).toEqual(whole);
      const sorted = names.toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
      expect(names, name).toEqual(sort === 'name' ? sorted : sorted.toReversed());
      expect(names.length, name).toBeGreaterThan(0);
    }
  }
});

test('a last page that is just full has no next one', async () => {
  const org_id = await school.organization('Full');
  const own = await school.person('org_admin', { org_id });
  await school.several(4, 'student', { org_id });
  const page = await own.school.listStudents({ query: { limit: 4 } });
  expect(page).toMatchObject({ has_next: false, next_cursor: null });
  expect(page.items).toHaveLength(4);
});

test('a search pages through its hits only', async () => {
  const org_id = await school.organization('Search');
  const own = await school.person('org_admin', { org_id });
  for (let at = 0; at < 12; at++)
    await school.person('student', { org_id, name: `${at % 3 === 0 ? 'Hit' : 'Miss'} ${at}` });
  const pages = await pagesOf((query) => own.school.listStudents({ query: { ...query, q: 'hit' } }), 3);
  expect(pages.map((page) => page.length)).toEqual([3, 1]);
});

test('only a list that something counts has a total', async () => {
  const { teacher, class_id } = await school.withClass({ students: 2 });
  const roster = (query: { q?: string }) => teacher.school.listClassStudents({ params: { class_id }, query });
  expect((await roster({})).total).toBe(2);
  expect((await roster({ q: 'student' })).total).toBeNull();
  expect((await admin.school.listStudents({})).total).toBeNull();
});

test('a cursor works for its own list, filters and caller only', async () => {
  const org_id = await school.organization('Cursors');
  const [one, two] = await school.several(2, 'org_admin', { org_id });
  if (!one || !two) throw new Error('two are needed');
  await school.several(3, 'student', { org_id });
  const { next_cursor } = await one.school.listStudents({ query: { limit: 1 } });
  const cursor = next_cursor ?? '';
  const wrong = [
    () => two.school.listStudents({ query: { limit: 1, cursor } }),
    () => one.school.listStudents({ query: { limit: 1, cursor, sort: '-name' } }),
    () => one.school.listUsers({ query: { limit: 1, cursor } }),
    () => one.school.listStudents({ query: { limit: 1, cursor: 'bm9uc2Vuc2U' } }),
  ];
  for (const call of wrong) expect(await refusal(call())).toBe('422 request.invalid');
  expect((await one.school.listStudents({ query: { limit: 2, cursor } })).items).toHaveLength(2);
});

test('a cursor does not open another partition, whatever its author writes into it', async () => {
  const org_id = await school.organization('Forged');
  const own = await school.person('org_admin', { org_id });
  const foreign = await school.person('student');
  await school.several(2, 'student', { org_id });
  const { next_cursor } = await own.school.listStudents({ query: { limit: 1 } });
  const cursor = JSON.parse(Buffer.from(next_cursor ?? '', 'base64url').toString());
  for (const k of [
    { ...cursor.k, gsi1pk: `org#${school.org_id}#students` },
    { offset: 0 },
    { ...cursor.k, pk: 42 },
    {},
  ]) {
    const forged = Buffer.from(JSON.stringify({ ...cursor, k })).toString('base64url');
    const read = await own.school.listStudents({ query: { limit: 100, cursor: forged } }).then(
      ({ items }) => items.map(({ student_id }) => student_id),
      (error) => error.status,
    );
    if (Array.isArray(read)) expect(read).not.toContain(foreign.user_id);
    else expect(read).toBe(422);
  }
});

test('what pages by number or offset is told about the cursor', async () => {
  for (const name of ['page', 'skip', 'offset']) {
    const reply = await school.fetch(`${school.origin}/api/core/users?${name}=1`, {
      headers: { authorization: `Bearer ${admin.token}` },
    });
    expect(reply.status).toBe(422);
    expect(await reply.text()).toContain('cursor');
  }
});

test('a platform administrator lists another organisation by naming it, anybody else does not', async () => {
  const org_id = await school.organization('Named');
  const { students } = await school.withClass({ org_id, students: 2 });
  const ids = students.map(({ user_id }) => user_id).sort();
  const named = await platform.school.listStudents({ query: { org_id } });
  expect(named.items.map(({ student_id }) => student_id).sort()).toEqual(ids);
  const unknown = platform.school.listStudents({ query: { org_id: 'nowhere' } });
  expect(await refusal(unknown)).toBe('404 organization.not_found');
  for (const call of [
    () => admin.school.listStudents({ query: { org_id } }),
    () => admin.school.listUsers({ query: { org_id } }),
    () => admin.school.listTeachers({ query: { org_id } }),
    () => admin.school.listClasses({ query: { org_id } }),
  ])
    expect(await refusal(call())).toBe('404 organization.not_found');
});
