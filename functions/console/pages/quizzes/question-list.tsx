import { useSignal } from '@preact/signals';
import { counted, number, t } from '../../i18n/index.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Empty, Note } from '../../ui/feedback.tsx';
import { Icon } from '../../ui/icon.tsx';
import { ItemChooser } from '../item-banks/item-chooser.tsx';
import { languageOf } from '../item-body/language-of.ts';
import { NumberInput } from '../teaching/inputs.tsx';
import { OwnQuestion } from './own-question.tsx';
import { ofItem, ofOwn, pointsIn, type QuestionDraft } from './quiz-draft.ts';
import type { QuizForm } from './write-quiz.tsx';

interface QuestionListProps {
  readonly form: QuizForm;
  readonly isFrozen: boolean;
}
type Open = 'bank' | 'own' | QuestionDraft | undefined;

/** The questions in their order, from banks or written here. */
export function QuestionList({ form, isFrozen }: QuestionListProps) {
  const { questions } = form.draft;
  const open = useSignal<Open>(undefined);
  const close = () => {
    open.value = undefined;
  };
  const problem = form.problem('questions');
  const edited = typeof open.value === 'object' ? open.value : undefined;
  return (
    <section class="card">
      <div class="card-head">
        <h2>{t('writeQuiz.questions')}</h2>
        <span class="small muted numbers">
          {counted('quizzes.questionCount', questions.length)} ·{' '}
          {t('writeQuiz.total', { points: number(pointsIn(form.draft), 2) })}
        </span>
      </div>
      {isFrozen && (
        <div class="card-body">
          <Note kind="warn" icon="alert">
            {t('writeQuiz.frozen')}
          </Note>
        </div>
      )}
      {questions.length === 0 ? (
        <Empty icon="bank" title={t('writeQuiz.empty')} text={t('writeQuiz.emptyText')} />
      ) : (
        <ol class="quiz-questions">
          {questions.map((question, at) => (
            <QuestionRow
              key={question.key}
              form={form}
              question={question}
              at={at}
              isFrozen={isFrozen}
              onEdit={() => {
                open.value = question;
              }}
            />
          ))}
        </ol>
      )}
      {!isFrozen && (
        <div class="card-foot">
          {problem !== undefined && (
            <p class="problem grow" role="alert">
              <Icon name="alert" size={16} />
              {problem}
            </p>
          )}
          <Button
            icon="bank"
            onClick={() => {
              open.value = 'bank';
            }}
          >
            {t('writeQuiz.fromBank')}
          </Button>
          <Button
            icon="edit"
            onClick={() => {
              open.value = 'own';
            }}
          >
            {t('writeQuiz.write')}
          </Button>
        </div>
      )}
      {open.value === 'bank' && (
        <ItemChooser
          taken={questions.flatMap(({ item_id }) => item_id ?? [])}
          onClose={close}
          onTake={(items) => form.set({ questions: [...questions, ...items.map(ofItem)] })}
        />
      )}
      {(open.value === 'own' || edited) && (
        <OwnQuestion
          initial={edited?.own}
          onClose={close}
          onTake={(own) =>
            form.set({
              questions: edited
                ? questions.map((one) => (one.key === edited.key ? ofOwn(own, one) : one))
                : [...questions, ofOwn(own)],
            })
          }
        />
      )}
    </section>
  );
}

interface QuestionRowProps {
  readonly form: QuizForm;
  readonly question: QuestionDraft;
  readonly at: number;
  readonly isFrozen: boolean;
  readonly onEdit: () => void;
}
function QuestionRow({ form, question, at, isFrozen, onEdit }: QuestionRowProps) {
  const { questions } = form.draft;
  const problem = form.problem(`questions.${at}`);
  const n = at + 1;
  return (
    <li>
      <span class="test-number numbers" aria-hidden="true">
        {n}
      </span>
      <div class="quiz-question-text">
        <strong lang={languageOf(question.title)}>{question.title}</strong>
        <small>
          {t(`item.kind.${question.kind}`)}
          {question.own && ` · ${t('writeQuiz.own')}`}
        </small>
        {problem !== undefined && <p class="problem">{problem}</p>}
      </div>
      {isFrozen ? (
        <span class="numbers">{question.points}</span>
      ) : (
        <>
          <NumberInput
            label={t('writeQuiz.points')}
            value={question.points}
            problem={form.problem(`points.${at}`)}
            onInput={(points) =>
              form.set({ questions: questions.map((one) => (one === question ? { ...one, points } : one)) })
            }
          />
          <div class="row-actions">
            {at > 0 && (
              <span class="up">
                <IconButton
                  icon="back"
                  size="small"
                  label={t('writeQuiz.up', { n })}
                  onClick={() =>
                    form.set({ questions: questions.toSpliced(at, 1).toSpliced(at - 1, 0, question) })
                  }
                />
              </span>
            )}
            {question.own && (
              <IconButton
                icon="edit"
                size="small"
                label={t('writeQuiz.editQuestion', { n })}
                onClick={onEdit}
              />
            )}
            <IconButton
              icon="trash"
              size="small"
              label={t('writeQuiz.remove', { n })}
              onClick={() => form.set({ questions: questions.toSpliced(at, 1) })}
            />
          </div>
        </>
      )}
    </li>
  );
}
