import { at } from '../bank.ts';
import { Workplace } from '../tables/workplace.ts';
import type { Patterns } from './responses.ts';

/** The cells that each row has, by the numbers of the cells that count. */
export interface RowCells {
  /** Row r's: cells[from[r]] to cells[from[r + 1]], rising. */
  readonly cells: Int32Array;
  readonly from: Int32Array;
  /** Of cell c, the cell of category 0 of the same item; -1 for a cell that everybody has. */
  readonly zeroOf: Int32Array;
}

/**
 * @param numberOf number of each cell of the patterns, -1 for those that do not count
 * @param everybodys number of a cell that all rows have, the last one, or -1
 */
export function cellsOfRows(patterns: Patterns, numberOf: Int32Array, everybodys: number): RowCells {
  const { rows, items, groupFrom, groupItems, firstCell, taken, takenFrom } = patterns;
  const cells: number[] = [];
  const from = new Int32Array(rows + 1);
  groupItems.forEach((answered, group) => {
    for (let row = at(groupFrom, group); row < at(groupFrom, group + 1); row++) {
      let t = at(takenFrom, row);
      for (const item of answered) {
        let cell = at(firstCell, item);
        if (t < at(takenFrom, row + 1) && at(taken, t) < at(firstCell, item + 1)) cell = at(taken, t++);
        const number = at(numberOf, cell);
        if (number >= 0) cells.push(number);
      }
      if (everybodys >= 0) cells.push(everybodys);
      from[row + 1] = cells.length;
    }
  });
  const zeroOf = new Int32Array(numberOf.length + 1).fill(-1);
  for (let item = 0; item < items; item++)
    for (let cell = at(firstCell, item); cell < at(firstCell, item + 1); cell++)
      if (at(numberOf, cell) >= 0) zeroOf[at(numberOf, cell)] = at(numberOf, at(firstCell, item));
  return { cells: Int32Array.from(cells), from, zeroOf };
}

/** Expected persons, at two nodes, who have two cells. */
export interface PairCounts {
  /**
   * @param posteriors [rows][width]
   * @param node of the first one, the other is the next
   * @returns [cells][cells][2], of which the lower triangle is filled; used again by the next call
   */
  count(posteriors: Float64Array, node: number, width: number): Float64Array;
}

/** Of a person, at a node: what is left out changes standard errors in the tenth digit. */
const NEGLIGIBLE = 1e-10;
/** From this many rows on it pays to count a group's category 0 as those who are left. */
const LARGE_GROUP = 8;

/** Arrays of a workplace, with two numbers, one a node, of each row, pair or cell. */
interface Room {
  readonly kernels: Workplace['kernels'];
  readonly persons: Float64Array;
  readonly pairs: Float64Array;
  /** Of large groups, between cells above category 0. */
  readonly higher: Float64Array;
  /** Of one group, persons by cell. */
  readonly having: Float64Array;
}

/** The cells of rows, where the kernel reads them. */
interface PlacedCells {
  readonly cells: Uint32Array;
  readonly from: Uint32Array;
}

/** The cells of an item, or the one that everybody has. */
interface ItemCells {
  /** Of category 0; -1 beside the cell that everybody has. */
  readonly zero: number;
  /** The others: from `first` to `end` - 1. */
  readonly first: number;
  readonly end: number;
}

/**
 * Rows that answered the same items are counted by their cells above category 0 alone (of 20 items with half of the
 * answers right 55 pairs and not 210). With N persons, of whom R_a have cell a of item j and R_b cell b of item k, the
 * pairs with category 0 follow: (a, 0) = R_a − Σ_b (a, b), (0, b) = R_b − Σ_a (a, b),
 * (0, 0) = N − Σ_a R_a − Σ_b R_b + Σ_ab (a, b). Small groups, as of adaptive tests, are counted directly.
 *
 * @throws RangeError for more than 4 GiB
 */
export function createPairCounts(patterns: Patterns, rows: RowCells, size: number): PairCounts {
  const { groupFrom, groupItems, counts } = patterns;
  const above = aboveZero(rows);
  const numbers = 2 * (patterns.rows + 2 * size * size + size);
  const words = rows.cells.length + above.cells.length + 2 * rows.from.length;
  const place = new Workplace(
    8 * numbers + 4 * words,
    'the pairs of cells of a calibration need more than 4 GiB: take fewer items',
  );
  const room: Room = {
    kernels: place.kernels,
    persons: place.doubles(2 * patterns.rows),
    pairs: place.doubles(2 * size * size),
    higher: place.doubles(2 * size * size),
    having: place.doubles(2 * size),
  };
  const [ofAll, ofHigher] = [placed(place, rows), placed(place, above)];
  const groups = groupItems.map((_, group) => {
    const [first, end] = [at(groupFrom, group), at(groupFrom, group + 1)];
    return { first, end, items: end - first < LARGE_GROUP ? undefined : itemsOf(rows, first) };
  });
  const { pairs, higher, having } = room;
  return {
    count(posteriors, node, width) {
      pairs.fill(0);
      higher.fill(0);
      for (const { first, end, items } of groups) {
        const persons = takePersons(posteriors, counts, first, end, node, width, room.persons);
        having.fill(0);
        if (items === undefined) addPairs(ofAll, first, end, size, pairs, room);
        else {
          addPairs(ofHigher, first, end, size, higher, room);
          for (const lane of [0, 1] as const) addGroup(items, persons[lane], size, lane, room);
        }
      }
      addHigher(rows.zeroOf, size, room);
      return pairs;
    },
  };
}

function placed(place: Workplace, rows: RowCells): PlacedCells {
  const [cells, from] = [place.words(rows.cells.length), place.words(rows.from.length)];
  cells.set(rows.cells);
  from.set(rows.from);
  return { cells, from };
}

/** The cells that are not of category 0. */
function aboveZero({ cells, from, zeroOf }: RowCells): RowCells {
  const kept: number[] = [];
  const keptFrom = new Int32Array(from.length);
  for (let row = 0; row < from.length - 1; row++) {
    for (let c = at(from, row); c < at(from, row + 1); c++)
      if (at(zeroOf, at(cells, c)) !== at(cells, c)) kept.push(at(cells, c));
    keptFrom[row + 1] = kept.length;
  }
  return { cells: Int32Array.from(kept), from: keptFrom, zeroOf };
}

/**
 * The persons of rows at two nodes, into `persons`.
 * @returns their sums
 */
function takePersons(
  posteriors: Float64Array,
  counts: Float64Array,
  first: number,
  end: number,
  node: number,
  width: number,
  persons: Float64Array,
): [number, number] {
  const sums: [number, number] = [0, 0];
  for (let row = first; row < end; row++) {
    const count = counts[row] ?? 0;
    const from = row * width + node;
    const here = counted((posteriors[from] ?? 0) * count);
    const next = counted((posteriors[from + 1] ?? 0) * count);
    persons[2 * row] = here;
    persons[2 * row + 1] = next;
    sums[0] += here;
    sums[1] += next;
  }
  return sums;
}

const counted = (persons: number): number => (persons < NEGLIGIBLE ? 0 : persons);

function addPairs(
  { cells, from }: PlacedCells,
  first: number,
  end: number,
  size: number,
  into: Float64Array,
  { kernels, persons, having }: Room,
): void {
  kernels.addPairs(
    cells.byteOffset,
    from.byteOffset + 4 * first,
    persons.byteOffset + 16 * first,
    end - first,
    size,
    into.byteOffset,
    having.byteOffset,
  );
}

/** The items that a row answered. */
function itemsOf({ cells, from, zeroOf }: RowCells, row: number): ItemCells[] {
  return Array.from(cells.subarray(at(from, row), at(from, row + 1)), (cell) => {
    const zero = at(zeroOf, cell);
    const first = zero < 0 ? cell : zero + 1;
    let end = first + 1;
    while (zero >= 0 && end < zeroOf.length && at(zeroOf, end) === zero) end++;
    return { zero, first, end };
  });
}

/** What R and N of a large group, which answered these items, give to the pairs with category 0. */
function addGroup(
  items: readonly ItemCells[],
  persons: number,
  size: number,
  lane: number,
  { pairs, having }: Room,
): void {
  const has = (cell: number): number => having[2 * cell + lane] ?? 0;
  const add = (row: number, column: number, value: number): void => {
    const to = 2 * (row * size + column) + lane;
    pairs[to] = (pairs[to] ?? 0) + value;
  };
  const above = items.map(({ first, end }) => {
    let sum = 0;
    for (let a = first; a < end; a++) sum += has(a);
    return sum;
  });
  items.forEach((j, position) => {
    const aboveJ = above[position] ?? 0;
    if (j.zero >= 0) add(j.zero, j.zero, persons - aboveJ);
    for (let other = 0; other < position; other++) {
      const k = items[other];
      if (k === undefined) continue;
      if (k.zero >= 0) for (let a = j.first; a < j.end; a++) add(a, k.zero, has(a));
      if (j.zero < 0) continue;
      for (let b = k.first; b < k.end; b++) add(j.zero, b, has(b));
      if (k.zero >= 0) add(j.zero, k.zero, persons - aboveJ - (above[other] ?? 0));
    }
  });
}

/** The pairs above category 0, and what they take from those with it. */
function addHigher(zeroOf: Int32Array, size: number, { pairs, higher }: Room): void {
  const add = (row: number, column: number, here: number, next: number): void => {
    const to = 2 * (row * size + column);
    pairs[to] = (pairs[to] ?? 0) + here;
    pairs[to + 1] = (pairs[to + 1] ?? 0) + next;
  };
  for (let a = 0; a < size; a++) {
    const zeroA = zeroOf[a] ?? -1;
    if (zeroA === a) continue;
    for (let b = 0; b <= a; b++) {
      const here = higher[2 * (a * size + b)] ?? 0;
      const next = higher[2 * (a * size + b) + 1] ?? 0;
      if (here === 0 && next === 0) continue;
      add(a, b, here, next);
      if (a === b) continue;
      const zeroB = zeroOf[b] ?? -1;
      if (zeroB >= 0) add(a, zeroB, -here, -next);
      if (zeroA >= 0) add(zeroA, b, -here, -next);
      if (zeroA >= 0 && zeroB >= 0) add(zeroA, zeroB, here, next);
    }
  }
}
