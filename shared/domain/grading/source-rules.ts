/** Rules about a program's text that hold in every language: where things stand, and what a reader cannot see. */

/** A range of a text as an editor counts: lines and columns from 1, columns in UTF-16 units, the end excluded. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly end_line?: number;
  readonly end_column?: number;
}
export interface Warning extends Place {
  /** A stable word, such as `hidden_character`. */
  readonly code: string;
  /** What to do, in one sentence. */
  readonly message: string;
}

/**
 * Finds places in a text. Lines end where CodeMirror and CPython end them (LF, CR LF, CR); U+2028, which
 * JavaScript takes for a line's end as well, is a character here.
 */
export function createPlaces(text: string) {
  const starts = [0, ...[...text.matchAll(/\r\n?|\n/g)].map((end) => end.index + end[0].length)];

  const at = (position: number): { readonly line: number; readonly column: number } => {
    // a parser may name the end of a token that the text ends within
    const offset = Math.min(position, text.length);
    let line = 0;
    let beyond = starts.length;
    while (beyond - line > 1) {
      const middle = (line + beyond) >> 1;
      if ((starts[middle] ?? 0) <= offset) line = middle;
      else beyond = middle;
    }
    return { line: line + 1, column: offset - (starts[line] ?? 0) + 1 };
  };

  return {
    at,
    /** The place of `text.slice(start, end)`. */
    range(start: number, end: number): Place {
      const last = at(end);
      return { ...at(start), end_line: last.line, end_column: last.column };
    },
    /** A line's text, without its end. */
    line(number: number): string {
      const start = starts[number - 1];
      return start === undefined ? '' : text.slice(start, starts[number]).replace(/[\r\n]+$/, '');
    },
    lines: starts.length,
  };
}

/**
 * Characters by which a program can look different from what it does: controls of writing direction (CVE-2021-42574),
 * what no font shows (joiners, tags, Hangul fillers, which JavaScript takes for letters), control characters.
 */
const hidden =
  /(?!\p{Variation_Selector})[\p{Bidi_Control}\p{Default_Ignorable_Code_Point}]|[^\P{Cc}\t\n\r\f]/gu;

const turning = /\p{Bidi_Control}/u;
/** Joiners belong between emoji, and in scripts whose letters join. */
const joinable =
  /(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\uFE0F|(?![\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Hangul}\p{Script=Han}])[\p{L}\p{M}])$/u;
const isJoiner = (character: string): boolean => character === '\u200C' || character === '\u200D';
/** Flags of regions are spelt in tags after a black flag. */
const flag = /\u{1F3F4}[\u{E0020}-\u{E007E}]*$/u;
const isTag = (character: string): boolean => /[\u{E0020}-\u{E007F}]/u.test(character);

function belongs(character: string, before: string): boolean {
  if (isJoiner(character)) return joinable.test(before);
  return isTag(character) && flag.test(before);
}

const maxHidden = 20;

/** Warnings for the characters of a program that its reader cannot see; at most 20. */
export function hiddenCharacters(text: string): Warning[] {
  const places = createPlaces(text);
  const found: Warning[] = [];
  for (const { 0: character, index } of text.matchAll(hidden)) {
    // a byte order mark at the very start is how some editors save
    if (index === 0 && character === '\uFEFF') continue;
    if (belongs(character, text.slice(Math.max(0, index - 40), index))) continue;
    const code = character.codePointAt(0) ?? 0;
    const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
    const why = turning.test(character)
      ? 'it makes the code look different from what it does'
      : 'it cannot be seen';
    found.push({
      code: turning.test(character) ? 'bidirectional_character' : 'hidden_character',
      message: `Remove the character ${name}, or write it as an escape in a string: ${why}.`,
      ...places.range(index, index + character.length),
    });
    if (found.length === maxHidden) break;
  }
  return found;
}

const alphabets = {
  Latin: /\p{Script=Latin}/u,
  Greek: /\p{Script=Greek}/u,
  Cyrillic: /\p{Script=Cyrillic}/u,
} as const;

/**
 * The alphabets that a name mixes, if it mixes any whose letters look alike (UTS #39 restricts the same three):
 * `аge` with a Cyrillic а is another name than `age`. Hangul beside Latin is how people write.
 */
export function mixedAlphabets(name: string): readonly string[] {
  const found = Object.entries(alphabets).flatMap(([script, letter]) => (letter.test(name) ? [script] : []));
  return found.length > 1 ? found : [];
}

/** What is to be said of a name that mixes alphabets. */
export function mixedName(name: string): Pick<Warning, 'code' | 'message'>[] {
  const mixed = mixedAlphabets(name);
  if (mixed.length === 0) return [];
  const message = `Retype this name with one keyboard layout: it mixes ${mixed.join(' and ')} letters that look alike.`;
  return [{ code: 'mixed_alphabets', message }];
}
