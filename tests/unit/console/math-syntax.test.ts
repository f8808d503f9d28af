import { micromark } from 'micromark';
import { expect, test } from 'vitest';
import { mathHtml, mathSyntax } from '#functions/console/pages/item-body/math-syntax.ts';

const html = (text: string): string =>
  micromark(text, { extensions: [mathSyntax], htmlExtensions: [mathHtml] });

test('a formula keeps its source as it was written, blanks, stars and backslashes included', () => {
  expect(html(String.raw`So $a_1 * b_1 * c$ and $\frac{1}{2} < x$.`)).toBe(
    String.raw`<p>So <span>$a_1 * b_1 * c$</span> and <span>$\frac{1}{2} &lt; x$</span>.</p>`,
  );
});

test('two dollars make a formula of its own, over several lines', () => {
  expect(html('$$\nx = \\$5 \\\\\n  y\n$$')).toBe('<p><span>$$\nx = \\$5 \\\\\n  y\n$$</span></p>');
});

test.each([
  'It costs $5 and $6.',
  'It costs $5, then$6.',
  'From $ 5 $ on',
  'an open $x',
  'two open $$x',
  '$$$$ and $$$x$$$',
  'US$5 and CA$7',
])('prices are no formulas: %s', (text) => {
  expect(html(text)).toBe(`<p>${text}</p>`);
});

test('a price before a formula does not swallow it', () => {
  expect(html('Each costs $5, so $n$ cost $5n$.')).toBe(
    '<p>Each costs $5, so <span>$n$</span> cost <span>$5n$</span>.</p>',
  );
});

test('code keeps its dollars, and so does an escaped one', () => {
  expect(html('`$x$` costs \\$5$')).toBe('<p><code>$x$</code> costs $5$</p>');
  expect(html('```\n$x$\n```')).toBe('<pre><code>$x$\n</code></pre>');
});

test('raw HTML in a formula or beside it stays text', () => {
  expect(html('<span>$x$</span> $<img src=x onerror=y>$')).toBe(
    '<p>&lt;span&gt;<span>$x$</span>&lt;/span&gt; <span>$&lt;img src=x onerror=y&gt;$</span></p>',
  );
});
