import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import {
  type Caller,
  type Contract,
  type Operation,
  originHeader,
  type Reply,
  type Request,
} from '../contracts/operation.ts';
import { DomainError, forbidden, type Issue, unauthorized } from '../errors.ts';
import { count, errorFields, logger, publishMetrics } from '../observability.ts';
import { parseBody } from './body.ts';
import { errorReply, internalError, invalidRequest, issuesOf, jsonReply } from './reply.ts';
import { createRouter } from './router.ts';

/** A reply that also sets cookies or another header. */
export class WithHeaders<T> {
  readonly value: T;
  readonly cookies: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  constructor(value: T, more: { cookies?: readonly string[]; headers?: Readonly<Record<string, string>> }) {
    this.value = value;
    this.cookies = more.cookies ?? [];
    this.headers = more.headers ?? {};
  }
}

type Handler<O extends Operation> = (
  request: Request<O>,
) => Reply<O> | WithHeaders<Reply<O>> | Promise<Reply<O> | WithHeaders<Reply<O>>>;
/** A handler for each operation; a missing one is a compile error. */
export type Handlers<C extends Contract> = { readonly [K in keyof C]: Handler<C[K]> };

/** Turns a bearer token into the caller as they stand now; throws 401. */
export type Authenticate = (token: string) => Promise<Caller>;

interface Options {
  readonly authenticate: Authenticate;
  /** What CloudFront sends with each request; without it nobody's word on the viewer's address is taken. */
  readonly originSecret?: () => Promise<string>;
  readonly now?: () => Date;
}

/**
 * The Lambda handler of a domain: finds the operation, knows the caller, parses every part of the request,
 * runs the use-case, and checks the reply against its schema.
 */
export const serve =
  <const C extends Contract>(contract: C, options: Options) =>
  (handlers: Handlers<C>) => {
    const { authenticate, originSecret, now = () => new Date() } = options;
    const route = createRouter(contract);

    const run = async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
      const match = route(event.requestContext.http.method, event.rawPath);
      if (match.kind === 'no_path')
        throw new DomainError(
          'not_found',
          'route.unknown',
          `There is nothing at ${event.rawPath.slice(0, 200)}.`,
        );
      if (match.kind === 'no_method') return methodNotAllowed(event, match.allowed, now());

      const { operation, name } = match;
      logger.appendKeys({ operation: name });
      const caller = await permittedCaller(operation, event, authenticate);
      const address = await clientAddress(event, originSecret);
      const request = { ...parseRequest(operation, match.params, event), address, caller };
      // the contract ties handler `name` to `operation`; the compiler cannot follow a run-time name
      const handler = handlers[name] as Handler<Operation> | undefined;
      if (!handler) throw new Error(`no handler for operation ${name}`);
      const result = await handler(request as Request<Operation>);
      return encode(operation, result);
    };

    return middy(async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
      const { requestId } = event.requestContext;
      logger.resetKeys();
      logger.appendKeys({ request_id: requestId });
      const startedAt = performance.now();
      try {
        return await run(event);
      } catch (error) {
        if (error instanceof DomainError) {
          logger.debug('request.refused', { error_code: error.error_code });
          return errorReply(error, requestId, now());
        }
        logger.error('request.failed', errorFields(error));
        count('request.failed');
        return internalError(requestId, now());
      } finally {
        logger.debug('request.done', { duration_ms: Math.round(performance.now() - startedAt) });
        publishMetrics();
      }
    });
  };

function methodNotAllowed(
  event: APIGatewayProxyEventV2,
  allowed: readonly string[],
  now: Date,
): APIGatewayProxyStructuredResultV2 {
  const body = {
    detail: `This path answers ${allowed.join(', ')}.`,
    error_code: 'route.method',
    timestamp: now.toISOString(),
    request_id: event.requestContext.requestId,
  };
  return jsonReply(405, body, { headers: { allow: allowed.join(', ') } });
}

async function permittedCaller(
  operation: Operation,
  event: APIGatewayProxyEventV2,
  authenticate: Authenticate,
): Promise<Caller | undefined> {
  const { access } = operation;
  if (access === 'public') return undefined;
  const [, token] = /^Bearer ([\w.~+/=-]+)$/i.exec(event.headers['authorization'] ?? '') ?? [];
  if (token === undefined)
    throw unauthorized(
      'auth.token_missing',
      'Sign in and send the access token as `Authorization: Bearer …`.',
    );
  const caller = await authenticate(token);
  if (access[caller.role] === undefined)
    throw forbidden('auth.role', `As ${caller.role.replace('_', ' ')} one may not do this.`);
  return caller;
}

function parseRequest(
  operation: Operation,
  pathParams: Readonly<Record<string, string>>,
  event: APIGatewayProxyEventV2,
) {
  const issues: Issue[] = [];
  const parsed = (part: 'body' | 'query' | 'path', schema: Operation['body'], value: unknown): unknown => {
    if (!schema) return undefined;
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    issues.push(...issuesOf(part, result.error));
    return undefined;
  };
  const params = operation.params?.safeParse(pathParams);
  // an id that cannot be one names nothing
  if (params && !params.success)
    throw new DomainError('not_found', 'path.unknown', 'There is no such object.');

  const given = event.queryStringParameters ?? {};
  const query = parsed('query', operation.query, given);
  if (operation.query && 'cursor' in operation.query.shape) issues.push(...offsetPaging(given));
  const raw = event.isBase64Encoded ? Buffer.from(event.body ?? '', 'base64').toString() : event.body;
  const body =
    operation.body &&
    parsed('body', operation.body, parseBody(raw, event.headers['content-type'], operation.largestBody));
  if (issues.length > 0) throw invalidRequest(issues);
  return {
    params: params?.data,
    query,
    body,
    cookies: cookiesOf(event),
    host: event.headers['x-forwarded-host'],
    idempotency_key: operation.method === 'POST' ? idempotencyKey(event) : undefined,
  };
}

/**
 * Who called, for throttling failures only. CloudFront appends the viewer to X-Forwarded-For and the API appends
 * CloudFront; that counts when the request proves to have come through CloudFront, else the peer is the caller.
 */
async function clientAddress(
  event: APIGatewayProxyEventV2,
  originSecret: Options['originSecret'],
): Promise<string> {
  const { sourceIp } = event.requestContext.http;
  const proof = event.headers[originHeader];
  if (proof === undefined || proof !== (await originSecret?.())) return sourceIp;
  const hops = (event.headers['x-forwarded-for'] ?? '').split(',').map((hop) => hop.trim());
  return hops.at(-2) ?? sourceIp;
}

/** The sources paged by offset; one message says what replaces it. */
const offsetPaging = (query: Readonly<Record<string, unknown>>): Issue[] =>
  ['skip', 'page', 'offset']
    .filter((name) => name in query)
    .map((name) => ({
      loc: ['query', name],
      msg: `lists are paged by cursor: pass next_cursor of the page before as cursor, not ${name}`,
      type: 'paging',
    }));

function idempotencyKey(event: APIGatewayProxyEventV2): string | undefined {
  const key = event.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (!/^[\x21-\x7e]{1,128}$/.test(key))
    throw invalidRequest([
      { loc: ['header', 'Idempotency-Key'], msg: '1 to 128 printable ASCII characters', type: 'header' },
    ]);
  return key;
}

const cookiesOf = (event: APIGatewayProxyEventV2): Record<string, string> =>
  Object.fromEntries(
    (event.cookies ?? []).map((cookie) => {
      const at = cookie.indexOf('=');
      return [cookie.slice(0, at), cookie.slice(at + 1)];
    }),
  );

/** Only what the schema names goes out; a reply that does not fit is our fault and is logged as such. */
function encode(operation: Operation, result: unknown): APIGatewayProxyStructuredResultV2 {
  const { value, ...more } =
    result instanceof WithHeaders ? result : { value: result, cookies: [], headers: {} };
  const body = operation.status === 204 ? undefined : operation.response.parse(value);
  return jsonReply(operation.status, body, {
    headers: more.headers,
    ...(more.cookies.length > 0 && { cookies: more.cookies }),
  });
}
