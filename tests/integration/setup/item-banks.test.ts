import { expect, test } from 'vitest';
import { buildContent } from '#functions/setup/build.ts';
import { bankIdOf, importItemBanks, readStartingBanks } from '#functions/setup/item-banks.ts';
import { itemsOfBank } from '#shared/banks/items.ts';
import { loadBank } from '#shared/banks/load.ts';
import { readItemBanks } from '#shared/content/items.ts';
import { itemBanks } from '#shared/table/item-bank.ts';
import type { Write } from '#shared/table/table.ts';
import { aSchool } from '#tests/support/school.ts';
import { scratch } from '#tests/support/scratch.ts';
import { objectsOf } from '#tests/support/testing.ts';

const school = await aSchool();
const { table } = school;
const objects = await objectsOf(school);
const folder = scratch('item-banks');
await buildContent(folder);
const read = () => readStartingBanks(folder);
const world = { table, objects, now: () => new Date('2026-11-20T09:30:00.000Z') };
const content = await readItemBanks();

const aNewSchool = async () => {
  const org_id = await school.organization();
  const admin = await school.person('org_admin', { org_id });
  await forget();
  return { root: { org_id, admin_user_id: admin.user_id }, admin };
};
const forget = () =>
  table.write({
    item: { Delete: { TableName: table.name, Key: { pk: 'school', sk: 'seed#item_banks' } } },
    orElse: undefined,
  });

test('a new school gets every starting bank, in its order, published, with a few writes', async () => {
  const { root, admin } = await aNewSchool();
  let writes = 0;
  const counting = {
    ...table,
    write: (...all: readonly Write[]) => {
      writes++;
      return table.write(...all);
    },
  };
  await importItemBanks({ ...world, table: counting }, root, read);
  // the bank, thirty items at a time, the publication
  const expected = content.map(({ items }) => 2 + Math.ceil(items.length / 30));
  expect(writes).toBe(1 + expected.reduce((sum, one) => sum + one, 0));
  const { items: banks } = await admin.testing.listItemBanks({});
  expect(banks.map(({ name, item_count }) => [name, item_count]).toSorted()).toEqual(
    content.map(({ bank, items }) => [bank.name, items.length]).toSorted(),
  );
  for (const { slug, items } of content) {
    const bank_id = bankIdOf(root, slug);
    const { published } = await loadBank(world, bank_id, 1);
    expect(published.items.map(({ body }) => body)).toEqual(items.map(({ body }) => body));
    expect(await itemsOfBank(table, bank_id)).toMatchObject(items);
  }
});

test('several setups at once and one after another make the same', async () => {
  const { root } = await aNewSchool();
  await Promise.all(Array.from({ length: 4 }, () => importItemBanks(world, root, read)));
  await forget();
  await importItemBanks(world, root, read);
  for (const { slug, items } of content) {
    const bank = await table.get(itemBanks, { bank_id: bankIdOf(root, slug) }, { consistent: true });
    expect([bank?.item_count, bank?.published_version]).toEqual([items.length, 1]);
  }
});

test('a setup that is cut off anywhere is made whole by the next', async () => {
  const { root } = await aNewSchool();
  for (let writes = 0; writes < 12; writes++) {
    let left = writes;
    const cutOff = {
      ...table,
      write: (...all: readonly Write[]) => {
        if (left-- === 0) throw new Error('cut off');
        return table.write(...all);
      },
    };
    await importItemBanks({ ...world, table: cutOff }, root, read).catch(() => undefined);
  }
  await importItemBanks(world, root, read);
  for (const { slug, items } of content) {
    const bank_id = bankIdOf(root, slug);
    expect(await itemsOfBank(table, bank_id)).toHaveLength(items.length);
    expect(await table.get(itemBanks, { bank_id })).toMatchObject({
      item_count: items.length,
      published_version: 1,
    });
  }
});

test('what a school makes of a bank stays when the setup runs again', async () => {
  const { root, admin } = await aNewSchool();
  await importItemBanks(world, root, read);
  const bank_id = bankIdOf(root, 'mathematics');
  await admin.testing.updateItemBank({ params: { bank_id }, body: { name: 'Ours' } });
  await importItemBanks(world, root, read);
  expect(await admin.testing.getItemBank({ params: { bank_id } })).toMatchObject({ name: 'Ours' });
});
