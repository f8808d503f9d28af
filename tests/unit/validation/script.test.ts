import { describe, expect, test } from 'vitest';
import { errorsOf, openParsers, placeText, warningsOf } from './parsers.ts';

const parsers = await openParsers();
const js = parsers.of('javascript');
const ts = parsers.of('typescript');
const awaitAdvice = '`await` works only in an `async` function; put these lines into one, and call it.';
const moduleAdvice =
  'A program here is one script without `import` and `export`; use `require` for what it may use.';

describe('JavaScript is read as the sandbox runs it: one sloppy script', () => {
  test.each([
    ['let x = ;', '1:9-1:10 SyntaxError: Unexpected token `;`'],
    ['if (x', '1:6 SyntaxError: Unexpected end of the program'],
    ['"한😀", )', '1:8-1:9 SyntaxError: Unexpected token `)`'],
    ['const a = 1;\r\nlet a = 2', "2:5-2:8 SyntaxError: Identifier 'a' has already been declared"],
    ['\u2028let x = = 1', '1:10-1:11 SyntaxError: Unexpected token `=`'],
    // acorn has read one character more than there is
    ['f"{\\', '1:2-1:5 SyntaxError: Unterminated string constant'],
    ['return 1', "1:1-1:7 SyntaxError: 'return' outside of function"],
    ['await f()', `1:1-1:6 SyntaxError: ${awaitAdvice}`],
    ['function f() {\n  return await g()\n}', `2:10-2:15 SyntaxError: ${awaitAdvice}`],
    ['for await (const x of y) {}', `1:5-1:10 SyntaxError: ${awaitAdvice}`],
    ['import fs from "fs"', `1:1-1:7 SyntaxError: ${moduleAdvice}`],
  ])('%j', async (code, expected) => {
    expect(errorsOf(await js(code))).toEqual([expected]);
  });

  test.each([
    '#!/usr/bin/env node\n1',
    'var await = 1; with (await) {} 010; yield = 1',
    'async () => { for await (const x of y) {} await using z = null }',
    '/(?<a>x)|(?<a>y)/v; a ??= b?.c`',
  ])('%j is right', async (code) => {
    expect(errorsOf(await js(code.replace('?.c`', '?.c')))).toEqual([]);
  });
});

describe('TypeScript', () => {
  test.each([
    ['let x: = 1', '1:8-1:9 SyntaxError: Unexpected token `=`'],
    ['const 한: string = "é😀"; let y: = 1', '1:33-1:34 SyntaxError: Unexpected token `=`'],
    ['\tlet 😀: = 1', "1:6 SyntaxError: Expected ';', '}' or <eof>"],
    ['/*\t한\u0301é*/ let y: = 1', '1:17-1:18 SyntaxError: Unexpected token `=`'],
    ['let x: "😀é한" = 1; let x = 2', "1:24-1:25 SyntaxError: Identifier 'x' has already been declared"],
    ['\ufefflet x: number = 1; let x = 2', "1:25-1:26 SyntaxError: Identifier 'x' has already been declared"],
    ['import { a } from "b"', `1:1-1:7 SyntaxError: ${moduleAdvice}`],
    ['const f = async (): Promise<void> => {}; await f()', `1:42-1:47 SyntaxError: ${awaitAdvice}`],
  ])('%j', async (code, expected) => {
    const [error = '', ...more] = errorsOf(await ts(code));
    expect(more).toEqual([]);
    expect(error.replace(/-\S+/, '')).toBe(expected.replace(/-\S+/, ''));
  });

  test('types are read, never checked, and leave no trace in the warnings', async () => {
    const code = `interface A<T extends string = 'x'> { readonly b?: T }
      abstract class C<T> implements A<never> { declare x: T; abstract f(this: C<T>, y?: number): asserts y is 1 }
      const c = <T,>(x: T) => x satisfies T as unknown;
      let d: number = 'not a number'; d!; c<string>(d as never);`;
    expect(await ts(code)).toMatchObject({ errors: [] });
    expect(warningsOf(await ts(code))).toEqual([]);
  });

  test('what the sandbox rewrites is right here too, and places stay the learner’s', async () => {
    const code = 'enum Color { Red, Green }\nconst name: string = "é😀"; if (name == Color[0]) {}\n';
    const { errors, warnings } = await ts(code);
    expect(errors).toEqual([]);
    expect(warnings.map((one) => `${one.code} ${placeText(one)}`)).toEqual(['loose_equality 2:33']);
    const twice = 'class P { constructor(private x: number) {} }\nlet a;\n  let a;';
    expect((await ts(twice)).errors).toMatchObject([{ line: 3, column: 7 }]);
  });
});

describe('imports by policy', () => {
  test.each([
    'require("child_process")',
    'require("node:child_process").exec("x")',
    'const x = require(`child_process`); x()',
    'module.require("child_process")',
    'globalThis["require"]("child_process")',
    'import("child_process")',
    'require(("child_process/promises"))',
  ])('%j imports child_process', async (code) => {
    expect(warningsOf(await js(code, ['child_process']))).toEqual(['forbidden_import 1']);
    expect(warningsOf(await ts(code, ['node:child_process']))).toEqual(['forbidden_import 1']);
  });
  test.each([
    '// require("child_process")\n"require(\'child_process\')".length + 1',
    'require("child_process_2")',
    'const o = { require: (x) => x }; o.required("child_process")',
  ])('%j does not', async (code) => {
    expect(warningsOf(await js(code, ['child_process']))).toEqual([]);
  });
  test('the usual policy lets programs read stdin', async () => {
    const code =
      'require("fs").readFileSync(0); require("node:readline"); require("net"); require(process.argv[1])';
    expect(warningsOf(await js(code))).toEqual(['dynamic_import 1', 'forbidden_import 1']);
  });
});

describe('slips', () => {
  test.each([
    ['let x = 1;\nif (x = 2) {}', ['assignment_in_condition 2']],
    ['let x;\nwhile ((x = console.log())) {}', []],
    ['let x = 1;\nif (x == 2 || x != 3) {}', ['loose_equality 2', 'loose_equality 2']],
    ['let x = 1;\nif (x == null || x === 2) {}', []],
    ['let x = 1;\nif (x === NaN) {}', ['comparison_with_nan 2']],
    ['let x = 1;\nx === 2;', ['unused_comparison 2']],
    ['"use strict";\nconsole.log;', ['missing_call 2']],
    ['function f() { return 1; f() }', ['unreachable_code 1']],
    ['function f() { return g();\nfunction g() { return 1 } }', []],
    ['switch (1) { case 1: break; default: throw 1; }', []],
    ['let x = 1;\nif (x);\n{ x = 2 }', ['empty_body 2']],
    ['for (let i = 0; i < 3; i++);\n{ console.log(1) }', ['empty_body 1']],
    ['let i = 3;\nwhile (i-- > 0);', []],
    ['while (true) {}', ['endless_loop 1']],
    ['for (;;) console.log(1)', ['endless_loop 1']],
    ['do {} while (1)', ['endless_loop 1']],
    ['while (true) { if (process.argv[2]) break }', []],
    ['for (;;) { process.exit() }', []],
    ['function f() { const used = 1, spare = 2; return used }', ['unused_variable 1']],
    ['function f() { for (const x of []) {} let _y; }', []],
    ['consle.log(1)', ['undefined_name 1']],
    ['total = 1;\ntotal += 2', ['undefined_name 1']],
    ['if (typeof window === "undefined") {}', []],
    ['const { a, b: [c = 1], ...d } = {}; [a.x, c] = d; console.log(({ a }).y, (e) => e)', []],
    [
      'label: for (const k in {}) { continue label }\nclass A { #p = 1; static m() { return new.target } }',
      [],
    ],
    [
      'try {} catch ({ message }) { console.log(message) }\nfunction f({ p }, [q], ...r) { return p + q + r }',
      [],
    ],
    ['let Array = 1, undefined_ = 2;\nfunction require() {}', ['shadowed_builtin 1', 'shadowed_builtin 2']],
    ['const аge = 1; console.log(аge)', ['mixed_alphabets 1', 'mixed_alphabets 1']],
    ['eval("var x"); x', []],
  ])('%j', async (code, expected) => {
    expect(warningsOf(await js(code))).toEqual(expected);
  });
});
