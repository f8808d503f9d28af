import { answerProblem } from '../items/score.ts';
import type { Answer, Question } from '../items/types.ts';

/** What a save brings: an answer, or null, which takes the answer back. */
export type GivenAnswers = Readonly<Record<string, Answer | null>>;

/** What is kept of an attempt: by question, choices of several options rising. */
export type SavedAnswers = Record<string, number | string | number[]>;

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
const tidy = (answer: Answer): SavedAnswers[string] =>
  typeof answer === 'object' ? [...answer].sort((a, b) => a - b) : answer;

/** What is saved after `given`, question by question. */
export function merged(saved: SavedAnswers, given: GivenAnswers): SavedAnswers {
  const after = new Map(Object.entries(saved));
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
export function changesNothing(saved: SavedAnswers, given: GivenAnswers): boolean {
  const after = merged(saved, given);
  const named = Object.keys(given);
  return named.every((item_id) => isSame(after[item_id], saved[item_id]));
}
