import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, expect, test } from 'vitest';
import { inMemoryHandler } from '#shared/aws/request-handler.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function serverOf(answer: (request: IncomingMessage, response: ServerResponse) => unknown) {
  let connections = 0;
  const server = createServer(answer).on('connection', () => {
    connections += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { port, connections: () => connections };
}

const clientOf = (port: number, protocol = 'http'): DynamoDBClient => {
  const client = new DynamoDBClient({
    endpoint: `${protocol}://127.0.0.1:${port}`,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
    maxAttempts: 3,
    requestHandler: inMemoryHandler(),
  });
  closing.push(() => client.destroy());
  return client;
};
const asked = new GetItemCommand({ TableName: 'school', Key: { pk: { S: '수학' } } });

test('a call arrives whole, and its reply comes back whole, however it was cut', async () => {
  const text = 'ü'.repeat(100_000);
  let seen = { method: '', target: '', body: '' };
  const { port } = await serverOf(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method = '', headers } = request;
    seen = { method, target: String(headers['x-amz-target']), body: Buffer.concat(chunks).toString() };
    const reply = Buffer.from(JSON.stringify({ Item: { pk: { S: text } } }));
    response.write(reply.subarray(0, 12_345));
    setImmediate(() => response.end(reply.subarray(12_345)));
  });
  const { Item } = await clientOf(port).send(asked);
  expect(Item).toEqual({ pk: { S: text } });
  expect(seen).toMatchObject({ method: 'POST', target: 'DynamoDB_20120810.GetItem' });
  expect(JSON.parse(seen.body)).toEqual({ TableName: 'school', Key: { pk: { S: '수학' } } });
});

test('an error of the service is the SDK’s own', async () => {
  const { port } = await serverOf((_, response) => {
    response.writeHead(400);
    response.end(JSON.stringify({ __type: 'x#ResourceNotFoundException', message: 'no such table' }));
  });
  await expect(clientOf(port).send(asked)).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'no such table',
  });
});

test('calls one after the other share a connection', async () => {
  const { port, connections } = await serverOf((_, response) => response.end('{}'));
  const client = clientOf(port);
  for (let call = 0; call < 5; call++) await client.send(asked);
  expect(connections()).toBe(1);
});

test('a connection that breaks before the reply, or in its middle, is tried again', async () => {
  let calls = 0;
  const { port } = await serverOf((request, response) => {
    calls += 1;
    if (calls === 1) request.socket.destroy();
    else if (calls === 2) {
      response.writeHead(200, { 'content-length': 1000 });
      response.write('{"Item":');
      setImmediate(() => request.socket.destroy());
    } else response.end('{}');
  });
  await clientOf(port).send(asked);
  expect(calls).toBe(3);
});

test('where nobody listens the call fails with the reason', async () => {
  const { port } = await serverOf(() => {});
  for (const close of closing.splice(0)) await close();
  await expect(clientOf(port).send(asked)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('a call that is called off ends at once, and is not tried again', async () => {
  let calls = 0;
  const abort = new AbortController();
  const { port } = await serverOf(() => {
    calls += 1;
    abort.abort();
  });
  const call = clientOf(port).send(asked, { abortSignal: abort.signal });
  await expect(call).rejects.toMatchObject({ name: 'AbortError' });
  expect(calls).toBe(1);
});

test('an https endpoint is spoken to in TLS, and in nothing else', async () => {
  let calls = 0;
  const { port } = await serverOf((_, response) => {
    calls += 1;
    response.end('{}');
  });
  const client = clientOf(port, 'https');
  await expect(client.send(asked)).rejects.toThrow(/SSL|TLS|socket/i);
  expect(calls).toBe(0);
});
