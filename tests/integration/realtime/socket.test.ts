import '#tests/support/quiet.ts';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { serverMessage } from '#shared/contracts/realtime.ts';
import { advance } from '#shared/jobs/advance.ts';
import type { TrainingJob } from '#shared/jobs/job.ts';
import { claim } from '#shared/jobs/lifecycle.ts';
import {
  connections,
  hashTicket,
  subscribersOf,
  subscriptionsOf,
  tickets,
} from '#shared/realtime/subscriptions.ts';
import { users } from '#shared/table/user.ts';
import { socketsOfASchool } from './sockets.ts';

const { school, world, jobs, sockets, connect, ticketOf, open } = await socketsOfASchool();
const { table } = school;
const { class_id, teacher, students } = await school.withClass({ students: 2 });
const [mina, joon] = students;
if (!mina || !joon) throw new Error('two students were asked for');

const jobOf = (owner: { user_id: string; org_id: string }, more: Partial<TrainingJob> = {}) =>
  jobs.create({ owner_id: owner.user_id, org_id: owner.org_id, ...more });
/** A running job that has told `count` events beside those of its states. */
const busyJob = async (owner: typeof mina, count: number): Promise<TrainingJob> => {
  let job = await claim(world, await jobOf(owner), 'w');
  for (let step = 1; job && step <= count; step++)
    job = await advance(world, job, {}, [{ type: 'training.metrics', data: { step } }]);
  if (!job) throw new Error('not claimed');
  return job;
};
const snapshot = z.object({ snapshot: z.array(z.object({ source: z.string() })) });
const codes = (messages: readonly Record<string, unknown>[]) =>
  messages.map(({ type, error_code }) => error_code ?? type);

describe('a handshake', () => {
  test('with a ticket opens the socket, once', async () => {
    const ticket = await ticketOf(mina);
    expect(await connect(ticket)).toBe(200);
    expect(await connect(ticket)).toBe(401);
  });

  test('by ten at once with one ticket opens one socket', async () => {
    const ticket = await ticketOf(mina);
    const statuses = await Promise.all(Array.from({ length: 10 }, () => connect(ticket)));
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
  });

  test.each([undefined, '', 'invented', 'x'.repeat(5000), 'a#b'])(
    'with the ticket %j is 401',
    async (ticket) => {
      expect(await connect(ticket)).toBe(401);
    },
  );

  test('with a ticket older than thirty seconds is 401', async () => {
    const ticket = await ticketOf(mina);
    const id = { ticket_hash: hashTicket(ticket) };
    const stored = await table.get(tickets, id, { consistent: true });
    if (!stored) throw new Error('no ticket');
    expect(Date.parse(stored.valid_until) - Date.now()).toBeGreaterThan(25_000);
    await table.write(table.put(tickets, { ...stored, valid_until: new Date(Date.now() - 1).toISOString() }));
    expect(await connect(ticket)).toBe(401);
  });

  test('without an Origin is accepted, from our own too, from another refused, and the ticket stays good', async () => {
    const ticket = await ticketOf(mina);
    for (const foreign of [
      'https://evil.example',
      'null',
      `${school.origin}.evil.example`,
      'http://127.0.0.1:8081',
      '',
    ])
      for (const name of ['Origin', 'origin', 'ORIGIN'])
        expect(await connect(ticket, { [name]: foreign })).toBe(403);
    expect(await connect(ticket, { Origin: school.origin })).toBe(200);
    expect(await connect(await ticketOf(mina), { Host: 'school.example' })).toBe(200);
  });

  test('of somebody who was disabled since is 401', async () => {
    const gone = await school.person('student');
    const ticket = await ticketOf(gone);
    const user = await table.get(users, gone, { consistent: true });
    if (user) await table.write(table.replace(users, user, { ...user, disabled: true }));
    expect(await connect(ticket)).toBe(401);
  });

  test('leaves no trace once the socket is closed, and closing twice is fine', async () => {
    const socket = await open(mina);
    const job = await jobOf(mina);
    await socket.subscribe(`job:${job.job_id}`);
    expect([await socket.hangUp(), await socket.hangUp()]).toEqual([200, 200]);
    expect(await table.get(connections, { connection_id: socket.id }, { consistent: true })).toBeUndefined();
    expect(await subscribersOf(table, `job:${job.job_id}`)).toEqual([]);
  });
});

describe('who may follow a job', () => {
  test('its owner, the staff of a class of theirs, their guardian and administrators; to others it does not exist', async () => {
    const job = await jobOf(mina);
    const topic = `job:${job.job_id}`;
    const guardian = await school.person('guardian');
    const admin = await school.person('org_admin');
    await admin.school.linkGuardian({
      body: { student_id: mina.user_id, guardian_id: guardian.user_id },
    });
    for (const person of [mina, teacher, guardian, admin, await school.person('platform_admin')])
      expect([person.role, codes(await (await open(person)).subscribe(topic))]).toEqual([
        person.role,
        ['subscribed'],
      ]);
    const elsewhere = await school.organization();
    for (const person of [
      joon,
      await school.person('teacher'),
      await school.person('assistant'),
      await school.person('guardian'),
      await school.person('org_admin', { org_id: elsewhere }),
    ]) {
      const answer = await (await open(person)).subscribe(topic);
      expect([person.role, answer]).toEqual([
        person.role,
        [{ type: 'error', error_code: 'topic.not_found', detail: expect.any(String), topic }],
      ]);
    }
    const missing = await (await open(joon)).subscribe('job:no-such-job');
    expect(missing).toMatchObject([{ error_code: 'topic.not_found' }]);
  });

  test('a refused topic leaves no subscription', async () => {
    const job = await jobOf(mina);
    const socket = await open(joon);
    await socket.subscribe(`job:${job.job_id}`);
    expect(await subscriptionsOf(table, socket.id)).toEqual([]);
    expect(await subscribersOf(table, `job:${job.job_id}`)).toEqual([]);
  });
});

describe('following a job', () => {
  test('says what there is, then sends everything after the number given', async () => {
    const job = await busyJob(mina, 30);
    const topic = `job:${job.job_id}`;
    const socket = await open(mina);
    const [first, ...replayed] = await socket.subscribe(topic, 0);
    expect(first).toEqual({ type: 'subscribed', topic, first_seq: 1, last_seq: 32 });
    expect(replayed.map(({ seq }) => Number(seq)).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 32 }, (_, at) => at + 1),
    );
    for (const message of replayed) expect(serverMessage.safeParse(message).error).toBeUndefined();
    const [, ...rest] = await socket.subscribe(topic, 30);
    expect(rest.map(({ seq }) => seq).sort()).toEqual([31, 32]);
    expect(await socket.subscribe(topic, 32)).toMatchObject([{ type: 'subscribed' }]);
    expect(await socket.subscribe(topic, 2 ** 53 - 1)).toMatchObject([{ type: 'subscribed' }]);
    expect(await socket.subscribe(topic)).toMatchObject([{ type: 'subscribed', last_seq: 32 }]);
  });

  test('again and again, and at once on one socket, is one subscription', async () => {
    const job = await jobOf(mina);
    const socket = await open(mina);
    await Promise.all(
      Array.from({ length: 5 }, () =>
        socket.raw(JSON.stringify({ action: 'subscribe', topic: `job:${job.job_id}` })),
      ),
    );
    expect(codes(socket.received())).toEqual(Array.from({ length: 5 }, () => 'subscribed'));
    expect(await table.get(connections, { connection_id: socket.id }, { consistent: true })).toMatchObject({
      subscriptions: 1,
    });
  });

  test('fifty topics are the most of one socket; one given up makes room for another', async () => {
    const socket = await open(mina);
    const followed = await Promise.all(Array.from({ length: 51 }, () => jobOf(mina)));
    for (const [at, job] of followed.entries()) {
      const answer = await socket.subscribe(`job:${job.job_id}`);
      expect(codes(answer)).toEqual([at < 50 ? 'subscribed' : 'topic.limit']);
    }
    const [first, last] = [followed[0], followed[50]];
    if (!first || !last) throw new Error('no jobs');
    expect(codes(await socket.subscribe(`job:${first.job_id}`))).toEqual(['subscribed']);
    expect(await socket.say({ action: 'unsubscribe', topic: `job:${first.job_id}` })).toEqual([
      { type: 'unsubscribed', topic: `job:${first.job_id}` },
    ]);
    expect(codes(await socket.subscribe(`job:${last.job_id}`))).toEqual(['subscribed']);
  });

  test('a topic that was never followed is given up with success, and makes no room', async () => {
    const socket = await open(mina);
    for (let times = 0; times < 3; times++)
      expect(codes(await socket.say({ action: 'unsubscribe', topic: 'job:whatever' }))).toEqual([
        'unsubscribed',
      ]);
    expect(await table.get(connections, { connection_id: socket.id }, { consistent: true })).toMatchObject({
      subscriptions: 0,
    });
  });

  test('a pong names the newest number of every job that is followed', async () => {
    const [one, two] = [await busyJob(mina, 3), await jobOf(mina)];
    const socket = await open(mina);
    expect(await socket.say({ action: 'ping' })).toEqual([{ type: 'pong', last_seq: {} }]);
    for (const { job_id } of [one, two]) await socket.subscribe(`job:${job_id}`);
    await socket.subscribe(`user:${mina.user_id}`);
    await socket.subscribe(`class:${class_id}`);
    expect(await socket.say({ action: 'ping' })).toEqual([
      { type: 'pong', last_seq: { [`job:${one.job_id}`]: 5, [`job:${two.job_id}`]: 1 } },
    ]);
  });
});

describe('the topic of a class', () => {
  test('opens with a snapshot: all of it for the staff, one’s own for a student', async () => {
    const place = await school.withClass({ students: 2 });
    const [one, two] = place.students;
    if (!one || !two) throw new Error('no students');
    const session = await one.training.start({
      body: { algorithm: 'ppo', environment: 'CartPole-v1', class_id: place.class_id },
    });
    const other = await two.training.start({
      body: { algorithm: 'ppo', environment: 'CartPole-v1', class_id: place.class_id },
    });
    const topic = `class:${place.class_id}`;
    const sourcesOf = async (person: typeof one) => {
      const [answer] = await (await open(person)).subscribe(topic);
      expect(answer).toMatchObject({ type: 'subscribed', topic, first_seq: 0, last_seq: 0 });
      return snapshot
        .parse(answer)
        .snapshot.map(({ source }) => source)
        .sort();
    };
    const all = [session, other].map(({ session_id }) => `job:${session_id}`).sort();
    expect(await sourcesOf(place.teacher)).toEqual(all);
    expect(await sourcesOf(await school.person('org_admin'))).toEqual(all);
    expect(await sourcesOf(one)).toEqual([`job:${session.session_id}`]);
  });

  test('has no numbers of its own, and is closed to guardians, other classes and other organisations', async () => {
    const topic = `class:${class_id}`;
    expect(codes(await (await open(teacher)).subscribe(topic, 0))).toEqual(['request.invalid']);
    const guardian = await school.person('guardian');
    const admin = await school.person('org_admin');
    await admin.school.linkGuardian({
      body: { student_id: mina.user_id, guardian_id: guardian.user_id },
    });
    const elsewhere = await school.organization();
    for (const person of [
      guardian,
      await school.person('student'),
      await school.person('teacher'),
      await school.person('org_admin', { org_id: elsewhere }),
    ])
      expect([person.role, codes(await (await open(person)).subscribe(topic))]).toEqual([
        person.role,
        ['topic.not_found'],
      ]);
  });
});

test('one’s own inbox is one’s own', async () => {
  const socket = await open(mina);
  expect(codes(await socket.subscribe(`user:${mina.user_id}`, 0))).toEqual(['subscribed']);
  expect(codes(await socket.subscribe(`user:${joon.user_id}`))).toEqual(['topic.not_found']);
  expect(codes(await (await open(teacher)).subscribe(`user:${mina.user_id}`))).toEqual(['topic.not_found']);
  expect(codes(await socket.subscribe('exam:whatever'))).toEqual(['topic.not_found']);
});

describe('a message that is none', () => {
  test.each([
    '',
    'ping',
    '{',
    'null',
    '[]',
    '7',
    '{}',
    '{"action":"shutdown"}',
    '{"action":"__proto__"}',
    '{"action":"ping","more":1}',
    '{"action":"subscribe"}',
    '{"action":"subscribe","topic":"job:"}',
    '{"action":"subscribe","topic":"job:a b"}',
    '{"action":"subscribe","topic":"job:../../x"}',
    '{"action":"subscribe","topic":"table:x"}',
    '{"action":"subscribe","topic":"job:x","after_seq":-1}',
    '{"action":"subscribe","topic":"job:x","after_seq":1.5}',
    '{"action":"subscribe","topic":"job:x","after_seq":1e400}',
    '{"action":"subscribe","topic":["job:x"]}',
    `{"action":"subscribe","topic":"${'x'.repeat(100_000)}"}`,
    '['.repeat(60_000),
    `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`,
  ])('is told so on the socket, which stays (%#)', async (raw) => {
    const socket = await open(mina);
    expect(await socket.raw(raw)).toBe(200);
    const [answer] = socket.received();
    expect(answer).toMatchObject({ type: 'error', error_code: 'message.invalid' });
    expect(JSON.stringify(answer).length).toBeLessThan(600);
    expect(codes(await socket.say({ action: 'ping' }))).toEqual(['pong']);
  });
});

test('a message of somebody whose login has ended closes their socket', async () => {
  const gone = await school.person('student');
  const socket = await open(gone);
  const user = await table.get(users, gone, { consistent: true });
  if (user) await table.write(table.replace(users, user, { ...user, disabled: true }));
  await new Promise((resolve) => setTimeout(resolve, 5_100));
  expect(codes(await socket.say({ action: 'ping' }))).toEqual(['auth.ended']);
  expect(sockets.closed).toContain(socket.id);
  expect(await table.get(connections, { connection_id: socket.id }, { consistent: true })).toBeUndefined();
});

test('a message on a socket that was never opened is answered with its end', async () => {
  const socket = await open(mina);
  await socket.hangUp();
  expect(codes(await socket.subscribe(`user:${mina.user_id}`))).toEqual(['auth.ended']);
});
