import { tooMany } from '../errors.ts';
import type { Table, Write } from '../table/table.ts';
import { type Load, loads } from './load.ts';

/** How far back in the queue each job that one already has there puts the next. */
const turnMs = 10_000;
const attempts = 12;

/** The owner started or ended a job between our read and our write. */
class LoadMoved extends Error {}

export interface Turn {
  /** Where the new job stands in the queue. */
  readonly fair_at: string;
  /** Counts it; part of the transaction that makes the job. */
  readonly write: Write;
}

interface Limits {
  readonly max_runs_per_student: number;
  readonly runs_per_minute: number;
}

/**
 * Gives a person's next job its turn: the later the more of theirs already wait or run, and none beyond their limits.
 * `act` commits the turn's write with what it makes; it runs again when another start or end came between.
 *
 * @throws 429 with the seconds to wait
 */
export async function inTurn<T>(
  { table, now }: { readonly table: Table; readonly now: () => Date },
  user_id: string,
  limits: Limits,
  act: (turn: Turn) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const load = await table.get(loads, { user_id }, { consistent: true });
    const at = now();
    refuseBeyond(limits, load, at);
    try {
      return await act(turnAfter(table, user_id, load, at));
    } catch (error) {
      if (!(error instanceof LoadMoved)) throw error;
      if (attempt === attempts)
        throw tooMany('run.busy', 'You started several runs in the same moment. Try again.', 1);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 15 * attempt));
    }
  }
}

const minuteOf = (at: Date): string => at.toISOString().slice(0, 16);

function refuseBeyond(limits: Limits, load: Load | undefined, at: Date): void {
  if (!load) return;
  const { max_runs_per_student: most, runs_per_minute: rate } = limits;
  if (load.active >= most)
    throw tooMany(
      'run.limit',
      `You have ${load.active} runs waiting or running, and ${most} is the limit. Wait for one to end.`,
      5,
    );
  if (load.minute !== minuteOf(at) || load.started < rate) return;
  const left_s = 60 - at.getUTCSeconds();
  throw tooMany(
    'run.rate',
    `You started ${load.started} runs in this minute, and ${rate} is the limit. Try again in ${left_s} s.`,
    left_s,
  );
}

function turnAfter(table: Table, user_id: string, load: Load | undefined, at: Date): Turn {
  const moved = (): Error => new LoadMoved();
  const minute = minuteOf(at);
  const next = {
    ...load,
    user_id,
    active: (load?.active ?? 0) + 1,
    minute,
    started: (load?.minute === minute ? load.started : 0) + 1,
  };
  return {
    fair_at: new Date(at.getTime() + (load?.active ?? 0) * turnMs).toISOString(),
    write: load
      ? table.replace(loads, load, next, moved)
      : table.insert(loads, { ...next, version: 1 }, moved),
  };
}
