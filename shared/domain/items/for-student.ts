import type { ItemKind, ItemOption, Question } from './types.ts';

/** What a student gets to see of an item before the answer. */
export interface StudentItem {
  readonly item_id: string;
  readonly kind: ItemKind;
  readonly body: string;
  readonly options: ItemOption[];
}

/** Names each field that goes out: neither key nor explanation, parameters, tags or status. */
export const forStudent = (
  item: Question & { readonly item_id: string; readonly body: string },
): StudentItem => ({
  item_id: item.item_id,
  kind: item.kind,
  body: item.body,
  options: item.options.map(({ body }) => ({ body })),
});
