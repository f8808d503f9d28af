import { expect, test } from 'vitest';
import { linearMath, type MathNode } from '#functions/console/pages/item-body/linear-math.ts';

const el = (nodeName: string, ...children: readonly (MathNode | string)[]): MathNode => ({
  nodeName,
  textContent: null,
  childNodes: children.map((child) =>
    typeof child === 'string' ? { nodeName: '#text', textContent: child, childNodes: [] } : child,
  ),
});
const mn = (text: string) => el('mn', text);
const mi = (text: string) => el('mi', text);

test.each([
  ['16/3', el('mfrac', mn('16'), mn('3'))],
  ['(a+1)/2', el('mfrac', el('mrow', mi('a'), el('mo', '+'), mn('1')), mn('2'))],
  ['x^2', el('msup', mi('x'), mn('2'))],
  ['√(3^2+4^2)', el('msqrt', el('msup', mn('3'), mn('2')), el('mo', '+'), el('msup', mn('4'), mn('2')))],
  ['3√8', el('mroot', mn('8'), mn('3'))],
  [
    '∑_(k=1)^4k',
    el(
      'math',
      el('munderover', el('mo', '∑'), el('mrow', mi('k'), el('mo', '='), mn('1')), mn('4')),
      mi('k'),
    ),
  ],
  ['2x', el('mrow', mn('2'), el('mo', '\u2062'), mi('x'))],
  [
    '1, 0; 0, 1',
    el(
      'mtable',
      el('mtr', el('mtd', mn('1')), el('mtd', mn('0'))),
      el('mtr', el('mtd', mn('0')), el('mtd', mn('1'))),
    ),
  ],
])('a formula in one line: %s', (text, node) => {
  expect(linearMath(node)).toBe(text);
});
