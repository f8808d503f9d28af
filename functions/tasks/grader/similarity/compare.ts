import { WinnowFilter } from '@dodona/dolos-core';
import type { Language } from '#shared/domain/grading/types.ts';
import { type Fragment, tile } from './tiles.ts';
import { type Token, tokensOf } from './tokens.ts';

export interface Program {
  readonly submission_id: string;
  readonly code: string;
}
export interface SimilarPrograms {
  readonly left: string;
  readonly right: string;
  /** Of both programs together, the part of the structure that is in both: 0 to 1. */
  readonly similarity: number;
  /** Tokens in a row. */
  readonly longest_fragment: number;
  readonly fragments: readonly LinePair[];
}
interface Lines {
  readonly start_line: number;
  readonly end_line: number;
}
export interface LinePair {
  readonly left: Lines;
  readonly right: Lines;
}

/** Shorter agreements say nothing: everybody writes `for i in range(n):`. About two lines of code. */
export const shortestMatch = 12;
/** Of so many hashes in a row one is kept as a fingerprint (winnowing, Schleimer, Wilkerson & Aiken 2003). */
const window = 4;
/** Programs with less of their own are left out: too short to tell a copy from the obvious solution. */
const leastTokens = 30;
/** What is compared of a program: about 40 KB of code. */
const mostTokens = 10_000;
/** Pairs in the report, and how many candidates are compared in full for it. */
export const mostPairs = 200;
const mostCandidates = 2 * mostPairs;

interface Prepared extends Program {
  readonly tokens: readonly Token[];
  /** False where the token belongs to what everybody was given. */
  readonly own: readonly boolean[];
  readonly owned: number;
  readonly fingerprints: ReadonlySet<number>;
}

/**
 * Compares programs with one another, most similar pairs first. Fingerprints by winnowing choose the candidates;
 * those are compared token by token. What is in `given`, the starter that all got, counts for nobody.
 *
 * @param pause called between two steps of at most about 0.3 s, so that others of the process get their turn
 */
export async function similarPrograms(
  language: Language,
  programs: readonly Program[],
  given: string,
  pause: () => Promise<void>,
): Promise<SimilarPrograms[]> {
  const everybodys = hashesOf(tokensOf(language, given));
  const prepared: Prepared[] = [];
  for (const program of programs) {
    await pause();
    const ready = prepare(language, program, everybodys);
    if (ready.owned >= leastTokens) prepared.push(ready);
  }
  const found: SimilarPrograms[] = [];
  for (const { left, right } of await candidates(prepared, pause)) {
    await pause();
    found.push(compare(left, right));
  }
  return found
    .filter(({ similarity }) => similarity > 0)
    .sort((a, b) => b.similarity - a.similarity || b.longest_fragment - a.longest_fragment)
    .slice(0, mostPairs);
}

const textsOf = (tokens: readonly Token[]): string[] => tokens.map(({ text }) => text);

const hashesOf = (tokens: readonly Token[]): Set<number> =>
  new Set(new WinnowFilter(shortestMatch, 1).fingerprints(textsOf(tokens)).map(({ hash }) => hash));

function prepare(language: Language, program: Program, everybodys: ReadonlySet<number>): Prepared {
  const tokens = tokensOf(language, program.code).slice(0, mostTokens);
  const texts = textsOf(tokens);
  const own = tokens.map(() => true);
  for (const { hash, start, stop } of new WinnowFilter(shortestMatch, 1).fingerprints(texts))
    if (everybodys.has(hash)) own.fill(false, start, stop + 1);
  const fingerprints = new WinnowFilter(shortestMatch, window)
    .fingerprints(texts)
    .map(({ hash }) => hash)
    .filter((hash) => !everybodys.has(hash));
  return {
    ...program,
    tokens,
    own,
    owned: own.filter(Boolean).length,
    fingerprints: new Set(fingerprints),
  };
}

/** The pairs that share the largest part of their fingerprints. */
async function candidates(programs: readonly Prepared[], pause: () => Promise<void>) {
  let best: { readonly left: Prepared; readonly right: Prepared; readonly shared: number }[] = [];
  for (const [index, left] of programs.entries()) {
    await pause();
    const pairs = programs
      .slice(index + 1)
      .map((right) => ({ left, right, shared: sharedPart(left, right) }))
      .filter(({ shared }) => shared > 0);
    best = [...best, ...pairs].sort((a, b) => b.shared - a.shared).slice(0, mostCandidates);
  }
  return best;
}

function sharedPart(left: Prepared, right: Prepared): number {
  const [few, many] =
    left.fingerprints.size < right.fingerprints.size
      ? [left.fingerprints, right.fingerprints]
      : [right.fingerprints, left.fingerprints];
  let shared = 0;
  for (const hash of few) if (many.has(hash)) shared++;
  return shared === 0 ? 0 : shared / (few.size + many.size);
}

function compare(left: Prepared, right: Prepared): SimilarPrograms {
  const fragments = tile(sideOf(left), sideOf(right), shortestMatch);
  const covered = fragments.reduce((sum, { length }) => sum + length, 0);
  return {
    left: left.submission_id,
    right: right.submission_id,
    similarity: (2 * covered) / (left.owned + right.owned),
    longest_fragment: Math.max(0, ...fragments.map(({ length }) => length)),
    fragments: fragments.map((fragment) => linesOf(fragment, left.tokens, right.tokens)),
  };
}

const sideOf = ({ tokens, own }: Prepared) => ({ tokens: textsOf(tokens), own });

const linesOf = (fragment: Fragment, left: readonly Token[], right: readonly Token[]): LinePair => ({
  left: lines(left, fragment.left, fragment.length),
  right: lines(right, fragment.right, fragment.length),
});

function lines(tokens: readonly Token[], from: number, length: number): Lines {
  const found = tokens.slice(from, from + length).map(({ line }) => line);
  return { start_line: Math.min(...found), end_line: Math.max(...found) };
}
