import { describe, expect, it } from 'vitest';
import { titleOfItem } from '#functions/console/pages/item-banks/title-of-item.ts';

describe('the title of an item', () => {
  it('is how its text begins, without Markdown', () => {
    expect(titleOfItem({ body: '# Loops\n\nWhat does `range(3)` **give**?' })).toBe(
      'Loops What does range(3) give?',
    );
    expect(titleOfItem({ body: '```python\nprint(my_name)\n```\n무엇이 나올까요?' })).toBe(
      'print(my_name) 무엇이 나올까요?',
    );
  });

  it('writes formulas as near to what they mean as one line comes', () => {
    expect(titleOfItem({ body: 'What is $\\frac{1}{2} \\cdot x_{12}$?' })).toBe('What is 1/2 · x_12?');
    expect(titleOfItem({ body: 'Is $a \\le b$?' })).toBe('Is a ≤ b?');
  });

  it('leaves prices alone', () => {
    expect(titleOfItem({ body: 'A pen costs $5 and a book $6.' })).toBe('A pen costs $5 and a book $6.');
  });

  it('ends where it gets long', () => {
    const title = titleOfItem({ body: 'word '.repeat(60) }, 30);
    expect(title).toMatch(/…$/);
    expect(title.length).toBeLessThanOrEqual(30);
  });
});
