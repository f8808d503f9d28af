import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { readSourceMap } from '#shared/domain/grading/source-map.ts';
import { createPlaces } from '#shared/domain/grading/source-rules.ts';
import type { Findings, Problem, Program } from './findings.ts';
import { asWritten, readScript } from './script.ts';

/** The part of amaro that turns TypeScript into JavaScript: swc as WebAssembly. */
interface Amaro {
  readonly transformSync: (
    code: string,
    options: { readonly mode: 'strip-only' | 'transform'; readonly sourceMap?: boolean },
  ) => { readonly code: string; readonly map?: string };
}

/** What swc throws: no Error, unless it has broken. Lines count from 1, columns from 0. */
interface SwcError {
  readonly code: 'InvalidSyntax' | 'UnsupportedSyntax';
  readonly message: string;
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}
const isSwcError = (error: unknown): error is SwcError =>
  typeof error === 'object' && error !== null && 'startLine' in error && 'startColumn' in error;

/**
 * TypeScript as the sandbox takes it: types become blanks, and what is left is JavaScript at the same places; a
 * program with an enum, a namespace or a parameter property is rewritten instead, with a map of places.
 */
export function openTypeScript(assets: URL): (program: Program) => Findings {
  const load = createRequire(import.meta.url);
  // this file of amaro's has no types of its own
  const amaro = load(fileURLToPath(new URL('typescript/amaro.cjs', assets))) as Amaro;
  // the first job compiles what all later ones use
  amaro.transformSync('let ready: boolean', { mode: 'strip-only' });

  const strip = ({ code, forbidden }: Program): Findings => {
    const stripped = padded(amaro.transformSync(code, { mode: 'strip-only' }).code, code);
    return readScript(stripped, forbidden, asWritten(code));
  };
  const rewrite = ({ code, forbidden }: Program): Findings => {
    const { code: made, map } = amaro.transformSync(code, { mode: 'transform', sourceMap: true });
    const places = createPlaces(made);
    const original = readSourceMap(map ?? '{}');
    return readScript(made, forbidden, {
      written: (start) => original(places.at(start), true),
      near: (start) => original(places.at(start)) ?? { line: 1, column: 1 },
    });
  };

  return (program) => {
    try {
      return strip(program);
    } catch (error) {
      if (!isSwcError(error) || error.code !== 'UnsupportedSyntax') return refused(error, program.code);
    }
    try {
      return rewrite(program);
    } catch (error) {
      return refused(error, program.code);
    }
  };
}

/** What swc refuses is the learner's error; when it throws anything else, it has broken. */
function refused(error: unknown, code: string): Findings {
  if (!isSwcError(error)) throw error;
  return { errors: [problem(error, code)], warnings: [] };
}

/** swc drops a byte order mark. */
const padded = (stripped: string, code: string): string =>
  code.startsWith('\uFEFF') && stripped.length === code.length - 1 ? ` ${stripped}` : stripped;

function problem(error: SwcError, code: string): Problem {
  const places = createPlaces(code);
  const column = (line: number, shown: number) => columnOf(places.line(line), shown) + 1;
  const { startLine, endLine } = error;
  const from = { line: startLine, column: column(startLine, error.startColumn) };
  const to = { line: endLine, column: column(endLine, error.endColumn) };
  const isRange = to.line > from.line || (to.line === from.line && to.column > from.column);
  return {
    type: error.code === 'UnsupportedSyntax' ? 'UnsupportedSyntax' : 'SyntaxError',
    message: explain(error),
    ...from,
    ...(isRange && { end_line: to.line, end_column: to.column }),
  };
}

function explain({ code, message }: SwcError): string {
  // swc lists every token that it would have taken
  const short = message.replace(/(?<=^Unexpected token `[^\n]{1,20}`)\. Expected .*$/s, '');
  return code === 'UnsupportedSyntax' ? short.replace('in strip-only mode', 'here') : short;
}

const wide =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uA960-\uA97C\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6\p{Emoji_Presentation}\u{20000}-\u{3FFFD}]/u;
const widthless = /[\p{Mn}\p{Me}\p{Cf}\p{Cc}]/u;

/**
 * swc counts columns as a terminal shows them, in a way of its own: UTF-16 units, one more for a wide character,
 * three more for a tab, one less for a character without width.
 */
function columnOf(line: string, shown: number): number {
  let width = 0;
  let units = 0;
  for (const character of line) {
    if (width >= shown) break;
    units += character.length;
    width += character.length + extraWidth(character);
  }
  return units;
}

function extraWidth(character: string): number {
  if (character === '\t') return 3;
  if (wide.test(character)) return 1;
  return widthless.test(character) ? -1 : 0;
}
