import { at, type Bank, checkItem } from '../bank.ts';
import { checkShadow, type ShadowOptions } from './shadow.ts';

/** A bound on how many items of a test have some property. */
export interface ContentConstraint {
  /** Items with the property. */
  readonly items: readonly number[];
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  /** What one item too few or too many costs; 1 by default. */
  readonly weight?: number | undefined;
}

export interface ContentOptions {
  /** Content group of each item [size]. */
  readonly groups?: readonly string[] | undefined;
  /** Wanted share of each group; shares are divided by their sum. */
  readonly proportions?: Readonly<Record<string, number>> | undefined;
  /** Sets of items of which a test gives at most one. */
  readonly enemies?: readonly (readonly number[])[] | undefined;
  /** Weighted deviations: constraints that are weighed against the criterion. */
  readonly deviations?:
    | {
        readonly constraints: readonly ContentConstraint[];
        /** What the difference between the best and the worst candidate's value costs; 1 by default. */
        readonly criterion_weight?: number | undefined;
      }
    | undefined;
  /** Shadow test: each item comes from the best whole test that keeps every constraint; `max_items` is its length. */
  readonly shadow?: ShadowOptions | undefined;
}

/** Content rules prepared for a bank. */
export interface Content {
  /** Index of each item's group in `shares`; −1 without one [size]. */
  readonly group: Int32Array;
  /** Wanted shares, summing to 1; empty if nothing is wanted. */
  readonly shares: Float64Array;
  /** For every item the items that must not be with it. */
  readonly enemies: ReadonlyMap<number, readonly number[]>;
}

/** @throws RangeError naming what does not fit the bank */
export function prepareContent(bank: Bank, options: ContentOptions): Content {
  const { groups, proportions, enemies = [], deviations } = options;
  if (groups !== undefined && groups.length !== bank.size)
    throw new RangeError(`${groups.length} content groups for ${bank.size} items`);
  for (const { items, min = 0, max = items.length } of deviations?.constraints ?? []) {
    for (const item of items) checkItem(bank, item);
    if (!(min >= 0 && min <= max)) throw new RangeError(`a constraint's min ${min} is above its max ${max}`);
  }
  if (options.shadow !== undefined) checkShadow(bank, options.shadow);
  const names = Object.keys(proportions ?? {});
  if (names.length > 0 && groups === undefined)
    throw new RangeError('proportions need the content group of each item');
  const wanted = names.map((name) => proportions?.[name] ?? 0);
  const total = wanted.reduce((sum, share) => sum + share, 0);
  if (wanted.some((share) => !(share >= 0)) || (names.length > 0 && !(total > 0)))
    throw new RangeError('proportions must be at least 0 and not all 0');
  return {
    group: Int32Array.from({ length: bank.size }, (_, i) => names.indexOf(groups?.[i] ?? '')),
    shares: Float64Array.from(wanted, (share) => share / total),
    enemies: enemyMap(bank, enemies),
  };
}

function enemyMap(bank: Bank, sets: readonly (readonly number[])[]): Map<number, number[]> {
  const enemies = new Map<number, number[]>();
  for (const set of sets) {
    for (const item of set) {
      checkItem(bank, item);
      enemies.set(item, [...(enemies.get(item) ?? []), ...set.filter((other) => other !== item)]);
    }
  }
  return enemies;
}

/**
 * The groups that have a candidate, first the one whose share of the given items is furthest below the wanted one
 * (Kingsbury & Zara 1989); of several the one that `proportions` names first.
 */
export function groupsByNeed(
  { group, shares }: Content,
  given: ArrayLike<number>,
  candidates: ArrayLike<number>,
): number[] {
  const counts = new Float64Array(shares.length);
  for (let k = 0; k < given.length; k++) {
    const of = at(group, at(given, k));
    if (of >= 0) counts[of] = at(counts, of) + 1;
  }
  const open = new Set<number>();
  for (let k = 0; k < candidates.length; k++) open.add(at(group, at(candidates, k)));
  const lack = (g: number) => at(shares, g) - at(counts, g) / Math.max(1, given.length);
  return [...shares.keys()].filter((g) => open.has(g)).sort((a, b) => lack(b) - lack(a) || a - b);
}

/**
 * Weighted deviations (Stocking & Swanson 1993): what the test would cost if it went on with each candidate; the
 * smallest wins. A constraint costs its weight for each item that the expected test has too few or too many: the items
 * given, the candidate, and for each item to come the property's share of the remaining candidates. The criterion costs
 * its weight times how far the candidate's value is from the best, as a share of the candidates' range.
 *
 * @param values the criterion's values [candidates]
 * @param sign 1 if the largest value wins, −1 if the smallest
 */
export function weightedDeviations(
  { constraints, criterion_weight = 1 }: NonNullable<ContentOptions['deviations']>,
  test: {
    readonly given: ArrayLike<number>;
    readonly candidates: ArrayLike<number>;
    readonly max_items: number;
  },
  values: Float64Array,
  sign: number,
): Float64Array {
  const { given, candidates, max_items } = test;
  const best = values.reduce((most, value) => Math.max(most, sign * value), Number.NEGATIVE_INFINITY);
  const worst = values.reduce((least, value) => Math.min(least, sign * value), Number.POSITIVE_INFINITY);
  const range = best - worst;
  const costs = values.map((value) => (range > 0 ? (criterion_weight * (best - sign * value)) / range : 0));
  const toCome = Math.max(0, max_items - given.length - 1);
  for (const { items, min = 0, max = items.length, weight = 1 } of constraints) {
    const having = new Set(items);
    const share = (of: ArrayLike<number>) => Array.from(of).filter((item) => having.has(item)).length;
    const before = share(given);
    const remaining = (toCome * share(candidates)) / Math.max(1, candidates.length);
    for (let k = 0; k < costs.length; k++) {
      const expected = before + (having.has(at(candidates, k)) ? 1 : 0) + remaining;
      costs[k] = at(costs, k) + weight * (Math.max(0, min - expected) + Math.max(0, expected - max));
    }
  }
  return costs;
}
