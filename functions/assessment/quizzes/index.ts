import type { quizOperations } from '#shared/contracts/quizzes.ts';
import type { Handlers } from '#shared/http/serve.ts';
import { reachedQuiz } from '../access.ts';
import type { AssessmentWorld } from '../world.ts';
import { listQuizzes } from './list.ts';
import { listProgress } from './progress.ts';
import { readStatistics } from './statistics.ts';
import { viewQuiz } from './view.ts';
import { createQuiz, deleteQuiz, updateQuiz } from './write.ts';

type Operations = Pick<
  typeof quizOperations,
  'createQuiz' | 'listQuizzes' | 'getQuiz' | 'updateQuiz' | 'deleteQuiz' | 'quizProgress' | 'quizStatistics'
>;

export const quizHandlers = (world: AssessmentWorld): Handlers<Operations> => ({
  createQuiz: (request) => createQuiz(world, request.caller, request),
  listQuizzes: ({ caller, query }) => listQuizzes(world, caller, query),
  getQuiz: async ({ caller, params }) =>
    viewQuiz(world, caller, (await reachedQuiz(world, caller, params.quiz_id)).quiz),
  updateQuiz: ({ caller, params, body }) => updateQuiz(world, caller, params.quiz_id, body),
  deleteQuiz: ({ caller, params }) => deleteQuiz(world, caller, params.quiz_id),
  quizProgress: ({ caller, params, query }) => listProgress(world, caller, params.quiz_id, query),
  quizStatistics: ({ caller, params, query }) =>
    readStatistics(world, caller, params.quiz_id, query.attempts),
});
