import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { asFlag, asNumber, asText, isObject, type Json, textList } from '../json.ts';
import type { Answer, Exchange } from './exchange.ts';
import type { RouteMatch } from './http-routes.ts';

interface EventOptions {
  readonly apiId: string;
  readonly accountId: string;
  readonly stage: string;
}

/** Media types whose body API Gateway passes as text; any other travels in base64. */
const textual = /^(text\/|application\/(json|xml|javascript)\b|application\/[\w.+-]+\+(json|xml)\b)/;

export const requestTime = (date: Date): string => {
  const [, day, month, year, time] = date.toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
};

function queryParameters(query: string): Record<string, string> | undefined {
  const values: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(query)) {
    const before = Object.hasOwn(values, name) ? `${values[name]},` : '';
    Object.defineProperty(values, name, {
      value: before + value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return query === '' ? undefined : values;
}

/** Lower-case names; a header that came more than once is joined by commas. Cookies have a list of their own. */
export function flatHeaders({ cookie: _, ...headers }: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(',') : value]],
    ),
  );
}

/** The event that an HTTP API sends to Lambda in payload format 2.0. */
export function httpEvent<T>(
  exchange: Exchange,
  { route, parameters }: RouteMatch<T>,
  options: EventOptions,
): object {
  const { method, path, query, headers, sourceIp, body } = exchange;
  const now = new Date();
  const text = textual.test(headers['content-type'] ?? '') && headers['content-encoding'] === undefined;
  const domainName = headers['x-forwarded-host'] ?? headers.host ?? '';
  const queryStringParameters = queryParameters(query);
  return {
    version: '2.0',
    routeKey: route.key,
    rawPath: path,
    rawQueryString: query,
    ...(headers.cookie === undefined ? {} : { cookies: headers.cookie.split(/;\s*/) }),
    headers: flatHeaders(headers),
    ...(queryStringParameters === undefined ? {} : { queryStringParameters }),
    requestContext: {
      accountId: options.accountId,
      apiId: options.apiId,
      domainName: String(domainName),
      domainPrefix: options.apiId,
      http: { method, path, protocol: 'HTTP/1.1', sourceIp, userAgent: headers['user-agent'] ?? '' },
      requestId: randomUUID(),
      routeKey: route.key,
      stage: options.stage,
      time: requestTime(now),
      timeEpoch: now.getTime(),
    },
    ...(Object.keys(parameters).length === 0 ? {} : { pathParameters: parameters }),
    ...(body.length === 0 ? {} : { body: body.toString(text ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !text,
  };
}

/** What the client gets for a function's result. A result without `statusCode` is itself the JSON body. */
export function httpAnswer(result: Json): Answer {
  if (!isObject(result) || asNumber(result['statusCode']) === undefined) {
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(typeof result === 'string' ? result : JSON.stringify(result)),
    };
  }
  const headers: Record<string, string | readonly string[]> = { 'content-type': 'text/plain; charset=utf-8' };
  const given = isObject(result['headers']) ? result['headers'] : {};
  for (const [name, value] of Object.entries(given)) headers[name.toLowerCase()] = asText(value) ?? '';
  const cookies = textList(result['cookies']);
  if (cookies.length > 0) headers['set-cookie'] = cookies;
  return {
    status: asNumber(result['statusCode']) ?? 200,
    headers,
    body: Buffer.from(asText(result['body']) ?? '', asFlag(result['isBase64Encoded']) ? 'base64' : 'utf8'),
  };
}
