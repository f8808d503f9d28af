import type { ExchangedItem } from './csv.ts';

/** What an item has beside what its author writes; an import passes it over. */
const kept = ['bank_id', 'org_id', 'revision', 'created_by', 'created_at', 'updated_at', 'version'] as const;

/** An item as one line of {@link jsonFile}. */
export const jsonItem = (item: ExchangedItem): string =>
  JSON.stringify({
    item_id: item.item_id,
    external_id: item.external_id,
    kind: item.kind,
    body: item.body,
    options: item.options,
    key: item.key,
    explanation: item.explanation,
    parameters: item.parameters,
    status: item.status,
    subject: item.subject,
    grade: item.grade,
    module: item.module,
    tags: item.tags,
  });

/** A file of items, a line each. */
export const jsonFile = (
  {
    name,
    description,
    subject,
    D,
  }: {
    readonly name: string;
    readonly description: string;
    readonly subject: string | null;
    readonly D: number;
  },
  lines: readonly string[],
): string =>
  `{"bank":${JSON.stringify({ name, description, subject, D })},"items":[\n${lines.join(',\n')}\n]}\n`;

/** The items of a file, whatever they are; undefined when it has no list of any. */
export function itemsOfFile(file: unknown): readonly unknown[] | undefined {
  if (Array.isArray(file)) return file;
  if (!isObject(file)) return undefined;
  return Array.isArray(file['items']) ? file['items'] : undefined;
}

/** The fields of an item of a file, without what belongs to the bank it was in; undefined when it is no object. */
export function fileFields(item: unknown): Record<string, unknown> | undefined {
  if (!isObject(item)) return undefined;
  const own = Object.entries(item).filter(([field]) => !kept.some((one) => one === field));
  return Object.fromEntries(own);
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
