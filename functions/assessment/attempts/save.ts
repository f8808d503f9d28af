import type { Caller, Request } from '#shared/contracts/operation.ts';
import type { quizOperations } from '#shared/contracts/quizzes.ts';
import { answersProblem, changesNothing, type GivenAnswers, merged } from '#shared/domain/quizzes/answers.ts';
import { isOverdue } from '#shared/domain/quizzes/rules.ts';
import { isAnswered } from '#shared/domain/quizzes/score.ts';
import { conflict, type DomainError, invalid } from '#shared/errors.ts';
import { isUnderWay, settled } from '#shared/quizzes/attempt.ts';
import { contentOf } from '#shared/quizzes/content.ts';
import { type QuizAttemptRecord, type QuizWork, quizWork } from '#shared/table/quiz.ts';
import { retried } from '#shared/table/retry.ts';
import { ConditionFailed } from '#shared/table/table.ts';
import { noSuchAttempt } from '../access.ts';
import type { AssessmentWorld } from '../world.ts';

type Body = Request<(typeof quizOperations)['saveQuizAttempt']>['body'];

/** Why an attempt that has ended takes nothing more. */
export const ended = ({ status }: Pick<QuizAttemptRecord, 'status'>): DomainError =>
  status === 'expired'
    ? conflict('quiz.time_over', 'The time was over; what had been saved until then counts.')
    : conflict('quiz.submitted', 'This attempt has been handed in, with other answers than these.');

/** Refuses answers to what was not asked, and of another shape than their question. */
export async function refuseUnfit(
  { table }: AssessmentWorld,
  work: Pick<QuizWork, 'quiz_id' | 'content_number'>,
  given: GivenAnswers,
): Promise<void> {
  const { questions } = await contentOf(table, work);
  const problem = answersProblem(questions, given);
  if (problem) throw invalid(['body', 'answers', problem.item_id], problem.message);
}

/** Merges answers into an attempt under way: one read and one conditional write of its own item. */
export function saveAnswers(
  world: AssessmentWorld,
  caller: Caller,
  attempt_id: string,
  { answers, saved }: Body,
) {
  const { table } = world;
  return retried(async () => {
    const work = await table.get(quizWork, { attempt_id }, { consistent: true });
    if (work?.student_id !== caller.user_id) throw noSuchAttempt();
    if (work.scores !== null || isOverdue(work.deadline_at, world.now())) await refuseIfEnded(world, work);
    await refuseUnfit(world, work, answers);
    if (changesNothing(work.answers, answers)) return viewSave(world, work);
    if (saved !== undefined && saved !== work.saved)
      throw conflict(
        'quiz.saved_elsewhere',
        'Other answers were saved since, on another device or by a request that came late. Read the attempt and save again.',
      );
    const next: QuizWork = {
      ...work,
      answers: merged(work.answers, answers),
      saved: work.saved + 1,
      saved_at: world.now().toISOString(),
    };
    await table.write(table.replace(quizWork, work, next));
    return viewSave(world, next);
  });
}

/** @throws ConditionFailed where the deadline has moved, and the answers are to be read again */
async function refuseIfEnded(world: AssessmentWorld, { attempt_id }: QuizWork): Promise<never> {
  const taken = await settled(world, attempt_id);
  if (!taken) throw noSuchAttempt();
  if (!isUnderWay(taken)) throw ended(taken.attempt);
  throw new ConditionFailed(undefined);
}

const viewSave = (
  { now }: AssessmentWorld,
  { attempt_id, saved, saved_at, answers, deadline_at }: QuizWork,
) => ({
  attempt_id,
  saved,
  saved_at,
  answered: Object.values(answers).filter(isAnswered).length,
  deadline_at,
  server_time: now().toISOString(),
});
