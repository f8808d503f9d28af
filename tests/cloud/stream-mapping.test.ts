import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createAdversity } from '#infra/local/adverse.ts';
import { SharedStream, type StreamCall } from '#infra/local/event-sources/shared-stream.ts';
import {
  type GivenUp,
  StreamMapping,
  type StreamMappingServices,
} from '#infra/local/event-sources/stream-mapping.ts';
import { Checkpoint, StreamReader, sequenceOf } from '#infra/local/event-sources/stream-reader.ts';
import type { JsonObject } from '#infra/local/json.ts';
import { openState } from '#infra/local/state.ts';
import { scratch } from '#tests/support/scratch.ts';
import { eventually } from './world.ts';

/** A stream of one or two shards, as the engines serve them. */
class Stream {
  readonly shards = new Map<string, JsonObject[]>([['shard-1', []]]);
  closed = new Set<string>();
  #sequence = 0;

  write(sk: string, eventName = 'INSERT', createdAt = Date.now()): void {
    this.#sequence += 1;
    const shard = [...this.shards.values()].at(-1);
    shard?.push({
      eventID: String(this.#sequence),
      eventName,
      dynamodb: {
        Keys: { pk: { S: sk.split('/')[0] ?? '' } },
        NewImage: { sk: { S: sk } },
        SequenceNumber: String(this.#sequence).padStart(6, '0'),
        ApproximateCreationDateTime: createdAt / 1000,
      },
    });
  }

  readonly call: StreamCall = async (action, input) => {
    const { ShardId, SequenceNumber, ShardIterator, Limit } = input as Record<string, string>;
    if (action === 'DescribeStream') {
      return { StreamDescription: { Shards: [...this.shards.keys()].map((id) => ({ ShardId: id })) } };
    }
    if (action === 'GetShardIterator') {
      const records = this.shards.get(ShardId ?? '') ?? [];
      const at =
        SequenceNumber === undefined ? 0 : records.findIndex((one) => sequenceOf(one) > SequenceNumber);
      return { ShardIterator: `${ShardId} ${at < 0 ? records.length : at}` };
    }
    const [shard = '', at = '0'] = (ShardIterator ?? '').split(' ');
    const records = (this.shards.get(shard) ?? []).slice(Number(at), Number(at) + Number(Limit));
    const end = Number(at) + records.length;
    const isOver = this.closed.has(shard) && end === this.shards.get(shard)?.length;
    return { Records: records, ...(isOver ? {} : { NextShardIterator: `${shard} ${end}` }) };
  };
}

const state = openState(join(scratch('stream'), 'state.sqlite'));
const running = new Set<StreamMapping>();
afterEach(async () => {
  for (const mapping of running) await mapping.stop();
  running.clear();
});

const namesOf = (records: readonly JsonObject[]): string[] =>
  records.map((record) => JSON.parse(JSON.stringify(record)).dynamodb.NewImage.sk.S);

interface World {
  readonly mapping: StreamMapping;
  /** Names of the records of each invocation. */
  readonly batches: string[][];
  readonly givenUp: GivenUp[];
}

let worlds = 0;
/** A mapping whose function fails or reports whatever `answer` says for a batch. */
function read(
  stream: Stream,
  answer: (names: readonly string[], records: readonly JsonObject[]) => unknown = () => ({}),
  options: Partial<ConstructorParameters<typeof StreamMapping>[0]> & {
    name?: string;
    arrange?: StreamMappingServices['arrange'];
    crowded?: StreamMappingServices['crowded'];
  } = {},
): World {
  const { name = `mapping-${worlds++}`, arrange, crowded = () => false, ...setting } = options;
  const checkpoint = new Checkpoint(state, name);
  const batches: string[][] = [];
  const givenUp: GivenUp[] = [];
  const invoke = async (event: unknown): Promise<string> => {
    const { Records } = event as { Records: JsonObject[] };
    batches.push(namesOf(Records));
    return JSON.stringify((await answer(namesOf(Records), Records)) ?? {});
  };
  const mapping = new StreamMapping(
    {
      id: name,
      streamArn: 'arn:stream',
      region: 'us-east-1',
      batchSize: 10,
      windowMs: 0,
      filters: [],
      reportsItemFailures: true,
      bisects: false,
      maxRetries: 2,
      maxAgeMs: 60_000,
      ...setting,
    },
    {
      target: { invoke },
      reader: new StreamReader(new SharedStream(stream.call), 'arn:stream', checkpoint),
      checkpoint,
      giveUp: async (batch) => void givenUp.push(batch),
      failed: (error) => {
        throw error;
      },
      crowded,
      ...(arrange === undefined ? {} : { arrange }),
    },
  );
  running.add(mapping);
  mapping.start();
  return { mapping, batches, givenUp };
}

const delivered = ({ batches }: World, ...names: readonly string[]) =>
  eventually(async () => (names.every((name) => batches.flat().includes(name)) ? true : undefined));

const streamOf = (...names: readonly string[]): Stream => {
  const stream = new Stream();
  for (const name of names) stream.write(name);
  return stream;
};
const failAt = (records: readonly JsonObject[], index: number) => ({
  batchItemFailures: [{ itemIdentifier: sequenceOf(records[index]) }],
});

test('records come in order, in batches of at most the batch size', async () => {
  const world = read(streamOf('a', 'b', 'c', 'd', 'e'), undefined, { batchSize: 2 });
  await delivered(world, 'e');
  expect(world.batches).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
});

test('after a restart it goes on behind the last batch, and writes in between are not lost', async () => {
  const stream = streamOf('a', 'b');
  const first = read(stream, undefined, { name: 'restarted' });
  await delivered(first, 'b');
  await first.mapping.stop();
  stream.write('c');
  const second = read(stream, undefined, { name: 'restarted' });
  await delivered(second, 'c');
  expect(second.batches).toEqual([['c']]);
});

test('a reported failure retries from that record on and keeps what came before', async () => {
  let failures = 0;
  const world = read(streamOf('a', 'b', 'c'), (names, records) =>
    names.includes('b') && failures++ < 2 ? failAt(records, names.indexOf('b')) : {},
  );
  await delivered(world, 'a', 'b', 'c');
  await eventually(async () => (world.batches.length === 3 ? true : undefined));
  expect(world.batches).toEqual([
    ['a', 'b', 'c'],
    ['b', 'c'],
    ['b', 'c'],
  ]);
  expect(world.givenUp).toEqual([]);
});

test('a batch that throws is halved until the bad record is alone, which is given up after its retries', async () => {
  const world = read(
    streamOf('a', 'b', 'bad', 'd'),
    (names) => {
      if (names.includes('bad')) throw new Error('on purpose');
    },
    { bisects: true, maxRetries: 1 },
  );
  await delivered(world, 'd');
  await eventually(async () => (world.batches.at(-1)?.[0] === 'd' ? true : undefined));
  expect(world.batches).toEqual([['a', 'b', 'bad', 'd'], ['a', 'b'], ['bad', 'd'], ['bad'], ['bad'], ['d']]);
  expect(world.givenUp).toMatchObject([{ condition: 'RetryAttemptsExhausted', attempts: 2 }]);
  expect(namesOf(world.givenUp[0]?.records ?? [])).toEqual(['bad']);
});

test('an identifier that was not in the batch fails the whole batch', async () => {
  let calls = 0;
  const world = read(streamOf('a', 'b'), () =>
    calls++ === 0 ? { batchItemFailures: [{ itemIdentifier: 'x' }] } : {},
  );
  await eventually(async () => (world.batches.length === 2 ? true : undefined));
  expect(world.batches).toEqual([
    ['a', 'b'],
    ['a', 'b'],
  ]);
});

test('a record older than the maximum age is given up instead of retried', async () => {
  const stream = new Stream();
  stream.write('old', 'INSERT', Date.now() - 120_000);
  stream.write('new');
  const world = read(stream, (names, records) => (names[0] === 'old' ? failAt(records, 0) : {}), {
    batchSize: 1,
  });
  await delivered(world, 'new');
  expect(world.givenUp).toMatchObject([{ condition: 'RecordAgeExceeded', attempts: 1 }]);
});

test('filters let their records through, and the position passes the others', async () => {
  const stream = new Stream();
  stream.write('a', 'REMOVE');
  stream.write('b');
  stream.write('c', 'REMOVE');
  const world = read(stream, undefined, { name: 'filtered', filters: [{ eventName: ['INSERT'] }] });
  await delivered(world, 'b');
  await eventually(async () =>
    new Checkpoint(state, 'filtered').read()?.sequence === '000003' ? true : undefined,
  );
  expect(world.batches).toEqual([['b']]);
});

test('a closed shard is followed by the next one', async () => {
  const stream = streamOf('a');
  const world = read(stream, undefined, { name: 'sharded' });
  await delivered(world, 'a');
  stream.closed.add('shard-1');
  stream.shards.set('shard-2', []);
  stream.write('b');
  world.mapping.wake();
  await delivered(world, 'b');
  expect(new Checkpoint(state, 'sharded').read()).toMatchObject({ shard: 'shard-2' });
});

test('a write is seen at once when the mapping is told of it', async () => {
  const stream = streamOf('a');
  const world = read(stream);
  await delivered(world, 'a');
  await new Promise((resolve) => setTimeout(resolve, 50));
  const started = performance.now();
  stream.write('b');
  world.mapping.wake();
  await delivered(world, 'b');
  expect(performance.now() - started).toBeLessThan(300);
});

test('the more records a read brings, the later the next one, so that a crowd of writes is one batch', async () => {
  const stream = streamOf(...Array.from({ length: 20 }, (_, at) => `a${at}`));
  const times: number[] = [];
  const world = read(stream, () => {
    if (times.push(performance.now()) > 2) return;
    stream.write(`b${times.length}`);
    world.mapping.wake();
  });
  await delivered(world, 'b1', 'b2');
  expect(world.batches.map((batch) => batch.length)).toEqual([10, 10, 2]);
  expect((times[2] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(180);
});

/** When each of so many writes came, of some records each, each written when the one before it had come. */
async function oneAfterAnother(writes: number, records = 1): Promise<number[]> {
  const written = (at: number) => Array.from({ length: records }, (_, k) => `a${at}-${k}`);
  const stream = streamOf(...written(0));
  const times: number[] = [];
  const world = read(stream, () => {
    if (times.push(performance.now()) === writes) return;
    for (const name of written(times.length)) stream.write(name);
    world.mapping.wake();
  });
  await delivered(world, `a${writes - 1}-0`);
  return times;
}

test.each([1, 5])('a few writes of %d records that follow one another are told at once', async (records) => {
  // on a busy machine not at the first try
  await eventually(async () => {
    const [first = 0, , third = 0] = await oneAfterAnother(3, records);
    return third - first < 60 || undefined;
  });
});

test.each([
  [60, 1],
  [100, 5],
])('many writes are told at a pace of %d ms if of %d records each', async (ms, records) => {
  const times = await oneAfterAnother(20, records);
  expect((times[19] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(19 * ms - 300);
});

test('a function that was busy for long leaves time to others before it is asked again', async () => {
  const stream = streamOf('a');
  const times: number[] = [];
  const world = read(stream, async () => {
    times.push(performance.now());
    if (times.length > 1) return;
    stream.write('b');
    world.mapping.wake();
    await new Promise((resolve) => setTimeout(resolve, 600));
  });
  await delivered(world, 'a', 'b');
  const [first = 0, second = 0] = times;
  expect(second - first).toBeGreaterThanOrEqual(980);
});

test.each([
  ['until they are served', 150, 150, 400],
  ['but not for longer than half a second', 5_000, 490, 1_500],
])('many who wait for functions are served first, %s', async (_, crowdMs, least, most) => {
  const stream = streamOf('a');
  const times: number[] = [];
  let crowdedUntil = 0;
  const world = read(
    stream,
    async () => {
      times.push(performance.now());
      if (times.length > 1) return;
      stream.write('b');
      world.mapping.wake();
      crowdedUntil = performance.now() + crowdMs;
    },
    { crowded: () => performance.now() < crowdedUntil },
  );
  await delivered(world, 'a', 'b');
  const [first = 0, second = 0] = times;
  expect(second - first).toBeGreaterThanOrEqual(least);
  expect(second - first).toBeLessThan(most);
});

test('in the adverse mode items change places and come twice, but each item keeps its own order', async () => {
  const names = Array.from({ length: 40 }, (_, n) => `item${n % 5}/${n}`);
  const { arrange } = createAdversity(7);
  const world = read(streamOf(...names), undefined, { batchSize: 100, arrange });
  await delivered(world, ...names);
  const [batch = []] = world.batches;
  expect(batch.length).toBeGreaterThan(names.length);
  expect(batch).not.toEqual(names);
  for (let item = 0; item < 5; item += 1) {
    const own = batch.filter((name) => name.startsWith(`item${item}/`));
    expect([...new Set(own)]).toEqual(names.filter((name) => name.startsWith(`item${item}/`)));
    expect(own).toEqual([...own].sort((a, b) => Number(a.split('/')[1]) - Number(b.split('/')[1])));
  }
  const again = read(streamOf(...names), undefined, { batchSize: 100, arrange: createAdversity(7).arrange });
  await delivered(again, ...names);
  expect(again.batches).toEqual(world.batches);
});

test('seeded faults never come three times in a row for one caller and action', () => {
  const { inject, conflicts } = createAdversity(42);
  const call = { service: 'dynamodb', action: 'dynamodb:GetItem', accessKeyId: 'LOCALRole' };
  const faults = Array.from({ length: 20_000 }, () => (inject(call) === undefined ? '.' : 'x')).join('');
  const broken = Array.from({ length: 20_000 }, () => (conflicts() ? 'x' : '.')).join('');
  for (const run of [faults, broken]) {
    expect(run).toContain('x');
    expect(run).not.toContain('xxx');
  }
  const share = faults.replaceAll('.', '').length / faults.length;
  expect(share).toBeGreaterThan(0.02);
  expect(share).toBeLessThan(0.04);
});
