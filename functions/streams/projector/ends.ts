import { conclude, conclusion, type Ended } from '#shared/exams/conclude.ts';
import { testOfState } from '#shared/exams/settle.ts';
import type { ExamWorld } from '#shared/exams/world.ts';
import { examSessions, examStates } from '#shared/table/exam-session.ts';
import { retried } from '#shared/table/retry.ts';
import { transactionSize } from '#shared/table/table.ts';

/** Ends in one transaction, three writes for each. */
const atOnce = Math.floor(transactionSize / 3);
/** Whoever looks at a result at that moment writes it, too: then the others are tried again. */
const attempts = 3;

/**
 * Writes what follows from the ends of tests, as far as it is not there yet: those that end at once in one transaction,
 * each by itself where somebody else has been at one of them.
 *
 * @returns what failed, by session
 */
export async function concludeSessions(
  world: ExamWorld,
  exam_session_ids: readonly string[],
): Promise<ReadonlyMap<string, unknown>> {
  const failures = new Map<string, unknown>();
  for (let from = 0; from < exam_session_ids.length; from += atOnce) {
    const some = exam_session_ids.slice(from, from + atOnce);
    try {
      await retried(() => concludeTogether(world, some), attempts);
    } catch {
      // one of them is damaged, or is written by somebody else each time
      for (const exam_session_id of some) await concludeAlone(world, exam_session_id, failures);
    }
  }
  return failures;
}

async function concludeTogether(world: ExamWorld, exam_session_ids: readonly string[]): Promise<void> {
  const open = await openEnds(world, exam_session_ids);
  await world.table.write(...open.flatMap((ended) => conclusion(world.table, ended)));
}

async function concludeAlone(
  world: ExamWorld,
  exam_session_id: string,
  failures: Map<string, unknown>,
): Promise<void> {
  try {
    for (const ended of await openEnds(world, [exam_session_id])) await conclude(world.table, ended);
  } catch (error) {
    failures.set(exam_session_id, error);
  }
}

/** Those that are over, and whose sessions still stand as running. */
async function openEnds(world: ExamWorld, exam_session_ids: readonly string[]): Promise<Ended[]> {
  const ids = exam_session_ids.map((exam_session_id) => ({ exam_session_id }));
  const found = await world.table.getRaw(ids.flatMap((id) => [examSessions.key(id), examStates.key(id)]));
  const open = ids.flatMap((_, at) => {
    const [head, state] = found.slice(2 * at, 2 * at + 2);
    return head && state && examSessions.parse(head).status === 'in_progress'
      ? [examStates.parse(state)]
      : [];
  });
  return Promise.all(
    open
      .filter(({ status }) => status !== 'in_progress')
      .map(async (state) => ({ state, exam: await testOfState(world, state) })),
  );
}
