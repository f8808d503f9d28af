/**
 * A `fetch` that hands requests to Lambda handlers in this process, as the HTTP API would: the same routes, the
 * same event, the same reply. With it the typed client talks to real handlers without a socket.
 */
import type { Context } from 'aws-lambda';
import { httpAnswer, httpEvent } from '#infra/local/api/http-event.ts';
import { createRouter, type HttpRoute } from '#infra/local/api/http-routes.ts';
import type { Json } from '#infra/local/json.ts';
import { type Domain, domains } from '#shared/contracts/index.ts';

export type FunctionName = (typeof domains)[keyof typeof domains]['function'];
/** A handler as `serve` makes it. */
export type LambdaHandler = (event: never, context: Context) => Promise<unknown>;
export type Handlers = Readonly<Partial<Record<FunctionName, LambdaHandler>>>;

const routesOf = ({ function: target, prefixes }: Domain): HttpRoute<string>[] =>
  prefixes.length === 0
    ? [{ key: '$default', target }]
    : prefixes.flatMap((prefix) => [
        { key: `ANY ${prefix}`, target },
        { key: `ANY ${prefix}/{proxy+}`, target },
      ]);

const context = { functionName: 'in-process', getRemainingTimeInMillis: () => 30_000 } as Context;
const api = { apiId: 'local', accountId: '000000000000', stage: '$default' };

export function inProcess(handlers: Handlers, sourceIp = '203.0.113.7'): typeof fetch {
  const route = createRouter(Object.values(domains).flatMap((domain: Domain) => routesOf(domain)));
  const known: Readonly<Partial<Record<string, LambdaHandler>>> = handlers;

  return async (input, init) => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    const match = route(request.method, url.pathname);
    const handler = match && known[match.route.target];
    if (!match || !handler) throw new Error(`no handler for ${request.method} ${url.pathname}`);
    const headers = { ...Object.fromEntries(request.headers), host: url.host };
    const body = Buffer.from(await request.arrayBuffer());
    const event = httpEvent(
      {
        method: request.method,
        path: url.pathname,
        query: url.search.slice(1),
        headers,
        sourceIp,
        body,
      },
      match,
      api,
    );
    // Lambda passes JSON both ways
    const result: unknown = await handler(JSON.parse(JSON.stringify(event)) as never, context);
    const answer = httpAnswer(JSON.parse(JSON.stringify(result)) as Json);
    const reply = new Headers();
    for (const [name, value] of Object.entries(answer.headers))
      for (const one of typeof value === 'string' ? [value] : value) reply.append(name, one);
    const empty = answer.status === 204 || answer.body.length === 0;
    return new Response(empty ? null : new Uint8Array(answer.body), {
      status: answer.status,
      headers: reply,
    });
  };
}
