import amaro from 'amaro';
import { readSourceMap } from '#shared/domain/grading/source-map.ts';
import type { LearnerError } from '#shared/domain/grading/types.ts';
import type { Program } from './javascript.ts';
import { type Place, samePlace } from './learner-error.ts';

export type Transpiled =
  | { readonly ok: true; readonly program: Program }
  /** `sound`: false when the transpiler itself may be damaged and its process must go. */
  | { readonly ok: false; readonly error: LearnerError; readonly sound: boolean };

/**
 * JavaScript of a TypeScript program. Types become blanks, so that positions stay; only what needs code of its own
 * (enum, parameter properties, namespaces) is rewritten, with a source map. Nothing is type-checked.
 */
export function transpile(source: string): Transpiled {
  const stripped = attempt(source, 'strip-only');
  if (stripped.ok || !stripped.rewritable) return stripped;
  return attempt(source, 'transform');
}

type Attempt = Transpiled & { readonly rewritable?: boolean };

function attempt(source: string, mode: 'strip-only' | 'transform'): Attempt {
  try {
    const rewriting = mode === 'transform';
    const { code, map } = amaro.transformSync(source, {
      mode,
      ...(rewriting ? { sourceMap: true, filename: 'main.ts' } : {}),
    });
    const place = rewriting && map !== undefined ? placesOf(map) : samePlace;
    return { ok: true, program: { code, place } };
  } catch (error) {
    return refused(error);
  }
}

function placesOf(map: string): Place {
  const original = readSourceMap(map);
  return (line, column) => original({ line, column }) ?? { line, column };
}

function refused(error: unknown): Attempt {
  const facts = typeof error === 'object' && error !== null ? error : {};
  const read = (key: string): unknown => Reflect.get(facts, key);
  const code = read('code');
  const message = typeof read('message') === 'string' ? String(read('message')) : 'This could not be read.';
  const snippet = typeof read('snippet') === 'string' ? String(read('snippet')) : '';
  return {
    ok: false,
    rewritable: code === 'UnsupportedSyntax',
    sound: code === 'UnsupportedSyntax' || code === 'InvalidSyntax',
    error: {
      type: 'SyntaxError',
      message: `SyntaxError: ${message.slice(0, 1000)}\n${snippet.slice(0, 1000)}`.trimEnd(),
      line: whole(read('startLine')),
      column: oneMore(whole(read('startColumn'))),
    },
  };
}

/** The transpiler counts columns from 0. */
const oneMore = (column: number | null): number | null => (column === null ? null : column + 1);
const whole = (value: unknown): number | null => (Number.isSafeInteger(value) ? Number(value) : null);
