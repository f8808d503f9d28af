import * as z from 'zod';
import { id, instant } from './shapes.ts';

/** What a quiz is made of and how it is shown: to students without keys, after the attempt as its policy says. */

export const quizStatus = z.enum(['draft', 'open', 'closed']).meta({
  id: 'QuizStatus',
  description: '`closed`: nobody begins any more; attempts under way may be finished',
});
export type QuizStatus = z.output<typeof quizStatus>;

export const quizLatePolicy = z
  .enum(['refuse', 'accept'])
  .meta({ description: 'After `due_at`: attempts end and none begins, or they count and are marked late' });

export const countedAttempt = z
  .enum(['best', 'last', 'first', 'average'])
  .meta({ description: 'Which of several attempts is the student’s result' });

export const quizFeedback = z
  .strictObject({
    when: z.enum(['never', 'after_submit', 'after_due']).default('after_submit').meta({
      description:
        '`after_due`: once `due_at` has passed or the quiz is closed, and no attempt of one’s own is under way. Of a quiz that takes late attempts students see the score then, and the rest when they can begin no more: their attempts are used up, or the quiz is closed. Whoever has seen keys may tell them to those who begin late: where that matters, refuse late attempts',
    }),
    show: z.enum(['score', 'correctness', 'answers']).default('answers').meta({
      description: '`correctness`: which were right, too. `answers`: also the keys and the explanations',
    }),
  })
  .meta({ id: 'QuizFeedback', description: 'What students and guardians see of a finished attempt' });
export type QuizFeedback = z.output<typeof quizFeedback>;

export const attemptStatus = z.enum(['in_progress', 'submitted', 'expired']).meta({
  id: 'QuizAttemptStatus',
  description: '`expired`: its time ran out; what had been saved until then counts',
});

export const points = z
  .number()
  .min(0.01)
  .max(1000)
  .meta({ description: 'What a right answer gives; of `multi` a part of it for a partly right one' });

/** How one question of an attempt was scored. */
export const questionScore = z.object({
  item_id: id,
  points: z.number().meta({ description: 'Reached' }),
  max_points: z.number(),
  correct: z.boolean(),
  answered: z.boolean(),
});

/** Where a student stands with a quiz. */
export const quizStanding = z
  .object({
    status: z.enum(['not_started', ...attemptStatus.options]).meta({ description: 'Of the last attempt' }),
    attempts: z.int(),
    attempts_left: z.int().nullable(),
    percent: z
      .number()
      .nullable()
      .meta({ description: 'The one that counts; null before there is one, and while the policy keeps it' }),
    late: z.boolean(),
    last_attempt_id: id.nullable(),
    last_at: instant.nullable(),
    is_open: z.boolean().meta({ description: 'Whether an attempt may begin, or go on, now' }),
    time_limit_s: z.number().nullable().meta({ description: 'With the student’s extra time' }),
  })
  .meta({ id: 'QuizStanding' });
export type QuizStandingView = z.output<typeof quizStanding>;
