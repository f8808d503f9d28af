import { type WrittenItem, writtenItem } from '#shared/contracts/item-shapes.ts';
import { canonical, changedFields } from '#shared/domain/items/revise.ts';
import { type ItemRecord, itemExternalIds, itemRevisions, items } from '#shared/table/item.ts';
import { revisionOf, takeExternalId } from '#shared/table/new-item.ts';
import type { Table, Write } from '#shared/table/table.ts';

/** What an author wrote of an item, as a request would. */
export function writtenOf(item: ItemRecord): Record<string, unknown> {
  const { kind, body, options, key, explanation, parameters, status, subject, grade, module, tags } = item;
  const { external_id } = item;
  return {
    kind,
    body,
    options,
    key,
    explanation,
    parameters,
    status,
    subject,
    grade,
    module,
    tags,
    external_id,
  };
}

/**
 * An item with some of its fields changed; what only its old kind had goes with it.
 * @returns what the schema of items says of it
 */
export function changedItem(item: ItemRecord, changes: Readonly<Record<string, unknown>>) {
  const { kind = item.kind } = changes;
  const withoutOptions = kind !== item.kind && (kind === 'numeric' || kind === 'text');
  return writtenItem.safeParse({
    ...writtenOf(item),
    ...(withoutOptions && { options: [] }),
    ...changes,
  });
}

export interface Change {
  readonly next: ItemRecord;
  readonly writes: Write[];
}

/** How an item becomes what somebody wrote of it; undefined when that is what it is. */
export function changeOf(
  table: Table,
  item: ItemRecord,
  written: WrittenItem,
  { by, at }: { readonly by: string; readonly at: string },
): Change | undefined {
  if (canonical(writtenOf(item)) === canonical(written)) return undefined;
  const changed = changedFields(item, written);
  const revision = item.revision + (changed.length > 0 ? 1 : 0);
  const { item_id, bank_id, org_id, created_by, created_at, version } = item;
  const next: ItemRecord = {
    ...written,
    item_id,
    bank_id,
    org_id,
    revision,
    created_by,
    created_at,
    updated_at: at,
    version,
  };
  const writes = [table.replace(items, item, next), ...externalIdWrites(table, item, next)];
  if (changed.length > 0) writes.push(table.insert(itemRevisions, revisionOf(next, changed, { by, at })));
  return { next: { ...next, version: version + 1 }, writes };
}

function externalIdWrites(table: Table, before: ItemRecord, after: ItemRecord): Write[] {
  if (before.external_id === after.external_id) return [];
  const { bank_id } = before;
  return [
    ...(before.external_id === null
      ? []
      : [table.remove(itemExternalIds, { bank_id, external_id: before.external_id })]),
    ...(after.external_id === null ? [] : [takeExternalId(table, after, after.external_id)]),
  ];
}
