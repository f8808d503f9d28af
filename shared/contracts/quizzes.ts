import * as z from 'zod';
import { itemProblems } from '../domain/items/rules.ts';
import { shortestLimit } from '../domain/quizzes/rules.ts';
import { answer, writtenItem } from './item-shapes.ts';
import { contract } from './operation.ts';
import {
  attemptStatus,
  countedAttempt,
  points,
  quizFeedback,
  quizLatePolicy,
  quizStatus,
} from './quiz-shapes.ts';
import {
  quiz,
  quizAttempt,
  quizAttemptDetail,
  quizDetail,
  quizProgress,
  quizResult,
  quizRules,
  quizSave,
  quizStatistics,
  timeLimit,
} from './quiz-views.ts';
import { classReaders, readers, schoolTime, staff, teachers } from './school-shapes.ts';
import { aliased, decimal, id, nothing, page, paging } from './shapes.ts';

export type {
  Quiz,
  QuizAttempt,
  QuizAttemptDetail,
  QuizDetail,
  QuizResult,
  QuizStatistics,
} from './quiz-views.ts';
export { quizProgress, quizQuestion } from './quiz-views.ts';

/** A question that is given by its item. */
const referred = z.strictObject({
  kind: z.literal('item').default('item'),
  item_id: id.meta({ description: 'An item of the organisation; its revision at the opening is asked' }),
  points: points.default(1),
});

const [choice, multi, numeric, worded] = writtenItem.options;
const own = { points: points.default(1) };

/** An item by its id, else a question of its own: a choice unless `kind` says otherwise. */
const kindOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? { kind: 'item_id' in value ? 'item' : 'choice', ...value }
    : value;

const givenQuestion = aliased(
  { text: 'body', content: 'body', correct_answer: 'key', id: 'external_id' },
  z.preprocess(
    kindOf,
    z
      .discriminatedUnion('kind', [
        referred,
        choice.extend(own),
        multi.extend(own),
        numeric.extend(own),
        worded.extend(own),
      ])
      .check(({ value, issues }) => {
        if (value.kind === 'item') return;
        for (const { path, message } of itemProblems(value))
          issues.push({ code: 'custom', input: value, path: [...path], message });
      }),
  ),
).meta({
  id: 'QuizQuestionInput',
  description:
    'An item by `item_id`, or a question that becomes a draft in the teacher’s bank “Quiz questions”. `text` is taken for `body`, `correct_answer` for `key`, `id` for `external_id`; a question without `kind` is a choice.',
});
export type GivenQuestion = z.output<typeof givenQuestion>;

const questions = z.array(givenQuestion).min(1).max(100);
/** As they are asked for: dates may be the school's. */
const wantedRules = { ...quizRules, opens_at: schoolTime.nullable(), due_at: schoolTime.nullable() } as const;

const createBody = aliased(
  { time_limit: 'time_limit_s' },
  z
    .strictObject({
      class_id: id,
      ...wantedRules,
      questions,
      description: quizRules.description.default(''),
      time_limit_s: timeLimit.default(null),
      opens_at: wantedRules.opens_at.default(null),
      due_at: wantedRules.due_at.default(null),
      late_policy: quizLatePolicy.default('refuse'),
      max_attempts: quizRules.max_attempts.default(1),
      counts: countedAttempt.default('best'),
      feedback: quizFeedback.default({ when: 'after_submit', show: 'answers' }),
      shuffle_questions: z.boolean().default(false),
      shuffle_options: z.boolean().default(false),
      status: z.enum(['draft', 'open']).default('open'),
    })
    .check(({ value, issues }) => {
      const problem = shortestLimit(value.time_limit_s, value.questions.length);
      if (problem !== undefined)
        issues.push({ code: 'custom', input: value, path: ['time_limit_s'], message: problem });
    }),
);

const updateBody = aliased(
  { time_limit: 'time_limit_s' },
  z
    .strictObject({ ...wantedRules, questions, status: quizStatus })
    .partial()
    .extend({ version: z.int().optional() }),
);

const given = z
  .record(id, answer.nullable())
  .refine((all) => Object.keys(all).length <= 100, 'at most 100 answers')
  .meta({ description: 'By item; null takes an answer back. What is not named stays as it was saved' });

const ofQuiz = { params: z.object({ quiz_id: id }) };
const ofAttempt = { params: z.object({ attempt_id: id }) };
const taker = { student: 'own' } as const;

export const quizOperations = contract({
  createQuiz: {
    method: 'POST',
    path: '/api/assessment/quizzes',
    summary: 'Make a quiz for a class',
    description:
      'It opens at once unless `status` is draft or `opens_at` is later. Opening freezes the questions as they are then.',
    access: teachers,
    body: createBody,
    status: 201,
    response: quizDetail,
    errors: [400, 409],
  },
  listQuizzes: {
    method: 'GET',
    path: '/api/assessment/quizzes',
    summary: 'List quizzes, by due date',
    description:
      'Of a class, or of all classes one belongs to. Students see those that have opened. With `student_id`, `mine` is that student’s.',
    access: classReaders,
    query: z.strictObject({
      class_id: id.optional(),
      student_id: id.optional(),
      status: quizStatus.optional(),
      ...paging,
    }),
    status: 200,
    response: page(quiz),
    errors: [404],
  },
  getQuiz: {
    method: 'GET',
    path: '/api/assessment/quizzes/{quiz_id}',
    summary: 'Read a quiz',
    access: classReaders,
    ...ofQuiz,
    status: 200,
    response: quizDetail,
    errors: [404],
  },
  updateQuiz: {
    method: 'PATCH',
    path: '/api/assessment/quizzes/{quiz_id}',
    summary: 'Change, open or close a quiz',
    description:
      'The questions of a quiz with attempts stay. A later `due_at` lengthens attempts under way that it would have ended; nothing shortens them.',
    access: teachers,
    ...ofQuiz,
    body: updateBody,
    status: 200,
    response: quizDetail,
    errors: [400, 404, 409],
  },
  deleteQuiz: {
    method: 'DELETE',
    path: '/api/assessment/quizzes/{quiz_id}',
    summary: 'Take back a quiz without attempts',
    access: teachers,
    ...ofQuiz,
    status: 204,
    response: nothing,
    errors: [404, 409],
  },
  startQuizAttempt: {
    method: 'POST',
    path: '/api/assessment/quizzes/{quiz_id}/attempts',
    summary: 'Begin an attempt, or go on with the one under way',
    access: { student: 'member' },
    ...ofQuiz,
    status: 201,
    response: quizAttemptDetail,
    errors: [404, 409],
  },
  listQuizAttempts: {
    method: 'GET',
    path: '/api/assessment/quizzes/{quiz_id}/attempts',
    summary: 'List the attempts of a quiz',
    description: 'Students see their own, guardians those of their children. The newest first.',
    access: classReaders,
    ...ofQuiz,
    query: z.strictObject({ student_id: id.optional(), status: attemptStatus.optional(), ...paging }),
    status: 200,
    response: page(quizAttempt),
    errors: [404],
  },
  getQuizAttempt: {
    method: 'GET',
    path: '/api/assessment/attempts/{attempt_id}',
    summary: 'Read an attempt: questions, saved answers, result',
    access: readers,
    ...ofAttempt,
    status: 200,
    response: quizAttemptDetail,
    errors: [404],
  },
  saveQuizAttempt: {
    method: 'PATCH',
    path: '/api/assessment/attempts/{attempt_id}',
    summary: 'Save answers of an attempt under way',
    description:
      'Answers are merged by question. Five seconds after the deadline nothing is taken any more (409 `quiz.time_over`), and what was saved is scored.',
    access: taker,
    ...ofAttempt,
    body: z.strictObject({
      answers: given,
      saved: z.int().min(0).optional().meta({
        description:
          'The `saved` of the last reply. When something else was saved since (another device, a request that came late), 409 `quiz.saved_elsewhere`: read, merge, save again. Absent: the last save of a question counts',
      }),
    }),
    status: 200,
    response: quizSave,
    errors: [404, 409],
  },
  submitQuizAttempt: {
    method: 'POST',
    path: '/api/assessment/attempts/{attempt_id}/submit',
    summary: 'Hand an attempt in',
    description:
      'With the last answers, if there are any. The same again gives the stored result; other answers are 409 `quiz.submitted`, after the deadline 409 `quiz.time_over`.',
    access: taker,
    ...ofAttempt,
    body: z.strictObject({ answers: given.optional() }).default({}),
    status: 200,
    response: quizAttemptDetail,
    errors: [404, 409],
  },
  quizProgress: {
    method: 'GET',
    path: '/api/assessment/quizzes/{quiz_id}/progress',
    summary: 'List who has done what',
    access: staff,
    ...ofQuiz,
    query: z.strictObject({ status: quizProgress.shape.status.optional(), ...paging }),
    status: 200,
    response: page(quizProgress),
    errors: [404],
  },
  quizStatistics: {
    method: 'GET',
    path: '/api/assessment/quizzes/{quiz_id}/statistics',
    summary: 'Analyse the questions of a quiz',
    access: staff,
    ...ofQuiz,
    query: z.strictObject({
      attempts: z.enum(['first', 'last', 'all']).default('first').meta({
        description: 'Which finished attempts of each student: the first is not coloured by feedback',
      }),
    }),
    status: 200,
    response: quizStatistics,
    errors: [404],
  },
  submitQuiz: {
    method: 'POST',
    path: '/api/assessment/quiz/submit',
    summary: 'Answer a whole quiz at once',
    description:
      'Ends the attempt under way; a quiz without a time limit need not have been begun, one with a limit is 409 `quiz.not_started` then. The same answers again give the stored result. Answers are whole numbers by item, or by the `id` that the question was given with; `time_taken` is kept and counts for nothing.',
    access: { student: 'member' },
    body: aliased(
      { time_taken: 'client_time_taken_s' },
      z.strictObject({
        quiz_id: id,
        user_id: id.optional().meta({ description: 'One’s own' }),
        answers: z
          .record(z.string().min(1).max(100), z.int())
          .refine((all) => Object.keys(all).length <= 100, 'at most 100 answers')
          .meta({ description: 'Option position, or the number asked for, by question' }),
        client_time_taken_s: decimal().min(0).max(1e9).nullable().default(null),
      }),
    ),
    status: 200,
    response: quizResult,
    errors: [403, 404, 409],
  },
});
