import * as z from 'zod';
import { examType } from '../contracts/exam-shapes.ts';
import type { ItemSums } from '../domain/irt/stats.ts';
import { type ResultSums, summaryOf } from '../domain/results/sums.ts';
import { type Entity, entity } from './entity.ts';
import { sortableNumber } from './leaderboard.ts';
import type { Table, Write } from './table.ts';

/**
 * What adaptive tests add up to. Everything here follows from the sessions and their responses: the projector keeps
 * it up with the stream, each session's share in the transaction that notes what of it has been counted.
 */

const sum = z.int();
const resultSums = {
  total: sum,
  completed: sum,
  thetas: sum,
  theta: sum,
  theta_theta: sum,
  scores: sum,
  score: sum,
} satisfies Record<keyof ResultSums, z.ZodInt>;

const itemSums = {
  n: sum,
  timed: sum,
  milliseconds: sum,
  x: sum,
  xx: sum,
  theta: sum,
  theta_theta: sum,
  x_theta: sum,
  log_time: sum,
  log_time_squared: sum,
  residual: sum,
  variance: sum,
} satisfies Record<keyof ItemSums, z.ZodInt>;

/**
 * What of a session has been counted: its sums, and the result (`responses#<result_n>`, 0: none) whose answers the
 * items' sums hold. Long tests are counted in parts, since a transaction has room for a hundred writes; part 0 holds the
 * sums.
 *
 * Access pattern: by session and part: `exam#<id>` / `applied#<part>`
 */
export const appliedResults = entity({
  type: 'applied_result',
  schema: z.object({
    exam_session_id: z.string(),
    part: z.int(),
    result_n: z.int(),
    sums: z.object(resultSums),
    /** Whether its items are in its release's exposure counts, if it has such. */
    used: z.boolean(),
    version: z.int(),
  }),
  key: ({ exam_session_id, part }: { exam_session_id: string; part: number }) => ({
    pk: `exam#${exam_session_id}`,
    sk: `applied#${part}`,
  }),
});
export type AppliedResult = z.output<typeof appliedResults.schema>;

/**
 * The exams of a class, by type.
 *
 * Access pattern: of a class: `class#<class>`, prefix `examsums#`
 */
export const classExamSums = entity({
  type: 'class_exam_sums',
  schema: z.object({ class_id: z.string(), exam_type: examType, ...resultSums }),
  key: ({ class_id, exam_type }: { class_id: string; exam_type: string }) => ({
    pk: `class#${class_id}`,
    sk: `examsums#${exam_type}`,
  }),
});

export const examRanksKey = (class_id: string): string => `class#${class_id}#examranks`;

/**
 * The exams of a student in a class, by type.
 *
 * Access patterns:
 * - of a student, by class and type: `user#<student>`, prefix `examstanding#`
 * - the students of a class with a completed exam: gsi1 `class#<class>#examranks`
 * - those of one type by average θ: the same, prefix `<type>#`, backwards
 */
export const examStandings = entity({
  type: 'exam_standing',
  schema: z.object({
    student_id: z.string(),
    class_id: z.string(),
    exam_type: examType,
    ...resultSums,
    version: z.int(),
  }),
  key: ({ student_id, class_id, exam_type }: StandingId) => ({
    pk: `user#${student_id}`,
    sk: `examstanding#${class_id}#${exam_type}`,
  }),
  indexes: {
    gsi1: ({ class_id, exam_type, student_id, ...sums }) => {
      const { average_theta } = summaryOf(sums);
      if (average_theta === null) return undefined;
      return {
        pk: examRanksKey(class_id),
        sk: `${exam_type}#${sortableNumber(average_theta)}#${student_id}`,
      };
    },
  },
});
export type ExamStanding = z.output<typeof examStandings.schema>;
interface StandingId {
  readonly student_id: string;
  readonly class_id: string;
  readonly exam_type: string;
}

export const itemSumsKey = (bank_id: string): string => `bank#${bank_id}#sums`;

/**
 * The answers to an item in completed sessions.
 *
 * Access patterns:
 * - by bank and item: `bank#<bank>#sums` / `item#<item>`
 * - all of a bank: the partition
 */
export const itemAnswerSums = entity({
  type: 'item_sums',
  schema: z.object({ bank_id: z.string(), item_id: z.string(), ...itemSums }),
  key: ({ bank_id, item_id }: { bank_id: string; item_id: string }) => ({
    pk: itemSumsKey(bank_id),
    sk: `item#${item_id}`,
  }),
});

/**
 * Adds to an item's counters, and makes it where there is none. Nobody else writes these items, so any state will do
 * but one of another type.
 */
export function addSums<Id extends object, Item extends object>(
  table: Table,
  of: Entity<Item, Id>,
  id: Id,
  sums: Readonly<Record<string, number>>,
): Write {
  const fields = Object.entries(sums);
  const first = { type: of.type, schema_version: 1, ...id };
  const sets = Object.keys(first).map((name) => `#${name} = :${name}`);
  return table.update(of, id, {
    expression: `SET ${sets.join(', ')} ADD ${fields.map(([name]) => `#${name} :${name}`).join(', ')}`,
    when: 'attribute_not_exists(pk) OR #type = :type',
    values: Object.fromEntries(
      [...Object.entries(first), ...fields].map(([name, value]) => [`:${name}`, value]),
    ),
  });
}
