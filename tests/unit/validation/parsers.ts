/** The validator's parsers over assets that this process built, or found built. */
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { assets } from '#functions/validator/assets.ts';
import { buildValidatorAssets } from '#functions/validator/build.ts';
import type { Findings } from '#functions/validator/parser/findings.ts';
import { createParsers } from '#functions/validator/parsers.ts';
import { usualForbiddenImports } from '#functions/validator/policy.ts';
import type { Place } from '#shared/domain/grading/source-rules.ts';
import type { Language } from '#shared/domain/grading/types.ts';

export async function openParsers(limits?: { readonly deadlineMs?: number }) {
  await buildValidatorAssets(fileURLToPath(assets));
  const parsers = createParsers(assets, limits);
  afterAll(parsers.close);
  return {
    ...parsers,
    of:
      (language: Language) =>
      (code: string, forbidden = usualForbiddenImports[language]): Promise<Findings> =>
        parsers.read({ language, code, forbidden }),
  };
}

/** `line:column` or `line:column-line:column`. */
export const placeText = ({ line, column, end_line, end_column }: Place): string =>
  end_line === undefined ? `${line}:${column}` : `${line}:${column}-${end_line}:${end_column}`;

export const errorsOf = ({ errors }: Findings): string[] =>
  errors.map((error) => `${placeText(error)} ${error.type}: ${error.message}`);

/** Codes of the warnings with their lines. */
export const warningsOf = ({ warnings }: Findings): string[] =>
  warnings.map(({ code, line }) => `${code} ${line}`).sort();
