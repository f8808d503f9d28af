import type { NewEvent } from '#shared/jobs/advance.ts';
import { errorFields, logger } from '#shared/observability.ts';
import { Lost } from './held.ts';

/** So long a job tells nothing: most are over by then, and their end tells everything in one write. */
const holdBackMs = 150;
const tellEveryMs = 250;

/** Something that is told while a job runs. */
export interface News {
  /** Whether there is something to tell. */
  readonly isNew: boolean;
  /** What has not been told yet; not necessarily all of it. */
  take(): readonly NewEvent[];
}

/**
 * Tells what is new of a running job: at once if nothing was told of late, else joined with what else is new, in one
 * write at most four times a second. Ends when it is disposed of: what is untold by then is in the result.
 */
export class Teller {
  readonly #tell: (events: readonly NewEvent[]) => Promise<void>;
  readonly #news: readonly News[];
  #notBefore = performance.now() + holdBackMs;
  #timer: NodeJS.Timeout | undefined;
  #telling = false;
  #ended = false;

  constructor(tell: (events: readonly NewEvent[]) => Promise<void>, news: readonly News[]) {
    this.#tell = tell;
    this.#news = news;
  }

  /** There may be something new. */
  readonly look = (): void => {
    if (this.#ended || this.#telling || this.#timer || !this.#news.some(({ isNew }) => isNew)) return;
    this.#timer = setTimeout(() => void this.#tellNow(), Math.max(0, this.#notBefore - performance.now()));
  };

  [Symbol.dispose](): void {
    this.#ended = true;
    clearTimeout(this.#timer);
  }

  async #tellNow(): Promise<void> {
    this.#timer = undefined;
    const events = this.#news.flatMap((one) => (one.isNew ? one.take() : []));
    if (events.length === 0) return;
    this.#notBefore = performance.now() + tellEveryMs;
    this.#telling = true;
    try {
      await this.#tell(events);
    } catch (error) {
      if (!(error instanceof Lost)) logger.warn('grader.untold', errorFields(error));
    } finally {
      this.#telling = false;
    }
    this.look();
  }
}
