import * as z from 'zod';
import { secondsPerQuestion } from '../domain/quizzes/rules.ts';
import { answer, eachKind, numericKey, studentItem, textKey } from './item-shapes.ts';
import {
  attemptStatus,
  countedAttempt,
  questionScore,
  quizFeedback,
  quizLatePolicy,
  quizStanding,
  quizStatus,
} from './quiz-shapes.ts';
import { id, instant, text } from './shapes.ts';

/** Quizzes and attempts as they are shown. */

export const timeLimit = z
  .int()
  .min(secondsPerQuestion)
  .max(86_400)
  .nullable()
  .meta({
    description: `In seconds, at least ${secondsPerQuestion} for each question; also \`time_limit\`. Null: no limit`,
  });

export const quizRules = {
  title: text(200),
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

const summary = z.object({
  quiz_id: id,
  class_id: id,
  class_name: z.string(),
  ...quizRules,
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

const attemptResult = z
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
    truncated: z.boolean().meta({
      description:
        'Attempts times questions are over 100,000: only the newest attempts are counted, of a hundred questions 1,000',
    }),
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

export const quizSave = z
  .object({
    attempt_id: id,
    saved: z.int(),
    saved_at: instant.nullable(),
    answered: z.int(),
    deadline_at: instant.nullable(),
    server_time: instant,
  })
  .meta({ id: 'QuizSave' });
