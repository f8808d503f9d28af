import { solve } from 'yalps';
import { at, type Bank, checkAnswers, checkItem } from '../bank.ts';
import { informationAt } from '../models/information.ts';
import type { ContentConstraint } from './content.ts';

/** A bound on the sum of some quantity over the whole test, as seconds or words. */
export interface ShadowTotal {
  /** The quantity of each item [size]. */
  readonly values: readonly number[];
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

export interface ShadowOptions {
  /** How many items with some property the whole test has; weights count for nothing here. */
  readonly constraints?: readonly ContentConstraint[] | undefined;
  readonly totals?: readonly ShadowTotal[] | undefined;
}

export interface ShadowRequest extends ShadowOptions {
  readonly theta: number;
  /** Number of items of the whole test. */
  readonly length: number;
  /** Items already given, which the test contains; none by default. */
  readonly given?: ArrayLike<number> | undefined;
  /** Items that may be added; by default all. */
  readonly candidates?: ArrayLike<number> | undefined;
  /** Sets of which a test contains at most one item. */
  readonly enemies?: readonly (readonly number[])[] | undefined;
}

export interface ShadowTest {
  /** The whole test, given items among them, rising. */
  readonly items: number[];
  /** Σ I_i(θ) over the test. */
  readonly information: number;
  /** Whether no test has more information; if not, the search was given up with the best test so far. */
  readonly optimal: boolean;
}

/** Steps of the solver's search; a bound in steps, not in seconds, gives the same test on every machine. */
const MOST_ITERATIONS = 5000;

/** @throws RangeError naming what does not fit the bank */
export function checkShadow(bank: Bank, { constraints = [], totals = [] }: ShadowOptions): void {
  for (const { items, min = 0, max = items.length } of constraints) {
    for (const item of items) checkItem(bank, item);
    if (!(min >= 0 && min <= max)) throw new RangeError(`a constraint's min ${min} is above its max ${max}`);
  }
  for (const { values, min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } of totals) {
    if (values.length !== bank.size || !values.every(Number.isFinite))
      throw new RangeError(`a total needs ${bank.size} finite values`);
    if (!(min <= max)) throw new RangeError(`a total's min ${min} is above its max ${max}`);
  }
}

/**
 * The shadow test: of all tests of this length that contain the given items and keep every constraint, the one with the
 * most information at θ (van der Linden & Reese 1998), by branch and cut on the 0-1 linear program.
 *
 * @returns null if there is no such test
 * @throws RangeError for θ, items or constraints that do not fit the bank
 */
export function shadowTest(bank: Bank, request: ShadowRequest): ShadowTest | null {
  const { theta, length, given = [], candidates, enemies = [] } = request;
  if (!Number.isFinite(theta)) throw new RangeError(`θ must be finite, not ${theta}`);
  checkAnswers(bank, { items: given, responses: new Uint8Array(given.length) });
  checkShadow(bank, request);
  const fixed = new Set(Array.from(given));
  const excluded = new Set(enemies.filter((set) => set.some((item) => fixed.has(item))).flat());
  const open = Array.from(candidates ?? bank.b.keys()).filter(
    (item) => !fixed.has(item) && !excluded.has(item),
  );
  const information = new Map<number, number>();
  for (const item of [...open, ...fixed]) information.set(item, informationAt(bank, item, theta));
  const program = programOf(bank, request, fixed, length);
  const worthwhile = withoutDominated(open, program, information, length);
  const { status, variables } = solve(
    {
      direction: 'maximize',
      objective: 'information',
      constraints: program.bounds,
      variables: worthwhile.map((item) => [item, coefficientsOf(item, program, information)] as const),
      binaries: true,
    },
    { maxIterations: MOST_ITERATIONS },
  );
  if (status !== 'optimal' && status !== 'timedout') return null;
  const items = [...fixed, ...variables.map(([item]) => item)].sort((a, b) => a - b);
  if (items.length !== length) return null;
  const sum = items.reduce((total, item) => total + (information.get(item) ?? 0), 0);
  return { items, information: sum, optimal: status === 'optimal' };
}

interface Program {
  /** Bounds by constraint, what the given items use up taken off. */
  readonly bounds: Map<string, { readonly min?: number; readonly max?: number }>;
  /** Constraints by name with each item's part in them. */
  readonly parts: readonly Part[];
}

interface Part {
  readonly name: string;
  readonly of: (item: number) => number;
  /** Whether more, less, or any change of an item's part might break the bound. */
  readonly bounded: { readonly below: boolean; readonly above: boolean };
}

function programOf(
  bank: Bank,
  { constraints = [], totals = [], enemies = [] }: ShadowRequest,
  fixed: ReadonlySet<number>,
  length: number,
): Program {
  const bounds = new Map<string, { min?: number; max?: number }>();
  const parts: Part[] = [];
  const add = (name: string, of: Part['of'], min: number | undefined, max: number | undefined) => {
    let used = 0;
    for (const item of fixed) used += of(item);
    bounds.set(name, {
      ...(min === undefined ? {} : { min: min - used }),
      ...(max === undefined ? {} : { max: max - used }),
    });
    parts.push({ name, of, bounded: { below: min !== undefined, above: max !== undefined } });
  };
  add('length', () => 1, length, length);
  constraints.forEach(({ items, min, max }, k) => {
    add(`constraint ${k}`, memberOf(bank, items), min, max);
  });
  totals.forEach(({ values, min, max }, k) => {
    add(`total ${k}`, (item) => at(values, item), min, max);
  });
  enemies.forEach((set, k) => {
    if (!set.some((item) => fixed.has(item))) add(`enemies ${k}`, memberOf(bank, set), undefined, 1);
  });
  return { bounds, parts };
}

function memberOf(bank: Bank, items: readonly number[]): (item: number) => number {
  const member = new Uint8Array(bank.size);
  for (const item of items) member[item] = 1;
  return (item) => member[item] ?? 0;
}

function coefficientsOf(
  item: number,
  { parts }: Program,
  information: ReadonlyMap<number, number>,
): Map<string, number> {
  const coefficients = new Map([['information', information.get(item) ?? 0]]);
  for (const { name, of } of parts) {
    const part = of(item);
    if (part !== 0) coefficients.set(name, part);
  }
  return coefficients;
}

/**
 * Without items that some best test does not need: one for which there are as many others as the test is long that
 * inform at least as much and could take its place in every constraint (which enemies of anybody cannot). This halves
 * a bank and more, and leaves the optimum where it is.
 */
function withoutDominated(
  open: readonly number[],
  { parts }: Program,
  information: ReadonlyMap<number, number>,
  length: number,
): number[] {
  const profiles = open.map((item) => ({
    item,
    information: information.get(item) ?? 0,
    parts: parts.map(({ of }) => of(item)),
    free: parts.every(({ name, of }) => !name.startsWith('enemies') || of(item) === 0),
  }));
  const ranked = profiles.sort((a, b) => b.information - a.information || a.item - b.item);
  const replaces = (a: (typeof ranked)[number], b: (typeof ranked)[number]) =>
    a.free &&
    parts.every(({ name, bounded }, k) => {
      const more = at(a.parts, k) - at(b.parts, k);
      if (name.startsWith('enemies')) return true;
      return (more >= 0 || !bounded.below) && (more <= 0 || !bounded.above);
    });
  const isNeeded = (one: (typeof ranked)[number], rank: number) => {
    let better = 0;
    for (let k = 0; k < rank && better < length; k++) {
      const other = ranked[k];
      if (other !== undefined && replaces(other, one)) better++;
    }
    return better < length;
  };
  return ranked
    .filter(isNeeded)
    .map(({ item }) => item)
    .sort((a, b) => a - b);
}
