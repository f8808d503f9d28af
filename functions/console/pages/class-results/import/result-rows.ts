import type { ImportRow } from '#shared/contracts/exam-sessions.ts';
import { type ExamType, examType } from '#shared/contracts/exam-shapes.ts';
import { type CsvRow, readCsv } from '#shared/domain/csv/read.ts';
import { toInstant } from '#shared/domain/school-time.ts';

/** Columns of a file of results; `username` and the two moments are needed, and a score or a θ. */
export const resultColumns = [
  'username',
  'exam_type',
  'started_at',
  'ended_at',
  'score',
  'theta',
  'standard_error',
  'external_id',
] as const;
type ResultColumn = (typeof resultColumns)[number];

/** Sessions that one request takes. */
export const mostResults = 500;

/** Why a file is not read: of which line and column, where that is known. */
export interface RowFault {
  readonly rule: 'quote' | 'column' | 'rows' | 'number' | 'moment' | 'type';
  readonly line: number;
  readonly column: string;
  readonly found: string;
}

export interface ReadResults {
  readonly rows: readonly ImportRow[];
  /** The line of each row. */
  readonly lines: readonly number[];
  readonly ignored_columns: readonly string[];
}

interface Place {
  readonly class_id: string;
  /** IANA name: moments without an offset are by these clocks. */
  readonly zone: string;
  /** Of rows that say nothing of their type. */
  readonly usual: ExamType;
}

/**
 * The rows of a file of results, as the request takes them; or what is wrong with the first one that cannot be read.
 * Moments are instants, local times (`2026-11-20T09:00`, also with a blank) or dates.
 */
export function readResults(text: string, place: Place): ReadResults | RowFault {
  const { rows, fault } = readCsv(text);
  if (fault) return { rule: 'quote', line: fault.line, column: '', found: '' };
  const [heading, ...body] = rows;
  const names = (heading?.cells ?? []).map((cell) => cell.trim().toLowerCase());
  const missing = (['username', 'started_at', 'ended_at'] as const).find((name) => !names.includes(name));
  if (missing !== undefined) return { rule: 'column', line: heading?.line ?? 1, column: missing, found: '' };
  if (body.length === 0 || body.length > mostResults)
    return { rule: 'rows', line: heading?.line ?? 1, column: '', found: String(body.length) };
  const read: ImportRow[] = [];
  for (const row of body) {
    const one = resultOf(row, names, place);
    if ('rule' in one) return one;
    read.push(one);
  }
  return {
    rows: read,
    lines: body.map(({ line }) => line),
    ignored_columns: names.filter((name) => name !== '' && !resultColumns.some((known) => known === name)),
  };
}

function resultOf({ line, cells }: CsvRow, names: readonly string[], place: Place): ImportRow | RowFault {
  const cell = (column: ResultColumn): string => cells[names.indexOf(column)]?.trim() ?? '';
  const fault = (rule: RowFault['rule'], column: ResultColumn): RowFault => ({
    rule,
    line,
    column,
    found: cell(column),
  });
  const type = cell('exam_type') === '' ? place.usual : examType.safeParse(cell('exam_type')).data;
  if (type === undefined) return fault('type', 'exam_type');
  const started_at = momentOf(cell('started_at'), place.zone, 'start');
  if (started_at === undefined) return fault('moment', 'started_at');
  const ended_at = momentOf(cell('ended_at'), place.zone, 'end');
  if (ended_at === undefined) return fault('moment', 'ended_at');
  const numbers: Partial<Record<'score' | 'theta' | 'standard_error', number>> = {};
  for (const column of ['score', 'theta', 'standard_error'] as const) {
    if (cell(column) === '') continue;
    const value = Number(cell(column).replace(',', '.'));
    if (!Number.isFinite(value)) return fault('number', column);
    numbers[column] = value;
  }
  const external_id = cell('external_id');
  return {
    username: cell('username'),
    class_id: place.class_id,
    exam_type: type,
    started_at,
    ended_at,
    ...numbers,
    ...(external_id !== '' && { external_id }),
  };
}

function momentOf(written: string, zone: string, edge: 'start' | 'end'): string | undefined {
  try {
    return toInstant(written.replace(/^(\d{4}-\d\d-\d\d) (?=\d)/, '$1T'), zone, edge);
  } catch {
    return undefined;
  }
}
