import type { quizOperations } from '#shared/contracts/quizzes.ts';
import { aQuiz } from '#tests/support/quizzes.ts';
import type { Asked, Subjects } from '../subject.ts';

const questions = [{ body: 'One or two?', options: ['one', 'two'], key: 0, external_id: 'q1' }];

async function given({ cast, whose }: Asked): Promise<string> {
  const { teacher, class_id } = cast.circles[whose];
  return (await aQuiz(teacher, class_id, { questions })).quiz_id;
}
const params = async (asked: Asked) => ({ params: { quiz_id: await given(asked) } });

async function begun(asked: Asked) {
  const { student } = asked.cast.circles[asked.whose];
  const { attempt_id, questions: shown } = await student.assessment.startQuizAttempt(await params(asked));
  return { params: { attempt_id }, answers: { [shown[0]?.item_id ?? '']: 1 } };
}

export const quizSubjects: Subjects<typeof quizOperations> = {
  createQuiz: {
    reach: 'object',
    refused: [400],
    request: async ({ cast, whose }) => ({
      body: { class_id: cast.circles[whose].class_id, title: 'Quiz', questions },
    }),
  },
  listQuizzes: {
    reach: 'list',
    request: async (asked) => {
      await given(asked);
      return { query: { class_id: asked.cast.circles[asked.whose].class_id } };
    },
    lists: ({ items }) => items.length > 0,
  },
  getQuiz: { reach: 'object', request: params },
  updateQuiz: {
    reach: 'object',
    request: async (asked) => ({ ...(await params(asked)), body: { title: 'Other' } }),
  },
  deleteQuiz: { reach: 'object', request: params },
  startQuizAttempt: { reach: 'object', request: params },
  listQuizAttempts: {
    reach: 'list',
    request: async (asked) => {
      const quiz = await params(asked);
      await asked.cast.circles[asked.whose].student.assessment.startQuizAttempt(quiz);
      return quiz;
    },
    lists: ({ items }) => items.length > 0,
  },
  getQuizAttempt: { reach: 'object', request: async (asked) => ({ params: (await begun(asked)).params }) },
  saveQuizAttempt: {
    reach: 'object',
    request: async (asked) => {
      const { params: attempt, answers } = await begun(asked);
      return { params: attempt, body: { answers } };
    },
  },
  submitQuizAttempt: {
    reach: 'object',
    request: async (asked) => {
      const { params: attempt, answers } = await begun(asked);
      return { params: attempt, body: { answers } };
    },
  },
  quizProgress: { reach: 'object', request: params },
  quizStatistics: { reach: 'object', request: params },
  submitQuiz: {
    reach: 'object',
    request: async (asked) => ({ body: { quiz_id: await given(asked), answers: { q1: 0 } } }),
  },
};
