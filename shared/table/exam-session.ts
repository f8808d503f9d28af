import * as z from 'zod';
import { amendment } from '../contracts/exam-sessions.ts';
import { examFeedback, examStatus, examType } from '../contracts/exam-shapes.ts';
import { answer, parameters } from '../contracts/item-shapes.ts';
import { meta } from '../contracts/shapes.ts';
import { type Entity, entity, type ItemOf, type Key, type TextFormat, withText } from './entity.ts';
import { ConditionFailed, type Table, type Write } from './table.ts';

/** Sessions without a time limit end a day after they began. */
export const longestSessionMs = 86_400_000;

/** Partition of gsi3 with the sessions that run, by when they must end at the latest. */
export const openExams = 'exams#open';
/** Partition of gsi3 with the completed sessions of a bank that were taken here, by when they ended. */
export const completedOfBank = (bank_id: string): string => `bank#${bank_id}#completed`;

/**
 * A test that is or was taken, or a result that was imported. Written when it starts, when it ends, and when its result
 * is changed; what happens between is in its state.
 *
 * Access patterns:
 * - by id: `exam#<id>` / `session`
 * - of a student, of a class, by start: gsi1 `user#<student>#exams`, gsi2 `class#<class>#exams`
 * - running, by the time by which they must have ended: gsi3 `exams#open`
 * - completed of a bank, taken here, by end: gsi3 `bank#<bank>#completed`
 */
export const examSessions = entity({
  type: 'exam_session',
  schema: z.object({
    exam_session_id: z.string(),
    org_id: z.string(),
    class_id: z.string(),
    student_id: z.string(),
    student_name: z.string(),
    exam_type: examType,
    /** null: imported. */
    plan_id: z.string().nullable(),
    plan_name: z.string().nullable(),
    plan_release: z.int().nullable(),
    bank_id: z.string().nullable(),
    bank_version: z.int().nullable(),
    feedback: examFeedback,
    status: examStatus,
    source: z.enum(['taken', 'import']),
    started_at: z.string(),
    ended_at: z.string().nullable(),
    duration_sec: z.int().nullable(),
    deadline_at: z.string().nullable(),
    time_factor: z.number(),
    answered: z.int(),
    max_items: z.int().nullable(),
    stop_reason: z.string().nullable(),
    /** Of completed sessions, on 200 to 800; θ and its error of every session that ended with an answer. */
    score: z.number().nullable(),
    theta: z.number().nullable(),
    standard_error: z.number().nullable(),
    /** Raised by every change of the result: at the end from 0 to 1, then by each amendment. Names `responses#<n>`. */
    result_n: z.int(),
    started_by: z.string(),
    external_id: z.string().nullable(),
    meta,
    version: z.int(),
  }),
  key: ({ exam_session_id }: { exam_session_id: string }) => ({
    pk: `exam#${exam_session_id}`,
    sk: 'session',
  }),
  indexes: {
    gsi1: (item) => ({ pk: `user#${item.student_id}#exams`, sk: byStart(item) }),
    gsi2: (item) => ({ pk: `class#${item.class_id}#exams`, sk: byStart(item) }),
    gsi3: (item) => {
      if (item.status === 'in_progress')
        return { pk: openExams, sk: `${mustEndAt(item)}#${item.exam_session_id}` };
      return item.source === 'taken' ? keyOnceEnded(item) : undefined;
    },
  },
});
export type ExamSessionRecord = z.output<typeof examSessions.schema>;

/** Where a session that was taken here stands in gsi3 from its end on. */
const keyOnceEnded = ({
  exam_session_id,
  bank_id,
  status,
  ended_at,
}: {
  readonly exam_session_id: string;
  readonly bank_id: string | null;
  readonly status: string;
  readonly ended_at: string | null;
}): Key | undefined =>
  status === 'completed' && bank_id !== null
    ? { pk: completedOfBank(bank_id), sk: `${ended_at ?? ''}#${exam_session_id}` }
    : undefined;

/** Number of the first result; those of amendments follow. */
export const firstResult = 1;

/** What a session becomes at its end. */
export type SessionEnd = Pick<
  ExamSessionRecord,
  'status' | 'ended_at' | 'duration_sec' | 'answered' | 'stop_reason' | 'theta' | 'standard_error' | 'score'
>;

/** The session has ended before. */
export class AlreadyEnded extends ConditionFailed {}

/** Ends a running session, which must be there but need not be read for it. @throws AlreadyEnded at the write */
export function endSession(
  table: Table,
  id: Pick<ExamSessionRecord, 'exam_session_id' | 'bank_id'>,
  end: SessionEnd,
): Write {
  const key = keyOnceEnded({ ...id, ...end });
  const fields = {
    ...end,
    result_n: firstResult,
    ...(key && { gsi3pk: key.pk, gsi3sk: key.sk }),
  };
  const sets = Object.keys(fields).map((name) => `#${name} = :${name}`);
  return table.update(examSessions, id, {
    expression: `SET ${sets.join(', ')} ${key ? '' : 'REMOVE #gsi3pk, #gsi3sk '}ADD #version :one`,
    when: '#status = :running',
    values: {
      ...Object.fromEntries(Object.entries(fields).map(([name, value]) => [`:${name}`, value])),
      ':running': 'in_progress',
      ':one': 1,
    },
    orElse: (current) => new AlreadyEnded(current),
  });
}

const byStart = (item: { readonly started_at: string; readonly exam_session_id: string }): string =>
  `${item.started_at}#${item.exam_session_id}`;

export const mustEndAt = (item: {
  readonly started_at: string;
  readonly deadline_at: string | null;
}): string => item.deadline_at ?? new Date(Date.parse(item.started_at) + longestSessionMs).toISOString();

/** Items given (indices in the bank version), categories (−1: none in time, −2: void), milliseconds, raw answers. */
const given = z.object({
  i: z.array(z.int()),
  r: z.array(z.int()),
  t: z.array(z.int()),
  a: z.array(answer.nullable()),
});
type Given = z.output<typeof given>;

/** What was given, as the table keeps it. */
export const givenText = ({ i, r, t, a }: Given): string => JSON.stringify({ i, r, t, a });

/**
 * Where a session stands: one conditional update for each answer, and no index. Answers in one text keep it under 1 KB
 * for 30 of them, one write unit. It stays when the session has ended, with the answers as they were given.
 *
 * Access pattern: by session: `exam#<id>` / `state`
 */
const storedStates = entity({
  type: 'exam_state',
  version: 2,
  schema: z.object({
    exam_session_id: z.string(),
    student_id: z.string(),
    student_name: z.string(),
    class_id: z.string(),
    exam_type: examType,
    plan_id: z.string(),
    /** Of the plan: names the frozen configuration and the bank version. */
    release: z.int(),
    max_items: z.int(),
    status: examStatus,
    reason: z.string().nullable(),
    /** Raised by each write; numbers the events of `exam:<id>`, from 1. */
    seq: z.int(),
    /** Epoch milliseconds of the start, and of the last write. */
    began: z.int(),
    at: z.int(),
    seed: z.int(),
    factor: z.number(),
    given: z.string(),
    /** The item that waits, and until when; null: none. */
    next: z.int().nullable(),
    until: z.int().nullable(),
    theta: z.number(),
    se: z.number(),
  }),
  key: ({ exam_session_id }: { exam_session_id: string }) => ({
    pk: `exam#${exam_session_id}`,
    sk: 'state',
  }),
  // the first version kept each answer's parts as attributes of their own
  upgrade: ({ i, r, t, a, ...state }) => ({ given: JSON.stringify({ i, r, t, a }), ...state }),
});
export type ExamState = Omit<z.output<typeof storedStates.schema>, 'given'> & Given;

export const examStates: Entity<ExamState, { exam_session_id: string }> = {
  ...storedStates,
  parse: (raw) => {
    const { given: text, ...state } = storedStates.parse(raw);
    return { ...state, ...given.parse(JSON.parse(text)) };
  },
  stored: ({ i, r, t, a, ...state }) => storedStates.stored({ ...state, given: givenText({ i, r, t, a }) }),
};

/** An answer as the statistics and the calibration take it, with what the item was like then. */
export const examResponse = z.object({
  item_id: z.string(),
  revision: z.int(),
  /** null: on trial, not known yet. */
  parameters: parameters.nullable(),
  pilot: z.boolean(),
  /** −1: none in time, which scores 0; −2: void. */
  category: z.int(),
  /** From 0 to 1; null: void. */
  x: z.number().nullable(),
  milliseconds: z.int(),
  /** Expected score (0 to 1) at the session's θ, and its variance; null where the parameters are not known. */
  expected: z.number().nullable(),
  variance: z.number().nullable(),
});
export type ExamResponse = z.output<typeof examResponse>;

const responseTable = z.object({ columns: z.array(z.string()), rows: z.array(z.array(z.unknown())) });

/** Rows under their columns' names, each of which would else be said with every answer: half of the text. */
const responseRows: TextFormat<ExamResponse[]> = {
  text: (responses) => {
    const columns = examResponse.keyof().options;
    return JSON.stringify({ columns, rows: responses.map((one) => columns.map((name) => one[name])) });
  },
  parse: (text) => {
    const { columns, rows } = responseTable.parse(JSON.parse(text));
    const named = rows.map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at]])));
    return examResponse.array().parse(named);
  },
};

/**
 * The answers that a result follows from, in order; one item for each result, never changed.
 *
 * Access pattern: by session and number: `exam#<id>` / `responses#<n>`
 */
const storedResponses = entity({
  type: 'exam_responses',
  version: 2,
  schema: z.object({
    exam_session_id: z.string(),
    result_n: z.int(),
    bank_id: z.string(),
    bank_version: z.int(),
    theta: z.number(),
    standard_error: z.number(),
    responses: z.string(),
  }),
  key: ({ exam_session_id, result_n }: { exam_session_id: string; result_n: number }) => ({
    pk: `exam#${exam_session_id}`,
    sk: `responses#${String(result_n).padStart(4, '0')}`,
  }),
  // the first version kept them as attributes
  upgrade: ({ responses, ...result }) => ({
    ...result,
    responses: responseRows.text(examResponse.array().parse(responses)),
  }),
});
export const examResponses = withText(storedResponses, 'responses', responseRows);
export type ExamResponses = ItemOf<typeof examResponses>;

/**
 * Who changed a result or brought it in, and why; in the transaction that does it.
 *
 * Access pattern: of a session, in order: `exam#<id>`, prefix `audit#`
 */
export const examAmendments = entity({
  type: 'exam_amendment',
  schema: z.object({ exam_session_id: z.string(), result_n: z.int(), ...amendment.shape }),
  key: ({ exam_session_id, result_n }: { exam_session_id: string; result_n: number }) => ({
    pk: `exam#${exam_session_id}`,
    sk: `audit#${String(result_n).padStart(4, '0')}`,
  }),
});
export type ExamAmendment = z.output<typeof examAmendments.schema>;
