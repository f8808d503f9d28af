import { unguarded } from '../csv/guard.ts';
import { type CsvTable, readCsv } from '../csv/read.ts';
import { csvRow } from '../csv/write.ts';
import { keyCell, keyOf, numberOf } from './key-cell.ts';
import { joined, split } from './lists.ts';
import type { ItemContent, ItemKind, ItemStatus, StoredParameters } from './types.ts';
import { itemKinds } from './types.ts';

/** What travels of an item from one bank, or file, to another. */
export type ExchangedItem = ItemContent & {
  readonly item_id: string;
  readonly external_id: string | null;
  readonly parameters: StoredParameters | null;
  readonly status: ItemStatus;
  readonly subject: string | null;
  readonly grade: string | null;
  readonly module: string | null;
  readonly tags: readonly string[];
};

const mostOptions = 10;
const optionColumns = Array.from({ length: mostOptions }, (_, at) => `option_${at + 1}`);
const parameterColumns = [
  'model',
  'a',
  'b',
  'c',
  'd',
  'thresholds',
  'se_a',
  'se_b',
  'se_c',
  'source',
] as const;

/** The columns of an export; an import may leave some out and order them as it likes. */
const itemColumns: readonly string[] = [
  'item_id',
  'external_id',
  'kind',
  'body',
  ...optionColumns,
  'key',
  'case_sensitive',
  'explanation',
  ...parameterColumns,
  'status',
  'subject',
  'grade',
  'module',
  'tags',
];
const otherNames: Readonly<Record<string, string>> = {
  content: 'body',
  difficulty: 'b',
  discrimination: 'a',
  guessing: 'c',
};

export const csvHeading = csvRow(itemColumns);

/** An item as a row below {@link csvHeading}; cells that look like formulas are guarded. */
export const csvItem = (item: ExchangedItem): string =>
  csvRow([
    item.item_id,
    item.external_id,
    item.kind,
    item.body,
    ...optionColumns.map((_, at) => item.options[at]?.body),
    keyCell(item),
    item.kind === 'text' && item.key.case_sensitive ? 'true' : null,
    item.explanation,
    ...parameterCells(item.parameters),
    item.status,
    item.subject,
    item.grade,
    item.module,
    joined(item.tags, ';'),
  ]);

function parameterCells(parameters: StoredParameters | null): (string | number | null | undefined)[] {
  if (!parameters) return parameterColumns.map(() => null);
  const { model, a, se, source } = parameters;
  const measured =
    'thresholds' in parameters
      ? [null, null, null, parameters.thresholds.join(';')]
      : [parameters.b, parameters.c, parameters.d, null];
  // se of {} is not se of null
  return [model, a, ...measured, se?.a, se?.b, se?.c, source];
}

/** One thing that is wrong with a row; `field` is a column. */
export interface CellProblem {
  readonly field: string;
  readonly detail: string;
}
export interface ItemRow {
  /** Where it begins in the file, from 1. */
  readonly line: number;
  /** By column; a column that the file does not have is absent. */
  readonly cells: ReadonlyMap<string, string>;
  readonly problem: CellProblem | undefined;
}
export interface ItemTable {
  readonly rows: readonly ItemRow[];
  readonly ignored_columns: readonly string[];
}
/** Why a text is no table of items. */
export class UnreadableTable extends Error {
  readonly rule: 'csv_quote' | 'csv_header';
  constructor(rule: 'csv_quote' | 'csv_header', message: string) {
    super(message);
    this.name = 'UnreadableTable';
    this.rule = rule;
  }
}

/**
 * The rows of a file of items, with the guards of formulas taken off.
 * @throws UnreadableTable
 */
export function readItemTable(text: string): ItemTable {
  const table = readCsv(text);
  if (table.fault) throw new UnreadableTable('csv_quote', quoteMessage(table));
  const [head, ...rows] = table.rows;
  const heading = (head?.cells ?? []).map((cell) => cell.normalize('NFKC').trim().toLowerCase());
  const columns = heading.map((name) => otherNames[name] ?? name);
  refuseHeading(columns);
  return {
    rows: rows.map(({ line, cells }) => ({
      line,
      cells: new Map(
        columns.flatMap((column, at) =>
          itemColumns.includes(column) ? [[column, unguarded(cells[at] ?? '')] as const] : [],
        ),
      ),
      problem: cells.slice(columns.length).some((cell) => cell.trim() !== '')
        ? { field: 'row', detail: `the row has ${cells.length} cells, the heading ${columns.length}` }
        : undefined,
    })),
    ignored_columns: heading.filter((name, at) => name !== '' && !itemColumns.includes(columns[at] ?? '')),
  };
}

const quoteMessage = ({ fault }: CsvTable): string =>
  fault?.rule === 'quote_open'
    ? `line ${fault.line}: a quote is opened and never closed`
    : `line ${fault?.line ?? 1}: after a closing quote comes a separator or the end of the line`;

function refuseHeading(columns: readonly string[]): void {
  const twice = itemColumns.find((column) => columns.indexOf(column) !== columns.lastIndexOf(column));
  if (twice !== undefined) throw new UnreadableTable('csv_header', `the column ${twice} is there twice`);
  if (!columns.some((column) => ['body', 'item_id', 'external_id'].includes(column)))
    throw new UnreadableTable('csv_header', `the first line names the columns: ${itemColumns.join(', ')}`);
}

/** The fields that a row names, as `POST /api/core/items` takes them; what is wrong with a cell is a problem. */
export interface RowFields {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly problems: readonly CellProblem[];
}

/** @param before the kind of the item that the row changes, for files without a column `kind` */
export function fieldsOf({ cells }: ItemRow, before: ItemKind | undefined): RowFields {
  const problems: CellProblem[] = [];
  const problem = (field: string, detail: string): void => void problems.push({ field, detail });
  const cell = (column: string): string => cells.get(column)?.trim() ?? '';
  const fields: Record<string, unknown> = {};

  for (const column of ['external_id', 'explanation', 'subject', 'grade', 'module'])
    if (cells.has(column)) fields[column] = cell(column) === '' ? null : cell(column);
  if (cells.has('body')) fields['body'] = cell('body');
  if (cells.has('kind')) fields['kind'] = cell('kind').toLowerCase();
  if (cell('status') !== '') fields['status'] = cell('status').toLowerCase();
  if (cells.has('tags')) fields['tags'] = split(cell('tags'), ';');

  const kind = itemKinds.find((one) => one === fields['kind']) ?? before;
  const options = optionsOf(cells, problem);
  if (options !== undefined) fields['options'] = options;
  if (cells.has('key') && kind !== undefined) {
    const key = keyOf(cell('key'), kind, isTrue(cell('case_sensitive')));
    if (key === undefined) problem('key', keyHints[kind]);
    else fields['key'] = key;
  }
  const parameters = parametersOf(cells, problem);
  if (parameters !== undefined) fields['parameters'] = parameters;
  return { fields, problems };
}

const keyHints: Readonly<Record<ItemKind, string>> = {
  choice: 'the number of the right option, from 1, or its letter',
  multi: 'the numbers of the right options, from 1, separated by ;',
  numeric: 'a number, with its tolerance behind it if it has one: 3.14±0.01 or 3.14±1%',
  text: 'the accepted answers, separated by |',
};

const isTrue = (cell: string): boolean => ['true', 'yes', '1', 'x'].includes(cell.toLowerCase());

type Tell = (field: string, detail: string) => void;

function optionsOf(cells: ItemRow['cells'], problem: Tell): { body: string }[] | undefined {
  if (!optionColumns.some((column) => cells.has(column))) return undefined;
  const texts = optionColumns.map((column) => cells.get(column)?.trim() ?? '');
  const count = texts.findLastIndex((text) => text !== '') + 1;
  const gap = texts.slice(0, count).indexOf('');
  if (gap >= 0) problem(`option_${gap + 1}`, 'is blank, and a later option is not');
  return texts.slice(0, count).map((body) => ({ body }));
}

/** Undefined: the file says nothing of them; null: they are not known. */
function parametersOf(
  cells: ItemRow['cells'],
  problem: Tell,
): Readonly<Record<string, unknown>> | null | undefined {
  if (!['model', 'a', 'b', 'c', 'd', 'thresholds'].some((column) => cells.has(column))) return undefined;
  const cell = (column: string): string => cells.get(column)?.trim() ?? '';
  const number = (column: string): number | undefined => {
    if (cell(column) === '') return undefined;
    const value = numberOf(cell(column));
    if (value === undefined) problem(column, 'is not a number');
    return value;
  };
  const given = ['model', 'a', 'b', 'c', 'd', 'thresholds'].some((column) => cell(column) !== '');
  if (!given) return null;
  const numbers = Object.entries({ a: number('a'), b: number('b'), c: number('c'), d: number('d') });
  const errors = Object.entries({ a: number('se_a'), b: number('se_b'), c: number('se_c') });
  const known = errors.filter(([, value]) => value !== undefined);
  const thresholds = thresholdsOf(cell('thresholds'), problem);
  return {
    model: cell('model').toUpperCase() || modelOf(cells),
    ...Object.fromEntries(numbers.filter(([, value]) => value !== undefined)),
    ...(thresholds && { thresholds }),
    ...(known.length > 0 && { se: Object.fromEntries(known) }),
    ...(cell('source') !== '' && { source: cell('source').toLowerCase() }),
  };
}

function thresholdsOf(cell: string, problem: Tell): number[] | undefined {
  if (cell === '') return undefined;
  const values = split(cell, ';').map(numberOf);
  const known = values.filter((value) => value !== undefined);
  if (known.length < values.length) problem('thresholds', 'are numbers separated by ;');
  return known;
}

/** The smallest model that has what is given. */
function modelOf(cells: ItemRow['cells']): string {
  const given = (column: string): boolean => (cells.get(column)?.trim() ?? '') !== '';
  if (given('thresholds')) return 'GRM';
  if (given('d')) return '4PL';
  if (given('c')) return '3PL';
  return given('a') ? '2PL' : '1PL';
}
