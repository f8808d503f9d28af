import { returnFromDeadWorker } from '#shared/jobs/dead-workers.ts';
import { type GradingJob, queued } from '#shared/jobs/job.ts';
import { interrupt, unlessChanged } from '#shared/jobs/lifecycle.ts';
import { Held, Lost } from './held.ts';
import { persist } from './persist.ts';
import type { Came, GraderWorld } from './world.ts';

/**
 * Works on a claimed job as long as it is ours and the task has time: `act` gets it held, with a signal that aborts
 * when either is over. What `act` did not commit by then is not done.
 */
export async function holding<J extends GradingJob>(
  world: GraderWorld,
  claimed: J,
  act: (held: Held<J>, signal: AbortSignal) => Promise<void>,
): Promise<Came> {
  using held = new Held(world, claimed);
  try {
    await act(held, AbortSignal.any([held.lost, world.stopping]));
    return 'done';
  } catch (error) {
    if (error instanceof Lost || held.lost.aborted) return 'lost';
    if (!world.stopping.aborted) throw error;
    await handBack(world, claimed);
    return 'interrupted';
  }
}

/** Returns a job whose work was stopped to the queue: nobody's fault. */
export const handBack = (world: GraderWorld, claimed: GradingJob): Promise<unknown> =>
  persist('job.hand_back', async () => {
    const now = await stillOurs(world, claimed);
    if (now) await unlessChanged(() => interrupt(world, now));
  });

/** Returns a job with which we failed to the queue, as if its worker had died: thrice in all. */
export const giveBack = (world: GraderWorld, claimed: GradingJob): Promise<unknown> =>
  persist('job.give_back', async () => {
    const now = await stillOurs(world, claimed);
    if (now) await returnFromDeadWorker(world, now);
  });

/** The job as it stands, while it is still this attempt's. */
async function stillOurs(world: GraderWorld, claimed: GradingJob): Promise<GradingJob | undefined> {
  const now = await world.table.get(queued.grading, claimed, { consistent: true });
  return now?.state === 'running' && now.attempt === claimed.attempt ? now : undefined;
}
