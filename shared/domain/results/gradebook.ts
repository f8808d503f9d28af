import { csvRow } from '../csv/write.ts';
import { localTime } from '../school-time.ts';

/** A gradebook: what a class was given as columns, its students as rows. */

export type WorkStatus = 'none' | 'in_progress' | 'waiting' | 'done' | 'missing';
export interface Cell {
  readonly value: number | null;
  readonly status: WorkStatus;
  readonly late: boolean;
}
export const noCell: Cell = { value: null, status: 'none', late: false };

export interface Column {
  readonly kind: 'assignment' | 'quiz' | 'exam';
  readonly id: string;
  readonly title: string;
  readonly opens_at: string | null;
  readonly due_at: string | null;
  /** Percent, or a test's 200 to 800. */
  readonly scale: 'percent' | 'scaled';
}
export interface Student {
  readonly student_id: string;
  readonly name: string;
}

/** Nothing was done: by now it should have been, or there is still time. */
export const untouched = (due_at: string | null, at: string): Cell => ({
  ...noCell,
  status: due_at !== null && due_at < at ? 'missing' : 'none',
});

/** Two decimals; null of nothing. */
export function meanOf(values: readonly (number | null)[]): number | null {
  const given = values.filter((value) => value !== null);
  if (given.length === 0) return null;
  return Math.round((given.reduce((sum, value) => sum + value, 0) / given.length) * 100) / 100;
}

/** By due date, those without one last, of equals by title. */
const byDue = (a: Column, b: Column): number => {
  const [one, other] = [a, b].map(({ due_at, title, id }) => `${due_at ?? '~'}#${title}#${id}`);
  return (one ?? '') < (other ?? '') ? -1 : 1;
};

/**
 * The table of it, with averages of columns, rows and all. What is missing has no value: it is counted beside the
 * average, which is for the teacher to judge.
 *
 * @param cells the columns' cells by student
 */
export function tabulate<C extends Column, S extends Student>(
  given: readonly { readonly column: C; readonly cells: ReadonlyMap<string, Cell> }[],
  roster: readonly S[],
) {
  const sorted = given.toSorted((a, b) => byDue(a.column, b.column));
  const rows = roster.map((student) => {
    const cells = sorted.map(({ cells }) => cells.get(student.student_id) ?? noCell);
    const percents = cells.flatMap(({ value }, at) =>
      sorted[at]?.column.scale === 'percent' ? [value] : [],
    );
    return {
      ...student,
      cells,
      average: meanOf(percents),
      missing: cells.filter(({ status }) => status === 'missing').length,
    };
  });
  const columns = sorted.map(({ column }, at) => {
    const values = rows.map(({ cells }) => cells[at]?.value ?? null);
    return { ...column, graded: values.filter((value) => value !== null).length, average: meanOf(values) };
  });
  return { columns, rows, average: meanOf(rows.map(({ average }) => average)) };
}
export type Tabulated<S extends Student> = ReturnType<typeof tabulate<Column, S>>;

const words = {
  en: {
    student: 'Student',
    due: 'Due',
    average: 'Average',
    missing: 'Missing',
    id: 'Id',
    username: 'Username',
    email: 'E-mail',
  },
  ko: {
    student: '학생',
    due: '기한',
    average: '평균',
    missing: '미제출',
    id: 'ID',
    username: '사용자 이름',
    email: '이메일',
  },
} as const;

export interface Details {
  readonly username: string | null;
  readonly email: string | null;
}

const byteOrderMark = '\uFEFF';

/**
 * For spreadsheets: headings, due dates by the school's clocks, a row for each student, averages. Excel takes a file for
 * UTF-8 by its byte order mark; cells that it would take for formulas are guarded.
 *
 * @param detailsOf adds ids, usernames and e-mail addresses
 */
export function gradebookCsv<S extends Student>(
  { columns, rows, average }: Tabulated<S>,
  zone: string,
  locale: keyof typeof words,
  detailsOf?: (student_id: string) => Details,
): string {
  const word = words[locale];
  const blank = detailsOf ? ['', '', ''] : [];
  const due = (due_at: string | null) => (due_at === null ? '' : localTime(due_at, zone).replace('T', ' '));
  const details = (student_id: string) => {
    if (!detailsOf) return [];
    const { username, email } = detailsOf(student_id);
    return [student_id, username, email];
  };
  const lines = [
    [
      word.student,
      ...(detailsOf ? [word.id, word.username, word.email] : []),
      ...columns.map(({ title }) => title),
      word.average,
      word.missing,
    ],
    [word.due, ...blank, ...columns.map(({ due_at }) => due(due_at)), '', ''],
    ...rows.map(({ name, student_id, cells, average: own, missing }) => [
      name,
      ...details(student_id),
      ...cells.map(({ value }) => value),
      own,
      missing,
    ]),
    [word.average, ...blank, ...columns.map((column) => column.average), average, ''],
  ];
  return byteOrderMark + lines.map(csvRow).join('');
}
