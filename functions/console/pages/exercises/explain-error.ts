import type { Language, LearnerError, Verdict } from '#shared/domain/grading/types.ts';
import type { explanations } from '../../i18n/en/explanations.ts';

type ExplanationId = keyof typeof explanations;

interface Pattern {
  /** Classes of exceptions it is looked for in. */
  readonly types: readonly string[];
  readonly message: RegExp;
  readonly id: ExplanationId;
}

const syntax = ['SyntaxError', 'IndentationError', 'TabError', 'UnsupportedSyntax'];

/** Messages of CPython 3.14, the most telling first. */
const python: readonly Pattern[] = [
  { types: ['NameError'], message: /^name '([^']+)' is not defined/, id: 'name' },
  { types: ['UnboundLocalError'], message: /'([^']+)'/, id: 'unboundLocal' },
  { types: ['TypeError'], message: /can only concatenate str|must be str, not/, id: 'textAndNumber' },
  { types: ['TypeError'], message: /for \+: '(int|float)' and 'str'/, id: 'textAndNumber' },
  {
    types: ['TypeError'],
    message: /'?([^' ]+)'? not supported between instances of '(\w+)' and '(\w+)'/,
    id: 'operands',
  },
  {
    types: ['TypeError'],
    message: /unsupported operand type\(s\) for (.+?): '(\w+)' and '(\w+)'/,
    id: 'operands',
  },
  { types: ['TypeError', 'AttributeError'], message: /'NoneType' object/, id: 'none' },
  { types: ['TypeError'], message: /object is not callable/, id: 'notCallable' },
  { types: ['TypeError'], message: /missing \d+ required/, id: 'missingArguments' },
  { types: ['TypeError'], message: /takes .* positional arguments? but/, id: 'surplusArguments' },
  { types: ['TypeError'], message: /is not subscriptable/, id: 'notSubscriptable' },
  { types: ['ValueError'], message: /invalid literal for int\(\) with base 10: (.*)$/, id: 'invalidInt' },
  { types: ['ValueError'], message: /values to unpack/, id: 'unpack' },
  { types: ['KeyError'], message: /^(.*)$/, id: 'key' },
  { types: ['AttributeError'], message: /has no attribute '([^']+)'/, id: 'attribute' },
  { types: ['ImportError', 'ModuleNotFoundError'], message: /'([^']+)'/, id: 'import' },
  { types: syntax, message: /expected an indented block/, id: 'expectedBlock' },
  { types: syntax, message: /unexpected indent/, id: 'unexpectedIndent' },
  { types: syntax, message: /unindent does not match|inconsistent use of tabs/, id: 'unindent' },
  { types: syntax, message: /'(.)' was never closed/, id: 'neverClosed' },
  { types: syntax, message: /(?:unmatched|closing parenthesis) '(.)'/, id: 'unmatched' },
  { types: syntax, message: /expected ':'/, id: 'colon' },
  { types: syntax, message: /parentheses in call to 'print'/, id: 'printBrackets' },
  { types: syntax, message: /Maybe you meant '=='|cannot assign to .* here/, id: 'singleEquals' },
  { types: syntax, message: /unterminated (?:triple-quoted )?(?:f-)?string/, id: 'openText' },
  { types: syntax, message: /unexpected EOF/, id: 'unexpectedEnd' },
];

/** Messages of V8 and of acorn. */
const javascript: readonly Pattern[] = [
  { types: ['ReferenceError'], message: /Cannot access '([^']+)' before/, id: 'beforeDeclared' },
  { types: ['ReferenceError'], message: /^(\S+) is not defined/, id: 'name' },
  { types: ['TypeError'], message: /properties of (undefined|null)/, id: 'undefinedProperty' },
  { types: ['TypeError'], message: /^(.+) is not a (?:function|constructor)/, id: 'notAFunction' },
  { types: ['TypeError'], message: /Assignment to constant/, id: 'constant' },
  { types: ['RangeError'], message: /call stack/, id: 'recursion' },
  { types: syntax, message: /[Ii]dentifier '([^']+)' has already been declared/, id: 'declaredTwice' },
  { types: syntax, message: /end of input|Unexpected token \(\d+:\d+\)$/, id: 'unexpectedEnd' },
  { types: syntax, message: /Unterminated (?:string|template)|Invalid or unexpected token/, id: 'openText' },
];

/** What is said of a class of exceptions when no message is known better. */
const byType: Readonly<Record<string, ExplanationId>> = {
  NameError: 'nameAny',
  UnboundLocalError: 'nameAny',
  ReferenceError: 'nameAny',
  TypeError: 'type',
  ValueError: 'value',
  IndexError: 'index',
  KeyError: 'value',
  ZeroDivisionError: 'zeroDivision',
  AttributeError: 'type',
  EOFError: 'inputOver',
  RecursionError: 'recursion',
  MemoryError: 'memory',
  AssertionError: 'assertion',
  SystemExit: 'exit',
  KeyboardInterrupt: 'time',
  IndentationError: 'unindent',
  TabError: 'unindent',
  SyntaxError: 'syntax',
  UnsupportedSyntax: 'syntax',
};

const byVerdict: Partial<Readonly<Record<Verdict, ExplanationId>>> = {
  time_limit: 'time',
  memory_limit: 'memory',
  output_limit: 'output',
  internal: 'internal',
  compile_error: 'syntax',
};
/** Limits are the platform's own finding: whatever the program said while it was stopped matters less. */
const isLimit = (verdict: Verdict | undefined): boolean =>
  verdict === 'time_limit' ||
  verdict === 'memory_limit' ||
  verdict === 'output_limit' ||
  verdict === 'internal';

/** The one line that says what is wrong, out of a report with all the calls that led there. */
export function messageOf({ type, message }: Pick<LearnerError, 'type' | 'message'>): string {
  const lines = message.split('\n').filter((line) => line.trim() !== '');
  const named = lines.findLast((line) => line.startsWith(`${type}:`) || line === type);
  return (named?.slice(type.length + 1) ?? lines.at(-1) ?? '').trim();
}

export interface Explained {
  readonly id: ExplanationId;
  readonly parts: readonly string[];
}

/** Finds the words for what stopped a program; undefined when it was not stopped. */
export function explain(
  error: LearnerError | null,
  verdict: Verdict | undefined,
  language: Language,
): Explained | undefined {
  const ofVerdict = verdict && byVerdict[verdict];
  if (ofVerdict !== undefined && (isLimit(verdict) || error === null)) return { id: ofVerdict, parts: [] };
  if (error === null) return undefined;
  const said = messageOf(error);
  for (const { types, message, id } of language === 'python' ? python : javascript) {
    const found = types.includes(error.type) ? message.exec(said) : null;
    if (found) return { id, parts: found.slice(1).map((part) => part ?? '') };
  }
  return { id: byType[error.type] ?? 'other', parts: [] };
}
