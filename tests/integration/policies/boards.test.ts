import '#tests/support/quiet.ts';
import { describe, expect, test } from 'vitest';
import { hiddenSeeds } from '#functions/queues/verifier/seeds.ts';
import { verify } from '#functions/queues/verifier/verify.ts';
import { returnFromDeadWorker } from '#shared/jobs/dead-workers.ts';
import { events, eventsKey } from '#shared/realtime/event.ts';
import { sortableNumber } from '#shared/table/leaderboard.ts';
import { balancing } from '#tests/support/policies.ts';
import { aSchool, type Person } from '#tests/support/school.ts';
import { aTrained, verifierOf } from './world.ts';

const school = await aSchool();
const { play, read, claimed, world } = await verifierOf(school);
const params = { environment: 'CartPole-v1' };

const enterUpload = async (person: Person, strength?: number) => {
  const { upload_id } = await person.policies.uploadPolicy({ body: balancing(strength) });
  return person.policies.enter({ params, body: { upload_id } });
};

describe('a policy that is entered', () => {
  test('is played by the server, and stands on the board with its interval and its episodes', async () => {
    const { students, class_id, teacher } = await school.withClass({ students: 2 });
    const [mina, joon] = students;
    if (!mina || !joon) throw new Error('no students');
    const session_id = await aTrained(school, mina);
    const entry = await mina.policies.enter({ params, body: { session_id } });
    expect(entry).toMatchObject({
      status: 'pending',
      result: null,
      source: 'session',
      source_id: session_id,
    });

    expect(await play(entry.entry_id)).toBe('verified');
    const done = await mina.policies.entry({ params: { ...params, entry_id: entry.entry_id } });
    expect(done).toMatchObject({
      status: 'verified',
      result: { n_episodes: 100, mean_reward: 500, ci95_low: 500, ci95_high: 500, success: true },
    });

    const weak = await enterUpload(joon, 0);
    await play(weak.entry_id);
    const board = await joon.policies.leaderboard({ params, query: { class_id } });
    expect(board).toMatchObject({ environment: 'CartPole-v1', reward_threshold: 475, total: 2 });
    expect(board.items.map(({ rank, own, name }) => ({ rank, own, name }))).toEqual([
      { rank: 1, own: false, name: null },
      { rank: 2, own: true, name: joon.name },
    ]);
    expect(board.own?.rank).toBe(2);
    const seen = await teacher.policies.leaderboard({ params, query: { class_id } });
    expect(seen.items.map(({ name }) => name)).toEqual([mina.name, joon.name]);

    const replay = await joon.policies.entryReplay({
      params: { ...params, entry_id: entry.entry_id },
      query: { episode: 'best' },
    });
    expect(replay.frames).toHaveLength(501);
    expect(JSON.stringify(replay)).not.toContain('seed');
  });

  test('is played once, however often it is asked for', async () => {
    const student = await school.person('student');
    const session_id = await aTrained(school, student);
    const asked = await Promise.all(
      Array.from({ length: 5 }, () => student.policies.enter({ params, body: { session_id } })),
    );
    const ids = asked.map(({ entry_id }) => entry_id);
    expect(new Set(ids).size).toBe(1);
    const again = await student.policies.enter({ params, body: { session_id } });
    expect(again.entry_id).toBe(ids[0]);
  });

  test('leaves the better of one’s lines, whichever comes last', async () => {
    const student = await school.person('student');
    const good = await enterUpload(student, 1);
    const bad = await enterUpload(student, 0);
    await play(good.entry_id);
    await play(bad.entry_id);
    const { own } = await student.policies.leaderboard({ params });
    expect(own).toMatchObject({ entry_id: good.entry_id, mean_reward: 500 });
  });

  test('of somebody else, of another environment, or not completed is refused', async () => {
    const [one, other] = await school.several(2, 'student');
    if (!one || !other) throw new Error('no students');
    const session_id = await aTrained(school, one);
    await expect(other.policies.enter({ params, body: { session_id } })).rejects.toMatchObject({
      status: 400,
    });
    await expect(
      one.policies.enter({ params: { environment: 'Acrobot-v1' }, body: { session_id } }),
    ).rejects.toMatchObject({ status: 409 });
    const running = await aTrained(school, one, { state: 'cancelled' });
    await expect(one.policies.enter({ params, body: { session_id: running } })).rejects.toMatchObject({
      status: 409,
    });
    await expect(
      one.policies.enter({ params: { environment: 'Doom' }, body: { session_id } }),
    ).rejects.toMatchObject({ status: 404 });
  });

  test('is not found under the id of another job', async () => {
    const student = await school.person('student');
    const session_id = await aTrained(school, student);
    const entry = { params: { ...params, entry_id: session_id } };
    await expect(student.policies.entry(entry)).rejects.toMatchObject({ status: 404 });
    await expect(student.policies.entryReplay(entry)).rejects.toMatchObject({ status: 404 });
  });

  test('brings no score of its own', async () => {
    const student = await school.person('student');
    const session_id = await aTrained(school, student);
    const body = { session_id, mean_reward: 1e9 };
    await expect(student.policies.enter({ params, body })).rejects.toMatchObject({ status: 422 });
  });

  test('whose weights are damaged is refused, with the reason', async () => {
    const student = await school.person('student');
    const session_id = await aTrained(school, student, { file: new Uint8Array(20) });
    const { entry_id } = await student.policies.enter({ params, body: { session_id } });
    expect(await play(entry_id)).toBe('refused');
    const entry = await student.policies.entry({ params: { ...params, entry_id } });
    expect(entry).toMatchObject({ status: 'refused', error_code: 'policy.malformed', result: null });
    expect((await student.policies.leaderboard({ params })).own).toBeNull();
  });
});

describe('a verifier that is killed', () => {
  test('leaves its job to the next, which finds the same and tells it once', async () => {
    const student = await school.person('student');
    const { entry_id } = await enterUpload(student);
    const dead = await claimed(entry_id);
    await returnFromDeadWorker(world, dead);
    expect((await read(entry_id)).state).toBe('interrupted');
    expect(await play(entry_id)).toBe('verified');
    // it was only slow, and comes back
    expect(await verify(world, dead)).toBe('fenced');
    const told = await school.table.queryAll(events, { pk: eventsKey(`job:${entry_id}`) });
    expect(told.filter(({ event_type }) => event_type === 'board.verified')).toHaveLength(1);
  });

  test('between its last episode and its commit changes nothing', async () => {
    const student = await school.person('student');
    const { entry_id } = await enterUpload(student);
    const job = await claimed(entry_id);
    const dying = {
      ...world,
      save: async (...given: Parameters<typeof world.save>) => {
        await world.save(...given);
        throw new Error('killed');
      },
    };
    await expect(verify(dying, job)).rejects.toThrow('killed');
    expect((await student.policies.leaderboard({ params })).own).toBeNull();
    await returnFromDeadWorker(world, job);
    expect(await play(entry_id)).toBe('verified');
    expect((await student.policies.leaderboard({ params })).own?.mean_reward).toBe(500);
  });

  test('three times ends the job, and the same policy may be entered again', async () => {
    const student = await school.person('student');
    const { upload_id } = await student.policies.uploadPolicy({ body: balancing() });
    const { entry_id } = await student.policies.enter({ params, body: { upload_id } });
    for (let death = 0; death < 3; death++) await returnFromDeadWorker(world, await claimed(entry_id));
    expect(await student.policies.entry({ params: { ...params, entry_id } })).toMatchObject({
      status: 'failed',
    });
    const again = await student.policies.enter({ params, body: { upload_id } });
    expect(again.entry_id).not.toBe(entry_id);
    expect(await play(again.entry_id)).toBe('verified');
  });
});

describe('a board', () => {
  test('shows a guardian their child’s line and no other', async () => {
    const { students, class_id } = await school.withClass({ students: 2 });
    const [child, classmate] = students;
    if (!child || !classmate) throw new Error('no students');
    for (const person of [child, classmate]) await play((await enterUpload(person)).entry_id);
    const guardian = await school.person('guardian');
    const admin = await school.person('org_admin');
    await admin.school.linkGuardian({ body: { guardian_id: guardian.user_id, student_id: child.user_id } });
    const board = await guardian.policies.leaderboard({ params, query: { class_id } });
    expect(board.items.map(({ name }) => name)).toEqual([child.name]);
  });

  test('of a school is not shown to another, nor a class to who is not in it', async () => {
    const { students, class_id } = await school.withClass({ students: 1 });
    const [mina] = students;
    if (!mina) throw new Error('no student');
    const { entry_id } = await enterUpload(mina);
    await play(entry_id);
    const org_id = await school.organization();
    const stranger = await school.person('teacher', { org_id });
    expect((await stranger.policies.leaderboard({ params })).items).toEqual([]);
    await expect(stranger.policies.leaderboard({ params, query: { class_id } })).rejects.toMatchObject({
      status: 404,
    });
    await expect(stranger.policies.entryReplay({ params: { ...params, entry_id } })).rejects.toMatchObject({
      status: 404,
    });
    const other = await school.person('student');
    await expect(other.policies.leaderboard({ params, query: { class_id } })).rejects.toMatchObject({
      status: 404,
    });
    // who is not told the names is not told them on the school's board either
    const seen = await other.policies.leaderboard({ params });
    expect(seen.items.length).toBeGreaterThan(0);
    expect(seen.items.every(({ name }) => name === null)).toBe(true);
    expect(JSON.stringify(seen)).not.toContain(mina.user_id);
  });

  test('is read page by page, in the order of its ranks', async () => {
    const student = await school.person('student');
    const first = await student.policies.leaderboard({ params, query: { limit: 3 } });
    const next = await student.policies.leaderboard({
      params,
      query: { limit: 3, cursor: first.next_cursor ?? '' },
    });
    const ranks = [...first.items, ...next.items].map(({ rank }) => rank);
    expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
    expect(new Set([...first.items, ...next.items].map(({ entry_id }) => entry_id)).size).toBe(6);
  });

  test('of other keyword arguments is another', async () => {
    const student = await school.person('student');
    await play((await enterUpload(student)).entry_id);
    const other = await student.policies.leaderboard({
      params,
      query: { env_kwargs: '{"sutton_barto_reward":true}' },
    });
    expect(other.own).toBeNull();
    const same = await student.policies.leaderboard({
      params,
      query: { env_kwargs: '{"sutton_barto_reward":false}' },
    });
    expect(same.own?.mean_reward).toBe(500);
    await expect(
      student.policies.leaderboard({ params, query: { env_kwargs: '{"wind":1}' } }),
    ).rejects.toMatchObject({ status: 422 });
  });

  test('has its episodes from the school’s secret: the same each time, others elsewhere', () => {
    const seeds = hiddenSeeds('one', 'CartPole-v1', '{}');
    expect(new Set(seeds).size).toBe(100);
    expect(seeds.every((seed) => Number.isSafeInteger(seed) && seed >= 0)).toBe(true);
    expect(hiddenSeeds('one', 'CartPole-v1', '{}')).toEqual(seeds);
    expect(hiddenSeeds('two', 'CartPole-v1', '{}')).not.toEqual(seeds);
    expect(hiddenSeeds('one', 'Acrobot-v1', '{}')).not.toEqual(seeds);
  });

  test('sorts numbers as text', () => {
    const numbers = [-1e9, -200.5, -200, -1, -1e-9, 0, 1e-9, 1, 9.4, 475, 500, 1e9];
    const texts = numbers.map(sortableNumber);
    expect([...texts].sort()).toEqual(texts);
  });
});
