import '#tests/support/quiet.ts';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { buildContent } from '#functions/setup/build.ts';
import { contentFile, exerciseIdOf, importExercises, readContent } from '#functions/setup/content.ts';
import { makeDemoSchool } from '#functions/setup/demo.ts';
import { readExercises } from '#shared/content/exercises.ts';
import { assignments } from '#shared/table/assignment.ts';
import { classes } from '#shared/table/class.ts';
import { enrollments } from '#shared/table/enrollment.ts';
import { exercises, exerciseVersions, publishedExercises, versionStates } from '#shared/table/exercise.ts';
import { guardianLinks } from '#shared/table/guardian.ts';
import { organizations } from '#shared/table/organization.ts';
import { demoPeople } from '#shared/table/seed.ts';
import { users } from '#shared/table/user.ts';
import { scratch } from '#tests/support/scratch.ts';
import { aTable } from '#tests/support/table.ts';

const { table, stop } = await aTable();
const folder = scratch('content');
afterAll(async () => {
  await stop();
});
await buildContent(folder);
const read = () => readContent(folder);
const world = { table, now: () => new Date('2026-11-20T09:30:00.000Z') };

let schools = 0;
async function aNewSchool() {
  const root = { org_id: `org-${++schools}`, admin_user_id: `admin-${schools}` };
  const at = world.now().toISOString();
  const organization = {
    org_id: root.org_id,
    name: 'School',
    kind: 'school',
    member_count: 0,
    external_ids: {},
  };
  await table.write(
    table.insert(organizations, { ...organization, created_at: at, updated_at: at, version: 1 }),
  );
  return root;
}
const published = (org_id: string) =>
  table.queryAll(publishedExercises, { index: 'gsi1', pk: `org#${org_id}#published` });
const forget = (what: 'seed#exercises' | 'demo') =>
  table.write({
    item: { Delete: { TableName: table.name, Key: { pk: 'school', sk: what } } },
    orElse: undefined,
  });

test('the content is one file beside the bundle, written again only when it changes', async () => {
  const before = await stat(join(folder, contentFile));
  await buildContent(folder);
  const after = await stat(join(folder, contentFile));
  expect(after.mtimeMs).toBe(before.mtimeMs);
  expect(after.size).toBeLessThan(1_000_000);
});

test('a new school gets every starting exercise: certified, published, for practice, within two seconds', async () => {
  const root = await aNewSchool();
  const startedAt = performance.now();
  await importExercises(world, root, read);
  const took = performance.now() - startedAt;
  const content = await readExercises();
  expect(content.length).toBeGreaterThanOrEqual(40);
  expect((await published(root.org_id)).map(({ title }) => title).toSorted()).toEqual(
    content.map(({ title }) => title).toSorted(),
  );
  for (const { slug, solution_code, tests, translations } of content) {
    const exercise_id = exerciseIdOf(root, slug);
    expect(await table.get(exercises, { exercise_id })).toMatchObject({
      status: 'published',
      practice: true,
      published_version: 1,
      created_by: root.admin_user_id,
    });
    const id = { exercise_id, version_number: 1 };
    const version = await table.get(exerciseVersions, id);
    expect(version).toMatchObject({ solution_code, translations });
    expect(version?.tests).toHaveLength(tests.length);
    expect(await table.get(versionStates, id)).toMatchObject({ certification: { status: 'passed' } });
  }
  expect(took).toBeLessThan(2_000);
  await forget('seed#exercises');
});

test('the content comes once, however often and at once the setup runs, and what was deleted stays away', async () => {
  const root = await aNewSchool();
  await Promise.all([1, 2, 3].map(() => importExercises(world, root, read)));
  const all = await published(root.org_id);
  expect(new Set(all.map(({ title }) => title)).size).toBe(all.length);
  const [first] = all;
  if (!first) throw new Error('there is content');
  await table.write(table.remove(exercises, first), table.remove(publishedExercises, first));
  await importExercises(world, root, read);
  expect(await published(root.org_id)).toHaveLength(all.length - 1);
  await forget('seed#exercises');
});

test('a setup that was cut off is finished by the next', async () => {
  const root = await aNewSchool();
  const content = await read();
  await importExercises(world, root, async () => content.slice(0, 5));
  await forget('seed#exercises');
  await importExercises(world, root, async () => content);
  expect(await published(root.org_id)).toHaveLength(content.length);
  await forget('seed#exercises');
});

test('a demo school has a teacher, a class of eight, a guardian with a child, two assignments and no password', async () => {
  const root = await aNewSchool();
  await importExercises(world, root, read);
  await Promise.all([1, 2, 3].map(() => makeDemoSchool(world, root)));
  await makeDemoSchool(world, root);
  const people = await table.get(demoPeople, {}, { consistent: true });
  if (!people) throw new Error('the demo school has people');
  const org = await table.get(organizations, root, { consistent: true });
  expect(org?.member_count).toBe(10);

  const [made] = await table.queryAll(classes, { index: 'gsi2', pk: `teacher#${people.teacher}#classes` });
  expect(made).toMatchObject({ student_count: 8, staff_count: 1 });
  const class_id = made?.class_id ?? '';
  const roster = await table.queryAll(enrollments, { pk: `class#${class_id}`, prefix: 'student#' });
  expect(roster).toHaveLength(8);
  const everybody = [people.teacher, people.guardian, ...roster.map(({ student_id }) => student_id)];
  for (const user_id of everybody)
    expect(await table.get(users, { user_id })).toMatchObject({
      password_hash: null,
      email: null,
      disabled: false,
    });
  const link = { guardian_id: people.guardian, student_id: people.student };
  expect(await table.get(guardianLinks, link)).toMatchObject({ student_name: '김민아' });

  const given = await table.queryAll(assignments, { index: 'gsi2', pk: `class#${class_id}#assignments` });
  expect(given).toHaveLength(2);
  for (const { exercise_id, due_at } of given) {
    expect(await table.get(exercises, { exercise_id })).toMatchObject({ assignment_count: 1 });
    expect(due_at !== null && due_at > world.now().toISOString()).toBe(true);
  }
  await forget('demo');
});

test('a demo school without content has its people all the same', async () => {
  const bare = await aTable();
  const at = world.now().toISOString();
  const root = { org_id: 'o', admin_user_id: 'a' };
  const organization = { name: 'School', kind: 'school', member_count: 0, external_ids: {}, version: 1 };
  await bare.table.write(
    bare.table.insert(organizations, { ...organization, org_id: 'o', created_at: at, updated_at: at }),
  );
  await makeDemoSchool({ ...world, table: bare.table }, root);
  expect(await bare.table.get(demoPeople, {}, { consistent: true })).toBeDefined();
  const given = await bare.table.queryAll(assignments, { index: 'gsi1', pk: 'org#o#assignments' });
  expect(given).toEqual([]);
  await bare.stop();
});
