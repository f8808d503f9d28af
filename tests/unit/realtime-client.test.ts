import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer, WebSocket as WsClient } from 'ws';
import { clientMessage } from '#shared/contracts/realtime.ts';
import { RealtimeClient } from '#shared/realtime/client.ts';
import { createInbox } from '#shared/realtime/inbox.ts';

const event = (seq: number, topic = 'job:1') => ({
  type: 'training.metrics',
  topic,
  seq,
  at: '2026-11-20T09:30:00.000Z',
  data: { step: seq * 10 },
});
const fast = { ping_ms: 60, answer_ms: 200, gap_ms: 20, first_retry_ms: 10, longest_retry_ms: 80 };

type Script = (socket: WebSocket, message: ReturnType<typeof clientMessage.parse>, asked: number) => void;
const say = (socket: WebSocket, message: unknown) => socket.send(JSON.stringify(message));

let server: WebSocketServer;
let script: Script;
let connections: number;
let asked: { topic: string; after_seq: number | undefined }[];
let client: RealtimeClient;
let states: string[];

beforeEach(async () => {
  connections = 0;
  asked = [];
  states = [];
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', (socket) => {
    connections += 1;
    socket.on('message', (data) => {
      const message = clientMessage.parse(JSON.parse(String(data)));
      if (message.action === 'subscribe') asked.push({ topic: message.topic, after_seq: message.after_seq });
      script(socket, message, asked.length);
    });
  });
  await new Promise((listening) => server.once('listening', listening));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  client = new RealtimeClient({
    ticket: async () => ({ url: `ws://127.0.0.1:${address.port}/ws?ticket=t${connections}` }),
    WebSocket: WsClient,
    random: () => 0.5,
    timing: fast,
    onState: (state) => states.push(state),
  });
});
afterEach(() => {
  client.close();
  for (const socket of server.clients) socket.terminate();
  server.close();
});

/** Collects the numbers of the events until `count` have come. */
function collect(count: number, after_seq = 0): Promise<number[]> {
  const seqs: number[] = [];
  return new Promise((done, failed) => {
    client.subscribe('job:1', {
      after_seq,
      onEvent: ({ seq }) => {
        seqs.push(seq);
        if (seqs.length === count) done(seqs);
      },
      onRefused: ({ error_code }) => failed(new Error(error_code)),
    });
  });
}
const subscribed = (last_seq: number, first_seq = 1) => ({
  type: 'subscribed',
  topic: 'job:1',
  first_seq,
  last_seq,
});
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

describe('a subscriber', () => {
  it('gets events in order and once, however they arrive', async () => {
    script = (socket) => {
      say(socket, subscribed(4));
      for (const seq of [2, 2, 1, 4, 1, 3, 3, 4]) say(socket, event(seq));
    };
    expect(await collect(4)).toEqual([1, 2, 3, 4]);
    await pause(60);
    expect(asked).toHaveLength(1);
  });

  it('continues after the event it names', async () => {
    script = (socket, message) => {
      if (message.action !== 'subscribe') return;
      for (let seq = (message.after_seq ?? 0) + 1; seq <= 9; seq += 1) say(socket, event(seq));
    };
    expect(await collect(3, 6)).toEqual([7, 8, 9]);
    expect(asked).toEqual([{ topic: 'job:1', after_seq: 6 }]);
  });

  it('asks again after the last event in order when one is missing', async () => {
    script = (socket, message, times) => {
      if (message.action !== 'subscribe') return;
      if (times === 1) for (const seq of [1, 2, 4]) say(socket, event(seq));
      else for (let seq = (message.after_seq ?? 0) + 1; seq <= 4; seq += 1) say(socket, event(seq));
    };
    expect(await collect(4)).toEqual([1, 2, 3, 4]);
    expect(asked.map(({ after_seq }) => after_seq)).toEqual([0, 2]);
  });

  it('learns from a pong that the newest event got lost', async () => {
    script = (socket, message, times) => {
      if (message.action === 'ping') return say(socket, { type: 'pong', last_seq: { 'job:1': 2 } });
      say(socket, subscribed(1));
      say(socket, event(1));
      if (times > 1) say(socket, event(2));
    };
    expect(await collect(2)).toEqual([1, 2]);
    expect(asked.map(({ after_seq }) => after_seq)).toEqual([0, 1]);
  });

  it('goes on where it was after the connection broke', async () => {
    script = (socket, message, times) => {
      if (message.action !== 'subscribe') return;
      const from = (message.after_seq ?? 0) + 1;
      for (let seq = from; seq < from + 3; seq += 1) say(socket, event(seq));
      if (times < 3) socket.terminate();
    };
    const seqs = await collect(9);
    expect(seqs).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(connections).toBeGreaterThanOrEqual(3);
    expect(states).toContain('waiting');
  });

  it('takes a connection for dead when nothing answers its pings', async () => {
    script = (socket, message) => {
      if (message.action !== 'subscribe') return;
      if (connections === 1) say(socket, event(1));
      else say(socket, event(2));
    };
    expect(await collect(2)).toEqual([1, 2]);
    expect(connections).toBe(2);
  });

  it('skips what is older than the school keeps', async () => {
    script = (socket) => {
      say(socket, event(6));
      say(socket, subscribed(7, 6));
      say(socket, event(7));
    };
    expect(await collect(2)).toEqual([6, 7]);
  });

  it('is told when the server refuses the topic, and the socket ends with the last topic', async () => {
    script = (socket) =>
      say(socket, { type: 'error', error_code: 'topic.not_found', detail: 'No such topic.', topic: 'job:1' });
    await expect(collect(1)).rejects.toThrow('topic.not_found');
    expect(client.state).toBe('idle');
  });

  it('tries again when the refusal passes by itself', async () => {
    script = (socket, message, times) => {
      if (message.action !== 'subscribe') return;
      if (times === 1)
        say(socket, { type: 'error', error_code: 'platform.unavailable', detail: 'Busy.', topic: 'job:1' });
      else say(socket, event(1));
    };
    expect(await collect(1)).toEqual([1]);
  });

  it('gets nothing after it has ended its subscription', async () => {
    script = (socket, message) => {
      if (message.action === 'subscribe') for (const seq of [1, 2, 3]) say(socket, event(seq));
    };
    const seqs: number[] = [];
    await new Promise<void>((done) => {
      const stop = client.subscribe('job:1', {
        onEvent: ({ seq }) => {
          seqs.push(seq);
          stop();
          done();
        },
      });
    });
    await pause(30);
    expect(seqs).toEqual([1]);
  });

  it('is not disturbed by messages that it does not know', async () => {
    script = (socket) => {
      socket.send('not json');
      say(socket, { type: 'greeting', text: 'hello' });
      say(socket, event(1));
    };
    expect(await collect(1)).toEqual([1]);
  });
});

describe('an inbox', () => {
  it('hands out any shuffled and duplicated stream in order and once', () => {
    const inbox = createInbox(0);
    const shuffled = [5, 3, 1, 1, 2, 5, 9, 8, 4, 7, 6, 6, 10];
    const out = shuffled.flatMap((seq) => inbox.take(event(seq)).map((taken) => taken.seq));
    expect(out).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(inbox.isBehind()).toBe(false);
  });
});

describe('who watches a class', () => {
  it('hears each event of its sources, and of every time that some may have been missed', async () => {
    script = (socket, message) => {
      if (message.action !== 'subscribe') return;
      say(socket, { type: 'subscribed', topic: message.topic, first_seq: 0, last_seq: 0, snapshot: [] });
      say(socket, { ...event(7, message.topic), source: 'job:1' });
      say(socket, { ...event(3, message.topic), source: 'job:2' });
      if (connections === 1) setTimeout(() => socket.terminate(), 30);
    };
    const heard: (number | undefined)[] = [];
    await new Promise<void>((done) => {
      client.watch('class:1', (told) => {
        heard.push(told?.seq);
        if (heard.length === 6) done();
      });
    });
    expect(heard).toEqual([undefined, 7, 3, undefined, 7, 3]);
    expect(asked.map(({ after_seq }) => after_seq)).toEqual([undefined, undefined]);
  });

  it('hangs up when nothing is followed any more', async () => {
    script = (socket, message) => {
      if (message.action === 'subscribe')
        say(socket, { type: 'subscribed', topic: message.topic, first_seq: 0, last_seq: 0 });
    };
    const stop = await new Promise<() => void>((done) => {
      const end = client.watch('class:1', () => done(end));
    });
    stop();
    expect(client.state).toBe('idle');
  });
});
