import type { NewEvent } from '#shared/jobs/advance.ts';
import { cut } from '#shared/jobs/results.ts';
import type { News } from './teller.ts';

/** An event stays within 4 KB, and what one run tells of its output within 16: the result has all that is kept. */
const pieceBytes = 3_000;
const wholeBytes = 16_000;
const mostPieces = 4;

interface Chunk {
  readonly test: number;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

/** What a program prints while it runs: in joined pieces, and not without end. */
export class Output implements News {
  #waiting: Chunk[] = [];
  #left = wholeBytes;

  get isNew(): boolean {
    return this.#waiting.length > 0;
  }

  add(chunk: Chunk): void {
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
  }

  take(): NewEvent[] {
    return this.#waiting
      .splice(0, mostPieces)
      .map((data): NewEvent => ({ type: 'code.output', data: { ...data } }));
  }
}
