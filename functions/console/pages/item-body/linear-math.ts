/** What {@link linearMath} needs of a DOM node. */
export interface MathNode {
  readonly nodeName: string;
  readonly textContent: string | null;
  readonly childNodes: Iterable<MathNode>;
}

/** Function application, invisible times, separator and plus: they have no sound. */
const invisible = /[\u2061-\u2064\u200b]/g;

/** `16/3`, `x^2`, `√(a+b)`: a formula as one line of text, for names that take no MathML. */
export function linearMath(node: MathNode): string {
  const name = node.nodeName.toLowerCase();
  if (name === '#text') return (node.textContent ?? '').replaceAll(invisible, '').trim();
  if (name === 'annotation') return '';
  const parts = [...node.childNodes].map(linearMath);
  const form = forms[name];
  return form ? form(parts) : parts.join(name === 'mtr' ? ', ' : name === 'mtable' ? '; ' : '');
}

const grouped = (text = ''): string => (/^[\p{L}\p{N}.]*$/u.test(text) ? text : `(${text})`);

type Form = (parts: readonly string[]) => string;
const scripts: Form = ([base = '', below, above]) => `${base}_${grouped(below)}^${grouped(above)}`;
const forms: Readonly<Record<string, Form>> = {
  mfrac: ([above, below]) => `${grouped(above)}/${grouped(below)}`,
  msup: ([base = '', above]) => `${base}^${grouped(above)}`,
  mover: ([base = '', above]) => `${base}^${grouped(above)}`,
  msub: ([base = '', below]) => `${base}_${grouped(below)}`,
  munder: ([base = '', below]) => `${base}_${grouped(below)}`,
  msubsup: scripts,
  munderover: scripts,
  msqrt: (parts) => `√${grouped(parts.join(''))}`,
  mroot: ([base, index = '']) => `${index}√${grouped(base)}`,
};
