import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { allEvents, follow, longConfig, signUp, smallConfig } from '#tests/support/person.ts';
import { type Platform, startPlatform } from '#tests/support/platform.ts';
import { trainersOf } from '#tests/support/processes.ts';

const seqs = (events: readonly { seq: number }[]): number[] => events.map(({ seq }) => seq);
const from1 = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

describe('a training on a running platform', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startPlatform();
  });
  afterAll(async () => {
    await platform.stop();
  });

  test('goes from the request over the queue to the trainer, and its metrics come over the socket', async () => {
    const student = await signUp(platform.origin);
    const session = await student.training.start({ body: smallConfig });
    expect(session).toMatchObject({
      status: 'pending',
      owner_name: '김민아',
      queue_position: 1,
      last_seq: 1,
    });

    using watched = follow(student, session.session_id);
    await watched.ended();

    expect(seqs(watched.events)).toEqual(from1(watched.events.length));
    expect(watched.events.map(({ type }) => type)).toContain('training.metrics');
    expect(
      watched.events.filter(({ type }) => type === 'training.evaluated').map(({ data }) => data['step']),
    ).toEqual([2048, 4096]);
    const result = await student.training.get({ params: session });
    expect(result).toMatchObject({ status: 'completed', progress: { step: 4096 }, attempt: 1 });
    expect(await allEvents(student, session.session_id)).toEqual(watched.events);

    const replay = await student.training.replay({ params: session });
    expect(replay.frames).toHaveLength(replay.length + 1);
    expect(replay.reward).toBe(replay.length);
  });

  test('gives the same evaluations for the same seed', async () => {
    const student = await signUp(platform.origin);
    const evaluations = async () => {
      const { session_id } = await student.training.start({ body: smallConfig });
      using watched = follow(student, session_id);
      await watched.ended();
      return watched.events.filter(({ type }) => type === 'training.evaluated').map(({ data }) => data);
    };
    expect(await evaluations()).toEqual(await evaluations());
  });

  test('cancelled, it is over within two seconds and nothing follows', async () => {
    const student = await signUp(platform.origin);
    const { session_id } = await student.training.start({ body: longConfig });
    using watched = follow(student, session_id);
    await watched.until(({ type }) => type === 'training.metrics');

    const askedAt = performance.now();
    const cancelled = await student.training.cancel({ params: { session_id } });
    await watched.ended();
    expect(performance.now() - askedAt).toBeLessThan(2000);
    expect(cancelled.status).toBe('cancelled');
    expect(await student.training.cancel({ params: { session_id } })).toMatchObject({ status: 'cancelled' });

    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(await allEvents(student, session_id)).toHaveLength(cancelled.last_seq);
  });

  test('whose trainer is killed is taken up again, with one gap-free stream and each step told once', async () => {
    const student = await signUp(platform.origin);
    const { session_id } = await student.training.start({ body: { ...smallConfig, max_steps: 20_480 } });
    using watched = follow(student, session_id);
    await watched.until(({ type }) => type === 'training.metrics');
    const pids = trainersOf(platform);
    expect(pids.length).toBeGreaterThan(0);
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    await watched.ended();

    expect(seqs(watched.events)).toEqual(from1(watched.events.length));
    const statuses = watched.events
      .filter(({ type }) => type === 'job.status')
      .map(({ data }) => data['status']);
    expect(statuses).toEqual(['pending', 'running', 'interrupted', 'running', 'completed']);
    const steps = watched.events
      .filter(({ type }) => type === 'training.metrics')
      .map(({ data }) => Number(data['step']));
    expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
  });

  test('is seen from the first event by a tab that opens later', async () => {
    const student = await signUp(platform.origin);
    const { session_id } = await student.training.start({ body: smallConfig });
    using first = follow(student, session_id);
    await first.ended();
    using later = follow(student, session_id);
    await later.ended();
    expect(later.events).toEqual(first.events);
    using last = follow(student, session_id, first.events.length - 1);
    await last.ended();
    expect(seqs(last.events)).toEqual([first.events.length]);
  });

  test('of somebody else is neither found nor heard', async () => {
    const owner = await signUp(platform.origin);
    const other = await signUp(platform.origin);
    const { session_id } = await owner.training.start({ body: smallConfig });
    await expect(other.training.get({ params: { session_id } })).rejects.toMatchObject({ status: 404 });

    const { url } = await other.realtime.createTicket({ body: {} });
    const socket = new WebSocket(url);
    const answer = await new Promise<string>((resolve) => {
      socket.on('open', () =>
        socket.send(JSON.stringify({ action: 'subscribe', topic: `job:${session_id}`, after_seq: 0 })),
      );
      socket.on('message', (data) => resolve(String(data)));
    });
    socket.close();
    expect(JSON.parse(answer)).toMatchObject({ type: 'error', error_code: 'topic.not_found' });
  });
});
