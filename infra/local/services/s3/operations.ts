/** Which operation a REST request is, and which grants it needs. */
import type { AwsCall, AwsReply, Grant } from '../aws/call.ts';
import type { Blobs } from './blobs.ts';
import { s3Error } from './errors.ts';
import type { Index } from './index-store.ts';
import { listObjects } from './list.ts';
import { abortUpload, completeUpload, createUpload, listParts, uploadPart } from './multipart.ts';
import { copyObject, deleteObject, deleteObjects, getObject, putObject } from './objects.ts';
import { bucketArn, checkBucketName, objectArn, parseCopySource, type Target } from './target.ts';
import { xmlReply } from './xml.ts';

export interface State {
  readonly blobs: Blobs;
  readonly index: Index;
  readonly region: string;
  readonly now: () => number;
}

export interface Operation {
  readonly needsBucket: boolean;
  requires(call: AwsCall, target: Target): readonly Grant[];
  handle(state: State, call: AwsCall, target: Target): AwsReply | Promise<AwsReply>;
}

/** Subresources that select another operation; without this check `?acl` would overwrite the object. */
const subresources = ['uploads', 'uploadId', 'partNumber', 'delete', 'location', 'list-type'];
const otherSubresources = [
  ...['acl', 'attributes', 'cors', 'encryption', 'legal-hold', 'lifecycle', 'logging', 'notification'],
  ...[
    'object-lock',
    'policy',
    'publicAccessBlock',
    'replication',
    'restore',
    'retention',
    'select',
    'tagging',
  ],
  ...['torrent', 'versionId', 'versioning', 'versions', 'website'],
];

export const operationOf = (call: AwsCall, target: Target): Operation => {
  const present = subresources.filter((name) => call.query.has(name));
  const level = target.bucket === '' ? 'service' : target.key === '' ? 'bucket' : 'object';
  const isCopy = call.headers['x-amz-copy-source'] !== undefined;
  const name = [call.method, level, ...present, ...(isCopy ? ['copy'] : [])].join(' ');
  const operation = operations[name];
  const other = otherSubresources.find((subresource) => call.query.has(subresource));
  if (operation === undefined || other !== undefined) {
    throw s3Error(
      'NotImplemented',
      `The local S3 does not implement ${name}${other === undefined ? '' : ` ?${other}`}.`,
    );
  }
  return operation;
};

const onBucket = (action: string, handle: Operation['handle'], needsBucket = true): Operation => ({
  needsBucket,
  requires: (call, { bucket }) => {
    const prefix = call.query.get('prefix');
    return [
      {
        action,
        resource: bucketArn(bucket),
        ...(prefix === null ? {} : { context: { 's3:prefix': prefix } }),
      },
    ];
  },
  handle,
});

const onObject = (action: string, handle: Operation['handle']): Operation => ({
  needsBucket: true,
  requires: (_, target) => [{ action, resource: objectArn(target) }],
  handle,
});

const operations: Readonly<Record<string, Operation>> = {
  'GET service': {
    needsBucket: false,
    requires: () => [{ action: 's3:ListAllMyBuckets', resource: '*' }],
    handle: ({ index }) =>
      xmlReply('ListAllMyBucketsResult', {
        Buckets: {
          Bucket: index.listBuckets().map(({ name, createdAt }) => ({
            Name: name,
            CreationDate: new Date(createdAt).toISOString(),
          })),
        },
      }),
  },
  'PUT bucket': onBucket('s3:CreateBucket', createBucket, false),
  'HEAD bucket': onBucket('s3:ListBucket', ({ region }) => ({ headers: { 'x-amz-bucket-region': region } })),
  'DELETE bucket': onBucket('s3:DeleteBucket', ({ index }, _, { bucket }) => {
    index.deleteBucket(bucket);
    return { status: 204 };
  }),
  'GET bucket location': onBucket('s3:GetBucketLocation', ({ region }) =>
    xmlReply('LocationConstraint', { LocationConstraint: region }),
  ),
  'GET bucket list-type': onBucket('s3:ListBucket', listObjects),
  'POST bucket delete': {
    needsBucket: true,
    requires: () => [], // each key's own, in the operation
    handle: deleteObjects,
  },
  'GET object': onObject('s3:GetObject', getObject),
  'HEAD object': onObject('s3:GetObject', getObject),
  'PUT object': onObject('s3:PutObject', putObject),
  'DELETE object': onObject('s3:DeleteObject', deleteObject),
  'PUT object copy': {
    needsBucket: true,
    requires: (call, target) => [
      { action: 's3:PutObject', resource: objectArn(target) },
      {
        action: 's3:GetObject',
        resource: objectArn(parseCopySource(call.headers['x-amz-copy-source'] ?? '')),
      },
    ],
    handle: copyObject,
  },
  'POST object uploads': onObject('s3:PutObject', createUpload),
  'PUT object uploadId partNumber': onObject('s3:PutObject', uploadPart),
  'POST object uploadId': onObject('s3:PutObject', completeUpload),
  'DELETE object uploadId': onObject('s3:AbortMultipartUpload', abortUpload),
  'GET object uploadId': onObject('s3:ListMultipartUploadParts', listParts),
};

function createBucket({ index, now }: State, _call: AwsCall, { bucket }: Target): AwsReply {
  checkBucketName(bucket);
  if (index.hasBucket(bucket)) {
    throw s3Error('BucketAlreadyOwnedByYou', 'You already own this bucket.', { BucketName: bucket });
  }
  index.createBucket(bucket, now());
  return { headers: { location: `/${bucket}` } };
}
