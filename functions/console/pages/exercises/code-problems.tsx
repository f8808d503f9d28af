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
              <Problem
                key={`${problem.line}:${problem.column}:${problem.text}`}
                problem={problem}
                language={language}
              />
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

function Problem({ problem, language }: { problem: CodeProblem; language: Language }) {
  const { kind, type, text: message, line, column } = problem;
  const explained =
    kind === 'error' ? explain({ type, message, line, column }, undefined, language) : undefined;
  const words = explained && explanation(explained.id, explained.parts);
  // parsers speak English: whoever reads another language gets our words with theirs
  const text = words && locale.value !== 'en' ? `${words.what} (${message})` : message;
  return (
    <li class={kind}>
      <Icon name="alert" size={16} />
      <span>
        <span class="muted numbers">{t('editor.lineProblem', { line })}</span> {text}
        {words && <small>{words.try}</small>}
      </span>
    </li>
  );
}
