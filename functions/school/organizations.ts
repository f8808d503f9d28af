import type * as z from 'zod';
import type { Caller, Reply, Request } from '#shared/contracts/operation.ts';
import type { schoolContract } from '#shared/contracts/school.ts';
import { conflict, notFound } from '#shared/errors.ts';
import { pageOf } from '#shared/http/paging.ts';
import { idempotently } from '#shared/table/idempotency.ts';
import { type OrganizationRecord, organizations } from '#shared/table/organization.ts';
import { retried } from '#shared/table/retry.ts';
import { administers } from './access.ts';
import { indexPage, type ListQuery, listing, matches } from './listing.ts';
import { given, type Keyed, type World } from './world.ts';

type Contract = typeof schoolContract;
type Create = Request<Contract['createOrganization']>['body'];
type Update = Request<Contract['updateOrganization']>['body'];
type Organization = z.output<Contract['getOrganization']['response']>;

const shown = (record: OrganizationRecord): Organization => ({ ...record, type: record.kind });

export function createOrganization(
  world: World,
  caller: Caller,
  { body, idempotency_key: key }: Keyed<Create>,
): Promise<Organization> {
  const { table } = world;
  return idempotently(
    table,
    { caller, operation: 'createOrganization', key, body, now: world.now() },
    async (once) => {
      const at = world.now().toISOString();
      const organization: OrganizationRecord = {
        org_id: world.newId(),
        name: body.name,
        kind: body.type,
        external_ids: body.external_ids ?? {},
        member_count: 0,
        created_at: at,
        updated_at: at,
        version: 1,
      };
      await table.write(...once(organization.org_id), table.insert(organizations, organization));
      return shown(organization);
    },
    async (org_id) => shown(await stored(world, org_id)),
  );
}

async function stored(world: World, org_id: string): Promise<OrganizationRecord> {
  const found = await world.table.get(organizations, { org_id }, { consistent: true });
  if (!found) throw notFound('organization');
  return found;
}

const sees = (caller: Caller, org_id: string): boolean =>
  caller.role === 'platform_admin' || caller.org_id === org_id;

export async function listOrganizations(
  world: World,
  caller: Caller,
  query: ListQuery,
): Promise<Reply<Contract['listOrganizations']>> {
  const list = listing('listOrganizations', caller, query);
  const found = (items: OrganizationRecord[]) =>
    items.map((item) => (matches(query.q, item.name) ? shown(item) : undefined));
  if (caller.role !== 'platform_admin') {
    const own = found([await stored(world, caller.org_id)]);
    return pageOf(
      list,
      own.filter((item) => item !== undefined),
    );
  }
  return indexPage(world, list, query, { entity: organizations, index: 'gsi1', pk: 'orgs', show: found });
}

export async function getOrganization(world: World, caller: Caller, org_id: string): Promise<Organization> {
  if (!sees(caller, org_id)) throw notFound('organization');
  return shown(await stored(world, org_id));
}

export function updateOrganization(
  world: World,
  caller: Caller,
  org_id: string,
  { type: kind, ...changes }: Update,
): Promise<Organization> {
  if (!administers(caller, org_id)) throw notFound('organization');
  return retried(async () => {
    const seen = await stored(world, org_id);
    const next = { ...seen, ...given({ ...changes, kind }), updated_at: world.now().toISOString() };
    await world.table.write(world.table.replace(organizations, seen, next));
    return shown(next);
  });
}

export async function deleteOrganization(world: World, org_id: string): Promise<void> {
  await world.table.write(
    world.table.remove(
      organizations,
      { org_id },
      {
        when: 'attribute_exists(pk) AND #member_count = :none',
        values: { ':none': 0 },
        orElse: (current) => (current === undefined ? notFound('organization') : inUse(current)),
      },
    ),
  );
}

function inUse(current: unknown): Error {
  const { member_count } = organizations.parse(current);
  const members = member_count === 1 ? '1 person belongs' : `${member_count} people belong`;
  return conflict(
    'organization.in_use',
    `${members} to this organisation; it can be deleted when nobody does.`,
  );
}
