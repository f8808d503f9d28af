import * as z from 'zod';
import {
  computed,
  examProgress,
  examStatus,
  examType,
  score,
  scoreBand,
  serverComputed,
} from './exam-shapes.ts';
import { answer, itemKind, parameters, studentItem } from './item-shapes.ts';
import { contract } from './operation.ts';
import { readers, staff, teachers } from './school-shapes.ts';
import { decimal, id, instant, meta, page, paging, text } from './shapes.ts';

export const examSession = z
  .object({
    exam_session_id: id,
    org_id: id,
    class_id: id,
    student_id: id,
    student_name: z.string(),
    exam_type: examType,
    plan_id: id.nullable().meta({ description: 'null: imported' }),
    plan_name: z.string().nullable(),
    bank_id: id.nullable(),
    bank_version: z.int().nullable(),
    status: examStatus,
    source: z.enum(['taken', 'import']),
    started_at: instant,
    ended_at: instant.nullable(),
    duration_sec: z.int().nullable(),
    deadline_at: instant.nullable(),
    last_active_at: instant
      .nullable()
      .meta({ description: 'Its start, its last answer or its end; null: imported' }),
    time_factor: z.number().meta({ description: 'Extra time: 1.5 gives half as much more' }),
    answered: z.int(),
    max_items: z.int().nullable(),
    stop_reason: z.string().nullable().meta({
      description:
        'Of the plan’s rules the one that ended it (`se`, `max_items`, `time_limit` …), or `ended_early`, `idle`, `abandoned`',
    }),
    score: score.nullable().meta({ description: 'Of completed sessions' }),
    theta: z.number().nullable(),
    standard_error: z.number().nullable(),
    band: scoreBand.nullable(),
    result: z.enum(['none', 'hidden', 'band', 'score', 'theta']).meta({
      description:
        'What of the result the caller sees: by the plan’s feedback policy; staff all; `none`: there is none',
    }),
    result_n: z.int().meta({ description: 'How often the result was set' }),
    external_id: z.string().nullable(),
    meta,
  })
  .meta({ id: 'ExamSession' });
export type ExamSession = z.output<typeof examSession>;

export const attempt = z
  .object({
    attempt_id: id,
    exam_session_id: id,
    student_id: id,
    n: z.int().meta({ description: 'Counts from 0' }),
    item_id: id,
    item_revision: z.int(),
    kind: itemKind,
    selected_choice: z.int().nullable().meta({ description: 'Of a single choice: `answer` again' }),
    answer: answer.nullable().meta({ description: 'null: none in time' }),
    response_time_ms: z.int(),
    in_time: z.boolean(),
    voided: z.boolean(),
    correct: z.boolean().nullable().meta({ description: 'null where it is not shown' }),
    score: z.number().nullable().meta({ description: 'From 0 to 1' }),
    category: z.int().nullable(),
    pilot: z.boolean().nullable().meta({ description: 'On trial: does not count; null for students' }),
    parameters: parameters
      .nullable()
      .meta({ description: 'As they were when it was answered; null for students' }),
    question: z
      .object({
        body: z.string(),
        options: z.array(z.object({ body: z.string() })),
        key: z.unknown(),
        explanation: z.string().nullable(),
      })
      .nullable()
      .meta({ description: 'Where answers may be shown' }),
  })
  .meta({ id: 'Attempt' });
export type Attempt = z.output<typeof attempt>;

export const amendment = z
  .object({
    action: z.enum(['void', 'rescore', 'import']),
    n: z.int().nullable(),
    before: z.int().nullable().meta({ description: 'Category; null: void' }),
    after: z.int().nullable(),
    theta_before: z.number().nullable(),
    theta_after: z.number().nullable(),
    reason: z.string(),
    by: id,
    by_name: z.string(),
    at: instant,
  })
  .meta({ id: 'ExamAmendment' });
export type Amendment = z.output<typeof amendment>;

const sessionWithAttempts = examSession
  .extend({
    attempts: z.array(attempt).meta({ description: 'In order; for students when they may see them' }),
    amendments: z.array(amendment).meta({ description: 'For staff' }),
  })
  .meta({ id: 'ExamSessionWithAttempts' });
export type ExamSessionWithAttempts = z.output<typeof sessionWithAttempts>;

const asked = {
  next_item: studentItem.nullable().meta({ description: 'null: the test has ended' }),
  status: examStatus,
  stop_reason: z.string().nullable(),
  progress: examProgress,
  item_deadline_at: instant.nullable(),
} as const;

const accepted = z.object({ attempt_id: id, exam_session_id: id, ...asked }).meta({ id: 'AnswerAccepted' });
export type AnswerAccepted = z.output<typeof accepted>;
const pendingItem = z
  .object({ ...asked, item: studentItem.nullable().meta({ description: 'The same as `next_item`' }) })
  .meta({ id: 'PendingItem' });
export type PendingItem = z.output<typeof pendingItem>;

const sessionParams = { params: z.object({ exam_session_id: id }) };
const attemptParams = { params: z.object({ attempt_id: id }) };
const takers = { student: 'own', ...teachers } as const;

const importRow = z.strictObject({
  student_id: id.optional(),
  username: text(64).optional(),
  class_id: id,
  exam_type: examType,
  started_at: instant,
  ended_at: instant,
  score: score.optional(),
  theta: decimal()
    .refine((value) => Math.abs(value) <= 8, 'lies between −8 and 8')
    .optional(),
  standard_error: z.number().min(0.001).max(8).optional(),
  external_id: text(128)
    .optional()
    .meta({ description: 'Tells rows of a class apart; without it student, class, type and start do' }),
});
export type ImportRow = z.output<typeof importRow>;

const importReport = z
  .object({
    dry_run: z.boolean(),
    created: z.int(),
    unchanged: z.int(),
    refused: z.int(),
    rows: z.array(
      z.object({
        row: z.int().meta({ description: 'Counts from 0' }),
        status: z.enum(['created', 'unchanged', 'refused']),
        exam_session_id: id.nullable(),
        problem: z.object({ field: z.string(), rule: z.string(), detail: z.string() }).nullable(),
      }),
    ),
  })
  .meta({ id: 'ExamImportReport' });
export type ExamImportReport = z.output<typeof importReport>;

export const examSessionOperations = contract({
  startExamSession: {
    method: 'POST',
    path: '/api/core/exam-sessions',
    summary: 'Start an adaptive test',
    description:
      'Of the plan named, or of the class’s released plan of that type. While one of the same plan runs, that one is the reply: on another device one goes on with it.',
    access: { student: 'own', ...staff },
    body: z.strictObject({
      student_id: id.optional().meta({ description: 'Staff: a student of the class; students: oneself' }),
      class_id: id,
      exam_type: examType.default('practice'),
      plan_id: id.optional(),
      meta: meta.default({}).meta({
        description:
          '`max_items` may lower the plan’s, as far as its fewest items; the rest is kept as it is',
      }),
      ...serverComputed,
    }),
    status: 201,
    response: examSession,
    errors: [400, 403, 409],
  },
  listExamSessions: {
    method: 'GET',
    path: '/api/core/exam-sessions',
    summary: 'List tests that were taken, newest first',
    description: 'Staff name a class or a student. Students see their own, guardians their children’s.',
    access: readers,
    query: z.strictObject({
      class_id: id.optional(),
      student_id: id.optional(),
      exam_type: examType.optional(),
      status: examStatus.optional(),
      plan_id: id.optional(),
      source: z.enum(['taken', 'import']).optional(),
      ...paging,
    }),
    status: 200,
    response: page(examSession),
    errors: [404],
  },
  getExamSession: {
    method: 'GET',
    path: '/api/core/exam-sessions/{exam_session_id}',
    summary: 'Read a test with its answers',
    access: readers,
    ...sessionParams,
    status: 200,
    response: sessionWithAttempts,
    errors: [404],
  },
  nextExamItem: {
    method: 'GET',
    path: '/api/core/exam-sessions/{exam_session_id}/next',
    summary: 'Read the question that waits for its answer',
    access: takers,
    ...sessionParams,
    status: 200,
    response: pendingItem,
    errors: [404],
  },
  updateExamSession: {
    method: 'PATCH',
    path: '/api/core/exam-sessions/{exam_session_id}',
    summary: 'Complete or abandon a test',
    description:
      'Completing it early needs the plan’s fewest items. What is so already is left so; from another end there is no way back (409).',
    access: takers,
    ...sessionParams,
    body: z.strictObject({
      status: z.enum(['completed', 'abandoned']),
      ...serverComputed,
      ended_at: computed,
      duration_sec: computed,
    }),
    status: 200,
    response: examSession,
    errors: [404, 409],
  },
  importExamSessions: {
    method: 'POST',
    path: '/api/core/exam-sessions/import',
    summary: 'Import results of tests that were taken elsewhere',
    description:
      'Marked `source: import`. Each row stands alone: one that is refused stops none. The same rows again change nothing. A row needs `score` or `theta`; the other follows from it.',
    access: teachers,
    body: z.strictObject({
      sessions: z.array(importRow).min(1).max(500),
      reason: text(500).default('import').meta({ description: 'Kept with each of them' }),
      dry_run: z.boolean().default(false),
    }),
    status: 200,
    response: importReport,
  },
  createAttempt: {
    method: 'POST',
    path: '/api/core/attempts',
    summary: 'Answer the question of a test',
    description:
      'The server scores. The same answer again gets the same reply with the question that is open now; another one is a conflict.',
    access: takers,
    body: z.strictObject({
      exam_session_id: id,
      item_id: id,
      student_id: id.optional(),
      selected_choice: z.int().min(0).max(100).optional(),
      answer: answer.optional(),
      response_time_ms: z
        .int()
        .min(0)
        .max(86_400_000)
        .optional()
        .meta({ description: 'As the client measured it; at most what passed on the server' }),
      ...serverComputed,
    }),
    status: 201,
    response: accepted,
    errors: [403, 404, 409],
  },
  listAttempts: {
    method: 'GET',
    path: '/api/core/attempts',
    summary: 'List the answers of a test, in order',
    access: readers,
    query: z.strictObject({ exam_session_id: id, ...paging }),
    status: 200,
    response: page(attempt),
    errors: [404],
  },
  getAttempt: {
    method: 'GET',
    path: '/api/core/attempts/{attempt_id}',
    summary: 'Read one answer',
    access: readers,
    ...attemptParams,
    status: 200,
    response: attempt,
    errors: [404],
  },
  updateAttempt: {
    method: 'PATCH',
    path: '/api/core/attempts/{attempt_id}',
    summary: 'Void or rescore an answer of a test that has ended',
    description: 'θ is computed anew; the questions that were asked stay. Kept with name and reason.',
    access: teachers,
    ...attemptParams,
    body: z.discriminatedUnion('action', [
      z.strictObject({ action: z.literal('void'), reason: text(500) }),
      z.strictObject({
        action: z.literal('rescore'),
        category: z
          .int()
          .min(0)
          .max(63)
          .meta({ description: 'Of right and wrong: 1 and 0; also takes a voided answer back in' }),
        reason: text(500),
      }),
    ]),
    status: 200,
    response: z.object({ attempt, session: examSession }).meta({ id: 'AmendedAttempt' }),
    errors: [404, 409],
  },
});
