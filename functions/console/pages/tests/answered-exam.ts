import type { Attempt } from '#shared/contracts/exam-sessions.ts';
import type { Answered } from '../taking/answered-question.tsx';

/** An answer of a test with its question; undefined where the plan does not show questions. */
export function answeredExam({
  item_id,
  kind,
  answer,
  question,
  score,
  voided,
}: Attempt): Answered | undefined {
  if (!question) return undefined;
  return {
    question: { item_id, kind, body: question.body, options: question.options },
    answer: answer ?? undefined,
    verdict: voided || score === null ? null : score === 1 ? 'right' : score === 0 ? 'wrong' : 'partly',
    solution: question.key,
    explanation: question.explanation,
  };
}
