import * as z from 'zod';
import { itemProblems } from '../domain/items/rules.ts';
import { secondsPerQuestion, shortestLimit } from '../domain/quizzes/rules.ts';
import { answer, eachKind, numericKey, studentItem, textKey, writtenItem } from './item-shapes.ts';
import { contract } from './operation.ts';
import {
  attemptStatus,
  countedAttempt,
  points,
  questionScore,
  quizFeedback,
  quizLatePolicy,
  quizStanding,
  quizStatus,
} from './quiz-shapes.ts';
import { classReaders, readers, schoolTime, staff, teachers } from './school-shapes.ts';
import { aliased, decimal, id, instant, nothing, page, paging, text } from './shapes.ts';

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

export const givenQuestion = aliased(
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
const title = text(200);
const timeLimit = z
  .int()
  .min(secondsPerQuestion)
  .max(86_400)
  .nullable()
  .meta({
    description: `In seconds, at least ${secondsPerQuestion} for each question; also \`time_limit\`. Null: no limit`,
  });

const rules = {
  title,
  description: text(2_000, 0),
  time_limit_s: timeLimit,
  opens_at: instant.nullable(),
  due_at: instant.nullable(),
  late_policy: quizLatePolicy,
  max_attempts: z.int().min(1).max(20).nullable().meta({ description: 'Null: 100' }),
  counts: countedAttempt,
  feedback: quizFeedback,
  shuffle_questions: z.boolean(),
  shuffle_options: z.boolean(),
} as const;

/** As they are asked for: dates may be the school's. */
const wantedRules = { ...rules, opens_at: schoolTime.nullable(), due_at: schoolTime.nullable() } as const;

const createBody = aliased(
  { time_limit: 'time_limit_s' },
  z
    .strictObject({
      class_id: id,
      ...wantedRules,
      questions,
      description: rules.description.default(''),
      time_limit_s: timeLimit.default(null),
      opens_at: wantedRules.opens_at.default(null),
      due_at: wantedRules.due_at.default(null),
      late_policy: quizLatePolicy.default('refuse'),
      max_attempts: rules.max_attempts.default(1),
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

const summary = z.object({
  quiz_id: id,
  class_id: id,
  class_name: z.string(),
  ...rules,
  title: z.string(),
  description: z.string(),
  question_count: z.int(),
  max_score: z.number(),
  status: quizStatus,
  created_by: id,
  created_at: instant,
  updated_at: instant,
  version: z.int(),
  mine: quizStanding
    .nullable()
    .meta({ description: 'Where the student stands who asks, or who was asked for' }),
});
export const quiz = summary.meta({ id: 'Quiz' });
export type Quiz = z.output<typeof quiz>;

const asked = { points: z.number(), external_id: z.string().nullable() } as const;
export const quizQuestion = eachKind({ item_id: id, bank_id: id, revision: z.int(), ...asked }).meta({
  id: 'QuizQuestion',
});

export const quizDetail = summary
  .extend({
    questions: z.array(quizQuestion).nullable().meta({ description: 'With their keys, for the staff alone' }),
    has_attempts: z.boolean().meta({ description: 'Its questions stay as they are then' }),
  })
  .meta({ id: 'QuizDetail' });
export type QuizDetail = z.output<typeof quizDetail>;

const anyKey = z.union([z.int(), z.array(z.int()), numericKey, textKey]);

export const attemptResult = z
  .object({
    score: z.number(),
    max_score: z.number(),
    percent: z.number(),
    questions: z
      .array(
        questionScore.extend({
          key: anyKey.nullable(),
          explanation: z.string().nullable(),
        }),
      )
      .nullable()
      .meta({ description: 'In the order of the attempt; key and explanation where the policy shows them' }),
  })
  .meta({ id: 'QuizAttemptResult', description: 'As far as the feedback policy lets this reader see it' });

const attemptFields = {
  attempt_id: id,
  quiz_id: id,
  quiz_title: z.string(),
  class_id: id,
  student_id: id,
  student_name: z.string(),
  number: z.int().meta({ description: 'Counts from 1' }),
  status: attemptStatus,
  late: z.boolean(),
  started_at: instant,
  deadline_at: instant.nullable().meta({ description: 'On the server’s clock; null: no end' }),
  time_limit_s: z.number().nullable().meta({ description: 'With the student’s extra time' }),
  submitted_at: instant.nullable(),
} as const;

export const quizAttempt = z
  .object({
    ...attemptFields,
    score: z.number().nullable(),
    max_score: z.number(),
    percent: z
      .number()
      .nullable()
      .meta({ description: 'Null before the end, and while the policy keeps it' }),
  })
  .meta({ id: 'QuizAttempt' });
export type QuizAttempt = z.output<typeof quizAttempt>;

export const quizAttemptDetail = z
  .object({
    ...attemptFields,
    server_time: instant.meta({ description: 'For the clock of the page' }),
    questions: z
      .array(
        studentItem.extend({
          points: z.number(),
          option_order: z.array(z.int()).meta({
            description: 'Positions of the options in the order to show them; answers name positions',
          }),
        }),
      )
      .meta({ description: 'In the order of the attempt; none for guardians' }),
    answers: z.record(z.string(), answer).meta({ description: 'What was saved, by item' }),
    saved: z.int().meta({ description: 'Counts the saves' }),
    saved_at: instant.nullable(),
    result: attemptResult
      .nullable()
      .meta({ description: 'Null before the end, and while the policy keeps it' }),
    feedback_at: instant
      .nullable()
      .meta({ description: 'When the result will be shown, where that is known' }),
  })
  .meta({ id: 'QuizAttemptDetail' });
export type QuizAttemptDetail = z.output<typeof quizAttemptDetail>;

export const quizProgress = z
  .object({
    student_id: id,
    student_name: z.string(),
    status: quizStanding.shape.status,
    attempts: z.int(),
    percent: z.number().nullable().meta({ description: 'The one that counts' }),
    late: z.boolean(),
    last_attempt_id: id.nullable(),
    last_at: instant.nullable().meta({ description: 'When the last attempt began, or ended' }),
  })
  .meta({ id: 'QuizProgress' });

const share = z.number().min(0).max(1).nullable();
const correlation = z.number().min(-1).max(1).nullable();

export const quizStatistics = z
  .object({
    quiz_id: id,
    attempts: z.int().meta({ description: 'Finished ones that are counted here' }),
    mean_percent: z.number().nullable(),
    median_percent: z.number().nullable(),
    sd_percent: z.number().nullable().meta({ description: 'Divided by n − 1' }),
    alpha: z.number().nullable().meta({ description: 'Cronbach’s, of the points of the questions' }),
    questions: z.array(
      z.object({
        item_id: id,
        kind: studentItem.shape.kind,
        body: z.string(),
        points: z.number(),
        n: z.int().meta({ description: 'Attempts that had the question' }),
        blank: z.int(),
        p: share.meta({ description: 'Mean share of the points; a blank has none' }),
        point_biserial: correlation.meta({
          description:
            'Of the share of the points with the score of the other questions; null where either is constant',
        }),
        options: z.array(
          z.object({
            position: z.int(),
            body: z.string(),
            is_key: z.boolean(),
            chosen: z.int(),
            share,
            mean_rest: z.number().nullable().meta({
              description: 'Mean score of the other questions, of those who chose it, as a share',
            }),
          }),
        ),
        frequent_answers: z
          .array(
            z.object({ answer: z.union([z.number(), z.string()]), count: z.int(), correct: z.boolean() }),
          )
          .meta({ description: 'Of numeric and text questions, the ten most frequent' }),
      }),
    ),
  })
  .meta({ id: 'QuizStatistics' });
export type QuizStatistics = z.output<typeof quizStatistics>;

const given = z
  .record(id, answer.nullable())
  .refine((all) => Object.keys(all).length <= 100, 'at most 100 answers')
  .meta({ description: 'By item; null takes an answer back. What is not named stays as it was saved' });

export const quizResult = z
  .object({
    quiz_id: id,
    attempt_id: id,
    user_id: id,
    status: attemptStatus,
    late: z.boolean(),
    submitted_at: instant.nullable(),
    client_time_taken_s: z.number().nullable(),
    total_questions: z.int(),
    correct_answers: z.int().nullable().meta({ description: 'Null while the feedback policy keeps it' }),
    score: z.number().nullable(),
    max_score: z.number(),
    percent: z.number().nullable(),
    questions: attemptResult.shape.questions,
  })
  .meta({ id: 'QuizResult' });
export type QuizResult = z.output<typeof quizResult>;

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
    response: z
      .object({
        attempt_id: id,
        saved: z.int(),
        saved_at: instant.nullable(),
        answered: z.int(),
        deadline_at: instant.nullable(),
        server_time: instant,
      })
      .meta({ id: 'QuizSave' }),
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
