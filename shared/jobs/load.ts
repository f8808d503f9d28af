import * as z from 'zod';
import { isFinal, isInteractive } from '../domain/jobs/states.ts';
import { entity } from '../table/entity.ts';
import type { Table, Write } from '../table/table.ts';
import type { Job } from './job.ts';

/**
 * What a person has in the grading queue: how many of their jobs wait or run, how many were started in the newest
 * minute, and when one ended last. Changed in the transactions that start and end a job.
 *
 * Access pattern: of a person: `user#<id>` / `load`
 */
export const loads = entity({
  type: 'load',
  schema: z.object({
    user_id: z.string(),
    active: z.int(),
    /** The minute of the newest start, `2026-11-20T09:30`, and how many there were in it. */
    minute: z.string(),
    started: z.int(),
    ended_at: z.string().optional(),
    version: z.int(),
  }),
  key: ({ user_id }: { user_id: string }) => ({ pk: `user#${user_id}`, sk: 'load' }),
});
export type Load = z.output<typeof loads.schema>;

/** What a job's change of state changes of its owner's load; a start is counted where the job is made. */
export function loadWrites(table: Table, before: Job, after: Job): Write[] {
  if (!isInteractive(after.kind)) return [];
  const change = Number(isFinal(before.state)) - Number(isFinal(after.state));
  if (change === 0) return [];
  const counts = 'ADD #active :change, #version :one';
  const values = { ':change': change, ':one': 1 };
  return [
    table.update(
      loads,
      { user_id: after.owner_id },
      after.ended_at === null
        ? { expression: counts, values }
        : { expression: `SET #ended_at = :at ${counts}`, values: { ...values, ':at': after.ended_at } },
    ),
  ];
}
