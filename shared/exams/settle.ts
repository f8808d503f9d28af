import { scoredCount } from '../domain/exams/result.ts';
import { reduceSession } from '../domain/irt/index.ts';
import { type ExamState, examStates } from '../table/exam-session.ts';
import { after, endsAt, engineState, Superseded, stateWrite } from './state.ts';
import { type ReleasedTest, releasedTest, usageOf } from './tests.ts';
import type { ExamWorld } from './world.ts';

export const testOfState = (
  world: ExamWorld,
  { plan_id, release, max_items }: ExamState,
): Promise<ReleasedTest> => releasedTest(world, { plan_id, release, max_items });

/**
 * Writes a session's next state. What follows from an end is written after it: see `conclude`.
 *
 * @throws Superseded when somebody else wrote since `seen`
 */
export async function commit({ table }: ExamWorld, seen: ExamState, next: ExamState): Promise<ExamState> {
  await table.write(stateWrite(table, seen, next));
  return next;
}

/** How a session ends by somebody's will, or because nobody came back; θ is that of what was answered. */
export function ended(
  exam: ReleasedTest,
  seen: ExamState,
  how: {
    readonly status: 'completed' | 'abandoned' | 'expired';
    readonly reason: string;
    readonly at: number;
  },
): ExamState {
  const { state } = reduceSession(exam.test, engineState(seen), { type: 'abandon' }, { now: how.at });
  return { ...after(seen, state, { exam, at: how.at }), status: how.status, reason: how.reason };
}

/** Whether the answers are enough for a result. */
export const hasEnough = (exam: ReleasedTest, state: ExamState): boolean =>
  scoredCount(exam, engineState(state)) >= exam.min_items;

/**
 * The session as it stands now: what is past its time is closed first, an item or the whole test. Without a time limit
 * a test ends a day after it began.
 */
export async function settled(world: ExamWorld, exam: ReleasedTest, state: ExamState): Promise<ExamState> {
  let seen = state;
  for (;;) {
    const next = await due(world, exam, seen);
    if (next === undefined) return seen;
    try {
      return await commit(world, seen, next);
    } catch (error) {
      if (!(error instanceof Superseded)) throw error;
      seen = error.current;
    }
  }
}

/** An answer that left in time may arrive a little later. */
export const graceMs = 2_000;

async function due(world: ExamWorld, exam: ReleasedTest, seen: ExamState): Promise<ExamState | undefined> {
  if (seen.status !== 'in_progress') return undefined;
  const now = world.now().getTime();
  if (exam.release.config.stop.time_limit_s === null && now > endsAt(seen, exam)) {
    const status = hasEnough(exam, seen) ? 'completed' : 'expired';
    return ended(exam, seen, { status, reason: 'idle', at: now });
  }
  if (seen.until === null || now <= seen.until + graceMs) return undefined;
  const usage = await usageOf(world, exam);
  const step = reduceSession(exam.test, engineState(seen), { type: 'touch' }, { now, usage });
  return step.outcome === 'changed' ? after(seen, step.state, { exam, at: now }) : undefined;
}

/** A session's state, settled; undefined where there is none. */
export async function readState(
  world: ExamWorld,
  exam_session_id: string,
): Promise<{ readonly state: ExamState; readonly exam: ReleasedTest } | undefined> {
  const stored = await world.table.get(examStates, { exam_session_id }, { consistent: true });
  if (!stored) return undefined;
  const exam = await testOfState(world, stored);
  return { state: await settled(world, exam, stored), exam };
}
