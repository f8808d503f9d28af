import { joined, split } from './lists.ts';
import type { ItemKind, NumericKey, Question } from './types.ts';

/** A key as people read it: options count from 1, a number has its tolerance behind it, texts stand between `|`. */
export function keyCell(question: Question): string | number {
  switch (question.kind) {
    case 'choice':
      return question.key + 1;
    case 'multi':
      return question.key.map((position) => position + 1).join(';');
    case 'numeric':
      return numericCell(question.key);
    case 'text':
      return joined(question.key.accepted, '|');
  }
}

function numericCell({ value, tolerance, tolerance_kind }: NumericKey): string | number {
  if (tolerance_kind === 'relative') return `${value}±${percentOf(tolerance)}%`;
  return tolerance === 0 ? value : `${value}±${tolerance}`;
}

/**
 * The key that a cell means; undefined when it means none to this kind.
 * @param case_sensitive of accepted texts
 */
export function keyOf(cell: string, kind: ItemKind, case_sensitive: boolean): unknown {
  switch (kind) {
    case 'choice':
      return positionOf(cell.trim());
    case 'multi': {
      const positions = cell
        .split(/[\s;,]+/)
        .filter((part) => part !== '')
        .map(positionOf);
      return positions.every((position) => position !== undefined) ? positions : undefined;
    }
    case 'numeric':
      return numericKeyOf(cell);
    case 'text':
      return { accepted: split(cell, '|'), case_sensitive };
  }
}

/** `2` and `B` are the second option, position 1. */
function positionOf(part: string): number | undefined {
  if (/^[A-Ja-j]$/.test(part)) return part.toUpperCase().charCodeAt(0) - 65;
  return /^[1-9]\d?$/.test(part) ? Number(part) - 1 : undefined;
}

function numericKeyOf(cell: string): NumericKey | undefined {
  const [typed = '', allowed = '0', ...more] = cell.split(/±|\+\/-|\+-/).map((part) => part.trim());
  const relative = allowed.endsWith('%');
  const value = numberOf(typed);
  const tolerance = relative ? shareOf(allowed.slice(0, -1).trim()) : numberOf(allowed);
  if (value === undefined || tolerance === undefined || more.length > 0) return undefined;
  return { value, tolerance, tolerance_kind: relative ? 'relative' : 'absolute' };
}

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** A number as a spreadsheet shows it; half of Europe and its spreadsheets write a comma. */
export function numberOf(cell: string): number | undefined {
  const text = cell
    .trim()
    .replace('\u2212', '-')
    .replace(/^([+-]?\d+),(\d+)$/, '$1.$2');
  const value = Number(text);
  return decimal.test(text) && Number.isFinite(value) ? value : undefined;
}

/** Moves the point, so that what is read again is the same number: 100 · 0.07 is 7.000000000000001. */
const shifted = (text: string, by: number): string => {
  const [digits = '', exponent = '0'] = text.toLowerCase().split('e');
  return `${digits}e${Number(exponent) + by}`;
};
const shareOf = (percent: string): number | undefined => {
  const plain = numberOf(percent);
  return plain === undefined ? undefined : Number(shifted(percent.replace(',', '.'), -2));
};
function percentOf(share: number): string {
  const plain = String(Number(shifted(String(share), 2)));
  return shareOf(plain) === share ? plain : shifted(String(share), 2);
}
