import { isInteractive } from '#shared/domain/jobs/states.ts';
import { type JobOf, jobs } from '#shared/jobs/job.ts';
import { waitingJobs } from '#shared/jobs/lifecycle.ts';
import type { Write } from '#shared/table/table.ts';
import { type Held, Lost } from './held.ts';
import { holding } from './holding.ts';
import { succeeded } from './outcome.ts';
import { persist } from './persist.ts';
import type { Came, GraderWorld } from './world.ts';

/** The kinds that go through many submissions, while nobody sits and waits. */
export type LongJob = JobOf<'regrade' | 'similarity'>;

const progressEveryMs = 1_000;
/** Of the waiting so many are looked at for somebody who sits and waits. */
const looksAt = 25;

/** The work stops here and goes on when the job is claimed next. */
class GivesWay extends Error {
  override readonly name = 'GivesWay';
}

/**
 * Works on a long job: `work` goes through submissions, lets others before it at {@link Walk.giveWay}, and ends the job
 * by {@link Walk.finish}.
 */
export async function walk(
  world: GraderWorld,
  job: LongJob,
  work: (walk: Walk) => Promise<void>,
): Promise<Came> {
  let gaveWay = false;
  const came = await holding<LongJob>(world, job, async (held, signal) => {
    try {
      await work(new Walk(world, held, signal));
    } catch (error) {
      if (!(error instanceof GivesWay)) throw error;
      gaveWay = true;
      const queued_at = world.now().toISOString();
      await held.commit({ state: 'interrupted', worker: null, lease_until: null, queued_at });
    }
  });
  return came === 'done' && gaveWay ? 'interrupted' : came;
}

/** A long job that is being worked on: how far it is, and whether it must stop. */
export class Walk {
  readonly #world: GraderWorld;
  readonly #held: Held<LongJob>;
  /** Aborts what runs for this job when nothing of it counts any more. */
  readonly stop: AbortSignal;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(world: GraderWorld, held: Held<LongJob>, stop: AbortSignal) {
    this.#world = world;
    this.#held = held;
    this.stop = stop;
  }

  get job(): LongJob {
    return this.#held.job;
  }

  /** States in another item's transaction that this worker still has the job. */
  fence(): Write {
    const { job_id, attempt } = this.job;
    return this.#world.table.check(
      jobs,
      { job_id },
      {
        when: '#attempt = :mine AND #state = :running',
        values: { ':mine': attempt, ':running': 'running' },
        orElse: () => new Lost(),
      },
    );
  }

  /** Tells how far it is, at most once a second. */
  async progressed(done: number, total: number): Promise<void> {
    const now = performance.now();
    if (now - this.#toldAt < progressEveryMs) return;
    this.#toldAt = now;
    // a worker that dies now has got further than the one before
    const further = done > this.job.progress.done ? { deaths: 0 } : {};
    const progress = { done, total };
    await this.#held.commit({ progress, ...further }, [{ type: 'job.progress', data: progress }]);
  }

  /** @throws GivesWay when the process ends, or when somebody sits and waits while this job has a slot */
  async giveWay(): Promise<void> {
    this.stopHere();
    const waiting = await persist('queue.look', () => waitingJobs(this.#world, 'grading', looksAt));
    if (waiting.some(({ kind }) => isInteractive(kind))) throw new GivesWay();
  }

  /** @throws GivesWay when the process ends, Lost when the job is another's */
  stopHere(): void {
    if (this.#held.lost.aborted) throw new Lost();
    if (this.#world.ending.aborted) throw new GivesWay();
  }

  /** Ends the job, together with what makes its result count. */
  finish(outcome: LongJob['outcome'], total: number, also: readonly Write[]): Promise<void> {
    const progress = { done: total, total };
    return this.#held.commit(
      { ...succeeded(this.#world.now()), outcome, progress },
      [{ type: 'job.progress', data: progress }],
      also,
    );
  }
}
