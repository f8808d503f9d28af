import { errorFields, logger } from '../observability.ts';
import { type ExamSessionRecord, examSessions, mustEndAt, openExams } from '../table/exam-session.ts';
import { conclude } from './conclude.ts';
import { graceMs, readState } from './settle.ts';
import type { ExamWorld } from './world.ts';

/** Of one page of the index, and of sessions under way at once. */
const together = 100;
const atOnce = 8;
/** Of one sweep; the rest a minute later. */
const most = 1_000;

/**
 * Ends the tests whose time is over and that nobody touches any more, and concludes those whose end was lost on its way.
 *
 * @returns how many it looked at
 */
export async function endOverdueExams(world: ExamWorld): Promise<number> {
  const before = new Date(world.now().getTime() - graceMs).toISOString();
  let seen = 0;
  let start: Record<string, unknown> | undefined;
  do {
    const page = await world.table.query(examSessions, {
      index: 'gsi3',
      pk: openExams,
      limit: together,
      start,
    });
    const overdue = page.items.filter((session) => mustEndAt(session) < before);
    for (let from = 0; from < overdue.length; from += atOnce)
      await Promise.all(overdue.slice(from, from + atOnce).map((session) => end(world, session)));
    seen += overdue.length;
    // they stand by the time by which they must end: behind one whose time runs all others run
    start = overdue.length === page.items.length ? page.next : undefined;
  } while (start && seen < most);
  return seen;
}

/** One that cannot be ended does not hold up the others. */
async function end(world: ExamWorld, { exam_session_id }: ExamSessionRecord): Promise<void> {
  try {
    const found = await readState(world, exam_session_id);
    if (found && found.state.status !== 'in_progress') await conclude(world.table, found);
  } catch (error) {
    logger.error('exam.not_ended', { exam_session_id, ...errorFields(error) });
  }
}
