import { asList, type JsonObject } from '../json.ts';

/** A call to DynamoDB Streams. */
export type StreamCall = (action: string, input: object) => Promise<JsonObject>;

export interface Reading {
  readonly reply: JsonObject;
  /** Nothing had been announced since it was read: what it does not have is not there yet. */
  readonly isNewest: boolean;
}

interface Kept {
  readonly reply: Promise<JsonObject>;
  /** How many writes had been announced when it was asked for, and when that was. */
  readonly writes: number;
  readonly at: number;
}

/** Records per GetRecords call: AWS's own maximum. */
const chunkSize = 1000;
const keptReplies = 8;
const keptForMs = 200;

/**
 * What several mappings read of one stream, read once: an iterator names a position, and what follows a position never
 * changes. Each mapping goes at its own pace; those that keep up come for the same replies.
 */
export class SharedStream {
  readonly call: StreamCall;
  readonly #kept = new Map<string, Kept>();
  #writes = 0;

  constructor(call: StreamCall) {
    this.call = call;
  }

  /** Tells that the table was written to. */
  wrote(): void {
    this.#writes += 1;
  }

  async getRecords(iterator: string): Promise<Reading> {
    const kept = this.#kept.get(iterator);
    if (kept !== undefined && performance.now() - kept.at < keptForMs) {
      const reply = await kept.reply;
      const isNewest = kept.writes === this.#writes;
      if (isNewest || asList(reply['Records']).length > 0) return { reply, isNewest };
    }
    return this.#read(iterator);
  }

  async #read(iterator: string): Promise<Reading> {
    const writes = this.#writes;
    const reply = this.call('GetRecords', { ShardIterator: iterator, Limit: chunkSize });
    this.#kept.delete(iterator);
    this.#kept.set(iterator, { reply, writes, at: performance.now() });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > keptReplies && oldest !== undefined) this.#kept.delete(oldest);
    try {
      return { reply: await reply, isNewest: writes === this.#writes };
    } catch (error) {
      this.#kept.delete(iterator);
      throw error;
    }
  }
}
