import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { faults as kinds } from '#infra/local/gateway.ts';
import { AwsError } from '#infra/local/services/aws/call.ts';
import { conflict, DomainError } from '#shared/errors.ts';
import { entity, startAfter } from '#shared/table/entity.ts';
import { idempotently } from '#shared/table/idempotency.ts';
import { retried } from '#shared/table/retry.ts';
import { ConditionFailed } from '#shared/table/table.ts';
import { aTable } from '#tests/support/table.ts';

const { table, documents, faults, calls, stop } = await aTable();
afterAll(stop);
beforeEach(() => {
  faults.length = 0;
  calls.length = 0;
});

const things = entity({
  type: 'thing',
  schema: z.object({
    thing_id: z.string(),
    name: z.string(),
    size: z.number(),
    note: z.string().optional(),
    version: z.int(),
  }),
  key: ({ thing_id }: { thing_id: string }) => ({ pk: `thing#${thing_id}`, sk: 'thing' }),
  indexes: {
    gsi1: (thing) => (thing.size > 0 ? { pk: 'things', sk: `${thing.name}#${thing.thing_id}` } : undefined),
  },
});
let made = 0;
const thing = (more: Partial<z.output<typeof things.schema>> = {}) => ({
  thing_id: `t${++made}`,
  name: 'name',
  size: 1.5,
  version: 1,
  ...more,
});
const stored = async (thing_id: string) => table.get(things, { thing_id }, { consistent: true });
const repeat = <T>(count: number, act: (at: number) => Promise<T>) =>
  Promise.allSettled(Array.from({ length: count }, (_, at) => act(at)));
const succeeded = (results: PromiseSettledResult<unknown>[]) =>
  results.filter(({ status }) => status === 'fulfilled').length;

describe('a write with a condition', () => {
  test('creates what is not there, once', async () => {
    const one = thing();
    const results = await repeat(20, (at) => table.write(table.insert(things, { ...one, size: at + 1 })));
    expect(succeeded(results)).toBe(1);
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(ConditionFailed);
  });

  test('replaces what was read and nothing newer: fifty increments under contention are fifty', async () => {
    const one = thing({ size: 0 });
    await table.write(table.insert(things, one));
    const increment = async (): Promise<void> => {
      const seen = await stored(one.thing_id);
      if (!seen) throw new Error('gone');
      await table.write(table.replace(things, seen, { ...seen, size: seen.size + 1 }));
    };
    const until = async (): Promise<void> => {
      for (;;)
        try {
          return await increment();
        } catch (error) {
          if (!(error instanceof ConditionFailed)) throw error;
        }
    };
    await Promise.all(Array.from({ length: 50 }, until));
    expect(await stored(one.thing_id)).toMatchObject({ size: 50, version: 51 });
  });

  test('that fails gives the writer’s own error, with what is there', async () => {
    const one = thing({ name: 'first' });
    await table.write(table.insert(things, one));
    const taken = (current: unknown): DomainError =>
      conflict('thing.taken', `taken by ${things.parse(current).name}`);
    await expect(table.write(table.insert(things, { ...one, name: 'second' }, taken))).rejects.toThrow(
      'taken by first',
    );
    await expect(
      table.write(table.insert(things, thing()), table.insert(things, { ...one, name: 'third' }, taken)),
    ).rejects.toThrow('taken by first');
  });

  test('of several writes of which one fails writes nothing', async () => {
    const [there, missing, fresh] = [thing(), thing(), thing()];
    await table.write(table.insert(things, there));
    for (const failing of [
      table.remove(things, missing),
      table.check(things, missing),
      table.insert(things, { ...there, size: 9 }),
      table.replace(things, { ...there, version: 7 }, there),
    ]) {
      await expect(table.write(table.insert(things, fresh), failing)).rejects.toThrow(ConditionFailed);
      expect(await stored(fresh.thing_id)).toBeUndefined();
    }
  });

  test('updates and removes only what is there, and as it should be', async () => {
    const one = thing({ size: 5 });
    await expect(
      table.write(table.update(things, one, { expression: 'SET #size = :size', values: { ':size': 1 } })),
    ).rejects.toThrow(ConditionFailed);
    await expect(table.write(table.remove(things, one))).rejects.toThrow(ConditionFailed);
    await table.write(table.insert(things, one));
    const take = table.update(things, one, {
      expression: 'SET #size = #size - :one',
      values: { ':one': 1, ':none': 0 },
      when: '#size > :none',
    });
    expect(succeeded(await repeat(20, () => table.write(take)))).toBe(5);
    await expect(
      table.write(table.remove(things, one, { when: '#size > :none', values: { ':none': 0 } })),
    ).rejects.toThrow(ConditionFailed);
    await table.write(table.remove(things, one));
    expect(await stored(one.thing_id)).toBeUndefined();
  });
});

describe('when the network fails', () => {
  test.each([1, 2])('a lost reply to a write of %i items is a success of what was written', async (count) => {
    const some = [thing({ name: '서울', size: 0.1, note: 'x' }), thing()].slice(0, count);
    // a transaction of puts needs the permission to put
    faults.push({ action: 'PutItem', fault: kinds.lostReply() });
    await table.write(...some.map((one) => table.insert(things, one)));
    for (const one of some) expect(await stored(one.thing_id)).toEqual(one);
    expect(faults).toEqual([]);
    expect(calls.filter((call) => call === 'dynamodb:PutItem')).toHaveLength(2);
  });

  test('a replacement whose reply was lost is a success too, and raised the version once', async () => {
    const one = thing();
    await table.write(table.insert(things, one));
    faults.push({ action: 'PutItem', fault: kinds.lostReply() });
    await table.write(table.replace(things, one, { ...one, name: 'next' }));
    expect(await stored(one.thing_id)).toMatchObject({ name: 'next', version: 2 });
  });

  test('but what somebody else wrote there is no success of ours', async () => {
    const one = thing({ name: 'theirs' });
    await table.write(table.insert(things, one));
    faults.push({ action: 'PutItem', fault: kinds.serverError() });
    await expect(table.write(table.insert(things, { ...one, name: 'ours' }))).rejects.toThrow(
      ConditionFailed,
    );
  });

  test('transaction conflicts and throttles pass by themselves, with every condition as it was', async () => {
    for (const fault of [
      kinds.transactionConflict,
      kinds.throughputExceeded,
      kinds.throttled,
      kinds.serverError,
    ]) {
      const [one, two] = [thing(), thing()];
      faults.push({ action: 'PutItem', fault: fault() }, { action: 'PutItem', fault: fault() });
      await table.write(table.insert(things, one), table.insert(things, two));
      expect([await stored(one.thing_id), await stored(two.thing_id)]).toEqual([one, two]);
    }
  });

  test('an error that does not pass is thrown as it is', async () => {
    faults.push({
      action: 'PutItem',
      fault: { error: new AwsError('ResourceNotFoundException', 'no such table') },
    });
    await expect(table.write(table.insert(things, thing()))).rejects.toThrow('no such table');
  });
});

describe('reading', () => {
  test('many keys gives them in the order asked, twice where asked twice, and nothing where nothing is', async () => {
    const some = Array.from({ length: 130 }, () => thing());
    await Promise.all(some.map((one) => table.write(table.insert(things, one))));
    const ids = [...some.slice(100), { thing_id: 'missing' }, ...some.slice(0, 110)];
    const found = await table.getMany(things, ids);
    expect(found.map((one) => one?.thing_id)).toEqual(
      ids.map(({ thing_id }) => (thing_id === 'missing' ? undefined : thing_id)),
    );
  });

  test('an index holds only what has a place in it, in its order, and goes on after any item', async () => {
    const named = ['b', 'a', 'c'].map((name) => thing({ name: `order-${name}` }));
    await table.write(
      ...named.map((one) => table.insert(things, one)),
      table.insert(things, thing({ name: 'order-0', size: 0 })),
    );
    const all = (await table.queryAll(things, { index: 'gsi1', pk: 'things', prefix: 'order-' })).map(
      ({ name }) => name,
    );
    expect(all).toEqual(['order-a', 'order-b', 'order-c']);
    const [, , last] = named;
    const [middle] = named;
    if (!middle || !last) throw new Error('no things');
    const after = await table.query(things, {
      index: 'gsi1',
      pk: 'things',
      start: startAfter(things, middle, 'gsi1'),
      limit: 1,
    });
    expect(after.items.map(({ name }) => name)).toEqual(['order-c']);
  });

  test('a start key that is none of this list is 422 and no error of ours', async () => {
    for (const start of [
      {},
      { pk: 'x' },
      { pk: 'x', sk: 'y' },
      { gsi1pk: 'things', gsi1sk: 'a', pk: 7, sk: 'y' },
      { pk: 'x', sk: 'y', gsi1pk: 'others', gsi1sk: 'z' },
      { offset: 3 },
    ]) {
      const read = table.query(things, { index: 'gsi1', pk: 'things', start });
      const outcome = await read.then(
        ({ items }) => items.every(({ name }) => name !== 'secret'),
        (error: unknown) => error instanceof DomainError && error.kind === 'invalid',
      );
      expect([start, outcome]).toEqual([start, true]);
    }
  });

  test('an item of an older version is read in today’s shape, and one that does not fit is an error', async () => {
    const today = entity({
      type: 'thing',
      version: 2,
      schema: z.object({ thing_id: z.string(), title: z.string(), version: z.int() }),
      key: things.key,
      upgrade: (old) => (old['schema_version'] === 1 ? { ...old, title: old['name'] } : old),
    });
    const one = thing({ name: 'old name' });
    await table.write(table.insert(things, one));
    const seen = await table.get(today, one);
    expect(seen).toEqual({ thing_id: one.thing_id, title: 'old name', version: 1 });
    if (seen) await table.write(table.replace(today, seen, { ...seen, title: 'new name' }));
    expect(await table.get(today, one)).toEqual({ thing_id: one.thing_id, title: 'new name', version: 2 });
    await documents.put({
      TableName: table.name,
      Item: { pk: 'thing#bad', sk: 'thing', type: 'thing', schema_version: 1, thing_id: 7 },
    });
    await expect(stored('bad')).rejects.toThrow(z.ZodError);
  });

  test('an entity cannot have an attribute that the table keeps for itself', () => {
    for (const name of ['pk', 'sk', 'type', 'schema_version', 'gsi2sk'])
      expect(() =>
        entity({ type: 'x', schema: z.object({ [name]: z.string() }), key: () => ({ pk: '', sk: '' }) }),
      ).toThrow(name);
  });
});

describe('an idempotency key', () => {
  const now = new Date('2026-11-20T09:30:00.000Z');
  let effects = 0;
  const create = (key: string | undefined, body: { name: string }, user_id = 'mina') =>
    idempotently(
      table,
      { caller: { user_id }, operation: 'thing.create', key, body, now },
      async (once) => {
        const one = thing({ name: body.name });
        await table.write(table.insert(things, one), ...once(one.thing_id));
        effects++;
        return one;
      },
      async (thing_id) => {
        const found = await stored(thing_id);
        if (!found) throw new Error('recorded, but not there');
        return found;
      },
    );
  beforeEach(() => {
    effects = 0;
  });

  test('with the same body gives one effect and one reply under a race of a hundred', async () => {
    const replies = await Promise.all(Array.from({ length: 100 }, () => create('race', { name: 'one' })));
    expect(effects).toBe(1);
    expect(new Set(replies.map(({ thing_id }) => thing_id)).size).toBe(1);
    expect(await create('race', { name: 'one' })).toEqual(replies[0]);
  });

  test('with another body is 409, also in a race', async () => {
    const results = await repeat(20, (at) => create('other', { name: at % 2 ? 'one' : 'two' }));
    expect(effects).toBe(1);
    expect(succeeded(results)).toBe(10);
    for (const result of results)
      if (result.status === 'rejected')
        expect(result.reason).toMatchObject({ kind: 'conflict', error_code: 'idempotency.other_body' });
  });

  test('is each person’s own and each operation’s own; without one every call has its effect', async () => {
    await Promise.all([
      create('mine', { name: 'a' }),
      create('mine', { name: 'b' }, 'joon'),
      create(undefined, { name: 'c' }),
      create(undefined, { name: 'c' }),
    ]);
    expect(effects).toBe(4);
  });

  test('whose effect was refused because its twin was first gets the twin’s reply', async () => {
    const name = 'unique name';
    const unique = () =>
      idempotently(
        table,
        { caller: { user_id: 'mina' }, operation: 'thing.claim', key: 'twin', body: { name }, now },
        async (once) => {
          const one = thing({ name });
          const claim = { ...one, thing_id: `claim-${name}` };
          await table.write(
            table.insert(things, claim, () => conflict('thing.taken', 'taken')),
            table.insert(things, one),
            ...once(one.thing_id),
          );
          return one.thing_id;
        },
        async (thing_id) => thing_id,
      );
    const replies = await Promise.all(Array.from({ length: 20 }, unique));
    expect(new Set(replies).size).toBe(1);
  });

  test('of an effect that failed may be used again', async () => {
    const failing = idempotently(
      table,
      { caller: { user_id: 'mina' }, operation: 'thing.create', key: 'again', body: { name: 'x' }, now },
      async () => Promise.reject(conflict('thing.no', 'not now')),
      async () => 'never',
    );
    await expect(failing).rejects.toThrow('not now');
    expect((await create('again', { name: 'x' })).name).toBe('x');
  });
});

test('work that meets another writer is done again on what is there now, and gives up with 409', async () => {
  const one = thing({ size: 0 });
  await table.write(table.insert(things, one));
  let runs = 0;
  await retried(async () => {
    const seen = await stored(one.thing_id);
    if (!seen) throw new Error('gone');
    if (++runs < 3) await table.write(table.replace(things, seen, { ...seen, name: 'meanwhile' }));
    await table.write(table.replace(things, seen, { ...seen, size: 7 }));
  });
  expect([runs, (await stored(one.thing_id))?.size]).toEqual([3, 7]);
  await expect(retried(() => Promise.reject(new ConditionFailed(undefined)))).rejects.toMatchObject({
    error_code: 'write.conflict',
  });
});
