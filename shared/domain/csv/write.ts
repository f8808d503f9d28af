import { guarded } from './guard.ts';

export type CsvValue = number | string | null | undefined;

const newline = '\r\n';

/** A cell as RFC 4180 wants it; numbers as they are, nothing where there is none. */
const cell = (value: CsvValue): string => {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = guarded(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** One line of a table for spreadsheets. */
export const csvRow = (cells: readonly CsvValue[]): string => cells.map(cell).join(',') + newline;
