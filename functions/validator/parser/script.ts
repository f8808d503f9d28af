import { type Options, type Program, parse } from 'acorn';
import { createPlaces, type Place } from '#shared/domain/grading/source-rules.ts';
import { type Findings, type Problem, tooComplex } from './findings.ts';
import type { Remark } from './script-imports.ts';
import { scriptRemarks } from './script-remarks.ts';

/** As the sandbox compiles it: a script that starts sloppy, in which `await` needs an async function. */
const asInTheSandbox: Options = {
  ecmaVersion: 'latest',
  sourceType: 'script',
  allowAwaitOutsideFunction: false,
  allowHashBang: true,
  preserveParens: true,
};

/** Where `code.slice(start, end)` stands in what the learner wrote. */
export interface Places {
  /** Undefined for what the learner did not write. */
  readonly written: (start: number, end: number) => Place | undefined;
  readonly near: (start: number, end: number) => Place;
}

/** Of code that the learner wrote, or that differs from it in blanks only. */
export function asWritten(code: string): Places {
  const { range } = createPlaces(code);
  return { written: range, near: range };
}

/** Reads JavaScript. */
export function readScript(code: string, forbidden: readonly string[], places = asWritten(code)): Findings {
  let tree: Program;
  try {
    tree = parse(code, asInTheSandbox);
  } catch (error) {
    if (isStackOverflow(error)) return tooComplex;
    if (isSyntaxError(error)) return { errors: [problem(error, code, places)], warnings: [] };
    throw error;
  }
  const place = ({ node, code: rule, message }: Remark) => {
    const found = places.written(node.start, node.end);
    return found ? [{ code: rule, message, ...found }] : [];
  };
  return { errors: [], warnings: scriptRemarks(tree, forbidden).flatMap(place) };
}

/** acorn's addition to a SyntaxError. */
interface AcornError extends SyntaxError {
  readonly pos: number;
  /** How far it had read. */
  readonly raisedAt: number;
}
const isSyntaxError = (error: unknown): error is AcornError => error instanceof SyntaxError && 'pos' in error;

const isStackOverflow = (error: unknown): boolean =>
  error instanceof RangeError || (isSyntaxError(error) && error.message.startsWith('Not enough stack space'));

function problem(error: AcornError, code: string, { near }: Places): Problem {
  const { message, start, end } = awaitOutside(error, code) ?? whatAcornSays(error, code);
  const { line, column, ...to } = near(start, end);
  return { type: 'SyntaxError', message, line, column, ...(end > start && to) };
}

interface Complaint {
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

function whatAcornSays({ message, pos, raisedAt }: AcornError, code: string): Complaint {
  const token = code.slice(pos, raisedAt);
  const end = raisedAt > pos && !/[\r\n]/.test(token) ? raisedAt : pos;
  return { message: explain(message.replace(/ \(\d+:\d+\)$/, ''), token), start: pos, end };
}

/** acorn's words, with the token that it stopped at; where they speak of its options, ours. */
function explain(message: string, token: string): string {
  if (message.includes('sourceType: module'))
    return 'A program here is one script without `import` and `export`; use `require` for what it may use.';
  if (message !== 'Unexpected token') return message;
  if (token === '') return 'Unexpected end of the program';
  return /^[^\r\n]{1,20}$/u.test(token) ? `Unexpected token \`${token}\`` : message;
}

/** Outside async functions `await` is a name, and acorn complains of what comes after it. */
function awaitOutside({ pos }: AcornError, code: string): Complaint | undefined {
  const name = /\bawait[ \t]+$/.exec(code.slice(0, pos));
  const isOperand = /^[\p{ID_Start}$_'"`\d{]/u.test(code.slice(pos, pos + 2));
  const loop = /\bfor[ \t]*$/.test(code.slice(0, pos)) && code.startsWith('await', pos);
  if (!loop && !(name && isOperand)) return undefined;
  const start = loop ? pos : (name?.index ?? pos);
  const message = '`await` works only in an `async` function; put these lines into one, and call it.';
  return { message, start, end: start + 'await'.length };
}
