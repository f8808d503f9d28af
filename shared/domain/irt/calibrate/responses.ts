/** Answers of one person: categories from 0 (right is 1), `null` or -1 where not answered; or '01.1', '.' unanswered. */
export type ResponseRow = string | ArrayLike<number | null>;

/** Everybody's answers, one row for each person (or for each answer pattern, with how often it was seen). */
export interface Responses {
  readonly rows: number;
  readonly items: number;
  /** Categories from 0, -1 where not answered: [rows][items]. */
  readonly data: Int8Array;
  /** Persons per row. */
  readonly counts: Float64Array;
}

export const UNANSWERED = -1;
const HIGHEST_CATEGORY = 126;

/**
 * Checks answers and puts them into one array.
 *
 * @param rows of the same length, one for each person or pattern
 * @param counts persons per row, by default 1
 * @throws RangeError for no rows, rows of unequal length, a category that is no integer of 0 … 126, a count
 * that is no positive number
 */
export function responsesOf(rows: readonly ResponseRow[], counts?: ArrayLike<number>): Responses {
  const items = rows[0]?.length ?? 0;
  if (items === 0) throw new RangeError('there are no responses');
  if (counts !== undefined && counts.length !== rows.length)
    throw new RangeError(`${rows.length} rows have ${counts.length} counts`);
  const data = new Int8Array(rows.length * items);
  rows.forEach((row, r) => {
    if (row.length !== items)
      throw new RangeError(`row ${r} has ${row.length} responses, row 0 has ${items}`);
    for (let i = 0; i < items; i++) data[r * items + i] = category(row, r, i);
  });
  const persons = counts === undefined ? new Float64Array(rows.length).fill(1) : Float64Array.from(counts);
  persons.forEach((count, r) => {
    if (!(count > 0 && count < Number.POSITIVE_INFINITY))
      throw new RangeError(`row ${r} has the count ${count}`);
  });
  return { rows: rows.length, items, data, counts: persons };
}

function category(row: ResponseRow, r: number, i: number): number {
  const given = typeof row === 'string' ? characterCategory(row.charAt(i)) : row[i];
  if (given === null || given === UNANSWERED) return UNANSWERED;
  if (given === undefined || !Number.isInteger(given) || given < 0 || given > HIGHEST_CATEGORY)
    throw new RangeError(`row ${r}, item ${i}: ${String(row[i])} is no response category`);
  return given;
}

function characterCategory(character: string): number | null {
  if (character === '.') return null;
  return character >= '0' && character <= '9' ? Number(character) : Number.NaN;
}

/** Persons who answered the item in each category, [highest category + 1]. */
export function categoryCounts({ rows, items, data, counts }: Responses, item: number): Float64Array {
  let highest = -1;
  for (let r = 0; r < rows; r++) highest = Math.max(highest, data[r * items + item] ?? 0);
  const seen = new Float64Array(highest + 1);
  for (let r = 0; r < rows; r++) {
    const k = data[r * items + item] ?? 0;
    if (k >= 0) seen[k] = (seen[k] ?? 0) + (counts[r] ?? 0);
  }
  return seen;
}

/**
 * The rows as the E-step reads them: equal ones joined, those without an answer left out, sorted by which items
 * were answered. `cells` numbers item and category: cell = firstCell[item] + category.
 */
export interface Patterns {
  readonly rows: number;
  readonly items: number;
  /** Persons with at least one answer. */
  readonly persons: number;
  readonly counts: Float64Array;
  readonly firstCell: Int32Array;
  readonly cells: number;
  /** Cells of categories above 0 of row r: taken[takenFrom[r]] … taken[takenFrom[r + 1] - 1]. */
  readonly taken: Int32Array;
  readonly takenFrom: Int32Array;
  /** Rows of group g, who answered the same items: groupFrom[g] … groupFrom[g + 1] - 1. */
  readonly groupFrom: Int32Array;
  /** The items that a group answered. */
  readonly groupItems: readonly Int32Array[];
}

/** @param categories number of categories of each item */
export function patternsOf(responses: Responses, categories: ArrayLike<number>): Patterns {
  const { items } = responses;
  const firstCell = new Int32Array(items + 1);
  for (let i = 0; i < items; i++) firstCell[i + 1] = (firstCell[i] ?? 0) + (categories[i] ?? 0);
  const groups = [...groupedRows(responses).values()];
  const rows = groups.reduce((sum, { members }) => sum + members.size, 0);
  const counts = new Float64Array(rows);
  const takenFrom = new Int32Array(rows + 1);
  const groupFrom = new Int32Array(groups.length + 1);
  const taken: number[] = [];
  let r = 0;
  groups.forEach(({ members, answered }, g) => {
    for (const { row, count } of members.values()) {
      for (const item of answered) {
        const k = responses.data[row * items + item] ?? 0;
        if (k > 0) taken.push((firstCell[item] ?? 0) + k);
      }
      counts[r++] = count;
      takenFrom[r] = taken.length;
    }
    groupFrom[g + 1] = r;
  });
  return {
    rows,
    items,
    persons: counts.reduce((sum, count) => sum + count, 0),
    counts,
    firstCell,
    cells: firstCell[items] ?? 0,
    taken: Int32Array.from(taken),
    takenFrom,
    groupFrom,
    groupItems: groups.map(({ answered }) => answered),
  };
}

interface Group {
  readonly answered: Int32Array;
  /** By the row's text. */
  readonly members: Map<string, { readonly row: number; count: number }>;
}

function groupedRows({ rows, items, data, counts }: Responses): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (let row = 0; row < rows; row++) {
    let text = '';
    let mask = '';
    for (let i = 0; i < items; i++) {
      const k = data[row * items + i] ?? 0;
      text += String.fromCharCode(k + 1);
      if (k >= 0) mask += String.fromCharCode(i);
    }
    if (mask === '') continue;
    let group = groups.get(mask);
    if (group === undefined) {
      group = { answered: Int32Array.from(mask, (c) => c.charCodeAt(0)), members: new Map() };
      groups.set(mask, group);
    }
    const same = group.members.get(text);
    if (same === undefined) group.members.set(text, { row, count: counts[row] ?? 0 });
    else same.count += counts[row] ?? 0;
  }
  return groups;
}
