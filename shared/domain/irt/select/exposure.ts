import { at, type Bank } from '../bank.ts';
import { uniformOf } from '../rng.ts';

/** How an item bank is kept from wearing out. All given methods hold together; a fraction is a share of sessions. */
export interface ExposureOptions {
  /** One of the `size` best items by lot (Kingsbury & Zara 1989), for the first `items` answers (else always). */
  readonly randomesque?: { readonly size: number; readonly items?: number | undefined } | undefined;
  /** Restricted: items given to this share of sessions or more rest (Revuelta & Ponsoda 1998). Needs usage. */
  readonly r_max?: number | undefined;
  /** Each session draws which items it may use, so that none passes `r_max` (van der Linden & Veldkamp 2004). */
  readonly eligibility?: { readonly r_max: number } | undefined;
  /**
   * Sympson & Hetter (1985): item i is given with probability k[i] when it is selected, after the first `from` answers
   * (0 by default). `findExposureParameters` finds k.
   */
  readonly sympson_hetter?: { readonly k: readonly number[]; readonly from?: number | undefined } | undefined;
}

/** What the bank's items have been through so far. */
export interface Usage {
  /** Sessions that count. */
  readonly sessions: number;
  /** Times each item was given [size]. */
  readonly administered: ArrayLike<number>;
  /** Sessions that might use the item [size]; needed by eligibility. */
  readonly eligible?: ArrayLike<number> | undefined;
}

/** With exposure control on by default, this is what is on. */
export const defaultExposure: ExposureOptions = { randomesque: { size: 5, items: 5 } };

/** @throws RangeError naming the setting that is out of range */
export function checkExposure(bank: Bank, options: ExposureOptions): void {
  const share = (name: string, value: number) => {
    if (!(value > 0 && value <= 1))
      throw new RangeError(`${name} must be above 0 and at most 1, not ${value}`);
  };
  const { randomesque, r_max, eligibility, sympson_hetter } = options;
  if (randomesque !== undefined && !(Number.isInteger(randomesque.size) && randomesque.size >= 1))
    throw new RangeError(`randomesque size must be at least 1, not ${randomesque.size}`);
  if (r_max !== undefined) share('r_max', r_max);
  if (eligibility !== undefined) share('eligibility r_max', eligibility.r_max);
  if (sympson_hetter === undefined) return;
  const { k } = sympson_hetter;
  if (k.length !== bank.size)
    throw new RangeError(`sympson_hetter needs ${bank.size} values k, not ${k.length}`);
  for (const value of k) share('sympson_hetter k', value);
}

/** @throws RangeError where exposure control needs to know how the items were used and is not told, item by item */
export function checkUsage(
  bank: Bank,
  { r_max, eligibility }: ExposureOptions,
  usage: Usage | undefined,
): void {
  if (r_max === undefined && eligibility === undefined) return;
  if (usage === undefined)
    throw new RangeError('this exposure control needs to know how the items were used');
  const { administered, eligible = administered } = usage;
  if (administered.length !== bank.size || eligible.length !== bank.size)
    throw new RangeError(`usage of ${administered.length} items for a bank of ${bank.size}`);
}

/** Keys of the two draws that belong to a session and an item, whatever the position. */
const ACCEPTED = 3;
const ELIGIBLE = 4;

/**
 * min(1, r_max ε_i/α_i): the probability that item i is eligible for the next session, from the numbers of sessions for
 * which it was eligible (ε) and to which it was given (α) (van der Linden & Veldkamp 2004, eq. 10).
 */
export function eligibilityOf(r_max: number, { administered, eligible }: Usage, item: number): number {
  const given = at(administered, item);
  if (eligible === undefined || given === 0) return 1;
  return Math.min(1, (r_max * at(eligible, item)) / given);
}

/** Whether the session with `seed` may use the item at all. */
export const isEligible = (
  { eligibility }: ExposureOptions,
  usage: Usage | undefined,
  seed: number,
  item: number,
): boolean =>
  eligibility === undefined ||
  usage === undefined ||
  uniformOf(seed, ELIGIBLE, item) <= eligibilityOf(eligibility.r_max, usage, item);

/**
 * Whether the session may be given the item after `answered` answers. What is drawn depends on session and item only:
 * an item that was passed over stays passed over, as Sympson & Hetter's method wants it.
 */
export function isAdmissible(
  options: ExposureOptions,
  usage: Usage | undefined,
  seed: number,
  answered: number,
  item: number,
): boolean {
  const { r_max, sympson_hetter } = options;
  if (r_max !== undefined && usage !== undefined) {
    if (at(usage.administered, item) / Math.max(1, usage.sessions) >= r_max) return false;
  }
  if (!isEligible(options, usage, seed, item)) return false;
  if (sympson_hetter === undefined || answered < (sympson_hetter.from ?? 0)) return true;
  const k = at(sympson_hetter.k, item);
  return k >= 1 || uniformOf(seed, ACCEPTED, item) <= k;
}

/** Whether `isAdmissible` can ever say no. */
export const restricts = ({ r_max, eligibility, sympson_hetter }: ExposureOptions): boolean =>
  r_max !== undefined || eligibility !== undefined || sympson_hetter !== undefined;

/** From how many of the best items one is drawn after `answered` answers. */
export function drawnFrom({ randomesque }: ExposureOptions, answered: number): number {
  if (randomesque === undefined) return 1;
  return answered < (randomesque.items ?? Number.POSITIVE_INFINITY) ? randomesque.size : 1;
}
