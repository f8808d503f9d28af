import type { QuizAttemptDetail } from '#shared/contracts/quiz-views.ts';
import { t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { answerOf } from '../taking/answers.ts';
import type { LiveAttempt } from './live-attempt.ts';

interface QuestionMapProps {
  readonly live: LiveAttempt;
  readonly attempt: QuizAttemptDetail;
  readonly current: number;
  readonly onChoose: (index: number) => void;
  readonly onHandIn: () => void;
}

/** All questions as numbers: where one is, what is answered, and the way to each. */
export function QuestionMap({ live, attempt, current, onChoose, onHandIn }: QuestionMapProps) {
  const { questions } = attempt;
  const isAnswered = questions.map(
    (question) => answerOf(question, live.drafts.value[question.item_id]) !== undefined,
  );
  const answered = isAnswered.filter(Boolean).length;
  return (
    <nav class="card card-body stack question-map" aria-label={t('quiz.questions')}>
      <p class="small muted numbers">{t('quiz.answeredOf', { n: answered, all: questions.length })}</p>
      <ol>
        {questions.map(({ item_id }, index) => (
          <li key={item_id}>
            <button
              type="button"
              class={isAnswered[index] ? 'map-cell answered' : 'map-cell'}
              aria-current={index === current ? 'step' : undefined}
              aria-label={t(isAnswered[index] ? 'quiz.cellAnswered' : 'quiz.cellOpen', { n: index + 1 })}
              onClick={() => onChoose(index)}
            >
              {index + 1}
            </button>
          </li>
        ))}
      </ol>
      <Button wide busy={live.handingIn.value} onClick={onHandIn}>
        {t('quiz.handIn')}
      </Button>
    </nav>
  );
}
