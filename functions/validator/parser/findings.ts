import type { Place, Warning } from '#shared/domain/grading/source-rules.ts';
import type { Language } from '#shared/domain/grading/types.ts';

/** What goes between the handler and the threads that parse. */

export interface Program {
  readonly language: Language;
  readonly code: string;
  /** Names of modules, with all below them. */
  readonly forbidden: readonly string[];
}

export interface Problem extends Place {
  readonly message: string;
  /** `SyntaxError` and CPython's kinds of it, `UnsupportedSyntax`, `TooComplex`. */
  readonly type: string;
}

export interface Findings {
  readonly errors: readonly Problem[];
  readonly warnings: readonly Warning[];
}

/** A thread's words: it begins to read (what came before was loading), and what it found. */
export type Word =
  | { readonly kind: 'reading' }
  | { readonly kind: 'read'; readonly findings: Findings }
  /** The program broke the parser, which must not be used again. */
  | { readonly kind: 'broken' };

/** What is said of a program that no parser gets through: nested thousands deep, or made to take for ever. */
export const tooComplex: Findings = {
  errors: [
    {
      type: 'TooComplex',
      message: 'Split this program into smaller steps; it is nested too deeply to be read.',
      line: 1,
      column: 1,
    },
  ],
  warnings: [],
};
