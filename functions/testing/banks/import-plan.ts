import type * as z from 'zod';
import { type WrittenItem, writtenItem } from '#shared/contracts/item-shapes.ts';
import type { CellProblem } from '#shared/domain/items/csv.ts';
import { canonical, statusProblem } from '#shared/domain/items/revise.ts';
import type { ItemContent, StoredParameters } from '#shared/domain/items/types.ts';
import type { ItemRecord } from '#shared/table/item.ts';
import { sizeProblem } from '#shared/table/new-item.ts';
import { changedItem } from '../item-write.ts';
import type { ImportRow } from './import-rows.ts';

/** What will become of a row. */
export type Step =
  | { readonly kind: 'create'; readonly written: WrittenItem }
  | { readonly kind: 'update'; readonly item: ItemRecord; readonly written: WrittenItem }
  | { readonly kind: 'refused'; readonly problem: CellProblem };
export interface Planned {
  readonly row: ImportRow;
  readonly step: Step;
  /** How the body begins. */
  readonly title: string;
}

const questionOf = ({ kind, body, options, key }: ItemContent): string =>
  canonical([kind, body, options, key]);

/** The items of a bank by whatever a row may name them with. */
interface Known {
  readonly byId: ReadonlyMap<string, ItemRecord>;
  readonly byExternalId: ReadonlyMap<string, ItemRecord>;
  readonly byQuestion: ReadonlyMap<string, ItemRecord>;
}
const knownOf = (items: readonly ItemRecord[]): Known => ({
  byId: new Map(items.map((item) => [item.item_id, item])),
  byExternalId: new Map(
    items.flatMap((item) => (item.external_id === null ? [] : [[item.external_id, item] as const])),
  ),
  byQuestion: new Map(items.map((item) => [questionOf(item), item])),
});

/**
 * Tells the items of a bank of which a row may say something: by its `item_id`, its `external_id`, else its question.
 * The others need not be kept for {@link planImport}.
 */
export function namedBy(rows: readonly ImportRow[]): (item: ItemRecord) => boolean {
  const ids = new Set(rows.map(({ item_id }) => item_id));
  const externalIds = new Set(rows.flatMap(({ external_id }) => external_id ?? []));
  const questions = new Set(rows.flatMap((row) => questionOfRow(row) ?? []));
  return (item) =>
    ids.has(item.item_id) ||
    (item.external_id !== null && externalIds.has(item.external_id)) ||
    questions.has(questionOf(item));
}

function questionOfRow(row: ImportRow): string | undefined {
  const parsed = writtenItem.safeParse(row.fields(undefined).fields);
  return parsed.success ? questionOf(parsed.data) : undefined;
}

class Refusal extends Error {
  readonly problem: CellProblem;
  constructor(field: string, detail: string) {
    super(detail);
    this.problem = { field, detail };
  }
}

/**
 * What each row of a file does to a bank: it changes the item of its `item_id`, its `external_id` or its very
 * question, else it makes one. A row never undoes an earlier one of the same file.
 * @param room how many more items the bank takes
 */
export function planImport(
  rows: readonly ImportRow[],
  items: readonly ItemRecord[],
  room: number,
): Planned[] {
  const known = knownOf(items);
  const taken = new Map<string, number>();
  let created = 0;
  return rows.map((row): Planned => {
    try {
      const { item, written } = resolved(row, known);
      refuse(item, written, known);
      claim(taken, row.line, item, written);
      if (!item && ++created > room) throw new Refusal('row', 'the bank is full; make another bank');
      const step: Step = item ? { kind: 'update', item, written } : { kind: 'create', written };
      return { row, step, title: titleOf(written.body) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { body } = row.fields(undefined).fields;
      return { row, step: { kind: 'refused', problem: error.problem }, title: titleOf(body) };
    }
  });
}

const titleOf = (body: unknown): string =>
  typeof body === 'string'
    ? body.slice(0, 400).replaceAll(/\s+/g, ' ').trim().slice(0, 100).toWellFormed()
    : '';

interface Resolved {
  readonly item: ItemRecord | undefined;
  readonly written: WrittenItem;
}

function resolved(row: ImportRow, known: Known): Resolved {
  const named = namedItem(row, known);
  const written = writtenBy(row, named);
  const item = named ?? known.byQuestion.get(questionOf(written));
  // a field that the row does not name stays as it is
  return { item, written: item && item !== named ? writtenBy(row, item) : written };
}

function namedItem({ item_id, external_id }: ImportRow, known: Known): ItemRecord | undefined {
  const byId = item_id === null ? undefined : known.byId.get(item_id);
  const byExternalId = external_id === null ? undefined : known.byExternalId.get(external_id);
  if (byId && byExternalId && byId !== byExternalId)
    throw new Refusal('external_id', 'another item of the bank has it');
  return byId ?? byExternalId;
}

function writtenBy(row: ImportRow, item: ItemRecord | undefined): WrittenItem {
  const { fields, problem } = row.fields(item?.kind);
  if (problem) throw new Refusal(problem.field, problem.detail);
  const parsed = item ? changedItem(item, fields) : writtenItem.safeParse(fields);
  if (!parsed.success) throw refusalOf(parsed.error);
  const written = parsed.data;
  const { parameters } = written;
  if (!parameters || saysSource(fields)) return written;
  const before = item?.parameters;
  return before && measure(before) === measure(parameters)
    ? { ...written, parameters: before }
    : { ...written, parameters: { ...parameters, source: 'imported' } };
}

/** A row without parameters leaves those that are. */
const saysSource = ({ parameters }: Readonly<Record<string, unknown>>): boolean =>
  typeof parameters !== 'object' || parameters === null || 'source' in parameters;

const measure = ({ se: _se, source: _source, ...parameters }: StoredParameters): string =>
  canonical(parameters);

function refusalOf({ issues }: z.ZodError): Refusal {
  const [issue] = issues;
  return new Refusal(fieldOf(issue?.path ?? []), (issue?.message ?? 'is not accepted').slice(0, 300));
}

/** The column of a spreadsheet that a path in an item belongs to. */
function fieldOf([field = 'row', ...rest]: readonly PropertyKey[]): string {
  if (field === 'options') return typeof rest[0] === 'number' ? `option_${rest[0] + 1}` : 'option_1';
  if (field === 'parameters') return typeof rest[0] === 'string' ? rest[0] : 'model';
  return String(field).slice(0, 100);
}

function refuse(item: ItemRecord | undefined, written: WrittenItem, known: Known): void {
  const { status, parameters, external_id } = written;
  const problem = statusProblem(item?.status ?? status, status, parameters);
  if (problem) throw new Refusal(problem.rule === 'order' ? 'status' : 'model', problem.message);
  const size = sizeProblem(written);
  if (size !== undefined) throw new Refusal('row', size);
  const holder = external_id === null ? undefined : known.byExternalId.get(external_id);
  if (holder && holder !== item) throw new Refusal('external_id', 'another item of the bank has it');
}

/** @throws Refusal when an earlier row is about the same item */
function claim(
  taken: Map<string, number>,
  line: number,
  item: ItemRecord | undefined,
  written: WrittenItem,
): void {
  const { external_id } = written;
  const names = [
    item ? `item ${item.item_id}` : `question ${questionOf(written)}`,
    ...(external_id === null ? [] : [`external ${external_id}`]),
  ];
  const earlier = names.map((name) => taken.get(name)).find((one) => one !== undefined);
  if (earlier !== undefined) throw new Refusal('row', `is the same item as in line ${earlier}`);
  for (const name of names) taken.set(name, line);
}
