/** What stands between cells: RFC 4180 knows the comma, spreadsheets of half of Europe the semicolon, a paste the tab. */
export const separators = [',', ';', '\t'] as const;
export type Separator = (typeof separators)[number];

export interface CsvRow {
  /** Where the row begins in the text, counted from 1, as an editor shows it. */
  readonly line: number;
  readonly cells: readonly string[];
}
/** Why a text is not a table: a quote that is never closed, or text between a closing quote and the separator. */
export interface CsvFault {
  readonly line: number;
  readonly rule: 'quote_open' | 'quote_text';
}
export interface CsvTable {
  readonly separator: Separator;
  readonly rows: readonly CsvRow[];
  /** Rows before it are there; what follows cannot be told apart. */
  readonly fault: CsvFault | undefined;
}

const byteOrderMark = '\uFEFF';

/** The separator that the first line has most of, outside quotes; of equals the comma. */
export function separatorOf(text: string): Separator {
  const counts = new Map<string, number>(separators.map((one) => [one, 0]));
  let quoted = false;
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    else if (!quoted && (character === '\n' || character === '\r')) break;
    else if (!quoted) counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  const count = (one: Separator): number => counts.get(one) ?? 0;
  return separators.reduce((best, one) => (count(one) > count(best) ? one : best));
}

/**
 * Reads a table of separated cells: RFC 4180 with any of its three line ends, a byte order mark or none, and
 * quotes in the middle of an unquoted cell as themselves. Lines without a single character in a cell are left out.
 *
 * @param separator found in the first line when absent
 */
export function readCsv(given: string, separator?: Separator): CsvTable {
  const text = given.startsWith(byteOrderMark) ? given.slice(1) : given;
  const between = separator ?? separatorOf(text);
  const rows: CsvRow[] = [];
  let at = 0;
  let line = 1;
  while (at < text.length) {
    const row = readRow(text, at, between);
    if (row.fault) return { separator: between, rows, fault: { ...row.fault, line: line + row.fault.line } };
    if (row.cells.some((cell) => cell.trim() !== '')) rows.push({ line, cells: row.cells });
    line += row.lines;
    at = row.end;
  }
  return { separator: between, rows, fault: undefined };
}

interface RowRead {
  readonly cells: string[];
  readonly end: number;
  /** Line ends that it spans, its own included. */
  readonly lines: number;
  /** Its line counts from the row's. */
  readonly fault?: CsvFault;
}
const faulty = (rule: CsvFault['rule'], line: number): RowRead => ({
  cells: [],
  end: 0,
  lines: 0,
  fault: { rule, line },
});

const lineEnd = /\r\n|\r|\n/g;
const linesIn = (text: string): number => text.match(lineEnd)?.length ?? 0;

function readRow(text: string, start: number, separator: Separator): RowRead {
  const cells: string[] = [];
  let at = start;
  for (;;) {
    const cell = text[at] === '"' ? quotedCell(text, at) : plainCell(text, at, separator);
    if (cell === undefined) return faulty('quote_open', linesIn(text.slice(start, at)));
    cells.push(cell.value);
    at = cell.end;
    const next = text[at];
    if (next === separator) {
      at++;
      continue;
    }
    if (next !== undefined && next !== '\r' && next !== '\n')
      return faulty('quote_text', linesIn(text.slice(start, at)));
    const end = text.startsWith('\r\n', at) ? at + 2 : at + (next === undefined ? 0 : 1);
    return { cells, end, lines: linesIn(text.slice(start, end)) };
  }
}

interface Cell {
  readonly value: string;
  readonly end: number;
}

/** A quote in it is written twice. */
function quotedCell(text: string, start: number): Cell | undefined {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 2))
    if (text[at + 1] !== '"') return { value: text.slice(start + 1, at).replaceAll('""', '"'), end: at + 1 };
  return undefined;
}

function plainCell(text: string, start: number, separator: Separator): Cell {
  let end = start;
  while (end < text.length && text[end] !== separator && text[end] !== '\r' && text[end] !== '\n') end++;
  return { value: text.slice(start, end), end };
}
