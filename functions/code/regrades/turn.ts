import { isFinal } from '#shared/domain/jobs/states.ts';
import { conflict } from '#shared/errors.ts';
import { type RegradeRecord, regrades, regradeTurns } from '#shared/table/regrade.ts';
import type { Write } from '#shared/table/table.ts';
import type { CodeWorld } from '../world.ts';
import { jobOf } from './read.ts';

/** The regrade before has another job by now, or there is none: of two that look at once one writes first. */
export const underWay = () =>
  conflict('regrade.under_way', 'These submissions are being graded again already.');

/**
 * One regrade of the same submissions at a time, from its preview’s start to its end and while it is applied: two would
 * not know of each other. The write belongs into the transaction that makes the job; its condition fails when another
 * one began since.
 *
 * @throws 409 `regrade.under_way` while another’s job has not ended
 */
export async function regradeTurn(
  world: CodeWorld,
  { regrade_id, exercise_id, assignment_id }: RegradeRecord,
  orElse?: () => Error,
): Promise<Write> {
  const { table } = world;
  const seen = await table.get(regradeTurns, { exercise_id, assignment_id }, { consistent: true });
  if (seen && seen.regrade_id !== regrade_id) {
    const other = await table.get(regrades, seen, { consistent: true });
    if (other && !isFinal((await jobOf(world, other)).state)) throw underWay();
  }
  const next = { exercise_id, assignment_id, regrade_id };
  return seen
    ? table.replace(regradeTurns, seen, next, orElse)
    : table.insert(regradeTurns, { ...next, version: 1 }, orElse);
}
