import type { Caller } from '#shared/contracts/operation.ts';
import type { QuizAttemptDetail, quizOperations } from '#shared/contracts/quizzes.ts';
import type { Handlers } from '#shared/http/serve.ts';
import { readAttempt, settled } from '#shared/quizzes/attempt.ts';
import { noSuchAttempt, viewerOf } from '../access.ts';
import type { AssessmentWorld } from '../world.ts';
import { listAttempts } from './list.ts';
import { saveAnswers } from './save.ts';
import { startAttempt } from './start.ts';
import { submitAttempt } from './submit.ts';
import { submitQuiz } from './submit-quiz.ts';
import { viewAttempt } from './view.ts';

type Operations = Pick<
  typeof quizOperations,
  | 'startQuizAttempt'
  | 'listQuizAttempts'
  | 'getQuizAttempt'
  | 'saveQuizAttempt'
  | 'submitQuizAttempt'
  | 'submitQuiz'
>;

export const attemptHandlers = (world: AssessmentWorld): Handlers<Operations> => ({
  startQuizAttempt: async ({ caller, params, idempotency_key }) =>
    viewAttempt(world, await startAttempt(world, caller, { ...params, idempotency_key }), 'owner'),
  listQuizAttempts: ({ caller, params, query }) => listAttempts(world, caller, params.quiz_id, query),
  getQuizAttempt: ({ caller, params }) => getAttempt(world, caller, params.attempt_id),
  saveQuizAttempt: ({ caller, params, body }) => saveAnswers(world, caller, params.attempt_id, body),
  submitQuizAttempt: async ({ caller, params, body }) => {
    const handedIn = { ...params, answers: body.answers ?? {} };
    return viewAttempt(world, await submitAttempt(world, caller, handedIn), 'owner');
  },
  submitQuiz: ({ caller, body }) => submitQuiz(world, caller, body),
});

async function getAttempt(
  world: AssessmentWorld,
  caller: Caller,
  attempt_id: string,
): Promise<QuizAttemptDetail> {
  const found = await readAttempt(world, attempt_id);
  const viewer = found && (await viewerOf(world, caller, found.attempt));
  // whoever looks, the clock is looked at first
  const taken = viewer && (await settled(world, attempt_id));
  if (!taken) throw noSuchAttempt();
  return viewAttempt(world, taken, viewer);
}
