/** ListObjectsV2: a walk along the index that steps over whole common prefixes. */
import type { AwsCall, AwsReply } from '../aws/call.ts';
import { encodeRfc3986 } from '../aws/sigv4.ts';
import { s3Error } from './errors.ts';
import type { Index, Listed } from './index-store.ts';
import type { State } from './operations.ts';
import type { Target } from './target.ts';
import { xmlReply } from './xml.ts';

interface Walk {
  readonly bucket: string;
  readonly prefix: string;
  readonly delimiter: string;
  readonly limit: number;
}

type Entry = { readonly object: Listed } | { readonly commonPrefix: string };

const mostKeys = 1_000;

export const listObjects = (state: State, call: AwsCall, { bucket }: Target): AwsReply => {
  const parameter = (name: string) => call.query.get(name) ?? '';
  const walk: Walk = {
    bucket,
    prefix: parameter('prefix'),
    delimiter: parameter('delimiter'),
    limit: readLimit(call.query.get('max-keys')),
  };
  const token = parameter('continuation-token');
  const startAfter = parameter('start-after');
  const { entries, resumeAt } = collect(
    state.index,
    walk,
    token === '' ? Buffer.from(startAfter) : readToken(token),
    token === '',
  );
  const shown = parameter('encoding-type') === 'url' ? encodeKey : (text: string) => text;
  return xmlReply('ListBucketResult', {
    Name: bucket,
    Prefix: shown(walk.prefix),
    Delimiter: walk.delimiter === '' ? undefined : shown(walk.delimiter),
    StartAfter: startAfter === '' ? undefined : shown(startAfter),
    EncodingType: call.query.get('encoding-type') ?? undefined,
    ContinuationToken: token === '' ? undefined : token,
    NextContinuationToken: resumeAt?.toString('base64'),
    MaxKeys: walk.limit,
    KeyCount: entries.length,
    IsTruncated: resumeAt !== undefined,
    Contents: entries.flatMap((entry) =>
      'object' in entry
        ? {
            Key: shown(entry.object.key),
            LastModified: new Date(entry.object.modifiedAt).toISOString(),
            ETag: entry.object.etag,
            Size: entry.object.size,
            StorageClass: 'STANDARD',
          }
        : [],
    ),
    CommonPrefixes: entries.flatMap((entry) =>
      'commonPrefix' in entry ? { Prefix: shown(entry.commonPrefix) } : [],
    ),
  });
};

/** Up to `limit` entries from `start` on, and where the next page starts if there is one. */
const collect = (index: Index, walk: Walk, start: Buffer, exclusive: boolean) => {
  const prefix = Buffer.from(walk.prefix);
  const beforePrefix = Buffer.compare(start, prefix) < 0;
  const entries: Entry[] = [];
  let found = index.next(walk.bucket, beforePrefix ? prefix : start, exclusive && !beforePrefix);
  while (found?.key.startsWith(walk.prefix) === true) {
    if (entries.length >= walk.limit) {
      return { entries, resumeAt: walk.limit === 0 ? undefined : Buffer.from(found.key) };
    }
    const commonPrefix = commonPrefixOf(found.key, walk);
    if (commonPrefix === undefined) {
      entries.push({ object: found });
      found = index.next(walk.bucket, Buffer.from(found.key), true);
    } else {
      // A page never starts within a common prefix, except when start-after lies in it: S3 shows it then too.
      entries.push({ commonPrefix });
      const beyond = firstBeyond(Buffer.from(commonPrefix));
      found = beyond && index.next(walk.bucket, beyond, false);
    }
  }
  return { entries, resumeAt: undefined };
};

const commonPrefixOf = (key: string, { prefix, delimiter }: Walk): string | undefined => {
  if (delimiter === '') return undefined;
  const at = key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
};

/** The first byte string after all that begin with `prefix`. */
const firstBeyond = (prefix: Buffer): Buffer | undefined => {
  const last = prefix.findLastIndex((byte) => byte < 0xff);
  if (last < 0) return undefined;
  const beyond = Buffer.from(prefix.subarray(0, last + 1));
  beyond[last] = (beyond[last] ?? 0) + 1;
  return beyond;
};

const readLimit = (text: string | null): number => {
  if (text !== null && !/^\d{1,9}$/.test(text))
    throw s3Error('InvalidArgument', 'max-keys is not an integer.');
  return Math.min(mostKeys, text === null ? mostKeys : Number(text));
};

const readToken = (token: string): Buffer => {
  const key = Buffer.from(token, 'base64');
  if (key.toString('base64') !== token)
    throw s3Error('InvalidArgument', 'The continuation token provided is incorrect');
  return key;
};

const encodeKey = (key: string): string => encodeRfc3986(key).replaceAll('%2F', '/');
