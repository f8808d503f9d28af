import type { BankVersion, ItemBank, itemBankOperations } from '#shared/contracts/item-banks.ts';
import type { Caller, Request } from '#shared/contracts/operation.ts';
import type { Page } from '#shared/contracts/shapes.ts';
import { notFound } from '#shared/errors.ts';
import type { Listing } from '#shared/http/paging.ts';
import { contains, pageOfPartition } from '#shared/http/partition.ts';
import {
  type BankVersionRecord,
  bankVersions,
  type ItemBankRecord,
  itemBanks,
} from '#shared/table/item-bank.ts';
import { organizations } from '#shared/table/organization.ts';
import { namesOf, readableBank } from '../bank-access.ts';
import type { TestingWorld } from '../world.ts';

type Operations = typeof itemBankOperations;
type Query = Request<Operations['listItemBanks']>['query'];

async function viewBanks(world: TestingWorld, banks: readonly ItemBankRecord[]): Promise<ItemBank[]> {
  const nameOf = await namesOf(
    world,
    banks.map(({ created_by }) => created_by),
  );
  return banks.map((bank) => ({ ...bank, created_by_name: nameOf(bank.created_by) }));
}

export async function viewBank(world: TestingWorld, bank: ItemBankRecord): Promise<ItemBank> {
  const [view] = await viewBanks(world, [bank]);
  if (!view) throw new Error('a record has a view');
  return view;
}

export async function listItemBanks(
  world: TestingWorld,
  caller: Caller,
  query: Query,
): Promise<Page<ItemBank>> {
  const org_id = await organizationOf(world, caller, query.org_id);
  const listing: Listing = { caller, query, filters: { operation: 'listItemBanks', ...query, org_id } };
  const page = await pageOfPartition(world.table, listing, {
    entity: itemBanks,
    index: 'gsi1',
    pk: `org#${org_id}#banks`,
    keep: filterOf(query, caller),
  });
  return { ...page, items: await viewBanks(world, page.items) };
}

/** Undefined: nothing is filtered. */
function filterOf(
  { q, mine, published }: Query,
  caller: Caller,
): ((bank: ItemBankRecord) => boolean) | undefined {
  if (q === undefined && mine === undefined && published === undefined) return undefined;
  return (bank) =>
    contains(q, [bank.name]) &&
    (mine === undefined || (mine === 'true') === (bank.created_by === caller.user_id)) &&
    (published === undefined || (published === 'true') === bank.published_version > 0);
}

async function organizationOf(
  { table }: TestingWorld,
  caller: Caller,
  org_id: string | undefined,
): Promise<string> {
  if (org_id === undefined || org_id === caller.org_id) return caller.org_id;
  const known =
    caller.role === 'platform_admin' && (await table.get(organizations, { org_id }, { consistent: true }));
  if (!known) throw notFound('organization');
  return org_id;
}

async function viewVersions(
  world: TestingWorld,
  versions: readonly BankVersionRecord[],
): Promise<BankVersion[]> {
  const nameOf = await namesOf(
    world,
    versions.map(({ published_by }) => published_by),
  );
  return versions.map(({ version_number: version, ...record }) => ({
    ...record,
    version,
    published_by_name: nameOf(record.published_by),
  }));
}

export async function viewVersion(world: TestingWorld, record: BankVersionRecord): Promise<BankVersion> {
  const [view] = await viewVersions(world, [record]);
  if (!view) throw new Error('a record has a view');
  return view;
}

export async function listBankVersions(
  world: TestingWorld,
  caller: Caller,
  bank_id: string,
  query: Request<Operations['listBankVersions']>['query'],
): Promise<Page<BankVersion>> {
  const bank = await readableBank(world, caller, bank_id);
  const listing: Listing = { caller, query, filters: { operation: 'listBankVersions', bank_id } };
  const page = await pageOfPartition(world.table, listing, {
    entity: bankVersions,
    pk: `bank#${bank_id}`,
    prefix: 'published#',
    backwards: true,
    total: bank.published_version,
  });
  return { ...page, items: await viewVersions(world, page.items) };
}
