import { asList, asText, at, isObject, type Json, type JsonObject } from '../json.ts';
import type { Sqlite } from '../services/aws/sqlite.ts';
import type { Reading, SharedStream } from './shared-stream.ts';

export interface Position {
  readonly shard: string;
  readonly sequence: string;
}

export interface Chunk {
  readonly shard: string;
  readonly records: readonly JsonObject[];
  /** Whether this was all that there is. */
  readonly isNewest: boolean;
}

export const sequenceOf = (record: Json | undefined): string =>
  asText(at(record, 'dynamodb', 'SequenceNumber')) ?? '';

/** How far a mapping has come, kept across restarts. */
export class Checkpoint {
  readonly #state: Sqlite;
  readonly #mapping: string;
  #written = '';

  constructor(state: Sqlite, mapping: string) {
    this.#state = state;
    this.#mapping = mapping;
  }

  read(): Position | undefined {
    return this.#state.get<Position>(
      'SELECT shard, sequence FROM checkpoint WHERE mapping = ?',
      this.#mapping,
    );
  }

  write({ shard, sequence }: Position): void {
    if (this.#written === sequence) return;
    this.#written = sequence;
    this.#state.run(
      'INSERT OR REPLACE INTO checkpoint (mapping, shard, sequence) VALUES (?, ?, ?)',
      this.#mapping,
      shard,
      sequence,
    );
  }
}

/** Reads a stream's shards one after the other, from the checkpoint on, or from the oldest record (TRIM_HORIZON). */
export class StreamReader {
  readonly #stream: SharedStream;
  readonly #streamArn: string;
  readonly #checkpoint: Checkpoint;
  #shard: string | undefined;
  #iterator: string | undefined;

  constructor(stream: SharedStream, streamArn: string, checkpoint: Checkpoint) {
    this.#stream = stream;
    this.#streamArn = streamArn;
    this.#checkpoint = checkpoint;
  }

  /** The next records; none when the stream's end is reached for now. */
  async next(): Promise<Chunk> {
    for (;;) {
      if (this.#iterator === undefined && !(await this.#open()))
        return { shard: '', records: [], isNewest: true };
      const reading = await this.#getRecords();
      if (reading === undefined) continue;
      const { reply, isNewest } = reading;
      const records = asList(reply['Records']).filter(isObject);
      this.#iterator = asText(reply['NextShardIterator']);
      const shard = this.#shard ?? '';
      if (records.length > 0 || this.#iterator !== undefined) return { shard, records, isNewest };
      if (!(await this.#openAfter(shard))) return { shard, records, isNewest };
    }
  }

  /** Tells that the table was written to. */
  wrote(): void {
    this.#stream.wrote();
  }

  /** Goes back to the checkpoint, after an error. */
  rewind(): void {
    this.#iterator = undefined;
  }

  async #getRecords(): Promise<Reading | undefined> {
    try {
      return await this.#stream.getRecords(this.#iterator ?? '');
    } catch (error) {
      this.#iterator = undefined;
      if (error instanceof Error && /ExpiredIterator|TrimmedDataAccess/.test(error.name)) return undefined;
      throw error;
    }
  }

  async #shards(): Promise<string[]> {
    const reply = await this.#stream.call('DescribeStream', { StreamArn: this.#streamArn });
    return asList(at(reply, 'StreamDescription', 'Shards')).flatMap(
      (one) => asText(at(one, 'ShardId')) ?? [],
    );
  }

  async #open(): Promise<boolean> {
    const shards = await this.#shards();
    const position = this.#checkpoint.read();
    if (position !== undefined && shards.includes(position.shard)) {
      const after = { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: position.sequence };
      try {
        await this.#openShard(position.shard, after);
        return true;
      } catch (error) {
        if (!(error instanceof Error && error.name.includes('TrimmedDataAccess'))) throw error;
      }
    }
    const [oldest] = shards;
    if (oldest === undefined) return false;
    await this.#openShard(oldest, { ShardIteratorType: 'TRIM_HORIZON' });
    return true;
  }

  async #openAfter(shard: string): Promise<boolean> {
    const shards = await this.#shards();
    const next = shards[shards.indexOf(shard) + 1];
    if (next === undefined) return false;
    await this.#openShard(next, { ShardIteratorType: 'TRIM_HORIZON' });
    return true;
  }

  async #openShard(shard: string, position: object): Promise<void> {
    const input = { StreamArn: this.#streamArn, ShardId: shard, ...position };
    const reply = await this.#stream.call('GetShardIterator', input);
    this.#shard = shard;
    this.#iterator = asText(at(reply, 'ShardIterator'));
  }
}
