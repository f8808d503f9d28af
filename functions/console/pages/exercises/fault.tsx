import type { Language, LearnerError, Verdict } from '#shared/domain/grading/types.ts';
import { explanation } from '../../i18n/explanations.ts';
import { t } from '../../i18n/index.ts';
import { InlineButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { explain, messageOf } from './explain-error.ts';

interface FaultProps {
  readonly error: LearnerError | null;
  readonly verdict?: Verdict;
  readonly language: Language;
  /** Shows the line in the editor. */
  readonly onShow?: ((line: number, column: number | null) => void) | undefined;
}
/** What stopped a program: the runtime's own words, what they mean and what to try. */
export function Fault({ error, verdict, language, onShow }: FaultProps) {
  const explained = explain(error, verdict, language);
  if (!explained) return null;
  const words = explanation(explained.id, explained.parts);
  const line = error?.line ?? null;
  const said = error ? messageOf(error) : '';
  return (
    <div class="fault">
      {error && (
        <p class="fault-head">
          <code>
            {error.type}
            {said !== '' && `: ${said}`}
          </code>
          {line !== null &&
            (onShow ? (
              <InlineButton onClick={() => onShow(line, error.column)}>
                {t('fault.atLine', { line })}
                <span class="visually-hidden"> {t('fault.show')}</span>
              </InlineButton>
            ) : (
              <span class="muted small">{t('fault.atLine', { line })}</span>
            ))}
        </p>
      )}
      <dl>
        <div>
          <dt>{t('fault.meaning')}</dt>
          <dd>{words.what}</dd>
        </div>
        <div>
          <dt>{t('fault.try')}</dt>
          <dd>{words.try}</dd>
        </div>
      </dl>
      {error && framesIn(error) > 1 && (
        <details class="disclosure">
          <summary>
            <Icon name="chevron" size={16} />
            {t('fault.report')}
          </summary>
          <div>
            <pre>{error.message}</pre>
          </div>
        </details>
      )}
    </div>
  );
}

/** How many calls a report of Python lists; one alone says nothing that the line does not. */
const framesIn = ({ message }: LearnerError): number => message.split('\n  File ').length - 1;
