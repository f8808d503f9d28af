import { at, type Bank } from '../bank.ts';
import { informationAt } from '../models/information.ts';
import { thetasOfMaximum } from '../models/maximum.ts';
import { difficultyDistance, fisherInformation } from './local.ts';
import type { Situation } from './situation.ts';

export interface StrataOptions {
  /** Number of strata; 4 by default. */
  readonly strata?: number | undefined;
  /** Whether each stratum covers all difficulties (Chang, Qian & Ying 2001). */
  readonly blocking?: boolean | undefined;
}

/** What one stratum away counts, more than any distance or information within a stratum. */
const STRATUM = 1000;

/**
 * a-stratified (Chang & Ying 1999): the bank in strata of rising a; the first items come from the lowest stratum, the
 * last from the highest, within it the smallest |b − θ̂| wins. A candidate outside the present stratum counts 1000 more
 * for each stratum between, so that it is taken only when the stratum is used up.
 */
export function stratifiedDistance(situation: Situation, options: StrataOptions): Float64Array {
  const strata = strataOf(situation.bank, 'a', options);
  const away = strataAway(situation, strata, options);
  return difficultyDistance(situation).map((value, k) => value + STRATUM * at(away, k));
}

/**
 * Maximum information stratification (Barrada, Mazuela & Olea 2006): strata of rising greatest information; within the
 * present one the largest I_j(θ̂) wins, outside it counts 1000 less for each stratum between.
 */
export function stratifiedInformation(situation: Situation, options: StrataOptions): Float64Array {
  const strata = strataOf(situation.bank, 'information', options);
  const away = strataAway(situation, strata, options);
  return fisherInformation(situation).map((value, k) => value - STRATUM * at(away, k));
}

function strataAway(
  { candidates, answered, progress }: Situation,
  strata: Int32Array,
  { strata: count = 4 }: StrataOptions,
): Int32Array {
  const stage = Math.min(count - 1, Math.floor((answered * count) / progress.max_items));
  return Int32Array.from(candidates, (item) => Math.abs(at(strata, item) - stage));
}

const known = new WeakMap<Bank, Map<string, Int32Array>>();

/**
 * Stratum of each item, 0 the lowest [size]. With blocking the bank is cut by difficulty into blocks of as many items
 * as there are strata, and each block gives one item to each stratum.
 */
export function strataOf(
  bank: Bank,
  by: 'a' | 'information',
  { strata: count = 4, blocking = false }: StrataOptions = {},
): Int32Array {
  const key = `${by} ${count} ${blocking}`;
  const ofBank = known.get(bank) ?? new Map<string, Int32Array>();
  known.set(bank, ofBank);
  const before = ofBank.get(key);
  if (before !== undefined) return before;
  const peaks = thetasOfMaximum(bank);
  const height = (item: number) =>
    by === 'a' ? at(bank.a, item) : informationAt(bank, item, at(peaks, item));
  const place = (item: number) => (by === 'a' ? at(bank.b, item) : at(peaks, item));
  const strata = blocking ? blocked(bank.size, count, height, place) : cut(bank.size, count, height);
  ofBank.set(key, strata);
  return strata;
}

type Measure = (item: number) => number;

const sorted = (items: Iterable<number>, by: Measure): number[] =>
  [...items].sort((i, j) => by(i) - by(j) || i - j);

function cut(size: number, count: number, height: Measure): Int32Array {
  const strata = new Int32Array(size);
  sorted(strata.keys(), height).forEach((item, rank) => {
    strata[item] = Math.floor((rank * count) / size);
  });
  return strata;
}

function blocked(size: number, count: number, height: Measure, place: Measure): Int32Array {
  const strata = new Int32Array(size);
  const byPlace = sorted(strata.keys(), place);
  for (let from = 0; from < size; from += count) {
    const block = sorted(byPlace.slice(from, from + count), height);
    block.forEach((item, rank) => {
      strata[item] = Math.floor((rank * count) / block.length);
    });
  }
  return strata;
}
