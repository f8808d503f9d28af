/** An HTTP request and its reply, each way in one piece in memory: about half of what node:http takes for one. */
import type { IncomingHttpHeaders } from 'node:http';
import { Pool } from 'undici';

export interface WholeRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With its query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
  /** How long the reply may let itself be waited for; five minutes by default. */
  readonly timeoutMs?: number;
}

export interface WholeReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface WholeRequests {
  /** Rejects when the connection fails or the reply is late. */
  send(request: WholeRequest): Promise<WholeReply>;
  close(): void;
}

/** Requests to one origin, over as many connections as there are requests under way; a free one is given up after `idleMs`. */
export function wholeRequests(origin: string, idleMs: number): WholeRequests {
  const pool = new Pool(origin, { keepAliveTimeout: idleMs, keepAliveMaxTimeout: idleMs });
  return {
    send: ({ timeoutMs, ...request }) =>
      new Promise((resolve, reject) => {
        const chunks: Buffer[] = [];
        let status = 502;
        let headers: IncomingHttpHeaders = {};
        const timeout = timeoutMs === undefined ? {} : { headersTimeout: timeoutMs, bodyTimeout: timeoutMs };
        pool.dispatch(
          { ...request, ...timeout },
          {
            onRequestStart: () => undefined,
            onResponseStart: (_, statusCode, received) => {
              [status, headers] = [statusCode, received];
            },
            onResponseData: (_, chunk) => void chunks.push(chunk),
            onResponseEnd: () => resolve({ status, headers, body: Buffer.concat(chunks) }),
            onResponseError: (_, error) => reject(error),
          },
        );
      }),
    close: () => void pool.destroy(),
  };
}
