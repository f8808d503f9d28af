import type { CalibrationProgress } from '#shared/contracts/calibration-progress.ts';
import { advance, type Change, type JobWorld, type NewEvent } from '#shared/jobs/advance.ts';
import { type CalibrationJob, queued } from '#shared/jobs/job.ts';
import { interrupt, leasedUntil } from '#shared/jobs/lifecycle.ts';
import { ConditionFailed, type Write } from '#shared/table/table.ts';

/** How often the job is looked at: bounds how long a cancelled calibration computes on. */
const lookEveryMs = 1_000;
const renewEveryMs = 10_000;
const tellEveryMs = 1_000;

export type Stop = 'fenced' | 'ending' | 'overtime';

/** Why a calibration stops before its end. */
export class Stopped extends Error {
  readonly why: Stop;
  constructor(why: Stop) {
    super(`the calibration stops: ${why}`);
    this.name = 'Stopped';
    this.why = why;
  }
}

interface Limits {
  readonly ending: AbortSignal;
  readonly limit_s: number;
}

/**
 * A claimed job, while somebody computes. Every write states it as it was seen last and they come one after another;
 * a timer keeps the lease, and `signal` says that the work is of no use any more: somebody cancelled it or took its
 * worker for dead, the task is to end, or it takes too long.
 */
export class HeldJob {
  readonly #world: JobWorld;
  #job: CalibrationJob;
  #writing: Promise<void> = Promise.resolve();
  #wroteAt = performance.now();
  #toldAt = Number.NEGATIVE_INFINITY;
  readonly #startedAt = performance.now();
  readonly #stop = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #limits: Limits;
  readonly #onEnding = (): void => this.#stopFor('ending');

  constructor(world: JobWorld, job: CalibrationJob, limits: Limits) {
    this.#world = world;
    this.#job = job;
    this.#limits = limits;
    this.#timer = setInterval(() => this.#look(), lookEveryMs);
    limits.ending.addEventListener('abort', this.#onEnding);
    if (limits.ending.aborted) this.#stopFor('ending');
  }

  get job(): CalibrationJob {
    return this.#job;
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Ends the timer; afterwards nothing is written any more by itself. */
  release(): Promise<void> {
    clearInterval(this.#timer);
    this.#limits.ending.removeEventListener('abort', this.#onEnding);
    return this.#writing.catch(() => undefined);
  }

  /** Commits a change and keeps the lease. @throws Stopped when the job is no longer ours */
  commit(
    change: Change<CalibrationJob>,
    told: readonly NewEvent[] = [],
    also: readonly Write[] = [],
  ): Promise<void> {
    const lease = 'state' in change ? {} : { lease_until: leasedUntil(this.#world.now()) };
    return this.#write((job) => advance(this.#world, job, { ...lease, ...change }, told, also));
  }

  /** Tells how far it is: a new stage at once, else once a second. */
  async tell(progress: CalibrationProgress): Promise<void> {
    this.signal.throwIfAborted();
    const isDue = performance.now() - this.#toldAt >= tellEveryMs;
    if (progress.stage === this.#job.progress.stage && !isDue) return;
    this.#toldAt = performance.now();
    await this.commit({ progress }, [{ type: 'calibration.progress', data: { ...progress } }]);
  }

  /** Back into the queue: the task ends in order. */
  interrupt(): Promise<void> {
    return this.#write((job) => interrupt(this.#world, job));
  }

  #write(act: (job: CalibrationJob) => Promise<CalibrationJob>): Promise<void> {
    const next = this.#writing.then(async () => {
      try {
        this.#job = await act(this.#job);
        this.#wroteAt = performance.now();
      } catch (error) {
        if (!(error instanceof ConditionFailed)) throw error;
        this.#stopFor('fenced');
        throw new Stopped('fenced');
      }
    });
    this.#writing = next.catch(() => undefined);
    return next;
  }

  #look(): void {
    if ((performance.now() - this.#startedAt) / 1000 >= this.#limits.limit_s) this.#stopFor('overtime');
    const act = performance.now() - this.#wroteAt >= renewEveryMs ? this.commit({}) : this.#checkStillMine();
    // a look that failed is made again: the lease outlives several
    act.catch(() => undefined);
  }

  async #checkStillMine(): Promise<void> {
    const now = await this.#world.table.get(queued.calibration, this.#job, { consistent: true });
    if (now?.state !== 'running' || now.attempt !== this.#job.attempt) this.#stopFor('fenced');
  }

  #stopFor(why: Stop): void {
    if (!this.signal.aborted) this.#stop.abort(new Stopped(why));
  }
}
