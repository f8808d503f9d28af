import { once } from 'node:events';
import { expect, inject, test } from 'vitest';
import { WebSocket } from 'ws';
import { registered, signUp } from '#tests/support/person.ts';

const platform = inject('platform');

const handshake = async (url: string, headers: Record<string, string> = {}): Promise<number> => {
  const socket = new WebSocket(url, { headers });
  return new Promise((resolve) => {
    socket.on('unexpected-response', (_, response) => resolve(response.statusCode ?? 0));
    socket.on('open', () => {
      socket.close();
      resolve(101);
    });
    socket.on('error', () => resolve(0));
  });
};

test('a ticket opens one socket', async () => {
  const { realtime } = await signUp(platform.origin);
  const { url } = await realtime.createTicket({ body: {} });
  expect(url.startsWith(platform.origin.replace('http', 'ws'))).toBe(true);
  expect(await handshake(url)).toBe(101);
  expect(await handshake(url)).toBe(401);
});

test('a page of another origin is refused, our own is not', async () => {
  const { realtime } = await signUp(platform.origin);
  const ticket = async () => (await realtime.createTicket({ body: {} })).url;
  expect(await handshake(await ticket(), { origin: 'https://evil.example' })).toBe(403);
  expect(await handshake(await ticket(), { origin: platform.origin })).toBe(101);
});

test('without a ticket nothing opens', async () => {
  expect(await handshake(`${platform.origin.replace('http', 'ws')}/ws`)).toBe(401);
  expect(await handshake(`${platform.origin.replace('http', 'ws')}/ws?ticket=guess`)).toBe(401);
});

test('a socket that talks nonsense is told so, and stays open', async () => {
  const { realtime, user } = await signUp(platform.origin);
  const socket = new WebSocket((await realtime.createTicket({ body: {} })).url);
  await once(socket, 'open');
  const say = async (text: string): Promise<unknown> => {
    const reply = once(socket, 'message');
    socket.send(text);
    return JSON.parse(String((await reply)[0]));
  };
  for (const nonsense of [
    '',
    'hello',
    '[]',
    '{"action":"dance"}',
    '{"action":"subscribe","topic":"job:"}',
    'x'.repeat(30_000),
  ])
    expect(await say(nonsense), nonsense.slice(0, 40)).toMatchObject({
      type: 'error',
      error_code: 'message.invalid',
    });
  expect(await say(JSON.stringify({ action: 'subscribe', topic: 'exam:nothing' }))).toMatchObject({
    type: 'error',
  });
  expect(await say(JSON.stringify({ action: 'subscribe', topic: `user:${user.user_id}` }))).toMatchObject({
    type: 'subscribed',
  });
  expect(await say(JSON.stringify({ action: 'ping' }))).toMatchObject({ type: 'pong' });
  socket.close();
});

test('a socket whose login has ended is closed at its next word', async () => {
  const { password, login } = await registered(platform.origin);
  const first = await login();
  const socket = new WebSocket((await first.realtime.createTicket({ body: {} })).url);
  await once(socket, 'open');
  const second = await login();
  await second.auth.changePassword({
    body: { current_password: password, new_password: `${password} again` },
  });
  // what a process has read of a login counts for five seconds
  await new Promise((resolve) => setTimeout(resolve, 5200));
  const closed = once(socket, 'close');
  socket.send(JSON.stringify({ action: 'ping' }));
  await closed;
  expect(socket.readyState).toBe(WebSocket.CLOSED);
});
