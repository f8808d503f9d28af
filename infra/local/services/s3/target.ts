/** What a path-style request is about: `/bucket/key`, read raw so that nothing normalises `..` or `//` away. */
import type { AwsCall } from '../aws/call.ts';
import { s3Error } from './errors.ts';

export interface Target {
  /** '' for the service itself (ListBuckets). */
  readonly bucket: string;
  /** '' for the bucket itself. */
  readonly key: string;
}

const longestKey_bytes = 1_024;

export const parseTarget = (call: AwsCall): Target => {
  const path = call.path.slice(1);
  const slash = path.indexOf('/');
  const bucket = decode(slash < 0 ? path : path.slice(0, slash));
  const key = decode(slash < 0 ? '' : path.slice(slash + 1));
  checkKey(key);
  return { bucket, key };
};

/** `bucket/key` or `/bucket/key` of the header x-amz-copy-source. */
export const parseCopySource = (header: string): Target => {
  const [bucket = '', ...key] = decode(header).replace(/^\//, '').split('/');
  return { bucket, key: key.join('/') };
};

export const checkKey = (key: string): void => {
  if (Buffer.byteLength(key) > longestKey_bytes) {
    throw s3Error('KeyTooLongError', 'Your key is too long', { MaxSizeAllowed: String(longestKey_bytes) });
  }
};

export const checkBucketName = (name: string): void => {
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) || name.includes('..')) {
    throw s3Error('InvalidBucketName', 'The specified bucket is not valid.', { BucketName: name });
  }
};

export const bucketArn = (bucket: string): string => `arn:aws:s3:::${bucket}`;
export const objectArn = ({ bucket, key }: Target): string => `arn:aws:s3:::${bucket}/${key}`;

const decode = (encoded: string): string => {
  try {
    return decodeURIComponent(encoded);
  } catch {
    throw s3Error('InvalidURI', "Couldn't parse the specified URI.");
  }
};
