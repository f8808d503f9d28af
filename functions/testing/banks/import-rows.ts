import { mostImportedItems } from '#shared/contracts/item-banks.ts';
import { plainNames } from '#shared/contracts/item-shapes.ts';
import {
  type CellProblem,
  fieldsOf,
  type ItemRow,
  type ItemTable,
  readItemTable,
  UnreadableTable,
} from '#shared/domain/items/csv.ts';
import { fileFields, itemsOfFile } from '#shared/domain/items/json.ts';
import type { ItemKind } from '#shared/domain/items/types.ts';
import { DomainError, invalid } from '#shared/errors.ts';
import { parsePlainJson } from '#shared/http/body.ts';

/** A row of a file as the import works on it. */
export interface ImportRow {
  readonly line: number;
  readonly item_id: string | null;
  readonly external_id: string | null;
  /** The fields that it names, for an item of that kind; what is wrong with them comes first. */
  readonly fields: (before: ItemKind | undefined) => {
    readonly fields: Readonly<Record<string, unknown>>;
    readonly problem: CellProblem | undefined;
  };
}
export interface ImportFile {
  readonly rows: readonly ImportRow[];
  readonly ignored_columns: readonly string[];
}

const refuse = (rule: string, message: string): DomainError => invalid(['body', 'content'], message, rule);

/** @throws 422 at `content` for what makes the whole file unreadable */
export function readImport(format: 'csv' | 'json', content: string): ImportFile {
  const file = format === 'csv' ? fromCsv(content) : fromJson(content);
  if (file.rows.length === 0) throw refuse('rows', 'there is no item in the file');
  if (file.rows.length > mostImportedItems)
    throw refuse(
      'rows',
      `at most ${mostImportedItems} items at once, these are ${file.rows.length}; split the file`,
    );
  return file;
}

function fromCsv(content: string): ImportFile {
  if (content.includes('\uFFFD') || content.includes('\0'))
    throw refuse('csv_encoding', 'the file is not UTF-8; save it as “CSV UTF-8 (comma delimited)”');
  const { rows, ignored_columns } = tableOf(content);
  return { rows: rows.map(csvRow), ignored_columns: ignored_columns.map((name) => name.slice(0, 100)) };
}

function tableOf(content: string): ItemTable {
  try {
    return readItemTable(content);
  } catch (error) {
    if (error instanceof UnreadableTable) throw refuse(error.rule, error.message);
    throw error;
  }
}

const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value.trim().normalize('NFC') : null;

const csvRow = (row: ItemRow): ImportRow => ({
  line: row.line,
  item_id: textOf(row.cells.get('item_id')),
  external_id: textOf(row.cells.get('external_id')),
  fields: (before) => {
    const { fields, problems } = fieldsOf(row, before);
    return { fields, problem: row.problem ?? problems[0] };
  },
});

function fromJson(content: string): ImportFile {
  const items = itemsOfFile(parsed(content));
  if (!items)
    throw refuse('json', 'the file is an array of items, or an object with an array of them as `items`');
  return { rows: items.map(jsonRow), ignored_columns: [] };
}

function parsed(content: string): unknown {
  try {
    return parsePlainJson(content.startsWith('\uFEFF') ? content.slice(1) : content);
  } catch (error) {
    if (error instanceof DomainError) throw refuse('json', error.issues?.[0]?.msg ?? error.message);
    throw error;
  }
}

function jsonRow(item: unknown, at: number): ImportRow {
  const given = fileFields(item);
  if (!given)
    return {
      line: at + 1,
      item_id: null,
      external_id: null,
      fields: () => ({ fields: {}, problem: { field: 'row', detail: 'is not an object' } }),
    };
  const { item_id, ...fields } = given;
  return {
    line: at + 1,
    item_id: textOf(item_id),
    external_id: textOf(fields['external_id']),
    fields: () => ({ fields: plainNames(fields), problem: undefined }),
  };
}
