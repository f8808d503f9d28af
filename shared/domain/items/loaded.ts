import { type Bank, createBank, type ItemParameters } from '../irt/bank.ts';
import type { PublishedBank, PublishedItem, StoredParameters } from './types.ts';

/** A published bank with the engine's own. */
export interface LoadedBank {
  readonly published: PublishedBank;
  /** The same items in the same order. */
  readonly engine: Bank;
  /** Where an item stands, in both. */
  readonly positions: ReadonlyMap<string, number>;
}

/** Stands for what is not known of a pilot item, which is given unscored and never selected as anything else. */
const unknown: ItemParameters = { model: '2PL', a: 1, b: 0 };

/** @throws RangeError as `createBank` */
export const loadedBank = (published: PublishedBank): LoadedBank => ({
  published,
  engine: createBank(
    published.items.map(({ parameters }) => (parameters ? engineParameters(parameters) : unknown)),
    { D: published.D },
  ),
  positions: new Map(published.items.map(({ item_id }, position) => [item_id, position])),
});

/** Parameters as the engine takes them. */
export function engineParameters(parameters: StoredParameters): ItemParameters {
  if ('thresholds' in parameters) {
    const { model, a, thresholds } = parameters;
    return { model, a, thresholds };
  }
  const { model, a, b, c, d } = parameters;
  switch (model) {
    case '1PL':
    case '2PL':
      return { model, a, b };
    case '3PL':
      return { model, a, b, c };
    case '4PL':
      return { model, a, b, c, d };
  }
}

/** The item of an id and where it stands; undefined when the version does not have it. */
export function itemIn(
  { published, positions }: LoadedBank,
  item_id: string,
): { readonly item: PublishedItem; readonly position: number } | undefined {
  const position = positions.get(item_id);
  const item = position === undefined ? undefined : published.items[position];
  return item === undefined || position === undefined ? undefined : { item, position };
}
