import { csvRow } from '#shared/domain/csv/write.ts';
import { saveFile } from '../../teaching/save-file.ts';
import { type RosterReport, reasonOf } from './words.ts';

const head = ['line', 'name', 'username', 'email', 'grade', 'class', 'status', 'problem', 'code'];

/** The report as a table for spreadsheets, which take it for UTF-8 by its byte order mark. */
export function reportCsv({ rows }: Pick<RosterReport, 'rows'>): string {
  const lines = rows.map((row) =>
    csvRow([
      row.line,
      row.name,
      row.username,
      row.email,
      row.grade,
      row.class_name,
      row.status,
      row.problem && reasonOf(row.problem),
      row.reset_code,
    ]),
  );
  return `\uFEFF${csvRow(head)}${lines.join('')}`;
}

export const saveReport = (report: RosterReport): void =>
  saveFile('roster.csv', new Blob([reportCsv(report)], { type: 'text/csv' }));
