import { answerProblem } from '../items/score.ts';
import type { Answer, Question } from '../items/types.ts';
import type { Answers } from './score.ts';

/** What a save brings: an answer, or null, which takes the answer back. */
export type GivenAnswers = Readonly<Record<string, Answer | null>>;

export interface AnswerProblem {
  readonly item_id: string;
  readonly message: string;
}

/** Why an answer cannot be one to its question; undefined when all can. */
export function answersProblem(
  questions: readonly (Question & { readonly item_id: string })[],
  given: GivenAnswers,
): AnswerProblem | undefined {
  const known = new Map(questions.map((question) => [question.item_id, question] as const));
  for (const [item_id, answer] of Object.entries(given)) {
    const question = known.get(item_id);
    if (!question) return { item_id, message: 'this quiz has no such question' };
    const problem = answer === null ? undefined : answerProblem(question, answer);
    if (problem !== undefined) return { item_id, message: `an answer to this question is ${problem}` };
  }
  return undefined;
}

/** The choices of several options are a set: kept rising, so that equal ones are equal. */
const tidy = (answer: Answer): Answer =>
  typeof answer === 'object' ? [...answer].sort((a, b) => a - b) : answer;

/** What is saved after `given`, question by question. */
export function merged(saved: Answers, given: GivenAnswers): Record<string, Answer> {
  const after = new Map<string, Answer>(Object.entries(saved));
  for (const [item_id, answer] of Object.entries(given))
    if (answer === null) after.delete(item_id);
    else after.set(item_id, tidy(answer));
  return Object.fromEntries(after);
}

const isSame = (a: Answer | undefined, b: Answer | undefined): boolean =>
  typeof a === 'object' && typeof b === 'object'
    ? a.length === b.length && a.every((position, at) => position === b[at])
    : a === b;

/** Whether `given` would change nothing. */
export function changesNothing(saved: Answers, given: GivenAnswers): boolean {
  const after = merged(saved, given);
  const named = Object.keys(given);
  return named.every((item_id) => isSame(after[item_id], saved[item_id]));
}
