/** GetObject, HeadObject, PutObject, CopyObject, DeleteObject, DeleteObjects. */
import type { AwsCall, AwsReply } from '../aws/call.ts';
import { checkRead, checkWrite, parseRange } from './conditions.ts';
import { s3Error } from './errors.ts';
import type { StoredObject } from './index-store.ts';
import type { State } from './operations.ts';
import { bucketArn, checkKey, objectArn, parseCopySource, type Target } from './target.ts';
import { receiveBody } from './upload-body.ts';
import { childrenNamed, textOf, xmlReply } from './xml.ts';

const keptHeaders = new Set([
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
]);

/** What an object keeps of the headers it was written with. `aws-chunked` was only the encoding of the transfer. */
export const headersToKeep = (headers: Readonly<Record<string, string>>): Record<string, string> => {
  const kept = Object.entries(headers)
    .filter(([name]) => keptHeaders.has(name) || name.startsWith('x-amz-meta-'))
    .map(([name, value]) => [
      name,
      name === 'content-encoding' ? value.replace(/aws-chunked,?\s*/, '') : value,
    ])
    .filter(([, value]) => value !== '');
  return { 'content-type': 'binary/octet-stream', ...Object.fromEntries(kept) };
};

export const putObject = async (state: State, call: AwsCall, target: Target): Promise<AwsReply> => {
  const { blob, size, md5, checksums } = await receiveBody(state.blobs, call);
  const etag = `"${md5}"`;
  const headers = { ...headersToKeep(call.headers), ...checksums };
  await store(state, target, { blob, size, etag, modifiedAt: state.now(), headers }, call.headers);
  return { headers: { etag, ...checksums } };
};

/** Enters a written blob into the index, if the request's conditions hold, and drops the one it replaces. */
export const store = async (
  state: State,
  target: Target,
  object: StoredObject,
  conditions: Readonly<Record<string, string>>,
): Promise<void> => {
  try {
    const replaced = state.index.put(target, object, checkWrite(conditions));
    if (replaced !== undefined) await state.blobs.remove([replaced]);
  } catch (error) {
    await state.blobs.remove([object.blob]);
    throw error;
  }
};

export const getObject = (state: State, call: AwsCall, target: Target): AwsReply => {
  const object = findOrRefuse(state, call, target);
  checkRead(call.headers, object);
  const range = parseRange(call.headers['range'], object.size);
  const length = range === undefined ? object.size : range.end - range.start + 1;
  return {
    status: range === undefined ? 200 : 206,
    headers: {
      ...shownHeaders(call, object, range !== undefined),
      'content-length': String(length),
      'accept-ranges': 'bytes',
      ...(range && { 'content-range': `bytes ${range.start}-${range.end}/${object.size}` }),
    },
    ...(call.method === 'HEAD' || length === 0 ? {} : { body: state.blobs.read(object.blob, range) }),
  };
};

/** Without s3:ListBucket one may not learn that a key does not exist: 403, as on AWS. */
const findOrRefuse = (state: State, call: AwsCall, target: Target): StoredObject => {
  const object = state.index.find(target);
  if (object !== undefined) return object;
  if (!call.allows({ action: 's3:ListBucket', resource: bucketArn(target.bucket) })) {
    throw s3Error('AccessDenied', 'Access Denied');
  }
  throw s3Error('NoSuchKey', 'The specified key does not exist.', { Key: target.key });
};

/** Checksums are of the whole object, so a range goes without; `response-…` parameters override headers. */
const shownHeaders = (call: AwsCall, object: StoredObject, partial: boolean): Record<string, string> => {
  const withChecksums = call.headers['x-amz-checksum-mode'] === 'ENABLED' && !partial;
  const kept = Object.entries(object.headers).filter(
    ([name]) => withChecksums || !name.startsWith('x-amz-checksum-'),
  );
  const overrides = [...keptHeaders].flatMap((name) => {
    const value = call.query.get(`response-${name}`);
    return value === null ? [] : [[name, value]];
  });
  return {
    ...Object.fromEntries(kept),
    ...Object.fromEntries(overrides),
    etag: object.etag,
    'last-modified': new Date(object.modifiedAt).toUTCString(),
  };
};

export const copyObject = async (state: State, call: AwsCall, target: Target): Promise<AwsReply> => {
  const source = parseCopySource(call.headers['x-amz-copy-source'] ?? '');
  const original = findOrRefuse(state, call, source);
  const sourceConditions = Object.entries(call.headers)
    .filter(([name]) => name.startsWith('x-amz-copy-source-if-'))
    .map(([name, value]) => [name.replace('x-amz-copy-source-', ''), value]);
  checkRead(Object.fromEntries(sourceConditions), original);
  const replaces = call.headers['x-amz-metadata-directive'] === 'REPLACE';
  if (!replaces && source.bucket === target.bucket && source.key === target.key) {
    throw s3Error('InvalidRequest', 'Copying an object to itself needs a change of its metadata.');
  }
  const copy: StoredObject = {
    ...original,
    blob: await state.blobs.write(state.blobs.read(original.blob)),
    modifiedAt: state.now(),
    headers: replaces ? headersToKeep(call.headers) : original.headers,
  };
  await store(state, target, copy, call.headers);
  return xmlReply('CopyObjectResult', {
    ETag: copy.etag,
    LastModified: new Date(copy.modifiedAt).toISOString(),
  });
};

export const deleteObject = async (state: State, _call: AwsCall, target: Target): Promise<AwsReply> => {
  const blob = state.index.remove(target);
  if (blob !== undefined) await state.blobs.remove([blob]);
  return { status: 204 };
};

const mostDeletions = 1_000;

/** Each key needs its own grant, and the reply names those that were refused. */
export const deleteObjects = async (state: State, call: AwsCall, { bucket }: Target): Promise<AwsReply> => {
  const request = (await call.bytes()).toString();
  const keys = childrenNamed(request, 'Object').map((object) => textOf(object, 'Key') ?? '');
  if (keys.length === 0 || keys.length > mostDeletions || keys.includes('')) {
    throw s3Error('MalformedXML', `The request names 1 to ${mostDeletions} keys.`);
  }
  keys.forEach(checkKey);
  const permitted = (key: string) =>
    call.allows({ action: 's3:DeleteObject', resource: objectArn({ bucket, key }) });
  const deleted = keys.filter(permitted);
  const blobs = deleted.flatMap((key) => state.index.remove({ bucket, key }) ?? []);
  await state.blobs.remove(blobs);
  return xmlReply('DeleteResult', {
    Deleted: textOf(request, 'Quiet') === 'true' ? [] : deleted.map((Key) => ({ Key })),
    Error: keys
      .filter((key) => !permitted(key))
      .map((Key) => ({ Key, Code: 'AccessDenied', Message: 'Access Denied' })),
  });
};
