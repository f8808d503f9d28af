import * as z from 'zod';
import { contract } from './operation.ts';
import { admins, nameSort, search } from './school-shapes.ts';
import { externalIds, id, instant, nothing, page, paging, text } from './shapes.ts';

export const organization = z
  .object({
    org_id: id,
    name: z.string(),
    type: z.string(),
    member_count: z.int(),
    external_ids: externalIds,
    created_at: instant,
    updated_at: instant,
  })
  .meta({ id: 'Organization' });

const organizationFields = {
  name: text(200).meta({ examples: ['서울고등학교'] }),
  type: text(50).meta({ description: 'For instance school, academy, district', examples: ['school'] }),
  external_ids: externalIds.optional(),
};

const everybodyInOrganization = {
  student: 'organization',
  guardian: 'organization',
  assistant: 'organization',
  teacher: 'organization',
  org_admin: 'organization',
  platform_admin: 'all',
} as const;

export const organizationOperations = contract({
  createOrganization: {
    method: 'POST',
    path: '/api/core/organizations',
    summary: 'Create an organisation',
    access: { platform_admin: 'all' },
    body: z.strictObject(organizationFields),
    status: 201,
    response: organization,
  },
  listOrganizations: {
    method: 'GET',
    path: '/api/core/organizations',
    summary: 'List the organisations one may see',
    access: everybodyInOrganization,
    query: z.strictObject({ q: search, sort: nameSort, ...paging }),
    status: 200,
    response: page(organization),
  },
  getOrganization: {
    method: 'GET',
    path: '/api/core/organizations/{org_id}',
    summary: 'Read an organisation',
    access: everybodyInOrganization,
    params: z.object({ org_id: id }),
    status: 200,
    response: organization,
    errors: [404],
  },
  updateOrganization: {
    method: 'PATCH',
    path: '/api/core/organizations/{org_id}',
    summary: 'Change an organisation',
    access: admins,
    params: z.object({ org_id: id }),
    body: z.strictObject(organizationFields).partial(),
    status: 200,
    response: organization,
    errors: [404, 409],
  },
  deleteOrganization: {
    method: 'DELETE',
    path: '/api/core/organizations/{org_id}',
    summary: 'Delete an empty organisation',
    description: 'Refused with 409 while it has members.',
    access: { platform_admin: 'all' },
    params: z.object({ org_id: id }),
    status: 204,
    response: nothing,
    errors: [404, 409],
  },
});
