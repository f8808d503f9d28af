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

/**
 * How much the search for the best test may cost: steps times cells of the program's matrix. Counted, not timed, so that
 * the same test is found on every machine.
 */
const MOST_WORK = 3e7;

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
 * most information at θ (van der Linden & Reese 1998), by branch and cut on the 0-1 linear program. Where that takes
 * too long, the items that the program without whole numbers takes wholly are kept, all or else most of them, and the
 * best test around them is sought.
 *
 * @returns null if there is no such test, or none was found
 * @throws RangeError for θ, items or constraints that do not fit the bank
 */
export function shadowTest(bank: Bank, request: ShadowRequest): ShadowTest | null {
  const { theta, given = [] } = request;
  if (!Number.isFinite(theta)) throw new RangeError(`θ must be finite, not ${theta}`);
  checkAnswers(bank, { items: given, responses: new Uint8Array(given.length) });
  checkShadow(bank, request);
  const information = Float64Array.from(bank.b, (_, item) => informationAt(bank, item, theta));
  const program = programOf(bank, request, information);
  const { status, variables } = solved(program, true);
  const found = status === 'infeasible' ? null : completed(program, variables);
  const items =
    status === 'timedout' ? better(found, around(bank, request, information), information) : found;
  if (items === null) return null;
  return { items, information: totalOf(items, information), optimal: status === 'optimal' };
}

const totalOf = (items: readonly number[], information: Float64Array): number =>
  items.reduce((sum, item) => sum + at(information, item), 0);

function better(a: number[] | null, b: number[] | null, information: Float64Array): number[] | null {
  if (a === null || b === null) return a ?? b;
  return totalOf(a, information) >= totalOf(b, information) ? a : b;
}

type Share = readonly [item: number, share: number];

/** The given items and those chosen, rising; null unless they make a whole test. */
function completed({ given, length }: Program, chosen: readonly Share[]): number[] | null {
  if (given.length + chosen.length !== length) return null;
  return [...given, ...chosen.map(([item]) => item)].sort((a, b) => a - b);
}

/** A good test that contains what the best test of broken items contains wholly; null if none was found. */
function around(bank: Bank, request: ShadowRequest, information: Float64Array): number[] | null {
  const given = Array.from(request.given ?? []);
  const certain = solved(programOf(bank, request, information), false)
    .variables.filter(([, share]) => share > 1 - 1e-6)
    .map(([item]) => item)
    .sort((a, b) => at(information, b) - at(information, a));
  for (const part of [1, 0.9, 0.8, 0.7, 0.6, 0.5]) {
    const kept = certain.slice(0, Math.ceil(part * certain.length));
    const program = programOf(bank, { ...request, given: [...given, ...kept] }, information);
    const { status, variables } = solved(program, true);
    const items = status === 'infeasible' ? null : completed(program, variables);
    if (items !== null) return items;
  }
  return null;
}

/** The program's best solution, of whole items or of shares from 0 to 1. */
function solved(program: Program, whole: boolean): { status: string; variables: readonly Share[] } {
  const { bounds, open } = program;
  const constraints = new Map(bounds);
  const variables = open.map((item) => {
    const coefficients = coefficientsOf(item, program);
    if (!whole) {
      constraints.set(`item ${item}`, { max: 1 });
      coefficients.set(`item ${item}`, 1);
    }
    return [item, coefficients] as const;
  });
  return solve(
    { direction: 'maximize', objective: 'information', constraints, variables, binaries: whole },
    { maxIterations: Math.ceil(MOST_WORK / ((constraints.size + open.length) * open.length + 1)) },
  );
}

interface Program {
  readonly length: number;
  readonly given: readonly number[];
  /** Items that may be added, without those that no best test needs. */
  readonly open: readonly number[];
  readonly information: Float64Array;
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

function programOf(bank: Bank, request: ShadowRequest, information: Float64Array): Program {
  const { length, candidates, constraints = [], totals = [], enemies = [] } = request;
  const given = Array.from(request.given ?? []);
  const fixed = new Set(given);
  const bounds = new Map<string, { min?: number; max?: number }>();
  const parts: Part[] = [];
  const add = (name: string, of: Part['of'], min: number | undefined, max: number | undefined) => {
    const used = given.reduce((sum, item) => sum + of(item), 0);
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
  const met = enemies.filter((set) => set.some((item) => fixed.has(item)));
  enemies.forEach((set, k) => {
    if (!met.includes(set)) add(`enemies ${k}`, memberOf(bank, set), undefined, 1);
  });
  const excluded = new Set([...given, ...met.flat()]);
  const open = Array.from(candidates ?? bank.b.keys()).filter((item) => !excluded.has(item));
  return {
    length,
    given,
    bounds,
    parts,
    information,
    open: withoutDominated(open, parts, information, length),
  };
}

function memberOf(bank: Bank, items: readonly number[]): (item: number) => number {
  const member = new Uint8Array(bank.size);
  for (const item of items) member[item] = 1;
  return (item) => member[item] ?? 0;
}

function coefficientsOf(item: number, { parts, information }: Program): Map<string, number> {
  const coefficients = new Map([['information', at(information, item)]]);
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
  parts: readonly Part[],
  information: Float64Array,
  length: number,
): number[] {
  const profiles = open.map((item) => ({
    item,
    information: at(information, item),
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
