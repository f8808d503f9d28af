/** Multipart uploads: parts are blobs of their own until the upload is completed into one. */
import { createHash, randomUUID } from 'node:crypto';
import type { AwsCall, AwsReply } from '../aws/call.ts';
import type { Blobs } from './blobs.ts';
import { s3Error } from './errors.ts';
import type { Part } from './index-store.ts';
import { headersToKeep, store } from './objects.ts';
import type { State } from './operations.ts';
import type { Target } from './target.ts';
import { receiveBody } from './upload-body.ts';
import { childrenNamed, textOf, xmlReply } from './xml.ts';

const smallestPart_bytes = 5 * 1024 * 1024;
const mostParts = 10_000;

export const createUpload = (state: State, call: AwsCall, target: Target): AwsReply => {
  const id = randomUUID();
  state.index.startUpload({ id, ...target, headers: headersToKeep(call.headers) }, state.now());
  return xmlReply('InitiateMultipartUploadResult', { Bucket: target.bucket, Key: target.key, UploadId: id });
};

export const uploadPart = async (state: State, call: AwsCall, target: Target): Promise<AwsReply> => {
  const upload = uploadOf(state, call, target);
  const number = Number(call.query.get('partNumber'));
  if (!(Number.isInteger(number) && number >= 1 && number <= mostParts)) {
    throw s3Error('InvalidArgument', `Part number must be an integer between 1 and ${mostParts}, inclusive`);
  }
  const { blob, size, md5, checksums } = await receiveBody(state.blobs, call);
  const replaced = state.index.putPart(upload.id, { number, blob, size, md5, modifiedAt: state.now() });
  if (replaced !== undefined) await state.blobs.remove([replaced]);
  return { headers: { etag: `"${md5}"`, ...checksums } };
};

export const completeUpload = async (state: State, call: AwsCall, target: Target): Promise<AwsReply> => {
  const upload = uploadOf(state, call, target);
  const parts = chosenParts((await call.bytes()).toString(), state.index.parts(upload.id));
  const digest = createHash('md5');
  for (const { md5 } of parts) digest.update(Buffer.from(md5, 'hex'));
  const object = {
    blob: await state.blobs.write(concatenated(state.blobs, parts)),
    size: parts.reduce((sum, { size }) => sum + size, 0),
    etag: `"${digest.digest('hex')}-${parts.length}"`,
    modifiedAt: state.now(),
    headers: upload.headers,
  };
  await store(state, target, object, call.headers);
  await state.blobs.remove(state.index.endUpload(upload.id));
  return xmlReply('CompleteMultipartUploadResult', {
    Bucket: target.bucket,
    Key: target.key,
    ETag: object.etag,
  });
};

export const abortUpload = async (state: State, call: AwsCall, target: Target): Promise<AwsReply> => {
  const upload = uploadOf(state, call, target);
  await state.blobs.remove(state.index.endUpload(upload.id));
  return { status: 204 };
};

export const listParts = (state: State, call: AwsCall, target: Target): AwsReply => {
  const upload = uploadOf(state, call, target);
  return xmlReply('ListPartsResult', {
    Bucket: target.bucket,
    Key: target.key,
    UploadId: upload.id,
    IsTruncated: false,
    Part: state.index.parts(upload.id).map(({ number, size, md5, modifiedAt }) => ({
      PartNumber: number,
      LastModified: new Date(modifiedAt).toISOString(),
      ETag: `"${md5}"`,
      Size: size,
    })),
  });
};

const uploadOf = (state: State, call: AwsCall, target: Target) =>
  state.index.findUpload(call.query.get('uploadId') ?? '', target);

/** The parts that the request lists, in its order, which must ascend; the last alone may be small. */
const chosenParts = (request: string, uploaded: readonly Part[]): Part[] => {
  const listed = childrenNamed(request, 'Part').map((part) => ({
    number: Number(textOf(part, 'PartNumber')),
    etag: (textOf(part, 'ETag') ?? '').replaceAll('"', ''),
  }));
  if (listed.length === 0) throw s3Error('MalformedXML', 'You must specify at least one part');
  if (listed.some(({ number }, index) => index > 0 && number <= (listed[index - 1]?.number ?? 0))) {
    throw s3Error('InvalidPartOrder', 'The list of parts was not in ascending order.');
  }
  const parts = listed.map(({ number, etag }) => {
    const part = uploaded.find((candidate) => candidate.number === number && candidate.md5 === etag);
    if (part === undefined)
      throw s3Error('InvalidPart', `Part ${number} could not be found, or its ETag differs.`);
    return part;
  });
  if (parts.slice(0, -1).some(({ size }) => size < smallestPart_bytes)) {
    throw s3Error('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size');
  }
  return parts;
};

async function* concatenated(blobs: Blobs, parts: readonly Part[]): AsyncGenerator<Buffer> {
  for (const { blob } of parts) yield* blobs.read(blob);
}
