import { describe, expect, test } from 'vitest';
import { SharedStream } from '#infra/local/event-sources/shared-stream.ts';
import { asList } from '#infra/local/json.ts';

/** A stream whose iterators are positions; counts what it is asked. */
function aStream() {
  const written: { name: string }[] = [];
  let asked = 0;
  const shared = new SharedStream(async (_action, input) => {
    asked += 1;
    const from = Number((input as { ShardIterator: string }).ShardIterator);
    const Records = written.slice(from);
    await new Promise((resolve) => setTimeout(resolve, 5));
    return { Records, NextShardIterator: String(from + Records.length) };
  });
  const write = (name: string) => {
    written.push({ name });
    shared.wrote();
  };
  const read = async (iterator: string) => {
    const { reply, isNewest } = await shared.getRecords(iterator);
    return { names: asList(reply['Records']).map((one) => (one as { name: string }).name), isNewest };
  };
  return { write, read, asked: () => asked };
}

describe('mappings of one stream', () => {
  test('ask once for what follows a position, at the same time or one after the other', async () => {
    const { write, read, asked } = aStream();
    write('a');
    const replies = await Promise.all([read('0'), read('0'), read('0')]);
    replies.push(await read('0'));
    for (const reply of replies) expect(reply).toEqual({ names: ['a'], isNewest: true });
    expect(asked()).toBe(1);
  });

  test('hear that there is more when something was written since, and lose nothing of it', async () => {
    const { write, read } = aStream();
    write('a');
    const first = read('0');
    write('b');
    expect(await first).toEqual({ names: ['a'], isNewest: false });
    expect(await read('0')).toEqual({ names: ['a'], isNewest: false });
    expect(await read('1')).toEqual({ names: ['b'], isNewest: true });
  });

  test('do not believe that there is nothing after a write', async () => {
    const { write, read, asked } = aStream();
    expect(await read('0')).toEqual({ names: [], isNewest: true });
    expect(await read('0')).toEqual({ names: [], isNewest: true });
    expect(asked()).toBe(1);
    write('a');
    expect(await read('0')).toEqual({ names: ['a'], isNewest: true });
  });
});
