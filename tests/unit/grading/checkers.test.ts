import { describe, expect, it } from 'vitest';
import { acceptsText, acceptsValue } from '#shared/domain/grading/checkers.ts';

describe('what a program printed', () => {
  it('lines: ignores the kind of line ends, blanks at ends of lines and empty lines at the end', () => {
    const accepts = (output: string) => acceptsText({ kind: 'lines' }, output, '1\n\n2\n');
    expect(accepts('1 \t\r\n\r\n2  \n\n\n')).toBe(true);
    expect(accepts('1\n\n2')).toBe(true);
    expect(accepts('1\n2\n')).toBe(false);
    expect(accepts(' 1\n\n2\n')).toBe(false);
  });
  it('exact: ignores nothing', () => {
    expect(acceptsText({ kind: 'exact' }, '1\n', '1\n')).toBe(true);
    expect(acceptsText({ kind: 'exact' }, '1', '1\n')).toBe(false);
  });
  it('tokens: ignores what is between words', () => {
    expect(acceptsText({ kind: 'tokens' }, '1 2\n3', ' 1\n2   3\n')).toBe(true);
    expect(acceptsText({ kind: 'tokens' }, '12 3', '1 2 3')).toBe(false);
  });
  it('set: ignores the order of lines, not how often they come', () => {
    expect(acceptsText({ kind: 'set' }, 'b\na\n', 'a\nb')).toBe(true);
    expect(acceptsText({ kind: 'set' }, 'a\na\nb\n', 'a\nb')).toBe(false);
  });
  it('float: compares numbers up to a tolerance and words exactly', () => {
    const accepts = (output: string) =>
      acceptsText({ kind: 'float', tolerance: 1e-6 }, output, 'x 3.1415926 1000000\n');
    expect(accepts('x 3.14159265 1000000.5')).toBe(true);
    expect(accepts('x 3.15 1000000')).toBe(false);
    expect(accepts('y 3.1415926 1000000')).toBe(false);
    expect(accepts('x nan 1000000')).toBe(false);
  });
  it('takes no longer for a line full of blanks', () => {
    const blanks = `${' '.repeat(60_000)}x`;
    const started = performance.now();
    acceptsText({ kind: 'lines' }, blanks, 'x');
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

it('checkers about blanks are strict about values', () => {
  expect(acceptsValue({ kind: 'lines' }, { $float: '25.0' }, 25)).toBe(false);
  expect(acceptsValue({ kind: 'float', tolerance: 0 }, { $float: '25.0' }, 25)).toBe(true);
  expect(acceptsValue({ kind: 'set' }, [2, 1], [1, 2])).toBe(true);
});
