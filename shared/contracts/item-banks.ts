import * as z from 'zod';
import { contract } from './operation.ts';
import { admins, orgFilter, search } from './school-shapes.ts';
import { id, instant, nothing, page, paging, text } from './shapes.ts';

/** Content of the organisation is readable to its staff; the author and administrators change it. */
export const bankReaders = { assistant: 'organization', teacher: 'organization', ...admins } as const;
export const bankAuthors = { teacher: 'own', ...admins } as const;

/** Rows of one import and of one part of an export. */
export const mostImportedItems = 1_000;
/** Characters of one import and, nearly, of one part of an export. */
export const longestImport = 900_000;
/** As JSON text a character has six bytes at most, and a file of quotes and line ends two a character. */
const importBodyBytes = 4 * 1_048_576;

const D = z
  .literal([1, 1.702])
  .meta({ description: 'Scaling constant of the parameters: 1 (logistic) or 1.702 (normal metric)' });
const fields = {
  name: text(200),
  description: text(2_000, 0),
  subject: text(100).nullable(),
  D,
} as const;

export const itemBank = z
  .object({
    bank_id: id,
    org_id: id,
    ...fields,
    item_count: z.int(),
    published_version: z.int().meta({ description: 'The newest published version; 0: none' }),
    published_at: instant.nullable(),
    created_by: id,
    created_by_name: z.string(),
    created_at: instant,
    updated_at: instant,
    version: z.int(),
  })
  .meta({ id: 'ItemBank' });
export type ItemBank = z.output<typeof itemBank>;

export const bankVersion = z
  .object({
    bank_id: id,
    version: z.int(),
    items: z.int(),
    live: z.int(),
    pilot: z.int(),
    sha256: z.string().meta({ description: 'Of what is published: equal content has an equal one' }),
    note: z.string(),
    source: z.enum(['publish', 'calibration']),
    published_by: id,
    published_by_name: z.string(),
    published_at: instant,
  })
  .meta({ id: 'BankVersion' });
export type BankVersion = z.output<typeof bankVersion>;

const importedRow = z
  .object({
    line: z.int().meta({ description: 'Where the row begins in the file; in JSON which item it is; from 1' }),
    item_id: id.nullable().meta({ description: 'Null where it was not made' }),
    external_id: z.string().nullable(),
    title: z.string().meta({ description: 'How the body begins' }),
    status: z.enum(['created', 'updated', 'unchanged', 'refused']).meta({
      description: 'In a dry run what would be',
    }),
    problem: z
      .object({ field: z.string().meta({ examples: ['key', 'option_3'] }), detail: z.string() })
      .nullable(),
  })
  .meta({ id: 'ImportedItem' });
export const importReport = z
  .object({
    dry_run: z.boolean(),
    created: z.int(),
    updated: z.int(),
    unchanged: z.int(),
    refused: z.int(),
    ignored_columns: z.array(z.string()),
    rows: z.array(importedRow),
  })
  .meta({ id: 'ItemImportReport' });

const one = { params: z.object({ bank_id: id }) };
const format = z.enum(['csv', 'json']);

export const itemBankOperations = contract({
  createItemBank: {
    method: 'POST',
    path: '/api/core/item-banks',
    summary: 'Make an item bank',
    access: bankAuthors,
    body: z.strictObject({
      ...fields,
      description: fields.description.default(''),
      subject: fields.subject.default(null),
      D: D.default(1),
    }),
    status: 201,
    response: itemBank,
  },
  listItemBanks: {
    method: 'GET',
    path: '/api/core/item-banks',
    summary: 'List the item banks of the organisation, by name',
    access: bankReaders,
    query: z.strictObject({
      org_id: orgFilter,
      q: search,
      mine: z.enum(['true', 'false']).optional(),
      published: z.enum(['true', 'false']).optional(),
      ...paging,
    }),
    status: 200,
    response: page(itemBank),
    errors: [404],
  },
  getItemBank: {
    method: 'GET',
    path: '/api/core/item-banks/{bank_id}',
    summary: 'Read an item bank',
    access: bankReaders,
    ...one,
    status: 200,
    response: itemBank,
    errors: [404],
  },
  updateItemBank: {
    method: 'PATCH',
    path: '/api/core/item-banks/{bank_id}',
    summary: 'Change an item bank',
    description: '`D` stays as it is once a version was published.',
    access: bankAuthors,
    ...one,
    body: z
      .strictObject(fields)
      .partial()
      .extend({
        version: z.int().optional().meta({
          description: 'The version one has seen, which items raise too; another one is 409',
        }),
      }),
    status: 200,
    response: itemBank,
    errors: [404, 409],
  },
  deleteItemBank: {
    method: 'DELETE',
    path: '/api/core/item-banks/{bank_id}',
    summary: 'Delete an item bank of which nothing was published',
    description: 'With its items.',
    access: bankAuthors,
    ...one,
    status: 204,
    response: nothing,
    errors: [404, 409],
  },
  publishItemBank: {
    method: 'POST',
    path: '/api/core/item-banks/{bank_id}/publish',
    summary: 'Publish the live and pilot items as a new version',
    description:
      'What tests are made of, and never changed. When nothing has changed since the newest version, that version is the reply. The JSON of all live and pilot items may have 24 MB, which tests load whole; 409 `item_bank.too_large` tells how much it is.',
    access: bankAuthors,
    ...one,
    body: z.strictObject({ note: text(500, 0).default('') }).default({ note: '' }),
    status: 201,
    response: bankVersion,
    errors: [404, 409],
  },
  listBankVersions: {
    method: 'GET',
    path: '/api/core/item-banks/{bank_id}/versions',
    summary: 'List the published versions of an item bank, newest first',
    access: bankReaders,
    ...one,
    query: z.strictObject(paging),
    status: 200,
    response: page(bankVersion),
    errors: [404],
  },
  importItems: {
    method: 'POST',
    path: '/api/core/item-banks/{bank_id}/import',
    summary: 'Import items from CSV or JSON, with a report on every row',
    description: [
      'A row whose `item_id` or `external_id` is in the bank changes that item; one without such an id is the item of the same question (kind, body, options and key), if the bank has it; other rows make items. Refused rows do not block the others. Sending the same file again changes nothing, also at the same time: imports of one bank come to what they would one after the other. At most 1,000 rows.',
      'CSV has a heading and any of the columns `item_id, external_id, kind, body, option_1 … option_10, key, case_sensitive, explanation, model, a, b, c, d, thresholds, se_a, se_b, se_c, source, status, subject, grade, module, tags` (also `content`, `difficulty`, `discrimination`, `guessing`), separated by comma, semicolon or tab. A column that is absent leaves what is. In `key` options count from 1 (or A): `2`, `1;3`; a number has its tolerance behind it: `3.14±0.01`, `3.14±1%`; accepted texts stand between `|`. `thresholds` and `tags` are separated by `;`. A separator that belongs to a text has `\\` before it. A quote mark before `=`, `+`, `-` or `@` at the start of a cell is the guard that the export sets, and is taken off.',
      'JSON is an array of items, or an object with the array as `items`; fields as in `POST /api/core/items`.',
    ].join('\n\n'),
    access: bankAuthors,
    ...one,
    largestBody: importBodyBytes,
    body: z.strictObject({
      format,
      content: z
        .string()
        .min(1)
        .max(longestImport, `an import has at most ${longestImport} characters; split the file`),
      dry_run: z.boolean().default(false).meta({ description: 'Report what would happen, write nothing' }),
    }),
    status: 200,
    response: importReport,
    errors: [404, 409],
  },
  exportItems: {
    method: 'GET',
    path: '/api/core/item-banks/{bank_id}/export',
    summary: 'Export the items of a bank as CSV or JSON',
    description:
      'In parts that the import takes whole. Cells that a spreadsheet would take for a formula begin with a quote mark, which the import takes off.',
    access: bankReaders,
    ...one,
    query: z.strictObject({
      format: format.default('csv'),
      part: z.coerce.number().int().min(1).max(1_000).default(1),
    }),
    status: 200,
    response: z
      .object({
        file_name: z.string(),
        media_type: z.string(),
        content: z.string(),
        items: z.int().meta({ description: 'In this part' }),
        parts: z.int(),
      })
      .meta({ id: 'ExportedItems' }),
    errors: [404],
  },
});
