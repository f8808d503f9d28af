import { at } from '../bank.ts';
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

/** Expected persons, at one node, who have two cells. */
export interface PairCounts {
  /** [cells][cells], of which the lower triangle is filled; used again by the next call. */
  count(posteriors: Float64Array, node: number, nodes: number): Float64Array;
}

/** Of a person, at a node: what is left out changes standard errors in the tenth digit. */
const NEGLIGIBLE = 1e-10;
/** From this many rows on it pays to count a group's category 0 as those who are left. */
const LARGE_GROUP = 8;

interface Room {
  readonly pairs: Float64Array;
  /** Of large groups, between cells above category 0. */
  readonly higher: Float64Array;
  /** Of one large group, persons by cell. */
  readonly having: Float64Array;
}

/**
 * Rows that answered the same items are counted by their cells above category 0 alone (of 20 items with half of the
 * answers right 55 pairs and not 210). With N persons, of whom R_a have cell a of item j and R_b cell b of item k, the
 * pairs with category 0 follow: (a, 0) = R_a − Σ_b (a, b), (0, b) = R_b − Σ_a (a, b),
 * (0, 0) = N − Σ_a R_a − Σ_b R_b + Σ_ab (a, b). Small groups, as of adaptive tests, are counted directly.
 */
export function createPairCounts(patterns: Patterns, rows: RowCells, size: number): PairCounts {
  const { groupFrom, groupItems, counts } = patterns;
  const room: Room = {
    pairs: new Float64Array(size * size),
    higher: new Float64Array(size * size),
    having: new Float64Array(size),
  };
  const above = aboveZero(rows);
  const { pairs, higher, having } = room;
  return {
    count(posteriors, node, nodes) {
      pairs.fill(0);
      higher.fill(0);
      for (let group = 0; group < groupItems.length; group++) {
        const [first, end] = [groupFrom[group] ?? 0, groupFrom[group + 1] ?? 0];
        const large = end - first >= LARGE_GROUP;
        let persons = 0;
        having.fill(0);
        for (let row = first; row < end; row++) {
          const here = (posteriors[row * nodes + node] ?? 0) * (counts[row] ?? 0);
          if (here < NEGLIGIBLE) continue;
          persons += here;
          if (large) addPairs(above, row, here, size, higher, having);
          else addPairs(rows, row, here, size, pairs, having);
        }
        if (large) addGroup(rows, first, persons, size, room);
      }
      addHigher(rows.zeroOf, size, room);
      return pairs;
    },
  };
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

function addPairs(
  { cells, from }: RowCells,
  row: number,
  persons: number,
  size: number,
  into: Float64Array,
  having: Float64Array,
): void {
  const begin = from[row] ?? 0;
  for (let a = begin; a < (from[row + 1] ?? 0); a++) {
    const cell = cells[a] ?? 0;
    having[cell] = (having[cell] ?? 0) + persons;
    const line = cell * size;
    for (let b = begin; b <= a; b++) {
      const pair = line + (cells[b] ?? 0);
      into[pair] = (into[pair] ?? 0) + persons;
    }
  }
}

/**
 * What R and N of a large group give to the pairs with category 0.
 * @param example a row of the group, which says what items it answered
 */
function addGroup(
  { cells, from, zeroOf }: RowCells,
  example: number,
  persons: number,
  size: number,
  { pairs, having }: Room,
): void {
  const items = Array.from(cells.subarray(from[example] ?? 0, from[example + 1] ?? 0), (cell) => {
    const zero = zeroOf[cell] ?? -1;
    const first = zero < 0 ? cell : zero + 1;
    let end = first + 1;
    while (zero >= 0 && end < zeroOf.length && zeroOf[end] === zero) end++;
    let above = 0;
    for (let a = first; a < end; a++) above += having[a] ?? 0;
    return { zero, first, end, above };
  });
  const add = (row: number, column: number, value: number): void => {
    pairs[row * size + column] = (pairs[row * size + column] ?? 0) + value;
  };
  items.forEach((j, position) => {
    if (j.zero >= 0) add(j.zero, j.zero, persons - j.above);
    for (let other = 0; other < position; other++) {
      const k = items[other];
      if (k === undefined) continue;
      if (k.zero >= 0) for (let a = j.first; a < j.end; a++) add(a, k.zero, having[a] ?? 0);
      if (j.zero < 0) continue;
      for (let b = k.first; b < k.end; b++) add(j.zero, b, having[b] ?? 0);
      if (k.zero >= 0) add(j.zero, k.zero, persons - j.above - k.above);
    }
  });
}

/** The pairs above category 0, and what they take from those with it. */
function addHigher(zeroOf: Int32Array, size: number, { pairs, higher }: Room): void {
  for (let a = 0; a < size; a++) {
    const zeroA = zeroOf[a] ?? -1;
    if (zeroA === a) continue;
    for (let b = 0; b <= a; b++) {
      const persons = higher[a * size + b] ?? 0;
      if (persons === 0) continue;
      pairs[a * size + b] = (pairs[a * size + b] ?? 0) + persons;
      if (a === b) continue;
      const zeroB = zeroOf[b] ?? -1;
      if (zeroB >= 0) pairs[a * size + zeroB] = (pairs[a * size + zeroB] ?? 0) - persons;
      if (zeroA >= 0) pairs[zeroA * size + b] = (pairs[zeroA * size + b] ?? 0) - persons;
      if (zeroA >= 0 && zeroB >= 0)
        pairs[zeroA * size + zeroB] = (pairs[zeroA * size + zeroB] ?? 0) + persons;
    }
  }
}
