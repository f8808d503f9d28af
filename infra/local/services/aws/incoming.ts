/** An incoming HTTP request as an AwsCall. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readWhole } from '#shared/http/read-whole.ts';
import { isObject } from '../../json.ts';
import { type AwsCall, AwsError, type Grant } from './call.ts';
import type { Credentials, SignedRequest } from './sigv4.ts';

const largestBody = 16 * 1024 * 1024;

export const signedRequest = (request: IncomingMessage): SignedRequest => {
  const url = request.url ?? '/';
  const mark = url.indexOf('?');
  return {
    method: request.method ?? 'GET',
    path: mark < 0 ? url : url.slice(0, mark),
    rawQuery: mark < 0 ? '' : url.slice(mark + 1),
    headers: flatHeaders(request),
  };
};

const flatHeaders = (request: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(',') : (value ?? ''),
    ]),
  );

export const awsCall = (
  request: IncomingMessage,
  response: ServerResponse,
  signed: SignedRequest,
  { service, region, accessKeyId }: Credentials,
  allows: (grant: Grant) => boolean,
): AwsCall => {
  let whole: Promise<Buffer> | undefined;
  const bytes = (limit = largestBody) => {
    whole ??= readWhole(request, { bytes: limit, error: () => tooLarge(limit) });
    return whole;
  };
  return {
    service,
    region,
    accessKeyId,
    method: signed.method,
    path: signed.path,
    query: new URLSearchParams(signed.rawQuery),
    headers: signed.headers,
    target: /\.(\w+)$/.exec(signed.headers['x-amz-target'] ?? '')?.[1] ?? '',
    signal: signalOfDeparture(response),
    get stream() {
      return chunksOf(request);
    },
    bytes,
    json: async () => parseObject(await bytes()),
    allows,
  };
};

const signalOfDeparture = (response: ServerResponse): AbortSignal => {
  const departure = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) departure.abort();
  });
  return departure.signal;
};

/** A reader who gives up leaves the connection open, so that the client can still be told why. */
const chunksOf = (request: IncomingMessage): AsyncIterable<Buffer> =>
  request.iterator({ destroyOnReturn: false });

const tooLarge = (limit: number) =>
  new AwsError('RequestEntityTooLarge', `The body is larger than ${limit} bytes.`, { status: 413 });

const parseObject = (body: Buffer): Record<string, unknown> => {
  try {
    const parsed: unknown = JSON.parse(body.length === 0 ? '{}' : body.toString());
    if (isObject(parsed)) return parsed;
  } catch {
    // answered below, as for any other body that is not an object
  }
  throw new AwsError('SerializationException', 'The body is not a JSON object.');
};
