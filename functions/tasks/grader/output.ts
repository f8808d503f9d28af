import type { NewEvent } from '#shared/jobs/advance.ts';
import type { JobOf } from '#shared/jobs/job.ts';
import { cut } from '#shared/jobs/results.ts';
import { errorFields, logger } from '#shared/observability.ts';
import { type Held, Lost } from './held.ts';

const tellEveryMs = 250;
/** An event stays within 4 KB, and what one run tells of its output within 16: the result has all that is kept. */
const pieceBytes = 3_000;
const wholeBytes = 16_000;

interface Chunk {
  readonly test: number;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

/** Tells what a program prints while it runs: at most four times a second, joined, and not without end. */
export class OutputTeller {
  readonly #held: Held<JobOf<'execution'>>;
  readonly #timer: NodeJS.Timeout;
  #waiting: Chunk[] = [];
  #left = wholeBytes;
  #telling = false;

  constructor(held: Held<JobOf<'execution'>>) {
    this.#held = held;
    this.#timer = setInterval(() => void this.#tell(), tellEveryMs);
  }

  readonly add = (chunk: Chunk): void => {
    if (this.#left <= 0 || chunk.text === '') return;
    const text = cut(chunk.text, Math.min(pieceBytes, this.#left));
    this.#left -= Buffer.byteLength(text);
    const last = this.#waiting.at(-1);
    const joins =
      last?.test === chunk.test &&
      last.stream === chunk.stream &&
      Buffer.byteLength(last.text) + Buffer.byteLength(text) <= pieceBytes;
    if (joins) this.#waiting.splice(-1, 1, { ...last, text: last.text + text });
    else this.#waiting.push({ test: chunk.test, stream: chunk.stream, text });
  };

  /** What has not been told by now is in the result. */
  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#waiting = [];
  }

  async #tell(): Promise<void> {
    if (this.#waiting.length === 0 || this.#telling) return;
    const told = this.#waiting
      .splice(0, 4)
      .map((data): NewEvent => ({ type: 'code.output', data: { ...data } }));
    this.#telling = true;
    try {
      await this.#held.commit({}, told);
    } catch (error) {
      if (!(error instanceof Lost)) logger.warn('grader.output_untold', errorFields(error));
    } finally {
      this.#telling = false;
    }
  }
}
