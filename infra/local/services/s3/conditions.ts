/** Conditional requests and byte ranges (RFC 9110, sections 13 and 14, as S3 implements them). */
import { AwsError } from '../aws/call.ts';
import { s3Error } from './errors.ts';
import type { StoredObject } from './index-store.ts';

type Headers = Readonly<Record<string, string>>;

/** Throws unless the write may replace what exists. */
export const checkWrite =
  (headers: Headers) =>
  (existing: StoredObject | undefined): void => {
    const { 'if-none-match': ifNoneMatch, 'if-match': ifMatch } = headers;
    if (ifNoneMatch !== undefined && ifNoneMatch !== '*') {
      throw s3Error('NotImplemented', 'A write knows If-None-Match only with the value *.');
    }
    if (ifNoneMatch === '*' && existing !== undefined) throw preconditionFailed('If-None-Match');
    if (ifMatch === undefined) return;
    if (existing === undefined) throw s3Error('NoSuchKey', 'The specified key does not exist.');
    if (!matches(ifMatch, existing.etag)) throw preconditionFailed('If-Match');
  };

/** Throws 412 or 304 when the reader does not want this version. */
export const checkRead = (headers: Headers, object: StoredObject): void => {
  const ifMatch = headers['if-match'];
  if (ifMatch !== undefined && !matches(ifMatch, object.etag)) throw preconditionFailed('If-Match');
  const unmodifiedSince = Date.parse(headers['if-unmodified-since'] ?? '');
  if (ifMatch === undefined && wholeSeconds(object) > unmodifiedSince)
    throw preconditionFailed('If-Unmodified-Since');
  const ifNoneMatch = headers['if-none-match'];
  const modifiedSince = Date.parse(headers['if-modified-since'] ?? '');
  const known =
    ifNoneMatch === undefined ? wholeSeconds(object) <= modifiedSince : matches(ifNoneMatch, object.etag);
  if (known)
    throw new AwsError('NotModified', 'Not Modified', { status: 304, headers: { etag: object.etag } });
};

export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** One range of bytes; undefined (the whole object) for none, or for a header that is not understood. */
export const parseRange = (header: string | undefined, size: number): ByteRange | undefined => {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  const range =
    first === ''
      ? { start: Math.max(0, size - Number(last)), end: size - 1 }
      : { start: Number(first), end: last === '' ? size - 1 : Math.min(Number(last), size - 1) };
  if (range.start > range.end) {
    throw s3Error('InvalidRange', 'The requested range is not satisfiable', {
      ActualObjectSize: String(size),
    });
  }
  return range;
};

const matches = (header: string, etag: string): boolean =>
  header.split(',').some((part) => {
    const wanted = part.trim();
    return wanted === '*' || wanted.replace(/^W\//, '').replaceAll('"', '') === etag.replaceAll('"', '');
  });

/** HTTP dates have no fractions. */
const wholeSeconds = ({ modifiedAt }: StoredObject): number => Math.floor(modifiedAt / 1000) * 1000;

const preconditionFailed = (Condition: string) =>
  s3Error('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', {
    Condition,
  });
