import { describe, expect, it } from 'vitest';
import { explain, messageOf } from '#functions/console/pages/exercises/explain-error.ts';
import type { Language } from '#shared/domain/grading/types.ts';

const said = (language: Language, text: string) => {
  const [, type = '', message = ''] = /^(\w+): ?([\s\S]*)$/.exec(text) ?? [];
  return explain({ type, message, line: 1, column: null }, 'runtime_error', language);
};

describe('an error is explained', () => {
  it.each([
    ["NameError: name 'totl' is not defined. Did you mean: 'total'?", 'name', ['totl']],
    ["UnboundLocalError: cannot access local variable 'n' where it is not associated", 'unboundLocal', ['n']],
    ['TypeError: can only concatenate str (not "int") to str', 'textAndNumber', []],
    ["TypeError: unsupported operand type(s) for +: 'int' and 'str'", 'textAndNumber', ['int']],
    ["TypeError: unsupported operand type(s) for /: 'str' and 'int'", 'operands', ['/', 'str', 'int']],
    ["TypeError: '<' not supported between instances of 'str' and 'int'", 'operands', ['<', 'str', 'int']],
    ["TypeError: 'NoneType' object is not iterable", 'none', []],
    ["TypeError: 'int' object is not callable", 'notCallable', []],
    ["TypeError: f() missing 1 required positional argument: 'b'", 'missingArguments', []],
    ['TypeError: f() takes 1 positional argument but 2 were given', 'surplusArguments', []],
    ["ValueError: invalid literal for int() with base 10: '3 4'", 'invalidInt', ["'3 4'"]],
    ['ValueError: not enough values to unpack (expected 2, got 1)', 'unpack', []],
    ["KeyError: 'mina'", 'key', ["'mina'"]],
    ['IndexError: list index out of range', 'index', []],
    ['ZeroDivisionError: division by zero', 'zeroDivision', []],
    ["AttributeError: 'str' object has no attribute 'push'", 'attribute', ['push']],
    ["ModuleNotFoundError: No module named 'requests'", 'import', ['requests']],
    ['EOFError: EOF when reading a line', 'inputOver', []],
    ['RecursionError: maximum recursion depth exceeded', 'recursion', []],
    ["IndentationError: expected an indented block after 'if' statement on line 1", 'expectedBlock', []],
    ["SyntaxError: '(' was never closed", 'neverClosed', ['(']],
    ["SyntaxError: expected ':'", 'colon', []],
    ['SyntaxError: unterminated string literal (detected at line 1)', 'openText', []],
    ['SyntaxError: invalid syntax', 'syntax', []],
    ['StrangeError: never seen', 'other', []],
  ])('of Python: %s', (text, id, parts) => expect(said('python', text)).toEqual({ id, parts }));

  it.each([
    ['ReferenceError: totl is not defined', 'name', ['totl']],
    ["ReferenceError: Cannot access 'a' before initialization", 'beforeDeclared', ['a']],
    ["TypeError: Cannot read properties of undefined (reading 'length')", 'undefinedProperty', ['undefined']],
    ['TypeError: lines.push2 is not a function', 'notAFunction', ['lines.push2']],
    ['TypeError: Assignment to constant variable.', 'constant', []],
    ['RangeError: Maximum call stack size exceeded', 'recursion', []],
    ["SyntaxError: Identifier 'a' has already been declared", 'declaredTwice', ['a']],
    ['SyntaxError: Unexpected end of input', 'unexpectedEnd', []],
  ])('of JavaScript: %s', (text, id, parts) => expect(said('javascript', text)).toEqual({ id, parts }));

  it('by its last line, when the message is the whole report', () => {
    const message = [
      'Traceback (most recent call last):',
      '  File "main.py", line 5, in <module>',
      '    print(totl)',
      "NameError: name 'totl' is not defined",
    ].join('\n');
    expect(messageOf({ type: 'NameError', message })).toBe("name 'totl' is not defined");
    expect(said('python', `NameError: ${message}`)).toEqual({ id: 'name', parts: ['totl'] });
  });

  it('by the limit that ended it, whatever it said meanwhile', () => {
    const error = { type: 'KeyboardInterrupt', message: '', line: 3, column: null };
    expect(explain(error, 'time_limit', 'python')?.id).toBe('time');
    expect(explain(null, 'memory_limit', 'python')?.id).toBe('memory');
    expect(explain(null, 'output_limit', 'typescript')?.id).toBe('output');
  });

  it('only where there is one', () => expect(explain(null, 'wrong_answer', 'python')).toBeUndefined());
});
