import type { Diagnostic } from '@codemirror/lint';
import type { Text } from '@codemirror/state';

/** A place in the code that something is to be said about; lines and columns count from 1. */
export interface Mark {
  readonly kind: 'error' | 'warning';
  readonly line: number;
  readonly column: number | null;
  readonly end_line?: number | undefined;
  /** The first column behind the marked text. */
  readonly end_column?: number | undefined;
  readonly text: string;
}

/** The stretch to underline: as given, or the word at the column, or the whole line. */
export function toDiagnostic(mark: Mark, doc: Text): Diagnostic {
  const from = offset(doc, mark.line, mark.column ?? indentOf(doc, mark.line));
  const to =
    mark.end_line === undefined || mark.end_column === undefined
      ? endOfWord(doc, mark, from)
      : offset(doc, mark.end_line, mark.end_column);
  return { from, to: Math.max(from, to), severity: mark.kind, message: mark.text };
}

const lineAt = (doc: Text, line: number) => doc.line(Math.min(Math.max(1, line), doc.lines));

function offset(doc: Text, line: number, column: number): number {
  const { from, to } = lineAt(doc, line);
  return Math.min(to, from + Math.max(0, column - 1));
}

const indentOf = (doc: Text, line: number): number => {
  const { text } = lineAt(doc, line);
  return text.length - text.trimStart().length + 1;
};

function endOfWord(doc: Text, { line, column }: Mark, start: number): number {
  const { from, to, text } = lineAt(doc, line);
  const word = column === null ? undefined : /^[\p{L}\p{N}_]+/u.exec(text.slice(start - from))?.[0];
  return word === undefined ? to : start + word.length;
}
