import * as z from 'zod';
import { similarPair } from '../contracts/assignments.ts';
import { entity } from './entity.ts';
import type { Table, Write } from './table.ts';

/**
 * The similarity reports of an assignment: which comparison was asked for last, and the newest report there is.
 *
 * Access pattern: by assignment: `assignment#<id>` / `similarity`
 */
export const similarities = entity({
  type: 'similarity',
  schema: z.object({
    assignment_id: z.string(),
    /** The newest comparison that was asked for. */
    job_id: z.string(),
    report: z
      .object({
        submissions: z.int(),
        made_at: z.string(),
        /** Where its pairs are. */
        slot: z.int(),
        chunks: z.int(),
      })
      .nullable(),
    version: z.int(),
  }),
  key: ({ assignment_id }: { assignment_id: string }) => ({
    pk: `assignment#${assignment_id}`,
    sk: 'similarity',
  }),
});
export type SimilarityRecord = z.output<typeof similarities.schema>;

/**
 * Pairs of a report, as many as an item may hold. Two reports exist side by side, the shown one and the one being
 * written, which takes the place of the one before: nothing has to be deleted.
 *
 * Access pattern: the pairs of a report: `assignment#<id>`, `similar#<slot>#<number>` for each number
 */
const similarPairs = entity({
  type: 'similar_pairs',
  schema: z.object({
    assignment_id: z.string(),
    slot: z.int(),
    number: z.int(),
    pairs: z.array(similarPair),
  }),
  key: ({ assignment_id, slot, number }: { assignment_id: string; slot: number; number: number }) => ({
    pk: `assignment#${assignment_id}`,
    sk: `similar#${slot}#${String(number).padStart(3, '0')}`,
  }),
});
export type SimilarPair = z.output<typeof similarPair>;

/** Bytes of pairs in one item, of the 400 KB that DynamoDB allows. */
const chunkBytes = 250_000;

function chunked(pairs: readonly SimilarPair[]): SimilarPair[][] {
  const chunks: SimilarPair[][] = [];
  let room = 0;
  for (const pair of pairs) {
    const size = Buffer.byteLength(JSON.stringify(pair));
    const chunk = chunks.at(-1);
    if (chunk && size <= room) chunk.push(pair);
    else chunks.push([pair]);
    room = (chunk && size <= room ? room : chunkBytes) - size;
  }
  return chunks;
}

/**
 * Keeps the pairs of a new report beside the shown one.
 * @returns the write that shows it, for the transaction that ends the comparison
 */
export async function keepReport(
  table: Table,
  seen: SimilarityRecord,
  report: { readonly submissions: number; readonly made_at: string; readonly pairs: readonly SimilarPair[] },
): Promise<Write> {
  const { assignment_id } = seen;
  const { pairs, ...about } = report;
  const slot = seen.report?.slot === 0 ? 1 : 0;
  const chunks = chunked(pairs);
  for (const [number, chunk] of chunks.entries())
    await table.write(table.put(similarPairs, { assignment_id, slot, number, pairs: chunk }));
  return table.replace(similarities, seen, { ...seen, report: { ...about, slot, chunks: chunks.length } });
}

/** The pairs of the shown report, most similar first. */
export async function reportedPairs(
  table: Table,
  { assignment_id, report }: SimilarityRecord,
): Promise<SimilarPair[]> {
  if (report === null) return [];
  const { slot, chunks } = report;
  const found = await table.getMany(
    similarPairs,
    Array.from({ length: chunks }, (_, number) => ({ assignment_id, slot, number })),
  );
  return found.flatMap((chunk) => chunk?.pairs ?? []);
}
