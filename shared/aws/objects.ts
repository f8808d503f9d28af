import { setTimeout as sleep } from 'node:timers/promises';
import { presignedUrl } from './presign.ts';
import { type Credentials, signedHeaders } from './sign.ts';

/**
 * Objects of a bucket for functions that read and write a few whole ones. The SDK's client of S3 is 140 KB of a bundle
 * that may have 600; this is one signed request. Its commands have the SDK's names, by which the check of grants knows
 * what a bundle does.
 */
export class GetObjectCommand {
  readonly method = 'GET';
  readonly key: string;
  constructor(key: string) {
    this.key = key;
  }
}

export class PutObjectCommand {
  readonly method = 'PUT';
  readonly key: string;
  readonly body: Uint8Array | string;
  readonly type: string;
  constructor(key: string, body: Uint8Array | string, type: string) {
    this.key = key;
    this.body = body;
    this.type = type;
  }
}

export interface ObjectReader {
  readonly get: (key: string) => Promise<Uint8Array>;
  /** A URL by which the object can be read for so long, without a sign-in. */
  readonly urlOf: (key: string, expires_s: number) => Promise<string>;
}
export interface ObjectStore extends ObjectReader {
  readonly put: (key: string, body: Uint8Array | string, type: string) => Promise<void>;
}

interface Settings {
  readonly bucket: string;
  readonly credentials: () => Promise<Credentials>;
  readonly region: () => Promise<string>;
  /** Default: the region's. */
  readonly endpoint?: string | undefined;
  readonly fetch?: typeof fetch;
}

/** The object is not there, or may not be read: without the right to list, S3 says one for the other. */
export class ObjectMissing extends Error {}

const attempts = 4;
const firstWaitMs = 100;
const longestMs = 10_000;

async function send(settings: Settings, command: GetObjectCommand | PutObjectCommand): Promise<Uint8Array> {
  for (let attempt = 1; ; attempt++) {
    const response = await once(settings, command).catch((error: unknown) => {
      if (attempt === attempts) throw error;
      return undefined;
    });
    if (response?.ok) return new Uint8Array(await response.arrayBuffer());
    if (response?.status === 404 || response?.status === 403)
      throw new ObjectMissing(`S3 answered ${response.status} to ${command.method}`);
    if (response && (response.status < 500 || attempt === attempts))
      throw new Error(`S3 answered ${response.status} to ${command.method}`);
    await sleep(Math.random() * firstWaitMs * 2 ** attempt);
  }
}

/** Reads only: what writes stays out of the bundle, and its right out of the role. */
export const createObjectReader = (settings: Settings): ObjectReader => ({
  get: (key) => send(settings, new GetObjectCommand(key)),
  urlOf: async (key, expires_s) => {
    const region = await settings.region();
    const url = addressOf(settings, region, key);
    return presignedUrl(url, {
      credentials: await settings.credentials(),
      region,
      now: new Date(),
      expires_s,
    });
  },
});

export const createObjects = (settings: Settings): ObjectStore => ({
  ...createObjectReader(settings),
  put: async (key, body, type) => {
    await send(settings, new PutObjectCommand(key, body, type));
  },
});

function addressOf({ bucket, endpoint }: Settings, region: string, key: string): URL {
  const base = endpoint ?? `https://s3.${region}.amazonaws.com`;
  return new URL(`${base}/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`);
}

async function once(settings: Settings, command: GetObjectCommand | PutObjectCommand): Promise<Response> {
  const { credentials, region: regionOf, fetch: request = fetch } = settings;
  const region = await regionOf();
  const { method, key } = command;
  const url = addressOf(settings, region, key);
  const writes = command instanceof PutObjectCommand;
  const body = writes ? command.body : '';
  const headers = signedHeaders(
    { method, url, headers: writes ? { 'content-type': command.type } : {}, body },
    { credentials: await credentials(), region, now: new Date() },
  );
  const { host: _host, ...sent } = headers; // fetch sets it itself
  return request(url, {
    method,
    headers: sent,
    ...(writes && { body: typeof body === 'string' ? body : new Uint8Array(body) }),
    signal: AbortSignal.timeout(longestMs),
  });
}
