import { reduceSession } from '../domain/irt/index.ts';
import type { Answer } from '../domain/items/types.ts';
import type { ExamState } from '../table/exam-session.ts';
import { commit, settled } from './settle.ts';
import { after, engineState, Superseded } from './state.ts';
import { type ReleasedTest, usageOf } from './tests.ts';
import type { ExamWorld } from './world.ts';

export interface Scored {
  readonly position: number;
  readonly category: number;
  /** null: nobody told the answer itself. */
  readonly answer: Answer | null;
  readonly response_time_ms: number | undefined;
}

/**
 * Writes the category of the item that waits, with the next item.
 *
 * @throws Superseded when something else was written first, or is due first
 */
export async function recordScored(
  world: ExamWorld,
  exam: ReleasedTest,
  seen: ExamState,
  { position, category, answer, response_time_ms }: Scored,
): Promise<ExamState> {
  const open = await settled(world, exam, seen);
  // something was overdue: whoever answers hears of it as of any other change
  if (open !== seen) throw new Superseded(open);
  const now = world.now().getTime();
  const passed = Math.max(1, now - seen.at);
  const milliseconds = Math.min(passed, Math.max(1, response_time_ms ?? passed));
  const step = reduceSession(
    exam.test,
    engineState(seen),
    { type: 'answer', n: seen.i.length, item: position, response: category, milliseconds },
    // within the grace after its deadline it counts as in time
    { now: Math.min(now, seen.until ?? now), usage: await usageOf(world, exam) },
  );
  // what was overdue a moment ago is settled in the next round
  if (step.outcome !== 'accepted') throw new Superseded(await settled(world, exam, seen));
  return commit(world, seen, after(seen, step.state, { exam, at: now, given: answer }));
}
