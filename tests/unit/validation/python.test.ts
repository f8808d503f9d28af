import { loadPyodide } from 'pyodide';
import { describe, expect, test } from 'vitest';
import { errorsOf, openParsers, placeText, warningsOf } from './parsers.ts';

const parsers = await openParsers();
const read = parsers.of('python');
const errors = async (code: string) => errorsOf(await read(code));
const warnings = async (code: string, forbidden?: readonly string[]) =>
  warningsOf(await read(code, forbidden));

describe('errors of the grammar are CPython’s own, with their place', () => {
  test.each([
    ['if True\n  pass', ["1:8 SyntaxError: expected ':'"]],
    ['x = (1,\n', ["1:5 SyntaxError: '(' was never closed"]],
    [
      'def f():\npass',
      ['2:1-2:5 IndentationError: expected an indented block after function definition on line 1'],
    ],
    ['if 1:\n\tx\n        y', ['3:1 TabError: inconsistent use of tabs and spaces in indentation']],
    [
      'print "hi"',
      ["1:1-1:11 SyntaxError: Missing parentheses in call to 'print'. Did you mean print(...)?"],
    ],
    ['a\rb c', ['2:3-2:4 SyntaxError: invalid syntax']],
    ['f"{a b}"', ['1:4-1:7 SyntaxError: invalid syntax. Perhaps you forgot a comma?']],
  ])('%j', async (code, expected) => {
    expect(await errors(code)).toEqual(expected);
  });

  test.each([
    ['from the parser, which counts characters', 'x = "한é😀" 1', '1:12-1:13'],
    ['from the table of symbols, which counts bytes', '"한é😀"; nonlocal x', '1:9-1:19'],
    ['from our own rules, which see the tree', '"한é😀"; return 1', '1:9-1:17'],
  ])('columns count UTF-16 units: %s', async (_where, code, place) => {
    expect((await read(code)).errors.map(placeText)).toEqual([place]);
  });

  test('a declared encoding, a form feed, CR LF and a name in Korean are no errors', async () => {
    for (const code of [
      '# -*- coding: koi8-r -*-\n이름 = 1\r\n\fprint(이름)',
      '# coding: nonsense\n',
      '\n\n',
    ])
      expect(await errors(code)).toEqual([]);
  });
});

/** Found by CPython only while it makes code, which the validator never does. */
const lateErrors = [
  'return 1',
  'class A:\n  return 1',
  'yield 1',
  'class A:\n  x = yield from []',
  'async def f():\n  yield from []',
  'break',
  'if 1:\n  continue',
  'for x in []:\n  def f():\n    break',
  'while 1:\n  pass\nelse:\n  break',
  'try:\n  pass\nexcept* ValueError:\n  return',
  'for x in []:\n  try:\n    pass\n  except* ValueError:\n    break',
  'await f()',
  'def f():\n  await g()',
  'def f():\n  async for x in y: pass',
  'def f():\n  async with x: pass',
  'def f():\n  return [x async for x in y]',
  'async def f():\n  yield 1\n  return 2',
  'try:\n  pass\nexcept:\n  pass\nexcept ValueError:\n  pass',
  '*a = b',
  'a, *b, *c = d',
  'a = *b',
  'for *x in y: pass',
  '*a',
  'f(a=1, b=2, a=3)',
  'class A(m=1, m=2): pass',
  'match x:\n  case _: pass\n  case 1: pass',
  'match x:\n  case y: pass\n  case 1: pass',
  '__debug__ = 1',
  'def f(__debug__): pass',
  'del __debug__',
  'nonlocal x',
  'def f(a, a): pass',
  'def f():\n  x = 1\n  global x',
  'from __future__ import braces',
  'def f():\n  from os import *',
  'x: int = 1\ndef f():\n  (yield)\n  nonlocal x',
];

/** Right programs that the rules above could take for wrong ones. */
const rightPrograms = [
  'for x in []:\n  try:\n    break\n  finally:\n    pass',
  'while 1:\n  if x: break\n  else: continue',
  'def f():\n  while 1:\n    def g():\n      return 1\n    return g',
  'lambda: (yield)',
  'async def f():\n  async with a as b: pass\n  async for x in y: pass\n  return [await z async for z in y]',
  'async def f():\n  yield 1\n  return',
  'def f():\n  yield 1\n  return 2',
  'def f():\n  return (x async for x in y)',
  'try:\n  pass\nexcept* ValueError:\n  for x in []: break',
  'try:\n  pass\nexcept* ValueError:\n  def f(): return 1',
  'a, *b = c',
  '*a, = b',
  'print(*a, *b)',
  'x = *a, *b',
  'for x in *a, *b: pass',
  'def f():\n  return *a, *b',
  'f(**a, **b)',
  'match x:\n  case _ if y: pass\n  case 1: pass\n  case _: pass',
  'match x:\n  case [a, *_]: pass\n  case {"k": v, **rest}: pass\n  case A(b=1) | 2: pass',
  'if __debug__: pass',
  'def f(x=(yield_ := 1)): return x',
  'class A[T](B, k=1):\n  x: T',
  'type X[T] = list[T]',
  '@(lambda f: f)\ndef f(a, /, b, *, c): pass',
  'print(t"{x}")',
  'try: pass\nexcept A, B: pass',
];

describe('errors after the grammar', async () => {
  const cpython = await loadPyodide({ env: {}, stdout: () => undefined, stderr: () => undefined });
  const compiled = cpython.runPython(`
import warnings
warnings.simplefilter('ignore')
def compiled(code):
    try:
        compile(code, 'main.py', 'exec')
    except SyntaxError as error:
        return f'{error.lineno} {error.msg}'
    return 'right'
compiled
`) as (code: string) => string;
  const validated = async (code: string) => {
    const [first] = (await read(code)).errors;
    return first ? `${first.line} ${first.message}` : 'right';
  };

  test.each(lateErrors)('%j is what CPython says when it compiles', async (code) => {
    expect(compiled(code)).not.toBe('right');
    expect(await validated(code)).toBe(compiled(code));
  });
  test.each(rightPrograms)('%j is right, and CPython agrees', async (code) => {
    expect(compiled(code)).toBe('right');
    expect(await validated(code)).toBe('right');
  });
});

describe('imports by policy', () => {
  test.each([
    'import os',
    'import math, os',
    'import os.path as p',
    'from os import environ',
    'from os.path import join',
    'def f():\n  import os\nf()',
    'x = __import__("os")',
    'import importlib\nimportlib.import_module("os.path")',
    'import importlib as i\ni.import_module("os")',
    'from importlib import import_module as m\nm("os")',
  ])('%j imports os', async (code) => {
    expect((await read(code, ['os'])).warnings.map((one) => one.code)).toEqual(['forbidden_import']);
  });

  test.each([
    '"import os"  # import os',
    'import ossaudio',
    'import osmium.os',
    'from . import os',
    'os = 1\nprint(os)',
    'x = "__import__"\nprint(x)',
    'class A:\n  def import_module(self, x): return x\nA().import_module("os")',
  ])('%j does not', async (code) => {
    expect(await warnings(code, ['os'])).toEqual([]);
  });

  test('a rule covers what lies below it and nothing above', async () => {
    expect(await warnings('import os\nfrom os import path\nimport os.path', ['os.path'])).toEqual([
      'forbidden_import 2',
      'forbidden_import 3',
    ]);
  });
  test('an import that cannot be checked is said to be so; without a policy nothing is', async () => {
    const code = 'name = input()\n__import__(name)';
    expect(await warnings(code, ['os'])).toEqual(['dynamic_import 2']);
    expect(await warnings(`import os, subprocess\n${code}`, [])).toEqual([]);
  });
  test('the usual policy forbids processes, sockets and `__import__`, and lets programs read sys.stdin', async () => {
    const code =
      'import os\nimport subprocess\nimport socket\n__import__("math")\nimport sys, math, random, re\n';
    expect(await warnings(code)).toEqual([1, 2, 3, 4].map((line) => `forbidden_import ${line}`));
  });
});

describe('slips', () => {
  test.each([
    ['try: pass\nexcept: pass', ['bare_except 2']],
    ['try: pass\nexcept Exception: pass', []],
    ['def f(a, b=[], *, c={}, d=dict()): return a, b, c, d', Array(3).fill('mutable_default 1')],
    ['def f(a=(), b=None, c=0): return a, b, c', []],
    ['x = 1\nif x is 1: pass\nif x is not "a": pass', ['is_literal 2', 'is_literal 3']],
    ['x = 1\nif x is None or x is True or x is ...: pass', []],
    ['def f():\n  return 1\n  print(2)', ['unreachable_code 3']],
    ['while True:\n  break\n  print(1)', ['unreachable_code 3']],
    ['def f(x):\n  if x:\n    return 1\n  return 2', []],
    ['while True:\n  pass', ['endless_loop 1']],
    ['while 1:\n  for x in []:\n    break', ['endless_loop 1']],
    ['while True:\n  for x in []: pass\n  else: break', []],
    ['while True:\n  try:\n    print(input())\n  except EOFError:\n    break', []],
    ['def f():\n  while True:\n    yield 1', []],
    ['def f():\n  while True:\n    return 1', []],
    ['import sys\nwhile True:\n  sys.exit()', []],
    ['while True:\n  n = int(input())\n  print(n)', []],
    ['while True:\n  def f(): return 1\n  print(f())', ['endless_loop 1']],
    [
      'list = [1]\ndef sum(max): return max',
      Array(1).fill('shadowed_builtin 1').concat(Array(2).fill('shadowed_builtin 2')),
    ],
    ['class A:\n  id = 1\n  def open(self, input): return input', ['shadowed_builtin 3']],
    ['x = 1\nx == 2', ['unused_comparison 2']],
    ['x = 1\nx < 2', ['unused_comparison 2']],
    ['a = []\na.sort\nprint', ['missing_call 2', 'missing_call 3']],
    ['"""doc"""\n...\nprint()', []],
    ['x = 1\nassert (x, "message")', ['assert_tuple 2']],
    ['print("\\d")', ['invalid_escape 1']],
    ['print(r"\\d", "\\n")', []],
    ['pritn(1)', ['undefined_name 1']],
    ['def f():\n  reslut = 1\n  return result', ['undefined_name 3', 'unused_variable 2']],
    ['def f():\n  _, b = 1, 2\n  for i in range(3): pass\n  _c = 1', []],
    ['def f():\n  global g\n  g = 1\nf()', []],
    ['def f():\n  x = 0\n  x += 1', []],
    ['from math import *\nprint(sqrt(2))', []],
    ['print(__name__, [y for y in []], (lambda z: z)(1))\ntry: pass\nexcept ValueError as e: print(e)', []],
    [
      'match [1]:\n  case [a, *b]: print(a, b)\n  case {"x": c, **d}: print(c, d)\n  case int() as e: print(e)',
      [],
    ],
    ['class A[T]:\n  def f(self) -> T: return super().f()\nimport a.b\na.b', ['missing_call 4']],
    ['аge = 1\nprint(аge)', ['mixed_alphabets 1', 'mixed_alphabets 2']],
  ])('%j', async (code, expected) => {
    expect(await warnings(code)).toEqual(expected);
  });

  test('a misspelt name comes with the likely one', async () => {
    const [warning] = (await read('pritn(1)')).warnings;
    expect(warning?.message).toBe('Define `pritn` before using it; did you mean `print`?');
  });

  test('a wrong line gives no other warnings: what the grammar cannot read has no tree', async () => {
    expect(await read('import os\nif x\n')).toMatchObject({ errors: [{ line: 2 }], warnings: [] });
  });
});
