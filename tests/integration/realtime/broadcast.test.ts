import '#tests/support/quiet.ts';
import { beforeEach, describe, expect, test } from 'vitest';
import { AwsError } from '#infra/local/services/aws/call.ts';
import { serverMessage } from '#shared/contracts/realtime.ts';
import { advance } from '#shared/jobs/advance.ts';
import { claim } from '#shared/jobs/lifecycle.ts';
import { events, eventsKey } from '#shared/realtime/event.ts';
import { connections, subscribersOf, subscriptionsOf } from '#shared/realtime/subscriptions.ts';
import { users } from '#shared/table/user.ts';
import { anExercise } from '#tests/support/exercises.ts';
import { recordCalls } from '#tests/support/table-calls.ts';
import { socketsOfASchool } from './sockets.ts';

const { school, world, jobs, sockets, open, eventsOf, streamed, broadcast } = await socketsOfASchool();
const { table } = school;
const calls = recordCalls();
const { class_id, teacher, students } = await school.withClass({ students: 2 });
const [mina, joon] = students;
if (!mina || !joon) throw new Error('two students were asked for');

const told = async (more: { class_id?: string } = {}) => {
  const job = await jobs.create({ owner_id: mina.user_id, org_id: mina.org_id, ...more });
  const mine = await claim(world, job, 'w');
  if (mine)
    await advance(world, mine, {}, [
      { type: 'training.metrics', data: { step: 1 } },
      { type: 'training.evaluated', data: { step: 1 } },
    ]);
  return { job, topic: `job:${job.job_id}`, events: await eventsOf(job) };
};
const numbers = (messages: readonly Record<string, unknown>[]) =>
  messages.map(({ seq }) => Number(seq)).sort((a, b) => a - b);

beforeEach(() => {
  sockets.gone.clear();
  sockets.failing.clear();
});

describe('a committed event', () => {
  test('reaches every socket that follows its topic, as the contract declares it, and no other', async () => {
    const { topic, events } = await told();
    const [own, theirs, stranger] = [await open(mina), await open(teacher), await open(joon)];
    for (const socket of [own, theirs]) {
      await socket.subscribe(topic);
      socket.clear();
    }
    expect(await streamed(...events)).toEqual([]);
    for (const socket of [own, theirs]) {
      expect(numbers(socket.received())).toEqual([1, 2, 3, 4]);
      for (const message of socket.received()) expect(serverMessage.parse(message)).toMatchObject({ topic });
    }
    expect(stranger.received()).toEqual([]);
    expect(JSON.stringify(own.received())).not.toContain('owner_id');
  });

  test('on the class’s topic is the class’s words with its source; a student hears of their own only', async () => {
    const { topic, events } = await told({ class_id });
    const [staff, own, other] = [await open(teacher), await open(mina), await open(joon)];
    for (const socket of [staff, own, other]) {
      await socket.subscribe(`class:${class_id}`);
      socket.clear();
    }
    await streamed(...events);
    for (const socket of [staff, own]) {
      const messages = socket.received();
      // the curves stay with who opens the job
      expect(messages.map(({ type }) => type).sort()).toEqual([
        'job.status',
        'job.status',
        'training.evaluated',
      ]);
      for (const message of messages)
        expect(message).toMatchObject({ topic: `class:${class_id}`, source: topic });
    }
    expect(other.received()).toEqual([]);
  });

  test('that is nobody’s own, a new assignment, the whole class hears; one that opens later its staff alone', async () => {
    const { exercise_id } = await anExercise(table, { org_id: school.org_id, by: teacher.user_id });
    const [staff, one, other] = [await open(teacher), await open(mina), await open(joon)];
    for (const socket of [staff, one, other]) await socket.subscribe(`class:${class_id}`);
    const heard = async (opens_at: string | null) => {
      const { assignment_id } = await teacher.code.createAssignment({
        body: { class_id, exercise_id, opens_at },
      });
      for (const socket of [staff, one, other]) socket.clear();
      await streamed(...(await table.queryAll(events, { pk: eventsKey(`assignment:${assignment_id}`) })));
      const told = { type: 'assignment.created', source: `assignment:${assignment_id}`, seq: 1 };
      return [staff, one, other].map((socket) => {
        const [message] = socket.received();
        if (message) expect(serverMessage.parse(message)).toMatchObject({ ...told, data: { assignment_id } });
        return socket.received().length;
      });
    };
    expect(await heard(null)).toEqual([1, 1, 1]);
    expect(await heard(new Date(Date.now() + 3_600_000).toISOString())).toEqual([1, 0, 0]);
  });

  test('costs one reading of who follows a topic, however many come at once', async () => {
    const { topic, events } = await told({ class_id });
    const socket = await open(mina);
    await socket.subscribe(topic);
    await streamed(...events);
    calls.clear();
    await streamed(...events, ...events);
    // the job's and the class's
    expect(calls.all().filter(({ command }) => command === 'Query')).toHaveLength(2);
  });

  test('of a topic that nobody follows asks for no followers', async () => {
    const { events } = await told();
    calls.clear();
    await streamed(...events);
    expect(calls.all().map(({ command }) => command)).toEqual(['BatchGet']);
  });

  test('that is delivered twice or in disorder comes as it came: the client puts it right by its number', async () => {
    const { topic, events } = await told();
    const socket = await open(mina);
    await socket.subscribe(topic);
    socket.clear();
    await streamed(...events.toReversed(), ...events);
    expect(numbers(socket.received())).toEqual([1, 1, 2, 2, 3, 3, 4, 4]);
  });
});

describe('a socket', () => {
  test('that is gone (410) is forgotten with all it followed, and the others get theirs', async () => {
    const [{ topic, events }, second] = [await told(), await told()];
    const [gone, there] = [await open(mina), await open(mina)];
    for (const socket of [gone, there]) await socket.subscribe(topic);
    await gone.subscribe(second.topic);
    there.clear();
    sockets.gone.add(gone.id);
    expect(await streamed(...events)).toEqual([]);
    expect(numbers(there.received())).toEqual([1, 2, 3, 4]);
    expect(await table.get(connections, { connection_id: gone.id }, { consistent: true })).toBeUndefined();
    expect(await subscriptionsOf(table, gone.id)).toEqual([]);
    for (const one of [topic, second.topic]) {
      const listening = await subscribersOf(table, one);
      expect(listening.map(({ connection_id }) => connection_id)).not.toContain(gone.id);
    }
  });

  test('that cannot be reached for another reason keeps its subscription, and the stream goes on', async () => {
    const { topic, events } = await told();
    const socket = await open(mina);
    await socket.subscribe(topic);
    sockets.failing.add(socket.id);
    expect(await streamed(...events)).toEqual([]);
    sockets.failing.clear();
    socket.clear();
    await streamed(...events);
    expect(numbers(socket.received())).toEqual([1, 2, 3, 4]);
  });

  test('of somebody who was disabled or has another role by now is closed instead of told', async () => {
    const { topic, events } = await told();
    for (const change of [{ disabled: true }, { role: 'guardian' as const }]) {
      const admin = await school.person('org_admin');
      const socket = await open(admin);
      await socket.subscribe(topic);
      socket.clear();
      const user = await table.get(users, admin, { consistent: true });
      if (user) await table.write(table.replace(users, user, { ...user, ...change }));
      // broadcast has not asked about them yet: what it knows is at most five seconds old
      await streamed(...events);
      expect(socket.received()).toEqual([]);
      expect(sockets.closed).toContain(socket.id);
      expect(await subscriptionsOf(table, socket.id)).toEqual([]);
    }
  });
});

describe('what makes the stream wait', () => {
  test('is a table that cannot be read, for the records that needed it', async () => {
    const { topic, events } = await told();
    const socket = await open(mina);
    await socket.subscribe(topic);
    socket.clear();
    let left = 1;
    school.meet((operation) =>
      operation === 'Query' && left-- > 0
        ? { error: new AwsError('ResourceNotFoundException', 'no table') }
        : undefined,
    );
    const failures = await streamed(...events);
    school.meet(() => undefined);
    expect(failures).toHaveLength(events.length);
    expect(socket.received()).toEqual([]);
    expect(await streamed(...events)).toEqual([]);
    expect(numbers(socket.received())).toEqual([1, 2, 3, 4]);
  });

  test('is an event that cannot be read, alone', async () => {
    const { topic, events } = await told();
    const socket = await open(mina);
    await socket.subscribe(topic);
    socket.clear();
    const [first] = events;
    if (!first) throw new Error('no event');
    const reply = await broadcast({
      Records: [
        {
          eventID: '1',
          dynamodb: { SequenceNumber: '9', NewImage: { type: { S: 'event' }, topic: { S: topic } } },
        },
      ],
    });
    expect(reply.batchItemFailures).toEqual([{ itemIdentifier: '9' }]);
    expect(await streamed(first)).toEqual([]);
    expect(numbers(socket.received())).toEqual([1]);
  });
});
