/** A contract and a caller of its own for tests of `serve`, and the event that the HTTP API would send. */
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { httpEvent } from '#infra/local/api/http-event.ts';
import type { Caller, Contract } from '#shared/contracts/operation.ts';
import { errorResponse } from '#shared/contracts/shapes.ts';
import { unauthorized } from '#shared/errors.ts';
import { type Handlers, serve } from '#shared/http/serve.ts';

export const student: Caller = { user_id: 'u1', role: 'student', org_id: 'o1', login_id: 'l1' };

interface Ask {
  readonly method?: string;
  readonly path: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly raw?: string | Buffer;
  readonly token?: string | null;
}

export const eventOf = ({
  method = 'GET',
  path,
  query = '',
  headers = {},
  body,
  raw,
  token = 'good',
}: Ask) => {
  const content = raw ?? (body === undefined ? '' : JSON.stringify(body));
  const all = {
    host: 'school.example',
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...(token !== null && { authorization: `Bearer ${token}` }),
    ...headers,
  };
  const exchange = { method, path, query, headers: all, sourceIp: '203.0.113.7', body: Buffer.from(content) };
  const match = { route: { key: '$default', target: '' }, parameters: {} };
  const event = httpEvent(exchange, match, { apiId: 'a', accountId: '0', stage: '$default' });
  return JSON.parse(JSON.stringify(event)) as APIGatewayProxyEventV2;
};

/** `serve` with a stub identity: the token `good` is the caller's, any other is nobody's. */
export function serving<const C extends Contract>(
  contract: C,
  handlers: Handlers<C>,
  caller: Caller = student,
) {
  const authenticate = async (token: string): Promise<Caller> => {
    if (token !== 'good') throw unauthorized('auth.token_invalid', 'The access token is not valid.');
    return caller;
  };
  const handler = serve(contract, { authenticate, now: () => new Date('2026-11-20T09:30:00.000Z') })(
    handlers,
  );
  return async (ask: Ask) => {
    const reply: APIGatewayProxyStructuredResultV2 = await handler(eventOf(ask), {} as Context);
    const body: unknown = reply.body === undefined ? undefined : JSON.parse(reply.body);
    return { status: reply.statusCode, headers: reply.headers ?? {}, cookies: reply.cookies, body };
  };
}

/** The body of an error, which always has its one shape. */
export const problemOf = (body: unknown) => {
  const problem = errorResponse.strict().parse(body);
  return { code: problem.error_code, ...problem };
};
