/** Several texts in one cell: a separator or a backslash that belongs to a text has a backslash before it. */
export const joined = (texts: readonly string[], separator: string): string =>
  texts.map((text) => text.replaceAll('\\', '\\\\').replaceAll(separator, `\\${separator}`)).join(separator);

/** The texts of a cell, trimmed; a backslash before anything else is one. Blank texts are left out. */
export function split(cell: string, separator: string): string[] {
  const texts: string[] = [''];
  for (let at = 0; at < cell.length; at++) {
    const character = cell.charAt(at);
    const next = cell.charAt(at + 1);
    if (character === separator) texts.push('');
    else {
      const escaped = character === '\\' && (next === '\\' || next === separator);
      texts.push((texts.pop() ?? '') + (escaped ? next : character));
      if (escaped) at++;
    }
  }
  return texts.map((text) => text.trim()).filter((text) => text !== '');
}
