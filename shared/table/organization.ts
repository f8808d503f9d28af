import * as z from 'zod';
import { externalIds } from '../contracts/shapes.ts';
import { entity, sortable } from './entity.ts';

/**
 * An organisation: the school itself, or one of several under one roof.
 *
 * Access patterns:
 * - by id: `org#<id>` / `org`
 * - all by name: gsi1 `orgs`
 *
 * `member_count` moves in the transaction that creates a user or changes their organisation, so that deleting an
 * organisation can state `member_count = 0`.
 */
export const organizations = entity({
  type: 'organization',
  schema: z.object({
    org_id: z.string(),
    name: z.string(),
    /** The API's `type`, which in the table names the entity. */
    kind: z.string(),
    member_count: z.int(),
    external_ids: externalIds,
    created_at: z.string(),
    updated_at: z.string(),
    version: z.int(),
  }),
  key: ({ org_id }: { org_id: string }) => ({ pk: `org#${org_id}`, sk: 'org' }),
  indexes: { gsi1: (org) => ({ pk: 'orgs', sk: `${sortable(org.name)}#${org.org_id}` }) },
});
export type OrganizationRecord = z.output<typeof organizations.schema>;

/** The school's own organisation, which people who register join: written once, by the first setup. */
export const schoolRoot = entity({
  type: 'school_root',
  schema: z.object({ org_id: z.string(), admin_user_id: z.string(), created_at: z.string() }),
  key: (_: object) => ({ pk: 'school', sk: 'root' }),
});
