import type * as z from 'zod';
import type { quizQuestion } from '#shared/contracts/quizzes.ts';
import { number, t } from '../../i18n/index.ts';
import { Icon } from '../../ui/icon.tsx';
import { letterOf } from '../item-banks/words.ts';
import { ItemBody } from '../item-body/item-body.tsx';

type Question = z.output<typeof quizQuestion>;

/** The questions as they are asked, with what is right. */
export const QuestionCards = ({ questions }: { questions: readonly Question[] }) => (
  <ol class="question-cards">
    {questions.map((question, at) => (
      <li key={question.item_id} class="card card-body">
        <p class="small muted">
          {t('quizStats.question', { n: at + 1 })} · {t(`item.kind.${question.kind}`)} ·{' '}
          {t('writeQuiz.total', { points: number(question.points, 2) })}
        </p>
        <ItemBody text={question.body} />
        <RightAnswer question={question} />
        {question.explanation !== null && (
          <details class="disclosure">
            <summary>
              <Icon name="chevron" size={16} />
              {t('item.explanation')}
            </summary>
            <div>
              <ItemBody text={question.explanation} />
            </div>
          </details>
        )}
      </li>
    ))}
  </ol>
);

function RightAnswer({ question }: { question: Question }) {
  if (question.kind === 'numeric')
    return (
      <p class="right-answer numbers">
        <Icon name="check" size={16} /> {question.key.value}
        {question.key.tolerance > 0 &&
          ` ± ${question.key.tolerance_kind === 'relative' ? `${question.key.tolerance * 100} %` : question.key.tolerance}`}
      </p>
    );
  if (question.kind === 'text')
    return (
      <p class="right-answer">
        <Icon name="check" size={16} /> {question.key.accepted.join(' · ')}
      </p>
    );
  const right = question.kind === 'choice' ? [question.key] : question.key;
  return (
    <ol class="option-list">
      {question.options.map(({ body }, at) => (
        <li key={body} class={`option-line ${right.includes(at) ? 'right' : ''}`}>
          <span class="option-letter" aria-hidden="true">
            {right.includes(at) ? <Icon name="check" size={14} /> : letterOf(at)}
          </span>
          <ItemBody text={body} />
          {right.includes(at) && <span class="visually-hidden"> {t('item.previewRight')}</span>}
        </li>
      ))}
    </ol>
  );
}
