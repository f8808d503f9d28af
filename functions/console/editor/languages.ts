import { indentUnit } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import type { Language } from '#shared/domain/grading/types.ts';

/** The grammar of a language, fetched when first needed, and the indentation its style guide asks for. */
export async function grammar(language: Language): Promise<Extension> {
  if (language === 'python') {
    const { python } = await import('@codemirror/lang-python');
    return [python(), indentUnit.of('    ')];
  }
  const { javascript } = await import('@codemirror/lang-javascript');
  return [javascript({ typescript: language === 'typescript' }), indentUnit.of('  ')];
}
