import { setTimeout as delay } from 'node:timers/promises';
import { matches } from '../filter-pattern.ts';
import { asList, asText, at, type Json, type JsonObject } from '../json.ts';
import type { LambdaFunction } from '../lambda/function.ts';
import { type Checkpoint, type Chunk, type StreamReader, sequenceOf } from './stream-reader.ts';

/** A stream that nobody announced a write to is still looked at this often: TTL and other engines write, too. */
const idlePollMs = 500;
/**
 * Reads begin the farther apart the more records the last one brought, and in the long run at least so far, so that a
 * crowd of writes is one batch; Lambda itself reads four times a second.
 */
const readEveryMs = { least: 50, most: 200, eachRecord: 10 };
/** How far reads of fewer records may be ahead of the long run: the writes of one person's job are told at once. */
const ahead = { ms: 250, records: 10 };
/**
 * What a batch takes beyond this is given back as a pause: what the function writes keeps the one engine of the tables
 * from who waits for it. What is told to people takes less.
 */
const freeMs = 200;
const longestPauseMs = 500;
/** How soon it is seen that those who waited for functions have been served. */
const crowdEveryMs = 20;
/** After fewer records than this the stream was at its end: a write announces itself. */
const few = 50;
/** Lambda backs off up to a minute; locally the longest wait is shorter. */
const longestBackOffMs = 10_000;

export interface StreamMappingSetting {
  readonly id: string;
  /** The ARN that the function sees. */
  readonly streamArn: string;
  readonly region: string;
  readonly batchSize: number;
  readonly windowMs: number;
  /** Any of these patterns; none lets every record through. */
  readonly filters: readonly JsonObject[];
  readonly reportsItemFailures: boolean;
  readonly bisects: boolean;
  /** Infinity unless the template bounds it. */
  readonly maxRetries: number;
  readonly maxAgeMs: number;
}

export interface GivenUp {
  readonly condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded';
  readonly attempts: number;
  readonly shard: string;
  readonly records: readonly JsonObject[];
}

export interface StreamMappingServices {
  readonly target: Pick<LambdaFunction, 'invoke'>;
  readonly reader: StreamReader;
  readonly checkpoint: Checkpoint;
  /** The on-failure destination. */
  readonly giveUp: (batch: GivenUp) => Promise<void>;
  readonly failed: (error: unknown) => void;
  /** Whether many wait for functions at the moment: what a batch writes would make them wait for the tables, too. */
  readonly crowded: () => boolean;
  /** The adverse mode: another order across items, and duplicates. */
  readonly arrange?: (records: readonly JsonObject[]) => readonly JsonObject[];
}

const paceAfter = ({ records }: Chunk): number =>
  Math.min(readEveryMs.most, readEveryMs.least + readEveryMs.eachRecord * records.length);

const aheadOf = ({ records }: Chunk): number => (records.length < ahead.records ? ahead.ms : 0);

/**
 * A Lambda event source mapping of a DynamoDB stream: filtered batches in order, one at a time; a failed batch blocks
 * the shard until it succeeds or is given up. At least once.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
 */
export class StreamMapping {
  readonly #setting: StreamMappingSetting;
  readonly #services: StreamMappingServices;
  readonly #stopping = new AbortController();
  #wake: () => void = () => {};
  #woken = false;
  #loop: Promise<void> = Promise.resolve();

  constructor(setting: StreamMappingSetting, services: StreamMappingServices) {
    this.#setting = setting;
    this.#services = services;
  }

  start(): void {
    this.#loop = this.#run();
  }

  /** Tells that the table may have changed. */
  wake(): void {
    this.#services.reader.wrote();
    this.#woken = true;
    this.#wake();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.wake();
    await this.#loop;
  }

  get #stopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  async #run(): Promise<void> {
    let due = 0;
    while (!this.#stopped) {
      const read = performance.now();
      try {
        this.#woken = false;
        const chunk = await this.#services.reader.next();
        const began = performance.now();
        if (chunk.records.length > 0) await this.#handle(await this.#fill(chunk));
        const handled = performance.now();
        if (chunk.isNewest && chunk.records.length < few) await this.#rest();
        const rested = handled + Math.min(longestPauseMs, handled - began - freeMs);
        due = Math.max(due, read - aheadOf(chunk)) + paceAfter(chunk);
        await this.#pause(Math.max(due, rested) - performance.now());
        await this.#giveWay(handled + longestPauseMs);
      } catch (error) {
        if (this.#stopped) return;
        this.#services.failed(error);
        this.#services.reader.rewind();
        await this.#pause(1000);
      }
    }
  }

  async #rest(): Promise<void> {
    if (this.#woken) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    const timer = setTimeout(resolve, idlePollMs);
    await promise;
    clearTimeout(timer);
  }

  async #giveWay(until: number): Promise<void> {
    while (!this.#stopped && this.#services.crowded() && performance.now() < until)
      await this.#pause(crowdEveryMs);
  }

  async #pause(ms: number): Promise<void> {
    if (ms > 0) await delay(ms, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
  }

  /** MaximumBatchingWindow: waits for more, once, when the batch is not full. */
  async #fill(chunk: Chunk): Promise<Chunk> {
    const { windowMs, batchSize } = this.#setting;
    if (windowMs === 0 || chunk.records.length >= batchSize) return chunk;
    await this.#pause(windowMs);
    const more = await this.#services.reader.next();
    return more.shard === chunk.shard ? { ...chunk, records: [...chunk.records, ...more.records] } : chunk;
  }

  async #handle({ shard, records }: Chunk): Promise<void> {
    const { arrange } = this.#services;
    const wanted = records.filter((record) => this.#isWanted(record));
    const arranged = arrange === undefined ? wanted : arrange(wanted);
    const passed = (sequence: string): void => {
      // Out of order, only the whole chunk is a position to come back to.
      if (arrange === undefined) this.#services.checkpoint.write({ shard, sequence });
    };
    for (let index = 0; index < arranged.length; index += this.#setting.batchSize) {
      const batch = arranged.slice(index, index + this.#setting.batchSize);
      await this.#deliver(shard, batch, 0, passed);
      if (this.#stopped) return;
    }
    this.#services.checkpoint.write({ shard, sequence: sequenceOf(records.at(-1)) });
  }

  #isWanted(record: JsonObject): boolean {
    const { filters } = this.#setting;
    return filters.length === 0 || filters.some((pattern) => matches(pattern, record));
  }

  async #deliver(
    shard: string,
    batch: readonly JsonObject[],
    retries: number,
    passed: (sequence: string) => void,
  ): Promise<void> {
    if (this.#stopped || batch.length === 0) return;
    const accepted = await this.#invoke(batch);
    const last = batch[accepted - 1];
    if (last !== undefined) passed(sequenceOf(last));
    const rest = batch.slice(accepted);
    if (rest.length === 0 || this.#stopped) return;

    if (this.#setting.bisects && rest.length > 1) {
      // Splitting does not count as a retry.
      const middle = Math.ceil(rest.length / 2);
      await this.#deliver(shard, rest.slice(0, middle), retries, passed);
      await this.#deliver(shard, rest.slice(middle), retries, passed);
      return;
    }
    const condition = this.#exhausted(rest, retries);
    if (condition !== undefined) {
      await this.#services.giveUp({ condition, attempts: retries + 1, shard, records: rest });
      passed(sequenceOf(rest.at(-1)));
      return;
    }
    await this.#pause(Math.min(longestBackOffMs, 100 * 2 ** retries));
    await this.#deliver(shard, rest, retries + 1, passed);
  }

  #exhausted(records: readonly JsonObject[], retries: number): GivenUp['condition'] | undefined {
    if (retries >= this.#setting.maxRetries) return 'RetryAttemptsExhausted';
    const created = Number(asText(at(records[0], 'dynamodb', 'ApproximateCreationDateTime')));
    return Date.now() - created * 1000 > this.#setting.maxAgeMs ? 'RecordAgeExceeded' : undefined;
  }

  /** How many records from the front the function has dealt with. */
  async #invoke(batch: readonly JsonObject[]): Promise<number> {
    const { streamArn, region, reportsItemFailures } = this.#setting;
    const Records = batch.map((record) => ({ ...record, awsRegion: region, eventSourceARN: streamArn }));
    let result: Json;
    try {
      result = JSON.parse(await this.#services.target.invoke({ Records }));
    } catch {
      return 0; // announced by the function's pool
    }
    const failures = at(result, 'batchItemFailures');
    if (!reportsItemFailures || failures === undefined || failures === null) return batch.length;
    const indexes = asList(failures).map((failure) =>
      batch.findIndex((record) => sequenceOf(record) === asText(at(failure, 'itemIdentifier'))),
    );
    // Lambda retries from the first failure on; an identifier that it does not know fails the whole batch.
    return indexes.length === 0 ? batch.length : Math.max(0, Math.min(...indexes));
  }
}
