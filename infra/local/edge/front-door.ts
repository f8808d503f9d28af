import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Duplex } from 'node:stream';
import type { Answer, Exchange } from '../api/exchange.ts';
import { codeOf, Failure } from '../failure.ts';
import type { Distribution } from './distribution.ts';

/** The HTTP API's quota; a longer body is answered without being read to its end. */
const bodyBytes = 10 * 1024 * 1024;
/** API Gateway's quota for all request headers together. */
const headerBytes = 10_240;

export interface FrontDoorOptions {
  readonly port: number;
  /** A further address to listen on, for other devices in the same network. */
  readonly host: string | undefined;
}

/**
 * The one origin that browsers see, as CloudFront is for a school. Listens from the very start, so that a taken port
 * is noticed at once, and answers 503 until `open` is called.
 */
export class FrontDoor {
  readonly port: number;
  /** Every address under which the console may be opened. */
  readonly origins: readonly string[];
  readonly #servers: readonly Server[];
  readonly #hosts: ReadonlySet<string>;
  #distribution: Distribution | undefined;
  #failed: (error: unknown) => void = () => {};

  private constructor(servers: readonly Server[], port: number, addresses: readonly string[]) {
    this.port = port;
    this.#servers = servers;
    this.origins = addresses.map((address) => `http://${isIPv6(address) ? `[${address}]` : address}:${port}`);
    this.#hosts = new Set([...addresses, '::1']);
    for (const server of servers) {
      server.on('request', (request, response) => void this.#request(request, response));
      server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    }
  }

  static async listen({ port, host }: FrontDoorOptions): Promise<FrontDoor> {
    const everywhere = host === '0.0.0.0' || host === '::';
    const first = await listen(port, everywhere && host !== undefined ? host : '127.0.0.1');
    const chosen = first.port;
    const loopback = ['127.0.0.1', 'localhost'];
    if (host === undefined || loopback.includes(host)) return new FrontDoor([first.server], chosen, loopback);
    if (everywhere) return new FrontDoor([first.server], chosen, [...loopback, ...localAddresses()]);
    const second = await listen(chosen, host).catch((error: unknown) => {
      first.server.close();
      throw error;
    });
    return new FrontDoor([first.server, second.server], chosen, [...loopback, host]);
  }

  /** Starts to serve. `failed` hears of errors of the runner itself. */
  open(distribution: Distribution, failed: (error: unknown) => void): void {
    this.#distribution = distribution;
    this.#failed = failed;
  }

  /** Takes no new requests and waits for those under way. */
  async close(graceMs: number): Promise<void> {
    this.#distribution = undefined;
    const closed = this.#servers.map((server) => new Promise((resolve) => server.close(resolve)));
    for (const server of this.#servers) server.closeIdleConnections();
    const force = setTimeout(() => {
      for (const server of this.#servers) server.closeAllConnections();
    }, graceMs);
    await Promise.all(closed);
    clearTimeout(force);
  }

  /** A page of another site whose name resolves to this machine (DNS rebinding) has a foreign Host. */
  #isOurs(request: IncomingMessage): boolean {
    const host = request.headers.host;
    if (host === undefined) return false;
    const name = host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
    return this.#hosts.has(name.toLowerCase());
  }

  async #request(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const answer = await this.#answer(request);
      if (request.destroyed && !request.complete) return;
      const length =
        answer.status === 304 || answer.status === 204 ? {} : { 'content-length': answer.body.length };
      response.writeHead(answer.status, { ...headersOf(answer), ...length });
      response.end(request.method === 'HEAD' ? undefined : answer.body);
    } catch (error) {
      if (!request.destroyed || request.complete) this.#failed(error);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    }
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    if (!this.#isOurs(request)) return plain(421, 'This address is not served here.');
    const distribution = this.#distribution;
    if (distribution === undefined)
      return { ...plain(503, 'Lyceum is starting or stopping.'), headers: { 'retry-after': '1' } };
    forward(request);
    const body = await readBody(request);
    if (body === undefined) return tooLarge;
    return distribution.handle(exchangeOf(request, body));
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { path, query, sourceIp } = exchangeOf(request, Buffer.alloc(0));
    const api = this.#isOurs(request) ? this.#distribution?.webSocketFor(path) : undefined;
    if (api === undefined) {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    forward(request);
    api.upgrade(request, socket, head, query, sourceIp).catch((error: unknown) => {
      this.#failed(error);
      socket.destroy();
    });
  }
}

async function listen(port: number, host: string): Promise<{ server: Server; port: number }> {
  const server = createServer({
    maxHeaderSize: headerBytes,
    requestTimeout: 60_000,
    keepAliveTimeout: 60_000,
  });
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(listenFailure(error, port, host)));
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      resolve({ server, port: typeof address === 'object' && address !== null ? address.port : port });
    });
  });
}

function listenFailure(error: Error, port: number, host: string): Error {
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return new Failure(
        `Port ${port} on ${host} is taken. Stop what uses it, or choose another with --port.`,
      );
    case 'EACCES':
      return new Failure(`Port ${port} may not be opened by this user. Choose one above 1023 with --port.`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new Failure(
        `This machine has no address ${host}. Give --host one of: ${localAddresses().join(', ')}.`,
      );
    default:
      return error;
  }
}

/** IPv4 addresses of this machine that other devices can reach. */
export const localAddresses = (): string[] =>
  Object.values(networkInterfaces()).flatMap((addresses = []) =>
    addresses.filter(({ internal, family }) => !internal && family === 'IPv4').map(({ address }) => address),
  );

/**
 * What CloudFront and API Gateway add on the way. Each appends whom it hears: CloudFront the viewer, API Gateway
 * CloudFront, which is this machine; so the viewer comes last but one whatever a client sends.
 */
function forward(request: IncomingMessage): void {
  const { headers } = request;
  const before = headers['x-forwarded-for'];
  const viewer = request.socket.remoteAddress ?? '127.0.0.1';
  const added = `${viewer}, ${request.socket.localAddress ?? '127.0.0.1'}`;
  headers['x-forwarded-for'] = before === undefined ? added : `${String(before)}, ${added}`;
  headers['x-forwarded-host'] = headers.host;
  headers['x-forwarded-proto'] = 'http';
}

function exchangeOf(request: IncomingMessage, body: Buffer): Exchange {
  const url = request.url ?? '/';
  const mark = url.indexOf('?');
  return {
    method: request.method ?? 'GET',
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    headers: request.headers,
    sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
    body,
  };
}

/**
 * The whole body, or undefined when it is too long. The rest of a long one is read and dropped: a connection that
 * closes while the client still sends would lose it the answer.
 */
function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= bodyBytes) chunks.push(chunk);
      else {
        chunks = [];
        resolve(undefined);
      }
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', reject);
  });
}

const plain = (status: number, message: string): Answer => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body: Buffer.from(message),
});

const tooLarge: Answer = {
  status: 413,
  headers: { 'content-type': 'application/json' },
  body: Buffer.from(JSON.stringify({ message: 'Request Entity Too Large' })),
};

const headersOf = ({ headers }: Answer): Record<string, string | string[]> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]),
  );
