import type { Item } from '#shared/contracts/items.ts';
import type { QuizDetail } from '#shared/contracts/quizzes.ts';
import { secondsPerQuestion } from '#shared/domain/quizzes/rules.ts';
import { instantOf, typedOf } from '../../app/zone.ts';
import { contentOf, type ItemDraft } from '../item-banks/item-draft.ts';
import { titleOfItem } from '../item-banks/title-of-item.ts';
import { numberOf } from '../teaching/typed-numbers.ts';

/** A question of a quiz: an item that there is, or one that is written with it. */
export interface QuestionDraft {
  readonly key: string;
  readonly points: string;
  readonly title: string;
  readonly kind: Item['kind'];
  readonly item_id: string | undefined;
  readonly own: ItemDraft | undefined;
}

/** A quiz as it is being written. */
export interface QuizDraft {
  readonly class_id: string;
  readonly title: string;
  readonly description: string;
  readonly questions: readonly QuestionDraft[];
  readonly minutes: string;
  readonly opens_at: string;
  readonly due_at: string;
  readonly late_policy: string;
  readonly max_attempts: string;
  readonly counts: string;
  readonly when: string;
  readonly show: string;
  readonly shuffle_questions: boolean;
  readonly shuffle_options: boolean;
  readonly as_draft: boolean;
}

export const newQuiz = (class_id: string): QuizDraft => ({
  class_id,
  title: '',
  description: '',
  questions: [],
  minutes: '',
  opens_at: '',
  due_at: '',
  late_policy: 'refuse',
  max_attempts: '1',
  counts: 'best',
  when: 'after_submit',
  show: 'answers',
  shuffle_questions: false,
  shuffle_options: false,
  as_draft: false,
});

export const draftOfQuiz = (quiz: QuizDetail, zone: string): QuizDraft => ({
  class_id: quiz.class_id,
  title: quiz.title,
  description: quiz.description,
  questions: (quiz.questions ?? []).map((question) => ({
    ...ofItem(question),
    points: String(question.points),
  })),
  minutes: quiz.time_limit_s === null ? '' : String(quiz.time_limit_s / 60),
  opens_at: typedOf(quiz.opens_at, zone),
  due_at: typedOf(quiz.due_at, zone),
  late_policy: quiz.late_policy,
  max_attempts: quiz.max_attempts === null ? '' : String(quiz.max_attempts),
  counts: quiz.counts,
  when: quiz.feedback.when,
  show: quiz.feedback.show,
  shuffle_questions: quiz.shuffle_questions,
  shuffle_options: quiz.shuffle_options,
  as_draft: quiz.status === 'draft',
});

export const ofItem = (item: Pick<Item, 'item_id' | 'body' | 'kind'>): QuestionDraft => ({
  key: item.item_id,
  points: '1',
  title: titleOfItem(item),
  kind: item.kind,
  item_id: item.item_id,
  own: undefined,
});

let made = 0;
export function ofOwn(own: ItemDraft, before?: QuestionDraft): QuestionDraft {
  made += 1;
  return {
    key: before?.key ?? `own-${made}`,
    points: before?.points ?? '1',
    title: titleOfItem(own),
    kind: own.kind,
    item_id: undefined,
    own,
  };
}

/** The rules of a quiz, as the contract takes them. */
export function rulesOf(draft: QuizDraft, zone: string) {
  const minutes = numberOf(draft.minutes);
  return {
    title: draft.title.trim(),
    description: draft.description.trim(),
    time_limit_s:
      draft.minutes.trim() === '' ? null : typeof minutes === 'number' ? Math.round(minutes * 60) : minutes,
    opens_at: instantOf(draft.opens_at, zone),
    due_at: instantOf(draft.due_at, zone),
    late_policy: draft.late_policy,
    max_attempts: draft.max_attempts.trim() === '' ? null : numberOf(draft.max_attempts),
    counts: draft.counts,
    feedback: { when: draft.when, show: draft.show },
    shuffle_questions: draft.shuffle_questions,
    shuffle_options: draft.shuffle_options,
  };
}

const questionsOf = ({ questions }: QuizDraft) =>
  questions.map(({ item_id, own, points }) =>
    own ? { ...contentOf(own), points: numberOf(points) } : { item_id, points: numberOf(points) },
  );

export const bodyOfQuiz = (draft: QuizDraft, zone: string) => ({
  ...rulesOf(draft, zone),
  class_id: draft.class_id,
  questions: questionsOf(draft),
  status: draft.as_draft ? 'draft' : 'open',
});

export function fieldOfQuiz([first, second, third]: readonly PropertyKey[]): string {
  if (first === 'time_limit_s') return 'minutes';
  if (first === 'feedback') return String(second ?? 'when');
  if (first === 'questions' && typeof second === 'number')
    return third === 'points' ? `points.${second}` : `questions.${second}`;
  return String(first ?? 'title');
}

/** The shortest time limit in minutes. */
export const shortestMinutes = ({ questions }: QuizDraft): number =>
  (questions.length * secondsPerQuestion) / 60;

export const pointsIn = ({ questions }: QuizDraft): number =>
  questions.reduce((sum, { points }) => sum + (Number(points) || 0), 0);
