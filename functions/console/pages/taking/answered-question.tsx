import type { ComponentChildren } from 'preact';
import { numericKey, textKey } from '#shared/contracts/item-shapes.ts';
import { number, t } from '../../i18n/index.ts';
import '../../i18n/taking.ts';
import { Icon } from '../../ui/icon.tsx';
import { ItemBody } from '../item-body/item-body.tsx';
import { type Answer, type Question, shownOptions } from './answers.ts';

/** A question after the end, with as much as its reader may see. */
export interface Answered {
  readonly question: Question;
  readonly answer: Answer | undefined;
  /** Null: not told. */
  readonly verdict: 'right' | 'partly' | 'wrong' | null;
  /** What is right, in the form of its kind; undefined: not told. */
  readonly solution: unknown;
  readonly explanation: string | null;
  /** `2 of 3 points` and the like. */
  readonly note?: string;
}

const looks = { right: 'good', partly: 'warn', wrong: 'bad' } as const;

/** One's own answer beside the right one, and why it is right. */
export const AnsweredQuestion = ({ n, answered }: { n: number; answered: Answered }) => {
  const { question, verdict, explanation, note } = answered;
  return (
    <section class="card card-body question answered" aria-label={t('quiz.cell', { n })}>
      <div class="spread">
        <h3>{t('quiz.cell', { n })}</h3>
        <span class="row">
          {note !== undefined && <span class="small muted numbers">{note}</span>}
          {verdict !== null && (
            <span class={`badge ${looks[verdict]}`}>
              <Icon name={verdict === 'right' ? 'check' : verdict === 'wrong' ? 'close' : 'flag'} size={14} />
              {t(`answered.${verdict}`)}
            </span>
          )}
        </span>
      </div>
      <div class="question-body">
        <ItemBody text={question.body} />
      </div>
      {question.kind === 'choice' || question.kind === 'multi' ? (
        <ShownOptions {...answered} />
      ) : (
        <ShownText {...answered} />
      )}
      {explanation !== null && (
        <div class="explanation">
          <h4>{t('answered.why')}</h4>
          <ItemBody text={explanation} />
        </div>
      )}
    </section>
  );
};

const includes = (answer: unknown, position: number): boolean =>
  Array.isArray(answer) ? answer.includes(position) : answer === position;

function ShownOptions({ question, answer, solution }: Answered) {
  return (
    <>
      <ul class="options-of">
        {shownOptions(question).map(({ position, body }, place) => {
          const isMine = includes(answer, position);
          const isRight = includes(solution, position);
          return (
            <li
              key={position}
              class={`option ${isRight ? 'right' : isMine && solution != null ? 'wrong' : ''}`}
            >
              <span class="option-key" aria-hidden="true">
                {place + 1}
              </span>
              <ItemBody text={body} />
              {(isMine || isRight) && (
                <span class="option-marks">
                  {isMine && <span class="badge">{t('answered.mine')}</span>}
                  {isRight && <span class="badge good">{t('answered.solution')}</span>}
                </span>
              )}
            </li>
          );
        })}
      </ul>
      {answer === undefined && <p class="small muted">{t('answered.blank')}</p>}
    </>
  );
}

function ShownText({ question, answer, solution }: Answered) {
  const right = solutionText(question.kind, solution);
  return (
    <dl class="facts answers-of">
      <Fact label={t('answered.mine')}>
        {answer === undefined ? <span class="muted">{t('answered.blank')}</span> : answerText(answer)}
      </Fact>
      {right !== undefined && <Fact label={t('answered.solution')}>{right}</Fact>}
    </dl>
  );
}

const Fact = ({ label, children }: { label: string; children: ComponentChildren }) => (
  <div>
    <dt>{label}</dt>
    <dd>{children}</dd>
  </div>
);

const answerText = (answer: Answer): string =>
  typeof answer === 'number' ? number(answer, 12) : String(answer);

function solutionText(kind: Question['kind'], solution: unknown): string | undefined {
  if (kind === 'numeric') {
    const { data } = numericKey.safeParse(solution);
    if (!data) return undefined;
    const value = number(data.value, 12);
    if (data.tolerance === 0) return value;
    const tolerance =
      data.tolerance_kind === 'relative'
        ? `${number(data.tolerance * 100, 6)} %`
        : number(data.tolerance, 12);
    return `${value} ± ${tolerance}`;
  }
  const { data } = textKey.safeParse(solution);
  return data?.accepted.join(t('answered.or'));
}
