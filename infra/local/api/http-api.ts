import type { Json } from '../json.ts';
import type { LambdaFunction } from '../lambda/function.ts';
import { type Answer, type Exchange, jsonAnswer } from './exchange.ts';
import { httpAnswer, httpEvent } from './http-event.ts';
import { createRouter, type HttpRoute } from './http-routes.ts';

/** Quotas of HTTP APIs and of synchronous Lambda invocations, which cannot be raised. */
export const longestIntegrationMs = 30_000;
const payloadBytes = 10 * 1024 * 1024;
const lambdaPayloadBytes = 6 * 1024 * 1024;

/** What a route leads to: a function, and how long API Gateway waits for it. */
export interface Integration {
  readonly target: LambdaFunction;
  readonly timeoutMs: number;
}

export interface HttpApiOptions {
  readonly apiId: string;
  readonly accountId: string;
  readonly routes: readonly HttpRoute<Integration>[];
}

/** An API Gateway HTTP API with Lambda proxy integrations (payload format 2.0) on its `$default` stage. */
export function createHttpApi(options: HttpApiOptions): (exchange: Exchange) => Promise<Answer> {
  const find = createRouter(options.routes);
  const event = { apiId: options.apiId, accountId: options.accountId, stage: '$default' };

  return async (exchange) => {
    if (exchange.body.length > payloadBytes) return jsonAnswer(413, { message: 'Request Entity Too Large' });
    const match = find(exchange.method, exchange.path);
    if (match === undefined) return jsonAnswer(404, { message: 'Not Found' });
    // Base64 and JSON escapes count: Lambda's quota is for the whole event.
    const invocation = JSON.stringify(httpEvent(exchange, match, event));
    if (invocation.length > lambdaPayloadBytes)
      return jsonAnswer(413, { message: 'Request Entity Too Large' });
    try {
      const { target, timeoutMs } = match.route.target;
      const result = await within(timeoutMs, target.invokeJson(invocation, clientOf(exchange)));
      if (result === undefined) return jsonAnswer(503, { message: 'Service Unavailable' });
      if (result.length > lambdaPayloadBytes) return jsonAnswer(500, { message: 'Internal Server Error' });
      const parsed: Json = JSON.parse(result);
      return httpAnswer(parsed);
    } catch {
      // The function's pool has already logged and announced the failure.
      return jsonAnswer(500, { message: 'Internal Server Error' });
    }
  };
}

/** Who asks, by the signature at the end of their token. */
const clientOf = ({ headers }: Exchange): string | undefined => headers['authorization']?.slice(-24);

/** The result, or undefined when API Gateway would have given up waiting. */
async function within(timeoutMs: number, invocation: Promise<string>): Promise<string | undefined> {
  const { promise: timeout, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), timeoutMs);
  try {
    return await Promise.race([invocation, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
