import * as z from 'zod';
import { answer, eachKind } from '../contracts/item-shapes.ts';
import {
  attemptStatus,
  countedAttempt,
  questionScore,
  quizFeedback,
  quizLatePolicy,
  quizStatus,
} from '../contracts/quiz-shapes.ts';
import { entity } from './entity.ts';

/** Quizzes stand by when they are due; those without an end come last. */
const endless = '~';
export const quizTurn = (item: { readonly due_at: string | null; readonly quiz_id: string }): string =>
  `${item.due_at ?? endless}#${item.quiz_id}`;

/** Ids of questions are those of their items; `external_id` is what the question was called when it was given. */
const question = z.object({
  item_id: z.string(),
  bank_id: z.string(),
  revision: z.int(),
  points: z.number(),
  external_id: z.string().nullable(),
});

/** A question as it is asked, with its key. */
export const contentQuestion = eachKind(question.shape);
export type ContentQuestion = z.output<typeof contentQuestion>;

/**
 * A quiz of a class.
 *
 * Access patterns:
 * - by id: `quiz#<id>` / `quiz`
 * - of a class by due date: gsi1 `class#<class>#quizzes`
 * - of an organisation by due date: gsi2 `org#<org>#quizzes`
 */
export const quizzes = entity({
  type: 'quiz',
  schema: z.object({
    quiz_id: z.string(),
    org_id: z.string(),
    class_id: z.string(),
    title: z.string(),
    description: z.string(),
    questions: z.array(question),
    max_score: z.number(),
    /** Number of the content that attempts begin with; 0 until it opens for the first time. */
    content_number: z.int(),
    time_limit_s: z.int().nullable(),
    opens_at: z.string().nullable(),
    due_at: z.string().nullable(),
    late_policy: quizLatePolicy,
    max_attempts: z.int().nullable(),
    counts: countedAttempt,
    feedback: quizFeedback,
    shuffle_questions: z.boolean(),
    shuffle_options: z.boolean(),
    status: quizStatus,
    created_by: z.string(),
    created_at: z.string(),
    updated_at: z.string(),
    version: z.int(),
  }),
  key: ({ quiz_id }: { quiz_id: string }) => ({ pk: `quiz#${quiz_id}`, sk: 'quiz' }),
  indexes: {
    gsi1: (item) => ({ pk: `class#${item.class_id}#quizzes`, sk: quizTurn(item) }),
    gsi2: (item) => ({ pk: `org#${item.org_id}#quizzes`, sk: quizTurn(item) }),
  },
});
export type QuizRecord = z.output<typeof quizzes.schema>;

/**
 * The same fact beside the class, written in the same transaction, so that what a class has can be read consistently.
 *
 * Access pattern: the quizzes of a class: `class#<class>`, prefix `quiz#`
 */
export const classQuizzes = entity({
  type: 'class_quiz',
  schema: z.object({ class_id: z.string(), quiz_id: z.string() }),
  key: ({ class_id, quiz_id }: { class_id: string; quiz_id: string }) => ({
    pk: `class#${class_id}`,
    sk: `quiz#${quiz_id}`,
  }),
});

/**
 * The questions as they were when the quiz opened, with their keys: never changed, so that what becomes of the items
 * changes no attempt.
 *
 * Access pattern: by number: `quiz#<id>` / `content#<n>`
 */
export const quizContents = entity({
  type: 'quiz_content',
  schema: z.object({
    quiz_id: z.string(),
    content_number: z.int(),
    questions: z.array(contentQuestion),
    created_at: z.string(),
  }),
  key: ({ quiz_id, content_number }: { quiz_id: string; content_number: number }) => ({
    pk: `quiz#${quiz_id}`,
    sk: `content#${String(content_number).padStart(5, '0')}`,
  }),
});
export type QuizContent = z.output<typeof quizContents.schema>;

/**
 * An attempt: written when it begins and when it ends, and when its deadline moves. What is typed in between goes to
 * {@link quizWork}, which stands in no index.
 *
 * Access patterns:
 * - by id: `quizattempt#<id>` / `attempt`
 * - of a student by beginning: gsi1 `user#<student>#quizattempts`
 * - of a quiz by beginning: gsi2 `quiz#<quiz>#attempts`
 * - those whose time runs, by deadline: gsi3 `quizzes#open`
 */
export const quizAttempts = entity({
  type: 'quiz_attempt',
  schema: z.object({
    attempt_id: z.string(),
    quiz_id: z.string(),
    quiz_title: z.string(),
    org_id: z.string(),
    class_id: z.string(),
    student_id: z.string(),
    student_name: z.string(),
    /** Counts from 1 for a student and a quiz. */
    number: z.int(),
    content_number: z.int(),
    /** How the quiz was shuffled when the attempt began, and with what. */
    shuffle_questions: z.boolean(),
    shuffle_options: z.boolean(),
    seed: z.int(),
    started_at: z.string(),
    /** What the time limit alone says, with extra time; null: no limit. */
    limit_at: z.string().nullable(),
    /** On the server's clock; null: no end. */
    deadline_at: z.string().nullable(),
    time_limit_s: z.number().nullable(),
    time_factor: z.number(),
    status: attemptStatus,
    /** Of one that ran out of time: its deadline. */
    submitted_at: z.string().nullable(),
    late: z.boolean(),
    score: z.number().nullable(),
    max_score: z.number(),
    percent: z.number().nullable(),
    /** As the client said; counts for nothing. */
    client_time_taken_s: z.number().nullable(),
    version: z.int(),
  }),
  key: ({ attempt_id }: { attempt_id: string }) => ({ pk: `quizattempt#${attempt_id}`, sk: 'attempt' }),
  indexes: {
    gsi1: (item) => ({
      pk: `user#${item.student_id}#quizattempts`,
      sk: `${item.started_at}#${item.attempt_id}`,
    }),
    gsi2: (item) => ({ pk: `quiz#${item.quiz_id}#attempts`, sk: `${item.started_at}#${item.attempt_id}` }),
    gsi3: (item) =>
      item.status === 'in_progress' && item.deadline_at !== null
        ? { pk: openAttempts, sk: `${item.deadline_at}#${item.attempt_id}` }
        : undefined,
  },
});
export type QuizAttemptRecord = z.output<typeof quizAttempts.schema>;
export const openAttempts = 'quizzes#open';

/**
 * The answers of an attempt, and after its end how they were scored. Saving is one conditional write of this item.
 *
 * Access pattern: by attempt: `quizattempt#<id>` / `work`
 */
export const quizWork = entity({
  type: 'quiz_work',
  schema: z.object({
    attempt_id: z.string(),
    quiz_id: z.string(),
    student_id: z.string(),
    content_number: z.int(),
    deadline_at: z.string().nullable(),
    answers: z.record(z.string(), answer),
    /** Counts the saves. */
    saved: z.int(),
    saved_at: z.string().nullable(),
    /** Null while the attempt is under way. */
    scores: z.array(questionScore).nullable(),
    version: z.int(),
  }),
  key: ({ attempt_id }: { attempt_id: string }) => ({ pk: `quizattempt#${attempt_id}`, sk: 'work' }),
});
export type QuizWork = z.output<typeof quizWork.schema>;

/**
 * Where a student stands with a quiz, written in the transactions in which their attempts begin and end. Which of
 * `tries` counts the quiz says (`countedPercent`), so that a change of its rule changes no standing.
 *
 * Access patterns:
 * - by quiz and student: `quiz#<id>` / `standing#<student>` (the board: a batch of these, by the roster)
 * - all of a quiz: `quiz#<id>`, prefix `standing#`
 */
export const quizStandings = entity({
  type: 'quiz_standing',
  schema: z.object({
    quiz_id: z.string(),
    student_id: z.string(),
    /** In their order; the last may be under way. */
    tries: z
      .array(
        z.object({
          attempt_id: z.string(),
          status: attemptStatus,
          percent: z.number().nullable(),
          late: z.boolean(),
          /** When it began, or ended. */
          at: z.string(),
        }),
      )
      .min(1),
    version: z.int(),
  }),
  key: ({ quiz_id, student_id }: { quiz_id: string; student_id: string }) => ({
    pk: `quiz#${quiz_id}`,
    sk: `standing#${student_id}`,
  }),
});
export type QuizStanding = z.output<typeof quizStandings.schema>;
