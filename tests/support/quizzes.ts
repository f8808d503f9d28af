/** Quizzes as teachers make them through the API. */
import type { Person } from './school.ts';

type QuizBody = Readonly<Record<string, unknown>>;

/** Words that only keys and explanations have: no student may read them before the policy allows it. */
export const quizSecrets = ['sekret_explanation', 'sekret_answer'] as const;

/** One of each kind; three points. */
export const fourQuestions = [
  { body: 'What is $2 + 2$?', options: ['3', '4', '5'], key: 1, explanation: 'sekret_explanation' },
  {
    kind: 'multi',
    body: 'Which are even?',
    options: ['1', '2', '3', '4'],
    key: [1, 3],
    explanation: 'sekret_explanation',
  },
  {
    kind: 'numeric',
    body: 'π to two decimals?',
    key: { value: 3.14, tolerance: 0.001 },
    explanation: null,
  },
  {
    kind: 'text',
    body: 'Which word?',
    key: { accepted: ['sekret_answer', 'Another'] },
    explanation: null,
  },
] as const;

/** A quiz of a class that is open; `changes` are as in a request. */
export const aQuiz = (teacher: Person, class_id: string, changes: QuizBody = {}) =>
  teacher.assessment.createQuiz({
    body: { class_id, title: 'Four questions', questions: fourQuestions, ...changes },
  });

export interface Questions {
  readonly questions: readonly { readonly item_id: string; readonly kind: string }[] | null;
}

/** Ids of the four questions, by kind. */
export function idsOf({ questions }: Questions) {
  const of = (kind: string): string => {
    const found = questions?.find((one) => one.kind === kind);
    if (!found) throw new Error(`no ${kind} question`);
    return found.item_id;
  };
  return { choice: of('choice'), multi: of('multi'), numeric: of('numeric'), text: of('text') };
}

/** Right answers to all four. */
export function rightAnswers(quiz: Questions): Record<string, number | number[] | string> {
  const { choice, multi, numeric, text } = idsOf(quiz);
  return { [choice]: 1, [multi]: [1, 3], [numeric]: 3.14, [text]: ' ANOTHER ' };
}
