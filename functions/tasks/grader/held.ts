import { advance, type Change, type JobWorld, type NewEvent } from '#shared/jobs/advance.ts';
import { type GradingJob, type Job, jobs } from '#shared/jobs/job.ts';
import { leasedUntil, leaseMs } from '#shared/jobs/lifecycle.ts';
import { ConditionFailed, type Write } from '#shared/table/table.ts';
import { Final, persist } from './persist.ts';

/** Another worker has the job, or it was cancelled: what this one does no longer counts. */
export class Lost extends Final {
  constructor() {
    super('the job is no longer ours');
    this.name = 'Lost';
  }
}

/** How often the job is looked at: bounds how long a cancelled program runs on. */
const lookEveryMs = 1_000;

/**
 * A claimed job: keeps its lease, notices when it is somebody else's, and commits what was done. Every write states
 * the job as this worker last saw it, one after the other.
 */
export class Held<J extends GradingJob> {
  readonly #world: JobWorld;
  readonly #lost = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #job: J;
  #writing: Promise<unknown> = Promise.resolve();
  #wroteAt = performance.now();
  #ended = false;

  constructor(world: JobWorld, job: J) {
    this.#world = world;
    this.#job = job;
    this.#timer = setInterval(() => void this.#look().catch(() => undefined), lookEveryMs);
  }

  get job(): J {
    return this.#job;
  }

  /** Aborts when the job is no longer ours. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Writes a change and what it tells, and renews the lease; a change of state lets go of the job. */
  commit(change: Change<J>, told: readonly NewEvent[] = [], also: readonly Write[] = []): Promise<void> {
    return this.#afterOthers(() => this.#write(change, told, also));
  }

  [Symbol.dispose](): void {
    this.#ended = true;
    clearInterval(this.#timer);
  }

  #afterOthers(act: () => Promise<void>): Promise<void> {
    const done = this.#writing.then(act);
    this.#writing = done.catch(() => undefined);
    return done;
  }

  async #write(change: Change<J>, told: readonly NewEvent[], also: readonly Write[]): Promise<void> {
    if (this.#ended || this.#lost.signal.aborted) throw new Lost();
    const seen = this.#job;
    const moves = change.state !== undefined && change.state !== seen.state;
    const whole: Change<J> = moves ? change : { ...change, lease_until: leasedUntil(this.#world.now()) };
    this.#job = await persist('job.commit', async (attempt) => {
      try {
        return await advance(this.#world, seen, whole, told, also);
      } catch (error) {
        if (!(error instanceof ConditionFailed)) throw error;
        // an attempt before may have been carried out although its reply was lost
        const now = attempt > 1 ? await this.#read() : undefined;
        if (now && isOurWrite(now, seen, change)) return { ...seen, ...now };
        this.#lost.abort();
        throw new Lost();
      }
    });
    this.#wroteAt = performance.now();
    this.#ended ||= moves;
  }

  #read(): Promise<Job | undefined> {
    return this.#world.table.get(jobs, this.#job, { consistent: true });
  }

  async #look(): Promise<void> {
    if (this.#ended || this.#lost.signal.aborted) return;
    if (performance.now() - this.#wroteAt > leaseMs / 3) return this.commit({});
    const seen = this.#job;
    const now = await this.#read();
    const meanwhile = this.#job !== seen;
    if (!meanwhile && now?.version !== seen.version) this.#lost.abort();
  }
}

/**
 * Nobody but the holder of an attempt writes a running job of that attempt, and nobody else ends it in the same
 * state: what stands one version further as we meant it is our own write.
 */
const isOurWrite = (now: Job, seen: Job, change: { readonly state?: Job['state'] | undefined }): boolean =>
  now.version === seen.version + 1 &&
  now.attempt === seen.attempt &&
  now.state === (change.state ?? seen.state);
