import { type Options, parse, type Program as Tree } from 'acorn';
import { createPlaces } from '#shared/domain/grading/source-rules.ts';
import type { Findings, Problem } from './findings.ts';
import { scriptWarnings } from './script-warnings.ts';

/** As the sandbox runs it: a script that starts sloppy, in which `await` works at the top. */
const asInTheSandbox: Options = {
  ecmaVersion: 'latest',
  sourceType: 'script',
  allowAwaitOutsideFunction: true,
  allowHashBang: true,
  preserveParens: true,
};

/**
 * Parses JavaScript. `shown` is what the learner wrote, when `code` is what is left of TypeScript: of the same
 * length, so that places are the same.
 */
export function readScript(code: string, forbidden: readonly string[], shown = code): Findings {
  let tree: Tree;
  try {
    tree = parse(code, asInTheSandbox);
  } catch (error) {
    if (isSyntaxError(error)) return { errors: [problem(error, code, shown)], warnings: [] };
    throw error;
  }
  return { errors: [], warnings: scriptWarnings(tree, forbidden, createPlaces(shown)) };
}

/** acorn's addition to a SyntaxError. */
interface AcornError extends SyntaxError {
  readonly pos: number;
  /** How far it had read. */
  readonly raisedAt: number;
}
const isSyntaxError = (error: unknown): error is AcornError => error instanceof SyntaxError && 'pos' in error;

function problem({ message, pos, raisedAt }: AcornError, code: string, shown: string): Problem {
  const token = code.slice(pos, Math.max(raisedAt, pos));
  const end = raisedAt > pos && !/[\r\n]/.test(token) ? raisedAt : pos;
  const places = createPlaces(shown);
  return {
    type: 'SyntaxError',
    message: explain(message.replace(/ \(\d+:\d+\)$/, ''), token),
    ...(end > pos ? places.range(pos, end) : places.at(pos)),
  };
}

/** acorn's words, with the token that it stopped at; where they speak of its options, ours. */
function explain(message: string, token: string): string {
  if (message.includes('sourceType: module'))
    return 'A program here is one script without `import` and `export`; use `require` for what it may use.';
  if (message !== 'Unexpected token') return message;
  if (token === '') return 'Unexpected end of the program';
  return /^[^\r\n]{1,20}$/u.test(token) ? `Unexpected token \`${token}\`` : message;
}
