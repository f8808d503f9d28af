import { expect, test } from 'vitest';
import { logins } from '#shared/identity/logins.ts';
import { createCallerNow } from '#shared/identity/standing.ts';
import type { Table } from '#shared/table/table.ts';
import { users } from '#shared/table/user.ts';
import { userRecord } from '#tests/support/user-record.ts';

const at = '2026-11-20T08:00:00.000Z';
const mina = userRecord({ user_id: 'mina' });
const loginOf = (user_id: string) => ({ user_id, login_id: `login-of-${user_id}` });

/** A table whose readings are told one by one what they find, of the last change and of the person. */
function aWorld() {
  let time = Date.parse(at);
  const state = { change: 'first', user: mina };
  let readings = 0;
  let held: Promise<void> | undefined;
  const itemsOf = ({ pk }: { pk: string }) => {
    const user_id = pk.slice('user#'.length);
    const expires_at = Date.parse(at) / 1000 + 86_400;
    return {
      login: logins.stored({
        ...loginOf(user_id),
        generation: 1,
        rotated_at: at,
        created_at: at,
        cookie: false,
        expires_at,
      }),
      user: users.stored({ ...state.user, user_id }),
    };
  };
  const getRaw: Table['getRaw'] = async ([change, login, user]) => {
    readings += 1;
    if (!change || !login || !user) throw new Error('the three are read together');
    const found = [
      { pk: 'standing', sk: 'change', type: 'standing_change', schema_version: 1, change_id: state.change },
      itemsOf(login).login,
      itemsOf(user).user,
    ];
    await held;
    return found;
  };
  return {
    state,
    callerNow: createCallerNow({ getRaw } as unknown as Table, () => new Date(time)),
    readings: () => readings,
    pass: (ms: number) => {
      time += ms;
    },
    /** The readings that begin now end when the promise does. */
    hold: (until: Promise<void> | undefined) => {
      held = until;
    },
  };
}

test('a class that asks every two seconds is asked after once each, and once in five seconds for changes', async () => {
  const { callerNow, readings, pass } = aWorld();
  const pupils = Array.from({ length: 30 }, (_, at) => loginOf(`pupil-${at}`));
  for (const pupil of pupils) await callerNow(pupil); // the first reading of a process learns of the last change
  const before = readings();
  for (let round = 0; round < 15; round++) {
    pass(2_000);
    for (const pupil of pupils) expect((await callerNow(pupil))?.user_id).toBe(pupil.user_id);
  }
  expect(before).toBe(30);
  // one every five seconds; the very first is read once more, as it was read before the change was known
  expect(readings() - before).toBeLessThanOrEqual(12);
});

test('what was read is read again after a minute, changes or none', async () => {
  const { callerNow, state, pass } = aWorld();
  await callerNow(loginOf('other'));
  await callerNow(loginOf('mina'));
  state.user = { ...mina, role: 'guardian' }; // by somebody who told nobody
  for (let second = 0; second < 59; second++) {
    pass(1_000);
    await callerNow(loginOf('other'));
  }
  expect((await callerNow(loginOf('mina')))?.role).toBe('student');
  pass(1_000);
  expect((await callerNow(loginOf('mina')))?.role).toBe('guardian');
});

test('a change counts within five seconds for who has long been known', async () => {
  const { callerNow, state, pass } = aWorld();
  for (let turn = 0; turn < 3; turn++) {
    await callerNow(loginOf('mina'));
    pass(5_000);
  }
  await callerNow(loginOf('mina'));
  state.user = { ...mina, disabled: true };
  state.change = 'second';
  pass(4_999);
  expect(await callerNow(loginOf('mina'))).toBeDefined();
  pass(1);
  expect(await callerNow(loginOf('mina'))).toBeUndefined();
});

test('a login that was read as it was before a change, which was read after it, counts five seconds and no more', async () => {
  const { callerNow, state, pass } = aWorld();
  await callerNow(loginOf('other'));
  // the items of one call are read one after the other: the change is new here, the person is not
  state.change = 'second';
  expect((await callerNow(loginOf('mina')))?.role).toBe('student');
  state.user = { ...mina, role: 'guardian' };
  pass(5_000);
  expect((await callerNow(loginOf('mina')))?.role).toBe('guardian');
});

test('a reading that began before a change and ends after others saw it hides it from nobody', async () => {
  const { callerNow, state, pass, hold } = aWorld();
  await callerNow(loginOf('other'));
  const { promise: slow, resolve: release } = Promise.withResolvers<void>();
  hold(slow);
  const late = callerNow(loginOf('mina'));
  hold(undefined);
  state.user = { ...mina, disabled: true };
  state.change = 'second';
  pass(5_000);
  await callerNow(loginOf('other'));
  release();
  expect(await late).toBeDefined();
  expect(await callerNow(loginOf('mina'))).toBeUndefined();
});
