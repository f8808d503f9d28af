/** What a spreadsheet takes for a formula, and the same behind quote marks of its own. */
const formula = /^'*[=+\-@\t\r]/;

/** A text as a cell that no spreadsheet evaluates: with a quote mark before it, where it begins like a formula. */
export const guarded = (text: string): string => (formula.test(text) ? `'${text}` : text);

/** The text of a cell that {@link guarded} made; other cells as they are. */
export const unguarded = (cell: string): string =>
  cell.startsWith("'") && formula.test(cell) ? cell.slice(1) : cell;
