/** An incoming HTTP request as an AwsCall. */
import type { IncomingMessage, ServerResponse } from 'node:http';
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
    whole ??= readAll(request, limit);
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

/** With plain listeners, which take a third of the time of an iterator; after an error the rest is left to come. */
const readAll = (request: IncomingMessage, limit: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const take = (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) {
        chunks.push(chunk);
        return;
      }
      request.off('data', take).pause();
      const message = `The body is larger than ${limit} bytes.`;
      reject(new AwsError('RequestEntityTooLarge', message, { status: 413 }));
    };
    request
      .on('data', take)
      .on('end', () => resolve(Buffer.concat(chunks, size)))
      .on('error', reject)
      .on('close', () => reject(new Error('the connection closed before the body was whole')));
  });

const parseObject = (body: Buffer): Record<string, unknown> => {
  try {
    const parsed: unknown = JSON.parse(body.length === 0 ? '{}' : body.toString());
    if (isObject(parsed)) return parsed;
  } catch {
    // answered below, as for any other body that is not an object
  }
  throw new AwsError('SerializationException', 'The body is not a JSON object.');
};
