const symbols: Readonly<Record<string, string>> = {
  cdot: '·',
  times: '×',
  div: '÷',
  le: '≤',
  leq: '≤',
  ge: '≥',
  geq: '≥',
  ne: '≠',
  neq: '≠',
  pi: 'π',
  infty: '∞',
  pm: '±',
  sqrt: '√',
};
/** A formula's source as near to what it means as one line of letters comes. */
const inOneLine = (formula: string): string =>
  formula
    .replaceAll(/\\d?frac\{([^{}]*)\}\{([^{}]*)\}/g, '$1/$2')
    .replaceAll(/\\([a-zA-Z]+)/g, (_, name: string) => symbols[name] ?? '')
    .replaceAll(/[{}]/g, '');

/** How the body begins, without its Markdown: enough to tell items apart in a list. */
export function titleOfItem({ body }: { readonly body: string }, most = 120): string {
  const words = body
    .replaceAll(/```\w*\n?/g, ' ')
    .replaceAll(/`|\*\*|^#+ |^> /gm, '')
    .replaceAll(/\$(\S(?:[^$]*\S)?)\$(?!\d)/g, (_, formula: string) => inOneLine(formula))
    .replaceAll(/\s+/g, ' ')
    .trim();
  return words.length > most ? `${words.slice(0, most - 2).trimEnd()}…` : words;
}
