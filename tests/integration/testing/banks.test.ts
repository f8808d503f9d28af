import { expect, test } from 'vitest';
import { loadBank } from '#shared/banks/load.ts';
import { items as itemEntity } from '#shared/table/item.ts';
import { refusal } from '#tests/support/refusal.ts';
import { aSchool } from '#tests/support/school.ts';
import { aBank, anItem, objectsOf, someItems } from '#tests/support/testing.ts';

const school = await aSchool();
const { table, org_id } = school;
const teacher = await school.person('teacher');
const colleague = await school.person('teacher');
const admin = await school.person('org_admin');
const objects = await objectsOf(school);
const by = teacher.user_id;

const choice = { kind: 'choice', body: '1 + 1?', options: [{ body: '1' }, { body: '2' }], key: 1 } as const;
const live = { status: 'live', parameters: { model: '2PL', a: 1, b: 0 } } as const;

test('a teacher makes a bank, changes it, and finds it by name among the organisation’s', async () => {
  const bank = await teacher.testing.createItemBank({ body: { name: ' Python  basics ', subject: 'CS' } });
  expect(bank).toMatchObject({
    name: 'Python  basics',
    description: '',
    subject: 'CS',
    D: 1,
    item_count: 0,
    published_version: 0,
    published_at: null,
    created_by: by,
    created_by_name: teacher.name,
    version: 1,
  });
  const params = { bank_id: bank.bank_id };
  const changed = await teacher.testing.updateItemBank({ params, body: { name: '파이썬', D: 1.702 } });
  expect(changed).toMatchObject({ name: '파이썬', D: 1.702, subject: 'CS', version: 2 });
  expect(await refusal(teacher.testing.updateItemBank({ params, body: { name: 'x', version: 1 } }))).toBe(
    '409 item_bank.changed',
  );
  expect(await refusal(colleague.testing.updateItemBank({ params, body: { name: 'x' } }))).toBe(
    '403 item_bank.not_own',
  );
  expect(await admin.testing.updateItemBank({ params, body: { description: 'For year 10' } })).toMatchObject({
    description: 'For year 10',
  });
  const listed = await colleague.testing.listItemBanks({ query: { q: '파이' } });
  expect(listed.items.map(({ bank_id }) => bank_id)).toEqual([bank.bank_id]);
  expect((await colleague.testing.listItemBanks({ query: { mine: 'true' } })).items).toEqual([]);
});

test('the same key makes one bank', async () => {
  const make = () => teacher.testing.createItemBank({ body: { name: 'Once' }, idempotency_key: 'bank-1' });
  const [first, second] = [await make(), await make()];
  expect(second.bank_id).toBe(first.bank_id);
  expect((await teacher.testing.listItemBanks({ query: { q: 'Once' } })).items).toHaveLength(1);
});

test('publishing keeps live and pilot items for ever, whatever becomes of them', async () => {
  const { bank_id } = await aBank(school, {
    org_id,
    by,
    publish: false,
    items: [
      anItem({ body: 'live' }),
      anItem({ body: 'pilot', status: 'pilot', parameters: null }),
      anItem({ body: 'draft', status: 'draft' }),
      anItem({ body: 'retired', status: 'retired' }),
    ],
  });
  const params = { bank_id };
  const first = await teacher.testing.publishItemBank({ params, body: { note: 'for June' } });
  expect(first).toMatchObject({
    version: 1,
    items: 2,
    live: 1,
    pilot: 1,
    note: 'for June',
    source: 'publish',
    published_by_name: teacher.name,
  });
  expect(first.sha256).toMatch(/^[0-9a-f]{64}$/);

  const { items } = await teacher.testing.listItems({ query: { bank_id, status: 'live' } });
  const item_id = items[0]?.item_id ?? '';
  await teacher.testing.updateItem({ params: { item_id }, body: { body: 'live, and better' } });
  const second = await teacher.testing.publishItemBank({ params, body: {} });
  expect(second).toMatchObject({ version: 2, items: 2 });

  const bodies = async (version: number) =>
    (await loadBank({ table, objects }, bank_id, version)).published.items.map(({ body, revision }) => [
      body,
      revision,
    ]);
  expect(await bodies(1)).toEqual([
    ['live', 1],
    ['pilot', 1],
  ]);
  expect(await bodies(2)).toEqual([
    ['live, and better', 2],
    ['pilot', 1],
  ]);
  const versions = await colleague.testing.listBankVersions({ params });
  expect([versions.total, versions.items.map(({ version }) => version)]).toEqual([2, [2, 1]]);
  expect(await teacher.testing.getItemBank({ params })).toMatchObject({
    published_version: 2,
    item_count: 4,
  });
});

test('publishing what has not changed answers with the newest version, also to many at once', async () => {
  const { bank_id } = await aBank(school, { org_id, by, publish: false, items: 5 });
  const params = { bank_id };
  const versions = await Promise.all(
    Array.from({ length: 5 }, () => teacher.testing.publishItemBank({ params, body: {} })),
  );
  expect(new Set(versions.map(({ version }) => version))).toEqual(new Set([1]));
  // labels of drafts are not what tests are made of
  await teacher.testing.createItem({ body: { ...choice, bank_id } });
  expect(await teacher.testing.publishItemBank({ params, body: {} })).toEqual(versions[0]);
});

test('while many change and publish a bank, every version is what it says', async () => {
  const { bank_id, items } = await aBank(school, { org_id, by, publish: false, items: 8 });
  await Promise.all(
    items.map(async ({ item_id }, k) => {
      await teacher.testing.updateItem({ params: { item_id }, body: { explanation: `changed ${k}` } });
      await teacher.testing.publishItemBank({ params: { bank_id }, body: {} });
    }),
  );
  const { items: versions } = await teacher.testing.listBankVersions({ params: { bank_id } });
  expect(versions.map(({ version }) => version)).toEqual(versions.map((_, k) => versions.length - k));
  for (const { version } of versions)
    expect((await loadBank({ table, objects }, bank_id, version)).published.items).toHaveLength(8);
  const newest = await loadBank({ table, objects }, bank_id, versions.length);
  expect(newest.published.items.map(({ explanation }) => explanation)).toEqual(
    items.map((_, k) => `changed ${k}`),
  );
});

test('a version is loaded once a process, and one that is not there is 404', async () => {
  const bank = await aBank(school, { org_id, by, items: 3 });
  const [first, second] = await Promise.all([bank.load(), bank.load()]);
  expect(first).not.toBe(undefined);
  expect(first.published).toMatchObject({ bank_id: bank.bank_id, version: 1, D: 1 });
  expect(second.published.items.map(({ item_id }) => item_id)).toEqual(
    bank.items.map(({ item_id }) => item_id),
  );
  const world = { table, objects };
  const again = await loadBank(world, bank.bank_id, 1);
  expect(await loadBank(world, bank.bank_id, 1)).toBe(again);
  await expect(loadBank(world, bank.bank_id, 2)).rejects.toMatchObject({ error_code: 'version.not_found' });
  await expect(loadBank(world, bank.bank_id, 2)).rejects.toMatchObject({ error_code: 'version.not_found' });
});

test('an object that is not the published one is not loaded', async () => {
  const bank = await aBank(school, { org_id, by, items: 3 });
  const { items: versions } = await teacher.testing.listBankVersions({ params: { bank_id: bank.bank_id } });
  await school.put(`banks/${bank.bank_id}/${versions[0]?.sha256}.json.gz`, 'something else');
  await expect(loadBank({ table, objects }, bank.bank_id, 1)).rejects.toThrow();
});

/** An item of nearly as much as one may have: 47 KB. */
const largeItem = (k: number) =>
  anItem({
    body: `${k} ${'é'.repeat(4_900)}`,
    explanation: 'x'.repeat(9_900),
    options: Array.from({ length: 10 }, (_, o) => `${o} ${'é'.repeat(1_340)}`),
    external_id: `large-${k}`,
  });

test('a bank that no function could load is not published; shortened it is published and loaded', async () => {
  const items = Array.from({ length: 545 }, (_, k) => largeItem(k));
  const bank = await aBank(school, { org_id, by, publish: false, items });
  const params = { bank_id: bank.bank_id };
  const publishing = () => teacher.testing.publishItemBank({ params, body: {} });
  await expect(publishing()).rejects.toMatchObject({
    status: 409,
    error_code: 'item_bank.too_large',
    message: expect.stringMatching(/may have 24 MB.*have 24\.\d MB.*[Rr]etire/),
  });
  const retired = Array.from({ length: 25 }, (_, k) => `large-${k},retired`);
  const content = ['external_id,status', ...retired].join('\n');
  await teacher.testing.importItems({ params, body: { format: 'csv', content } });
  const { version, items: published } = await publishing();
  expect([version, published]).toEqual([1, 520]);
  const loaded = await loadBank({ table, objects }, bank.bank_id, version);
  expect(loaded.published.items.map(({ item_id }) => item_id)).toEqual(
    bank.items.slice(25).map(({ item_id }) => item_id),
  );
});

test('an empty bank is not published, and a published one neither deleted nor rescaled', async () => {
  const { bank_id } = await teacher.testing.createItemBank({ body: { name: 'Empty' } });
  const params = { bank_id };
  expect(await refusal(teacher.testing.publishItemBank({ params, body: {} }))).toBe('409 item_bank.empty');
  const { item_id } = await teacher.testing.createItem({ body: { ...choice, ...live, bank_id } });
  await teacher.testing.publishItemBank({ params, body: {} });
  expect(await refusal(teacher.testing.updateItemBank({ params, body: { D: 1.702 } }))).toBe(
    '409 item_bank.published',
  );
  expect(await refusal(teacher.testing.deleteItemBank({ params }))).toBe('409 item_bank.published');
  expect(await refusal(teacher.testing.deleteItem({ params: { item_id } }))).toBe('409 item.in_use');
});

test('a bank is deleted with its items, and leaves nothing that can be found', async () => {
  const { bank_id, items } = await aBank(school, {
    org_id,
    by,
    publish: false,
    items: someItems(60).map((item, k) => ({ ...item, external_id: k % 2 ? `x${k}` : null })),
  });
  await teacher.testing.deleteItemBank({ params: { bank_id } });
  expect(await refusal(teacher.testing.getItemBank({ params: { bank_id } }))).toBe('404 item_bank.not_found');
  const item_id = items[0]?.item_id ?? '';
  expect(await refusal(teacher.testing.getItem({ params: { item_id } }))).toBe('404 item.not_found');
  expect(await table.queryAll(itemEntity, { pk: `bank#${bank_id}` })).toEqual([]);
});
