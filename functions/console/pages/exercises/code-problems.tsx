import type { Language } from '#shared/domain/grading/types.ts';
import { explanation } from '../../i18n/explanations.ts';
import { counted, locale, t } from '../../i18n/index.ts';
import { Icon } from '../../ui/icon.tsx';
import type { CodeProblem } from './check-code.ts';
import { explain } from './explain-error.ts';

interface CodeProblemsProps {
  readonly problems: readonly CodeProblem[];
  readonly language: Language;
}
/** What the parser says of the program while it is written, below the editor. */
export function CodeProblems({ problems, language }: CodeProblemsProps) {
  return (
    <div role="status" class="code-problems-box">
      {problems.length > 0 && (
        <>
          <p class="visually-hidden">{counted('editor.problems', problems.length)}</p>
          <ul class="code-problems">
            {problems.map((problem) => (
              <li key={`${problem.line}:${problem.column}:${problem.text}`} class={problem.kind}>
                <Icon name="alert" size={16} />
                <span>
                  <span class="muted numbers">{t('editor.lineProblem', { line: problem.line })}</span>{' '}
                  {wordsOf(problem, language)}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

/** Parsers speak English: whoever reads another language gets our words with theirs. */
function wordsOf({ kind, type, text, line, column }: CodeProblem, language: Language): string {
  if (kind === 'warning' || locale.value === 'en') return text;
  const explained = explain({ type, message: text, line, column }, 'compile_error', language);
  return explained ? `${explanation(explained.id, explained.parts).what} (${text})` : text;
}
