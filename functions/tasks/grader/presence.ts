import type { JobWorld } from '#shared/jobs/advance.ts';
import { workers } from '#shared/jobs/job.ts';
import { unlessChanged } from '#shared/jobs/lifecycle.ts';
import { errorFields, logger } from '#shared/observability.ts';

const announceEveryMs = 5_000;
/** A worker record outlives its worker by little. */
const recordForS = 300;

/** Says again and again that this grader is there, and why it cannot run programs if it cannot. */
export class Presence {
  readonly #world: JobWorld;
  readonly #worker: string;
  readonly #off_reason: string | null;
  readonly #timer: NodeJS.Timeout;
  #telling: Promise<unknown> = Promise.resolve();

  constructor(world: JobWorld, worker: string, off_reason: string | null) {
    this.#world = world;
    this.#worker = worker;
    this.#off_reason = off_reason;
    this.#timer = setInterval(() => this.#tell(), announceEveryMs);
    this.#tell();
  }

  /** Takes this worker off the list. */
  end(): Promise<unknown> {
    clearInterval(this.#timer);
    const id = { queue: 'grading', worker_id: this.#worker } as const;
    return this.#next(() =>
      unlessChanged(() => this.#world.table.write(this.#world.table.remove(workers, id))),
    );
  }

  #tell(): void {
    const now = this.#world.now();
    const record = {
      queue: 'grading',
      worker_id: this.#worker,
      job_id: null,
      off_reason: this.#off_reason,
      seen_at: now.toISOString(),
      expires_at: Math.floor(now.getTime() / 1000) + recordForS,
    } as const;
    void this.#next(() => this.#world.table.write(this.#world.table.put(workers, record)));
  }

  #next(act: () => Promise<unknown>): Promise<unknown> {
    this.#telling = this.#telling.then(act).catch((error: unknown) => {
      logger.warn('grader.presence_failed', errorFields(error));
    });
    return this.#telling;
  }
}
