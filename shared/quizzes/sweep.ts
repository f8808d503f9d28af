import { isOverdue } from '../domain/quizzes/rules.ts';
import { errorFields, logger } from '../observability.ts';
import { openAttempts, type QuizAttemptRecord, quizAttempts } from '../table/quiz.ts';
import { settled } from './attempt.ts';
import type { QuizWorld } from './events.ts';

/** Of one page of the index, and of transactions under way at once. */
const together = 100;
const atOnce = 8;
/** Of one sweep; the rest a minute later. */
const most = 2_000;

/**
 * Ends the attempts whose time is over and that nobody touches any more, with what was saved.
 *
 * @returns how many it looked at
 */
export async function endOverdueAttempts(world: QuizWorld): Promise<number> {
  const now = world.now();
  let seen = 0;
  let start: Record<string, unknown> | undefined;
  do {
    const page = await world.table.query(quizAttempts, {
      index: 'gsi3',
      pk: openAttempts,
      limit: together,
      start,
    });
    const overdue = page.items.filter(({ deadline_at }) => isOverdue(deadline_at, now));
    for (let from = 0; from < overdue.length; from += atOnce)
      await Promise.all(overdue.slice(from, from + atOnce).map((attempt) => end(world, attempt)));
    seen += overdue.length;
    // they stand by deadline: behind one whose time runs all others run
    start = overdue.length === page.items.length ? page.next : undefined;
  } while (start && seen < most);
  return seen;
}

/** One that cannot be ended does not hold up the others. */
async function end(world: QuizWorld, { attempt_id }: QuizAttemptRecord): Promise<void> {
  try {
    await settled(world, attempt_id);
  } catch (error) {
    logger.error('quiz.not_ended', { attempt_id, ...errorFields(error) });
  }
}
