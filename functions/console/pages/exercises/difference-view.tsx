import { counted, t } from '../../i18n/index.ts';
import { type Difference, firstDifference, linesOf } from './first-difference.ts';

interface DifferenceProps {
  readonly expected: string;
  readonly got: string;
}
/** Expected and given output side by side, with the first place where they part, in words and in colour. */
export function DifferenceView({ expected, got }: DifferenceProps) {
  const difference = firstDifference(expected, got);
  return (
    <div class="difference">
      {difference && (
        <p class="difference-words">
          {sentence(difference)}
          {difference.isPrompt && ` ${t('difference.prompt')}`}
        </p>
      )}
      <dl class="io">
        <div>
          <dt>{t('verdict.expected')}</dt>
          <dd>
            <Output text={expected} difference={difference} kind="wanted" />
          </dd>
        </div>
        <div>
          <dt>{t('verdict.got')}</dt>
          <dd>
            <Output text={got} difference={difference} kind="given" />
          </dd>
        </div>
      </dl>
    </div>
  );
}

function sentence({ kind, line, column, lines }: Difference): string {
  switch (kind) {
    case 'nothing':
      return t('difference.nothing');
    case 'blanks':
      return t('difference.blanks');
    case 'case':
      return t('difference.case');
    case 'missing':
      return counted('difference.missing', lines);
    case 'extra':
      return counted('difference.extra', lines);
    case 'line':
      return t('difference.line', { line: line + 1, column: column + 1 });
  }
}

interface OutputProps {
  readonly text: string;
  readonly difference: Difference | undefined;
  readonly kind: 'wanted' | 'given';
}
function Output({ text, difference, kind }: OutputProps) {
  if (text.trim() === '') return <pre class="nothing">{t('exercise.empty')}</pre>;
  return (
    <pre>
      {linesOf(text).map((line, index) => (
        <span key={index} class={difference?.line === index ? `line ${kind}` : 'line'}>
          {difference?.line === index ? (
            <Parted words={line} column={difference.column} kind={difference.kind} />
          ) : (
            line
          )}
          {'\n'}
        </span>
      ))}
    </pre>
  );
}

/** The line up to where it is still right, and the rest; blanks are made visible where only they differ. */
function Parted({ words, column, kind }: { words: string } & Pick<Difference, 'column' | 'kind'>) {
  const at = kind === 'line' || kind === 'case' || kind === 'blanks' ? column : 0;
  const rest = kind === 'blanks' ? words.slice(at).replaceAll(' ', '·') : words.slice(at);
  return (
    <>
      {words.slice(0, at)}
      <mark>{rest === '' ? ' ' : rest}</mark>
    </>
  );
}
