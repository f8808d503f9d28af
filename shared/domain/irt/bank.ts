/**
 * A bank of calibrated items as a structure of arrays. An item is named by its index in the bank; a response is its
 * category, counted from 0 (of a dichotomous item: 0 wrong, 1 right).
 */

export const modelNames = ['1PL', '2PL', '3PL', '4PL', 'GRM', 'PCM', 'GPCM'] as const;
export type ModelName = (typeof modelNames)[number];

/**
 * One item's parameters in logits (with D = 1) or in normal units (with D = 1.702).
 * `thresholds` has one entry fewer than the item has categories: the boundaries of GRM (rising strictly), the steps of
 * PCM and GPCM (in any order).
 */
export type ItemParameters =
  | { readonly model: '1PL'; readonly a?: number | undefined; readonly b: number }
  | { readonly model: '2PL'; readonly a: number; readonly b: number }
  | { readonly model: '3PL'; readonly a: number; readonly b: number; readonly c: number }
  | {
      readonly model: '4PL';
      readonly a: number;
      readonly b: number;
      readonly c: number;
      readonly d: number;
    }
  | { readonly model: 'PCM'; readonly a?: number | undefined; readonly thresholds: readonly number[] }
  | { readonly model: 'GRM' | 'GPCM'; readonly a: number; readonly thresholds: readonly number[] };

/** Families of formulas: 1PL to 4PL are one, PCM is GPCM with a = 1. */
export const LOGISTIC = 0;
export const GRADED = 1;
export const PARTIAL_CREDIT = 2;

export interface Bank {
  /** Number of items. */
  readonly size: number;
  /** Scaling constant: 1 (logistic metric) or 1.702 (normal metric). */
  readonly D: number;
  readonly models: readonly ModelName[];
  /** LOGISTIC, GRADED or PARTIAL_CREDIT [size]. */
  readonly family: Uint8Array;
  /** Discriminations [size]. */
  readonly a: Float64Array;
  /** D a, the slope in logits per unit of θ [size]. */
  readonly slope: Float64Array;
  /** Difficulties [size]; of a polytomous item the mean of its thresholds. */
  readonly b: Float64Array;
  /** Lower and upper asymptotes [size]; 0 and 1 for polytomous items. */
  readonly c: Float64Array;
  readonly d: Float64Array;
  /** Number of categories [size]. */
  readonly categories: Uint8Array;
  /** Thresholds of all polytomous items, one item after another; item i's are at offset[i] to offset[i + 1]. */
  readonly thresholds: Float64Array;
  readonly offset: Int32Array;
  /** Where item i's categories begin in a table with a row for each category of each item [size + 1]. */
  readonly rows: Int32Array;
  /** Whether every item is of 1PL to 4PL. */
  readonly dichotomous: boolean;
}

/** Most categories of one item. */
export const MOST_CATEGORIES = 64;

/**
 * Builds a bank.
 * @param items parameters, one entry an item; each may be of another model
 * @param options.D scaling constant of the whole bank, 1 by default
 * @throws RangeError naming the item and the parameter that is out of its range: a > 0, b and thresholds finite,
 * 0 <= c < d <= 1, GRM thresholds rising; TypeError for an unknown model
 */
export function createBank(items: readonly ItemParameters[], options: { readonly D?: number } = {}): Bank {
  const { D = 1 } = options;
  if (!(D > 0 && D < Number.POSITIVE_INFINITY)) throw new RangeError(`D must be positive, not ${D}`);
  if (items.length === 0) throw new RangeError('a bank needs at least one item');
  const parts = items.map(checked);
  const size = parts.length;
  const categories = Uint8Array.from(parts, ({ thresholds, polytomous }) =>
    polytomous ? thresholds.length + 1 : 2,
  );
  const a = Float64Array.from(parts, (part) => part.a);
  return {
    size,
    D,
    models: items.map(({ model }) => model),
    family: Uint8Array.from(items, ({ model }) => familyOf(model)),
    a,
    slope: a.map((value) => D * value),
    b: Float64Array.from(parts, (part) => part.b),
    c: Float64Array.from(parts, (part) => part.c),
    d: Float64Array.from(parts, (part) => part.d),
    categories,
    thresholds: Float64Array.from(parts.flatMap(({ thresholds }) => thresholds)),
    offset: startsOf(parts.map(({ thresholds }) => thresholds.length)),
    rows: startsOf(categories),
    dichotomous: parts.every(({ polytomous }) => !polytomous),
  };
}

/**
 * A bank of dichotomous items from rows [a, b, c, d]; c and d may be left out (0 and 1).
 * @throws RangeError as `createBank`
 */
export function createDichotomousBank(
  rows: readonly (readonly number[])[],
  options: { readonly D?: number } = {},
): Bank {
  const item = ([a = Number.NaN, b = Number.NaN, c = 0, d = 1]: readonly number[]): ItemParameters => {
    if (d !== 1) return { model: '4PL', a, b, c, d };
    return c === 0 ? { model: '2PL', a, b } : { model: '3PL', a, b, c };
  };
  return createBank(rows.map(item), options);
}

/** Item `index`'s parameters, as `createBank` takes them. @throws RangeError for an index outside the bank */
export function parametersOf(bank: Bank, index: number): ItemParameters {
  checkItem(bank, index);
  const model = bank.models[index] ?? '2PL';
  const a = at(bank.a, index);
  const b = at(bank.b, index);
  const c = at(bank.c, index);
  switch (model) {
    case '1PL':
    case '2PL':
      return { model, a, b };
    case '3PL':
      return { model, a, b, c };
    case '4PL':
      return { model, a, b, c, d: at(bank.d, index) };
    default:
      return { model, a, thresholds: Array.from(thresholdsOf(bank, index)) };
  }
}

/** The thresholds of a polytomous item, a view [categories - 1]; empty for a dichotomous one. */
export const thresholdsOf = (bank: Bank, index: number): Float64Array =>
  bank.thresholds.subarray(at(bank.offset, index), at(bank.offset, index + 1));

/** @throws RangeError unless `index` is an item of the bank */
export function checkItem(bank: Bank, index: number): void {
  if (!Number.isInteger(index) || index < 0 || index >= bank.size)
    throw new RangeError(`there is no item ${index} in a bank of ${bank.size}`);
}

/** Responses to items of a bank: `responses[k]` is the category that was given to item `items[k]`. */
export interface Answers {
  readonly items: ArrayLike<number>;
  readonly responses: ArrayLike<number>;
}

/**
 * Responses to the whole bank in the order of its items.
 * @throws RangeError as `checkAnswers`
 */
export function answersToAll(bank: Bank, responses: ArrayLike<number>): Answers {
  const answers = { items: Int32Array.from({ length: bank.size }, (_, i) => i), responses };
  checkAnswers(bank, answers);
  return answers;
}

/** @throws RangeError unless items and responses are as many, in the bank and in the items' categories, none twice */
export function checkAnswers(bank: Bank, { items, responses }: Answers): void {
  if (items.length !== responses.length)
    throw new RangeError(`${items.length} items but ${responses.length} responses`);
  const seen = new Set<number>();
  for (let k = 0; k < items.length; k++) {
    const item = at(items, k);
    const response = at(responses, k);
    checkItem(bank, item);
    if (seen.has(item)) throw new RangeError(`item ${item} is answered twice`);
    seen.add(item);
    if (!Number.isInteger(response) || response < 0 || response >= at(bank.categories, item))
      throw new RangeError(`response ${response} to item ${item} is none of its categories`);
  }
}

/** Element `index`; NaN outside, which no checked caller asks for. */
export const at = (values: ArrayLike<number>, index: number): number => values[index] ?? Number.NaN;

interface Part {
  readonly polytomous: boolean;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly thresholds: readonly number[];
}

function familyOf(model: ModelName): number {
  if (model === 'GRM') return GRADED;
  return model === 'PCM' || model === 'GPCM' ? PARTIAL_CREDIT : LOGISTIC;
}

function checked(item: ItemParameters, index: number): Part {
  const fail = (what: string): never => {
    throw new RangeError(`item ${index} (${item.model}): ${what}`);
  };
  if (!modelNames.includes(item.model))
    throw new TypeError(`item ${index}: unknown model ${String(item.model)}`);
  const a = item.a ?? (item.model === '1PL' || item.model === 'PCM' ? 1 : Number.NaN);
  if (!(a > 0 && a < Number.POSITIVE_INFINITY)) fail(`a must be positive, not ${a}`);
  if ('thresholds' in item) return polytomousPart(item, a, fail);
  const { b } = item;
  const c = 'c' in item ? item.c : 0;
  const d = 'd' in item ? item.d : 1;
  if (!Number.isFinite(b)) fail(`b must be finite, not ${b}`);
  if (!(c >= 0 && c < d && d <= 1)) fail(`0 <= c < d <= 1 is broken by c ${c} and d ${d}`);
  return { polytomous: false, a, b, c, d, thresholds: [] };
}

function polytomousPart(
  item: Extract<ItemParameters, { thresholds: readonly number[] }>,
  a: number,
  fail: (what: string) => never,
): Part {
  const { thresholds } = item;
  const count = thresholds.length;
  if (count < 1 || count >= MOST_CATEGORIES)
    fail(`needs 1 to ${MOST_CATEGORIES - 1} thresholds, not ${count}`);
  if (!thresholds.every(Number.isFinite)) fail('thresholds must be finite');
  const rising = thresholds.every((value, k) => k === 0 || value > (thresholds[k - 1] ?? Number.NaN));
  if (item.model === 'GRM' && !rising) fail('thresholds must rise strictly');
  const b = thresholds.reduce((sum, value) => sum + value, 0) / count;
  return { polytomous: true, a, b, c: 0, d: 1, thresholds };
}

function startsOf(lengths: ArrayLike<number>): Int32Array {
  const starts = new Int32Array(lengths.length + 1);
  for (let i = 0; i < lengths.length; i++) starts[i + 1] = at(starts, i) + at(lengths, i);
  return starts;
}
