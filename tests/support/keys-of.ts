import type { Entity } from '#shared/table/entity.ts';

/** The keys of a stored item, `index: pk / sk`. */
export const keysOf = <Item extends object, Id>(entity: Entity<Item, Id>, item: Item): string[] => {
  const stored = entity.stored(item);
  return ['', 'gsi1', 'gsi2', 'gsi3'].flatMap((index) =>
    stored[`${index}pk`] === undefined
      ? []
      : [`${index || 'table'}: ${stored[`${index}pk`]} / ${stored[`${index}sk`]}`],
  );
};
