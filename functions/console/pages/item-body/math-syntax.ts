import type { micromark } from 'micromark';

type Options = NonNullable<Parameters<typeof micromark>[1]>;
type Syntax = NonNullable<Options['extensions']>[number];
type ToHtml = NonNullable<Options['htmlExtensions']>[number];
type Construct = Extract<NonNullable<NonNullable<Syntax['text']>[number]>, { readonly tokenize: unknown }>;
type Tokenize = Construct['tokenize'];
type State = ReturnType<Tokenize>;
type Code = Parameters<NonNullable<State>>[0];

declare module 'micromark-util-types' {
  interface TokenTypeMap {
    formula: 'formula';
    formulaSource: 'formulaSource';
  }
}

const dollar = 36;
const backslash = 92;
/** micromark's line endings are −5 to −3, its tabs and spaces −2, −1 and 32. */
const isLineEnding = (code: Code): code is NonNullable<Code> => code !== null && code < -2;
const isSpace = (code: Code): boolean => code === null || code < 0 || code === 32;
const isDigit = (code: Code): boolean => code !== null && code >= 48 && code <= 57;

/**
 * `$x^2$` and `$$x^2$$`, by Pandoc's rules (tex_math_dollars): no blank after the first dollar nor before the last
 * one, and no digit behind it, so that "$5 and $6" stays what it is. Code keeps its dollars; `\$` is a dollar.
 */
const tokenize: Tokenize = (effects, ok, nok) => {
  let size = 1;
  let last: Code = null;
  const consume = (code: Code) => {
    last = code;
    effects.consume(code);
  };
  const start: State = (code) => {
    effects.enter('formula');
    effects.enter('formulaSource');
    consume(code);
    return opened;
  };
  const opened: State = (code) => {
    if (code === dollar && size === 1) {
      size = 2;
      consume(code);
      return opened;
    }
    return code === dollar || (size === 1 && isSpace(code)) ? nok(code) : inside(code);
  };
  const inside: State = (code) => {
    if (code === null) return nok(code);
    if (isLineEnding(code)) return nextLine(code);
    if (code === dollar) return size === 1 && isSpace(last) ? nok(code) : closing(code);
    consume(code);
    return code === backslash ? escaped : inside;
  };
  const escaped: State = (code) => {
    if (code === null || isLineEnding(code)) return inside(code);
    consume(code);
    return inside;
  };
  const nextLine: State = (code) => {
    effects.exit('formulaSource');
    effects.enter('lineEnding');
    consume(code);
    effects.exit('lineEnding');
    effects.enter('formulaSource');
    return inside;
  };
  const closing: State = (code) => {
    consume(code);
    return size === 1 ? closed : second;
  };
  const second: State = (code) => {
    if (code !== dollar) return inside(code);
    consume(code);
    return closed;
  };
  const closed: State = (code) => {
    if (size === 1 && isDigit(code)) return nok(code);
    effects.exit('formulaSource');
    effects.exit('formula');
    return ok(code);
  };
  return start;
};

/** A run of dollars that did not open a formula does not open one in its middle. */
const previous = (code: Code): boolean => code !== dollar;

export const mathSyntax: Syntax = { text: { [dollar]: { name: 'formula', tokenize, previous } } };

/** A formula becomes a `<span>` with its source; nothing else does, as raw HTML stays text. */
export const mathHtml: ToHtml = {
  enter: {
    formula() {
      this.buffer();
    },
  },
  exit: {
    formula(token) {
      this.resume();
      this.raw(`<span>${this.encode(this.sliceSerialize(token))}</span>`);
    },
  },
};
