import type * as z from 'zod';
import { email, username } from '#shared/contracts/auth.ts';
import { mostRosterRows, type RosterProblem } from '#shared/contracts/rosters.ts';
import { gradeName } from '#shared/contracts/school-shapes.ts';
import { text } from '#shared/contracts/shapes.ts';
import { type CsvRow, type CsvTable, readCsv } from '#shared/domain/csv/read.ts';
import { invalid } from '#shared/errors.ts';

/** A row as the file has it, with what is wrong with it. */
export interface RosterRow {
  readonly line: number;
  readonly name: string;
  readonly username: string | null;
  readonly email: string | null;
  readonly grade: string | null;
  readonly class_name: string | null;
  readonly problem: RosterProblem | null;
}
export interface Roster {
  readonly rows: readonly RosterRow[];
  readonly ignored_columns: readonly string[];
}

/** How schools head their columns. */
const headings = {
  name: ['name', '이름', '성명', '학생명'],
  username: ['username', '아이디', '사용자명'],
  email: ['email', 'e-mail', '이메일', '전자우편'],
  grade: ['grade', '학년'],
  class: ['class', '반', '학급'],
} as const;
type Column = keyof typeof headings;
const columns = Object.keys(headings) as Column[];

const columnOf = (heading: string): Column | undefined => {
  const plain = heading.normalize('NFKC').trim().toLowerCase();
  return columns.find((column) => (headings[column] as readonly string[]).includes(plain));
};

const refuse = (rule: string, message: string): never => {
  throw invalid(['body', 'csv'], message, rule);
};

/**
 * The rows of a roster file.
 *
 * @throws 422 at `csv` for what makes the whole file unreadable: `csv_encoding`, `csv_quote`, `csv_header`, `csv_rows`
 */
export function readRoster(csv: string): Roster {
  if (csv.includes('\uFFFD') || csv.includes('\0'))
    refuse(
      'csv_encoding',
      'the file is not UTF-8; in Excel choose “Save as” and the type “CSV UTF-8 (comma delimited)”',
    );
  const table = readCsv(csv);
  if (table.fault) refuse('csv_quote', quoteMessage(table));
  const [head, ...rows] = table.rows;
  const places = columnsOf(head);
  if (rows.length === 0) refuse('csv_rows', 'there is no row below the heading');
  if (rows.length > mostRosterRows)
    refuse('csv_rows', `at most ${mostRosterRows} rows at once, these are ${rows.length}; split the file`);
  const width = head?.cells.length ?? 0;
  return {
    rows: rows.map((row) => rowOf(row, places, width)),
    ignored_columns: (head?.cells ?? [])
      .filter((heading) => columnOf(heading) === undefined && heading.trim() !== '')
      .map((heading) => heading.trim().slice(0, 100)),
  };
}

const quoteMessage = ({ fault }: CsvTable): string =>
  fault?.rule === 'quote_open'
    ? `line ${fault.line}: a quote is opened and never closed`
    : `line ${fault?.line ?? 1}: after a closing quote comes a separator or the end of the line`;

type Places = Readonly<Partial<Record<Column, number>>>;

function columnsOf(head: CsvRow | undefined): Places {
  const places: Partial<Record<Column, number>> = {};
  for (const [at, heading] of (head?.cells ?? []).entries()) {
    const column = columnOf(heading);
    if (column === undefined) continue;
    if (places[column] !== undefined) refuse('csv_header', `the column ${column} is there twice`);
    places[column] = at;
  }
  if (places.name === undefined)
    refuse('csv_header', 'the first line names the columns: name, username, email, grade, class');
  if (places.username === undefined && places.email === undefined)
    refuse('csv_header', 'a column username or email says what the students sign in with');
  return places;
}

/** What each cell must be; an account needs the first, and one of the next two. */
const schemas = {
  name: text(200),
  username,
  email,
  grade: gradeName,
  class: text(200),
} as const satisfies Record<Column, z.ZodType<string>>;

function rowOf({ line, cells }: CsvRow, places: Places, width: number): RosterRow {
  const problems: RosterProblem[] = [];
  const problem = (field: RosterProblem['field'], rule: RosterProblem['rule'], detail: string) =>
    problems.push({ field, rule, detail });
  const value = (column: Column): string | null => {
    const at = places[column];
    const raw = at === undefined ? '' : (cells[at]?.trim() ?? '');
    if (raw === '') return null;
    const parsed = schemas[column].safeParse(raw);
    if (parsed.success) return parsed.data;
    problem(column, 'invalid', parsed.error.issues[0]?.message ?? 'is not accepted');
    // shown again, in a report that has its own bounds
    return raw.slice(0, 300);
  };
  // first: cells that have moved are the reason for all that follows
  if (cells.slice(width).some((cell) => cell.trim() !== ''))
    problem('row', 'too_many_cells', `the row has ${cells.length} cells, the heading ${width}`);
  const row = {
    line,
    name: value('name'),
    username: value('username'),
    email: value('email'),
    grade: value('grade'),
    class_name: value('class'),
  };
  if (row.name === null) problem('name', 'missing', 'the name is missing');
  if (row.username === null && row.email === null)
    problem('username', 'missing', 'a student signs in with a username or an e-mail address');
  return { ...row, name: row.name ?? '', problem: problems[0] ?? null };
}
