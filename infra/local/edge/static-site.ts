import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Answer, Exchange } from '../api/exchange.ts';

/** Files that a bucket deployment puts into a bucket. */
export interface Deployment {
  readonly folder: string;
  /** Where in the bucket they lie: '' or `docs/`. */
  readonly prefix: string;
  readonly cacheControl: string | undefined;
}

export type Site = (exchange: Exchange, key: string) => Promise<Answer>;

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.xml': 'application/xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};
const compressible = /^(text\/|application\/(json|xml|wasm|manifest\+json)|image\/svg)/;

/** CloudFront compresses objects from 1,000 bytes on. */
const smallestCompressed = 1000;

interface StoredFile {
  readonly changedAt: number;
  readonly body: Buffer;
  readonly etag: string;
  readonly type: string;
  readonly cacheControl: string | undefined;
  readonly compressed: Map<string, Promise<Buffer>>;
}

const compress = { br: promisify(brotliCompress), gzip: promisify(gzip) };

const encode = (encoding: 'br' | 'gzip', body: Buffer): Promise<Buffer> =>
  encoding === 'br'
    ? compress.br(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })
    : compress.gzip(body, { level: 6 });

const accepted = (header: string | undefined): 'br' | 'gzip' | undefined => {
  if (header === undefined) return undefined;
  if (/\bbr\b/.test(header)) return 'br';
  return /\bgzip\b/.test(header) ? 'gzip' : undefined;
};

/** A bucket behind CloudFront: the deployed files by key, 403 for a key that does not exist (as S3 without ListBucket). */
export function createSite(deployments: readonly Deployment[]): Site {
  const files = new Map<string, StoredFile>();

  const find = (key: string): StoredFile | undefined => {
    for (const { folder, prefix, cacheControl } of deployments) {
      if (!key.startsWith(prefix)) continue;
      const path = join(folder, normalize(`/${key.slice(prefix.length)}`));
      const changedAt = fileChangedAt(path);
      if (changedAt === undefined) continue;
      const known = files.get(path);
      if (known?.changedAt === changedAt) return known;
      const file = load(path, changedAt, cacheControl);
      files.set(path, file);
      return file;
    }
    return undefined;
  };

  return async ({ method, headers }, key) => {
    if (method !== 'GET' && method !== 'HEAD') return plain(405, 'Method Not Allowed');
    const file = find(key);
    if (file === undefined) return plain(403, 'Access Denied');
    const common = {
      'content-type': file.type,
      etag: file.etag,
      'cache-control': file.cacheControl ?? 'no-cache',
      ...(compressible.test(file.type) ? { vary: 'accept-encoding' } : {}),
    };
    if (headers['if-none-match'] === file.etag)
      return { status: 304, headers: common, body: Buffer.alloc(0) };
    const encoding = compressible.test(file.type)
      ? accepted(String(headers['accept-encoding'] ?? ''))
      : undefined;
    if (encoding === undefined || file.body.length < smallestCompressed) {
      return { status: 200, headers: common, body: file.body };
    }
    const body = file.compressed.get(encoding) ?? encode(encoding, file.body);
    file.compressed.set(encoding, body);
    return { status: 200, headers: { ...common, 'content-encoding': encoding }, body: await body };
  };
}

/** Undefined for what is no file, and for a key that cannot be a file's name: too long, or with a NUL in it. */
function fileChangedAt(path: string): number | undefined {
  try {
    const stat = statSync(path);
    return stat.isFile() ? stat.mtimeMs : undefined;
  } catch {
    return undefined;
  }
}

function load(path: string, changedAt: number, cacheControl: string | undefined): StoredFile {
  const body = readFileSync(path);
  const etag = `"${createHash('md5').update(body).digest('hex')}"`;
  const type = types[extname(path).toLowerCase()] ?? 'application/octet-stream';
  return { changedAt, body, etag, type, cacheControl, compressed: new Map() };
}

const plain = (status: number, message: string): Answer => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body: Buffer.from(message),
});
