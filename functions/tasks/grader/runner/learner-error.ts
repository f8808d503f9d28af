import type { LearnerError } from '#shared/domain/grading/types.ts';

const mostFrames = 12;
/** `at f (main.js:1:7)` or `at main.js:1:7` */
const ownFrame = /^\s+at (?:.*\()?main\.js:(\d+):(\d+)\)?$/;
/** What V8 appends to the message of a syntax error. */
const syntaxPlace = / \[main\.js:(\d+):(\d+)\]$/;

export type Place = (line: number, column: number) => { readonly line: number; readonly column: number };
export const samePlace: Place = (line, column) => ({ line, column });

/**
 * What a learner is told of something that their program threw: their own frames only. `place` maps a position of
 * the code that ran to one of the file they wrote.
 */
export function describeThrown(error: unknown, place: Place): LearnerError {
  if (!(error instanceof Error))
    return { type: 'Error', message: `Uncaught ${shown(error)}`, line: null, column: null };
  const { name, message, stack } = {
    name: String(error.name),
    message: String(error.message),
    stack: String(error.stack),
  };
  const frames = stack.split('\n').flatMap((line) => {
    const match = ownFrame.exec(line);
    if (match === null) return [];
    const at = place(Number(match[1]), Number(match[2]));
    return [{ ...at, text: line.replace(/main\.js:\d+:\d+/, `main.js:${at.line}:${at.column}`) }];
  });
  const trace = frames.slice(0, mostFrames).map(({ text }) => text);
  if (frames.length > mostFrames) trace.push(`    … ${frames.length - mostFrames} more frames`);
  const [first] = frames;
  return {
    type: name,
    message: [`${name}: ${message}`.slice(0, 3000), ...trace].join('\n'),
    line: first?.line ?? null,
    column: first?.column ?? null,
  };
}

export function describeSyntaxError(error: Error, place: Place): LearnerError {
  const match = syntaxPlace.exec(error.message);
  const at = match === null ? undefined : place(Number(match[1]), Number(match[2]));
  const text = error.message.replace(syntaxPlace, '');
  const modules = /import statement|Unexpected token 'export'|'import\.meta'/.test(text)
    ? ' (modules are not available here: write one file without import and export)'
    : '';
  return {
    type: 'SyntaxError',
    message: `SyntaxError: ${text}${modules}`,
    line: at?.line ?? null,
    column: at?.column ?? null,
  };
}

function shown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
