import type { CodeValidation } from '#shared/contracts/validation.ts';
import { hiddenCharacters, type Place } from '#shared/domain/grading/source-rules.ts';
import type { Language } from '#shared/domain/grading/types.ts';
import { invalid } from '#shared/errors.ts';
import type { Parsers } from './parsers.ts';
import { usualForbiddenImports } from './policy.ts';

export interface ValidatorWorld {
  readonly parsers: Parsers;
  /** How long a program may be in this school, in UTF-16 units. */
  readonly source_characters: number;
}

interface Given {
  readonly code: string;
  readonly language: Language;
  readonly forbidden_imports?: readonly string[] | undefined;
}

const maxErrors = 20;
const maxWarnings = 100;
const maxMessage = 300;

/** What a program's own parser says of it, and what the rules advise; nothing of it is run. */
export async function validate(world: ValidatorWorld, given: Given): Promise<CodeValidation> {
  const { code, language, forbidden_imports: forbidden = usualForbiddenImports[language] } = given;
  const limit = world.source_characters;
  if (code.length > limit)
    throw invalid(
      ['body', 'code'],
      `must have at most ${limit} characters, and has ${code.length}`,
      'too_big',
    );
  const { errors, warnings } = await world.parsers.read({ code, language, forbidden });
  return {
    valid: errors.length === 0,
    errors: errors.toSorted(byPlace).slice(0, maxErrors).map(short),
    warnings: [...hiddenCharacters(code), ...warnings].toSorted(byPlace).slice(0, maxWarnings).map(short),
  };
}

const byPlace = (one: Place, other: Place): number => one.line - other.line || one.column - other.column;

/** A parser may quote any length of what it read. */
function short<T extends { readonly message: string }>(finding: T): T {
  const { message } = finding;
  return message.length > maxMessage
    ? { ...finding, message: `${message.slice(0, maxMessage - 1).toWellFormed()}…` }
    : finding;
}
