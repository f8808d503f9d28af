import * as z from 'zod';
import { bankAuthors, bankReaders } from './item-banks.ts';
import {
  eachKind,
  explanation,
  givenParameters,
  itemBody,
  itemKind,
  itemLabels,
  itemOption,
  itemStatus,
  newItem,
  numericKey,
  parameters,
  textKey,
} from './item-shapes.ts';
import { contract } from './operation.ts';
import { search } from './school-shapes.ts';
import { aliased, id, instant, nothing, page, paging, text } from './shapes.ts';

export const item = eachKind({
  item_id: id,
  bank_id: id,
  org_id: id,
  revision: z.int().meta({ description: 'Raised by each change of content or parameters' }),
  parameters: parameters.nullable().meta({ description: 'Null while they are not known' }),
  status: itemStatus,
  ...itemLabels,
  created_by: id,
  created_at: instant,
  updated_at: instant,
  version: z.int(),
}).meta({ id: 'Item' });
export type Item = z.output<typeof item>;

const itemRevision = eachKind({
  item_id: id,
  revision: z.int(),
  parameters: parameters.nullable(),
  changed: z.array(z.string()).meta({ description: 'The fields that differ from the revision before' }),
  created_by: id,
  created_by_name: z.string(),
  created_at: instant,
}).meta({ id: 'ItemRevision' });
export type ItemRevision = z.output<typeof itemRevision>;

/** Which key belongs to which kind the whole item tells. */
const anyKey = z.union([z.int().min(0).max(9), z.array(z.int().min(0).max(9)).max(10), numericKey, textKey]);

const one = { params: z.object({ item_id: id }) };

export const itemOperations = contract({
  createItem: {
    method: 'POST',
    path: '/api/core/items',
    summary: 'Write an item',
    description:
      'A live item needs parameters. All parts of an item together may have 48 KB. A 3PL without `c` has 0.25; `content`, `difficulty`, `discrimination` and `guessing` are taken for `body`, `b`, `a` and `c`.',
    access: bankAuthors,
    body: newItem,
    status: 201,
    response: item,
    errors: [400, 409],
  },
  listItems: {
    method: 'GET',
    path: '/api/core/items',
    summary: 'List the items of a bank',
    access: bankReaders,
    query: z.strictObject({
      bank_id: id,
      status: itemStatus.optional(),
      kind: itemKind.optional(),
      subject: text(100).optional(),
      grade: text(20).optional(),
      module: text(100).optional(),
      tag: text(40).optional(),
      q: search.meta({ description: 'Part of the body, of a tag, or the external id' }),
      sort: z.enum(['created_at', '-updated_at', 'updated_at', 'b', '-b']).default('-updated_at').meta({
        description: '`b` lists only items whose parameters are known',
      }),
      ...paging,
    }),
    status: 200,
    response: page(item),
    errors: [404],
  },
  getItem: {
    method: 'GET',
    path: '/api/core/items/{item_id}',
    summary: 'Read an item',
    access: bankReaders,
    ...one,
    status: 200,
    response: item,
    errors: [404],
  },
  updateItem: {
    method: 'PATCH',
    path: '/api/core/items/{item_id}',
    summary: 'Change an item',
    description:
      'A change of content or parameters makes a new revision; tests that run keep theirs. From draft to pilot or live, from pilot to live or retired, from live to retired, from retired back.',
    access: bankAuthors,
    ...one,
    body: aliased(
      { content: 'body' },
      z.strictObject({
        kind: itemKind.optional(),
        body: itemBody.optional(),
        options: z.array(itemOption).max(10).optional(),
        key: anyKey.optional(),
        explanation: explanation.optional(),
        parameters: givenParameters.nullable().optional(),
        status: itemStatus.optional(),
        subject: itemLabels.subject.optional(),
        grade: itemLabels.grade.optional(),
        module: itemLabels.module.optional(),
        tags: itemLabels.tags.optional(),
        external_id: itemLabels.external_id.optional(),
        version: z.int().optional().meta({ description: 'The version one has seen; another one is 409' }),
      }),
    ),
    status: 200,
    response: item,
    errors: [404, 409],
  },
  deleteItem: {
    method: 'DELETE',
    path: '/api/core/items/{item_id}',
    summary: 'Delete a draft',
    description: 'An item that was tried out or published is retired instead: 409 says so.',
    access: bankAuthors,
    ...one,
    status: 204,
    response: nothing,
    errors: [404, 409],
  },
  listItemRevisions: {
    method: 'GET',
    path: '/api/core/items/{item_id}/revisions',
    summary: 'List the revisions of an item, newest first',
    access: bankReaders,
    ...one,
    query: z.strictObject(paging),
    status: 200,
    response: page(itemRevision),
    errors: [404],
  },
});
