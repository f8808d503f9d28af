/** `1,000` and `1,000.5` group thousands, as English and Korean do; a comma anywhere else is a decimal one. */
const grouped = /^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/;
const plain = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** The number that somebody typed; undefined for what is none. */
export function typedNumber(typed: string): number | undefined {
  const bare = typed.normalize('NFKC').replaceAll('−', '-').replaceAll(/\s/g, '');
  const text = grouped.test(bare) ? bare.replaceAll(',', '') : bare.replace(',', '.');
  if (!plain.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** Whether people would read the same number from what was typed; else the page says which one it reads. */
export const isPlain = (typed: string): boolean => /^-?\d+(\.\d+)?$/.test(typed.trim());
