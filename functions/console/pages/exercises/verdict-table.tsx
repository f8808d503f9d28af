import type { ComponentChildren } from 'preact';
import type { TestResult } from '#shared/contracts/grading-shapes.ts';
import type { Language, Verdict } from '#shared/domain/grading/types.ts';
import { number, t } from '../../i18n/index.ts';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { DifferenceView } from './difference-view.tsx';
import { isCall } from './examples.tsx';
import { Fault } from './fault.tsx';
import { timeText } from './words.ts';

interface VerdictTableProps {
  readonly results: readonly TestResult[];
  readonly language: Language;
  readonly onShow?: ((line: number, column: number | null) => void) | undefined;
}

/** Each test with its verdict; what went wrong first is open. */
export function VerdictTable({ results, language, onShow }: VerdictTableProps) {
  const firstFailed = results.findIndex((result) => result.status !== 'pass' && hasDetails(result));
  const sameWeights = results.every(({ weight }) => weight === results[0]?.weight);
  return (
    <ol class="verdicts" aria-label={t('verdict.tests')}>
      {results.map((result, index) => (
        <li key={index} class={lookOf(result.status)}>
          {hasDetails(result) ? (
            <details class="disclosure" open={index === firstFailed}>
              <summary>
                <Line result={result} showWeight={!sameWeights} />
                <Icon name="chevron" size={16} />
              </summary>
              <Details result={result} language={language} onShow={onShow} />
            </details>
          ) : (
            <div class="verdict-row">
              <Line result={result} showWeight={!sameWeights} />
            </div>
          )}
        </li>
      ))}
    </ol>
  );
}

const hasDetails = ({ input, error, status, visibility }: TestResult): boolean =>
  error !== null || input !== null || (visibility === 'hidden' && status === 'time_limit');

export const lookOf = (status: Verdict): string =>
  ({ pass: 'good', skipped: '', internal: 'warn' })[status as string] ?? 'bad';

export const verdictIcon = (status: Verdict): IconName => {
  if (status === 'pass') return 'check';
  if (status === 'time_limit') return 'clock';
  return status === 'skipped' ? 'more' : status === 'wrong_answer' ? 'close' : 'alert';
};

interface TestNameProps {
  readonly mark: ComponentChildren;
  readonly name: string;
  readonly isHidden: boolean;
}

/** What a line of a test begins with. */
export const TestName = ({ mark, name, isHidden }: TestNameProps) => (
  <>
    <span class="verdict-icon">{mark}</span>
    <span class="verdict-name">
      {name}
      {isHidden && (
        <small>
          <Icon name="hidden" size={14} />
          {t('verdict.hidden')}
        </small>
      )}
    </span>
  </>
);

function Line({ result, showWeight }: { result: TestResult; showWeight: boolean }) {
  const { name, status, visibility, weight, execution_time_ms } = result;
  return (
    <>
      <TestName mark={<Icon name={verdictIcon(status)} />} name={name} isHidden={visibility === 'hidden'} />
      <span class="verdict-facts">
        {showWeight && <small>{t('verdict.weight', { weight: number(weight, 2) })}</small>}
        {execution_time_ms !== null && status !== 'skipped' && <small>{timeText(execution_time_ms)}</small>}
        <strong>{t(`verdict.test.${status}`)}</strong>
      </span>
    </>
  );
}

function Details({ result, language, onShow }: Omit<VerdictTableProps, 'results'> & { result: TestResult }) {
  const { input, expected_output, output, status, error } = result;
  const isStopped = status !== 'pass' && status !== 'wrong_answer';
  return (
    <div class="verdict-details">
      {isStopped && <Fault error={error} verdict={status} language={language} onShow={onShow} />}
      {input !== null && (
        <dl class="io">
          <div>
            <dt>{isCall(input) ? t('exercise.call') : t('exercise.input')}</dt>
            <dd>
              <pre>{input === '' ? t('exercise.noInput') : input.trimEnd()}</pre>
            </dd>
          </div>
        </dl>
      )}
      {!isStopped && expected_output !== null && (
        <DifferenceView expected={expected_output} got={output ?? ''} />
      )}
      {isStopped && output !== null && output.trim() !== '' && (
        <dl class="io">
          <div>
            <dt>{t('verdict.printed')}</dt>
            <dd>
              <pre>{output.trimEnd()}</pre>
            </dd>
          </div>
        </dl>
      )}
    </div>
  );
}
