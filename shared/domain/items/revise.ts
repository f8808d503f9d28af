import type { ItemContent, ItemStatus, StoredParameters } from './types.ts';

type Measured = ItemContent & { readonly parameters: StoredParameters | null };

/** What a revision holds. */
const revisedFields = ['kind', 'body', 'options', 'key', 'explanation', 'parameters'] as const;

/** The fields of a revision that differ. */
export const changedFields = (before: Measured, after: Measured): string[] =>
  revisedFields.filter((field) => canonical(before[field]) !== canonical(after[field]));

/** The same text for the same value, in whatever order its keys came and whatever of it is undefined. */
export const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  ) ?? '';

const nextStatuses: Readonly<Record<ItemStatus, readonly ItemStatus[]>> = {
  draft: ['pilot', 'live'],
  pilot: ['live', 'retired'],
  live: ['retired'],
  retired: ['pilot', 'live'],
};

/** Why an item cannot come to a status, in words; undefined when it can. */
export function statusProblem(
  from: ItemStatus,
  to: ItemStatus,
  parameters: StoredParameters | null,
): { readonly rule: 'order' | 'parameters'; readonly message: string } | undefined {
  if (from !== to && !nextStatuses[from].includes(to))
    return {
      rule: 'order',
      message: `a ${from} item becomes ${nextStatuses[from].join(' or ')}, not ${to}`,
    };
  if (to === 'live' && parameters === null)
    return {
      rule: 'parameters',
      message: 'a live item has parameters; one whose parameters are not known yet is tried out as a pilot',
    };
  return undefined;
}
