import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { asNumber, at, isObject, type Json } from '../json.ts';
import type { LambdaFunction } from '../lambda/function.ts';
import { watchFrames } from './frame-guard.ts';
import { flatHeaders, requestTime } from './http-event.ts';
import { inTurns } from './turns.ts';

/** Quotas of WebSocket APIs. */
const messageBytes = 128 * 1024;
const idleTimeoutMs = 10 * 60_000;
const connectionMs = 2 * 60 * 60_000;
/** API Gateway throttles; here what one client sends too fast waits in its own connection, not before others. */
const messagesAtOnce = 4;

export interface WebSocketApiOptions {
  readonly apiId: string;
  readonly stage: string;
  /** `$request.body.action` */
  readonly routeSelection: string;
  readonly routes: ReadonlyMap<string, Pick<LambdaFunction, 'invoke'>>;
  readonly idleMs?: number;
  readonly longestMs?: number;
}

export interface Connection {
  readonly id: string;
  readonly socket: WebSocket;
  readonly connectedAt: Date;
  readonly sourceIp: string;
  readonly userAgent: string;
  lastActiveAt: Date;
  idleTimer: NodeJS.Timeout;
  readonly endTimer: NodeJS.Timeout;
}

interface Peer {
  readonly id: string;
  readonly connectedAt: Date;
  readonly sourceIp: string;
  readonly userAgent: string;
  readonly domainName: string;
}

/** An API Gateway WebSocket API: a connection per client, an invocation per message. */
export class WebSocketApi {
  readonly stage: string;
  readonly #options: WebSocketApiOptions;
  readonly #connections = new Map<string, Connection>();
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: messageBytes,
    perMessageDeflate: false,
  });
  readonly #disconnecting = new Set<Promise<unknown>>();
  readonly #connecting = new Set<Promise<number>>();
  #closing = false;

  constructor(options: WebSocketApiOptions) {
    this.#options = options;
    this.stage = options.stage;
  }

  connection(id: string): Connection | undefined {
    return this.#connections.get(id);
  }

  get size(): number {
    return this.#connections.size;
  }

  /** Takes an HTTP upgrade: `$connect` decides, and only after its yes does the connection exist. */
  async upgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    query: string,
    sourceIp: string,
  ): Promise<void> {
    socket.on('error', () => socket.destroy());
    const peer: Peer = {
      id: `${randomBytes(11).toString('base64url')}=`,
      connectedAt: new Date(),
      sourceIp,
      userAgent: request.headers['user-agent'] ?? '',
      domainName: String(request.headers['x-forwarded-host'] ?? request.headers.host ?? ''),
    };
    const connecting = this.#closing ? Promise.resolve(503) : this.#connect(peer, request, query);
    this.#connecting.add(connecting);
    const status = await connecting.finally(() => this.#connecting.delete(connecting));
    if (status < 200 || status >= 300) {
      socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    if (socket.destroyed || this.#closing) {
      socket.destroy();
      this.#invokeDisconnect(peer, 1006, '');
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      watchFrames(socket, () => webSocket.close(1009, 'Frame too large'));
      this.#open(peer, webSocket);
    });
  }

  async #connect(peer: Peer, request: IncomingMessage, query: string): Promise<number> {
    const route = this.#options.routes.get('$connect');
    if (route === undefined) return 200;
    const headers = flatHeaders(request.headers);
    const event = {
      headers,
      multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
      ...queryParameters(query),
      requestContext: this.#requestContext(peer, 'CONNECT', '$connect'),
      isBase64Encoded: false,
    };
    try {
      const result: Json = JSON.parse(await route.invoke(event));
      return asNumber(at(result, 'statusCode')) ?? 500;
    } catch {
      return 500;
    }
  }

  #open(peer: Peer, socket: WebSocket): void {
    const goingAway = (reason: string) => () => socket.close(1001, reason);
    const idleMs = this.#options.idleMs ?? idleTimeoutMs;
    const connection: Connection = {
      ...peer,
      socket,
      lastActiveAt: peer.connectedAt,
      idleTimer: setTimeout(goingAway('Idle timeout'), idleMs),
      endTimer: setTimeout(goingAway('Connection duration'), this.#options.longestMs ?? connectionMs),
    };
    this.#connections.set(peer.id, connection);
    const take = inTurns<string>({
      atOnce: messagesAtOnce,
      act: (body) => this.#message(peer, socket, body),
      onFull: () => socket.pause(),
      onFree: () => socket.resume(),
    });
    socket.on('message', (data) => {
      this.touch(connection);
      take(Buffer.isBuffer(data) ? data.toString() : String(data));
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', (code, reason) => {
      clearTimeout(connection.idleTimer);
      clearTimeout(connection.endTimer);
      this.#connections.delete(peer.id);
      this.#invokeDisconnect(peer, code, reason.toString());
    });
  }

  /** Traffic in either direction keeps a connection from being idle. */
  touch(connection: Connection): void {
    connection.lastActiveAt = new Date();
    connection.idleTimer.refresh();
  }

  /** Messages of one connection are not serialised: API Gateway invokes for each as it arrives. */
  async #message(peer: Peer, socket: WebSocket, body: string): Promise<void> {
    if (socket.readyState !== socket.OPEN) return;
    const routeKey = this.#routeOf(body);
    const route = this.#options.routes.get(routeKey);
    const requestContext = this.#requestContext(peer, 'MESSAGE', routeKey);
    const complain = (message: string) =>
      socket.send(JSON.stringify({ message, connectionId: peer.id, requestId: requestContext.requestId }));
    if (route === undefined) return complain('Forbidden');
    try {
      await route.invoke({ requestContext, body, isBase64Encoded: false });
    } catch {
      complain('Internal server error');
    }
  }

  #routeOf(body: string): string {
    const path = this.#options.routeSelection.split('.').slice(2);
    try {
      const parsed: Json = JSON.parse(body);
      const selected = isObject(parsed) ? at(parsed, ...path) : undefined;
      if (typeof selected === 'string' && this.#options.routes.has(selected) && !selected.startsWith('$'))
        return selected;
    } catch {
      // Not JSON: the default route.
    }
    return '$default';
  }

  #invokeDisconnect(peer: Peer, code: number, reason: string): void {
    const route = this.#options.routes.get('$disconnect');
    if (route === undefined) return;
    const requestContext = {
      ...this.#requestContext(peer, 'DISCONNECT', '$disconnect'),
      disconnectStatusCode: code,
      disconnectReason: reason,
    };
    const invocation = route
      .invoke({ headers: {}, multiValueHeaders: {}, requestContext, isBase64Encoded: false })
      .catch(() => undefined)
      .finally(() => this.#disconnecting.delete(invocation));
    this.#disconnecting.add(invocation);
  }

  #requestContext(peer: Peer, eventType: string, routeKey: string) {
    const now = new Date();
    return {
      routeKey,
      eventType,
      ...(eventType === 'MESSAGE' ? { messageId: randomBytes(11).toString('base64') } : {}),
      extendedRequestId: randomUUID(),
      requestTime: requestTime(now),
      messageDirection: 'IN',
      stage: this.stage,
      connectedAt: peer.connectedAt.getTime(),
      requestTimeEpoch: now.getTime(),
      identity: { sourceIp: peer.sourceIp, userAgent: peer.userAgent },
      requestId: randomUUID(),
      domainName: peer.domainName,
      connectionId: peer.id,
      apiId: this.#options.apiId,
    };
  }

  /** Closes every connection, refuses who comes back at once, and waits for the `$disconnect` invocations. */
  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all(this.#connecting);
    const closed = [...this.#connections.values()].map(
      ({ socket }) =>
        new Promise<void>((resolve) => {
          socket.once('close', () => resolve());
          socket.close(1001, 'Going away');
          setTimeout(() => socket.terminate(), 500).unref();
        }),
    );
    await Promise.all(closed);
    await Promise.all(this.#disconnecting);
  }
}

function queryParameters(query: string): object {
  if (query === '') return {};
  const parameters = new URLSearchParams(query);
  const names = [...new Set(parameters.keys())];
  return {
    queryStringParameters: Object.fromEntries(names.map((name) => [name, parameters.getAll(name).at(-1)])),
    multiValueQueryStringParameters: Object.fromEntries(names.map((name) => [name, parameters.getAll(name)])),
  };
}
