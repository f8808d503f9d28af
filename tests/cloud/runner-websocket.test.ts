import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { WebSocketApi } from '#infra/local/api/websocket-api.ts';
import type { Platform } from '#tests/support/platform.ts';
import { eventually, item, startFixture } from './world.ts';

let platform: Platform;
let url: string;
beforeAll(async () => {
  platform = await startFixture();
  url = `${platform.origin.replace('http', 'ws')}/ws`;
});
afterAll(() => platform.stop());

const management = (accessKeyId = 'LOCALChatRole') =>
  new ApiGatewayManagementApiClient({
    region: 'us-east-1',
    endpoint: `${platform.gateway}/ws`,
    credentials: { accessKeyId, secretAccessKey: 'local' },
    maxAttempts: 1,
  });

const closed = (socket: WebSocket): Promise<number> =>
  new Promise((resolve) => socket.once('close', resolve));
const message = (socket: WebSocket): Promise<Record<string, string>> =>
  new Promise((resolve) => socket.once('message', (data) => resolve(JSON.parse(String(data)))));

async function open(): Promise<WebSocket> {
  const socket = new WebSocket(`${url}?ticket=good`);
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return socket;
}

/** A socket and the id of its connection. */
async function connected(): Promise<{ socket: WebSocket; id: string }> {
  const socket = await open();
  const reply = message(socket);
  socket.send('who am I');
  return { socket, id: (await reply)['connectionId'] ?? '' };
}

test('$connect decides: its status refuses the handshake', async () => {
  const socket = new WebSocket(`${url}?ticket=bad`);
  const status = await new Promise((resolve) =>
    socket.once('unexpected-response', (_, response) => resolve(response.statusCode)),
  );
  expect(status).toBe(403);
});

test('a message goes to the route that its action names, any other to $default', async () => {
  const socket = await open();
  for (const [sent, route] of [
    ['{"action":"hello"}', 'hello'],
    ['{"action":"$connect"}', '$default'],
    ['{"action":7}', '$default'],
    ['no json', '$default'],
  ] as const) {
    const reply = message(socket);
    socket.send(sent);
    expect(await reply).toMatchObject({ echo: sent, route });
  }
  socket.close();
});

test('a handler that fails is told to the client, and the connection stays', async () => {
  const { socket, id } = await connected();
  const reply = message(socket);
  socket.send('fail');
  expect(await reply).toMatchObject({ message: 'Internal server error', connectionId: id });
  expect(socket.readyState).toBe(WebSocket.OPEN);
  socket.close();
});

test('@connections posts, describes and closes; afterwards the connection is gone', async () => {
  const { socket, id } = await connected();
  const reply = message(socket);
  await management().send(new PostToConnectionCommand({ ConnectionId: id, Data: '{"from":"server"}' }));
  expect(await reply).toEqual({ from: 'server' });
  const described = await management().send(new GetConnectionCommand({ ConnectionId: id }));
  expect(described.Identity?.SourceIp).toBe('127.0.0.1');
  expect(described.ConnectedAt).toBeInstanceOf(Date);

  const end = closed(socket);
  await management().send(new DeleteConnectionCommand({ ConnectionId: id }));
  expect(await end).toBe(1000);
  const posting = management().send(new PostToConnectionCommand({ ConnectionId: id, Data: 'late' }));
  await expect(posting).rejects.toMatchObject({ name: 'GoneException', $metadata: { httpStatusCode: 410 } });
  expect(await eventually(() => item(platform, 'gone', id))).toMatchObject({ code: 1000 });
});

test('@connections needs the grant of the role', async () => {
  const { socket, id } = await connected();
  const posting = management('LOCALHttpRole').send(
    new PostToConnectionCommand({ ConnectionId: id, Data: 'x' }),
  );
  await expect(posting).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
  socket.close();
});

test('a post over 128 KB is refused', async () => {
  const { socket, id } = await connected();
  const posting = management().send(
    new PostToConnectionCommand({ ConnectionId: id, Data: 'x'.repeat(128 * 1024 + 1) }),
  );
  await expect(posting).rejects.toMatchObject({ name: 'PayloadTooLargeException' });
  socket.close();
});

test('a frame over 32 KB and a message over 128 KB close the connection with 1009', async () => {
  const framed = await open();
  const frame = closed(framed);
  framed.send('x'.repeat(32 * 1024 + 1));
  expect(await frame).toBe(1009);

  const long = await open();
  const end = closed(long);
  for (let part = 0; part < 5; part += 1) long.send('x'.repeat(30 * 1024), { fin: part === 4 });
  expect(await end).toBe(1009);

  const fitting = await open();
  const reply = message(fitting);
  for (let part = 0; part < 4; part += 1) fitting.send('y'.repeat(30 * 1024), { fin: part === 3 });
  expect((await reply)['echo']).toHaveLength(120 * 1024);
  fitting.close();
});

test('a client that does not read holds nobody up, and is cut off', async () => {
  const { socket, id } = await connected();
  socket.pause();
  const post = () =>
    management().send(new PostToConnectionCommand({ ConnectionId: id, Data: 'x'.repeat(120 * 1024) }));
  const flood = async () => {
    for (let sent = 0; sent < 400; sent += 1) await post();
  };
  await expect(flood()).rejects.toMatchObject({ name: 'GoneException' });
  socket.terminate();
  expect(await eventually(() => item(platform, 'gone', id))).toMatchObject({ code: 1006 });
});

test('a client that sends without end does not make others wait for its answers', async () => {
  const busy = await open();
  const replies: unknown[] = [];
  busy.on('message', (data) => replies.push(data));
  for (let sent = 0; sent < 600; sent += 1) busy.send(`number ${sent}`);
  const { socket } = await connected();
  expect(replies.length).toBeLessThan(500);
  await eventually(async () => replies.length === 600 || undefined);
  busy.close();
  socket.close();
});

test('a client that vanishes is noticed as 1006', async () => {
  const { socket, id } = await connected();
  socket.terminate();
  expect(await eventually(() => item(platform, 'gone', id))).toMatchObject({ code: 1006 });
});

test('a handshake with a foreign Host gets nothing', async () => {
  const { port } = new URL(platform.origin);
  const socket = connect(Number(port), '127.0.0.1');
  const key = randomBytes(16).toString('base64');
  socket.write(
    `GET /ws?ticket=good HTTP/1.1\r\nHost: evil.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
  );
  const [answer] = String(await new Promise((resolve) => socket.once('data', resolve))).split('\r\n');
  expect(answer).toBe('HTTP/1.1 404 Not Found');
});

test('an idle connection and one that has lasted too long are closed with 1001', async () => {
  for (const [limits, silence] of [
    [{ idleMs: 300, longestMs: 60_000 }, 0],
    [{ idleMs: 60_000, longestMs: 300 }, 0],
    [{ idleMs: 300, longestMs: 60_000 }, 700],
  ] as const) {
    const api = new WebSocketApi({
      apiId: 'a',
      stage: 'ws',
      routeSelection: '$request.body.action',
      routes: new Map(),
      ...limits,
    });
    const server = createServer().listen(0, '127.0.0.1');
    server.on('upgrade', (request, socket, head) => void api.upgrade(request, socket, head, '', '127.0.0.1'));
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const started = performance.now();
    const socket = new WebSocket(`ws://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
    await new Promise((resolve) => socket.once('open', resolve));
    const talking = setInterval(() => performance.now() - started < silence && socket.send('x'), 50);
    expect(await closed(socket)).toBe(1001);
    clearInterval(talking);
    // Traffic keeps a connection from being idle.
    expect(performance.now() - started).toBeGreaterThan(Math.max(280, silence));
    server.close();
  }
});

test('a client that comes back while everything stops does not keep it from stopping', async () => {
  const asked = Promise.withResolvers<void>();
  const allowed = Promise.withResolvers<string>();
  const slow = {
    invoke: () => {
      asked.resolve();
      return allowed.promise;
    },
  };
  const left: unknown[] = [];
  const disconnect = { invoke: async (event: unknown) => `${left.push(event)}` };
  const api = new WebSocketApi({
    apiId: 'a',
    stage: 'ws',
    routeSelection: '$request.body.action',
    routes: new Map([
      ['$connect', slow],
      ['$disconnect', disconnect],
    ]),
  });
  const server = createServer().listen(0, '127.0.0.1');
  server.on('upgrade', (request, socket, head) => void api.upgrade(request, socket, head, '', '127.0.0.1'));
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  const url = `ws://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const refused = (socket: WebSocket) =>
    new Promise((resolve) => {
      socket.once('error', resolve);
      socket.once('unexpected-response', (_, response) => resolve(response.statusCode));
    });

  const early = refused(new WebSocket(url));
  await asked.promise;
  const closing = api.close();
  expect(await refused(new WebSocket(url))).toBe(503);
  allowed.resolve('{"statusCode":200}');
  await closing;
  await early;
  await new Promise((resolve) => server.close(resolve));
  expect(left).toHaveLength(1);
});
