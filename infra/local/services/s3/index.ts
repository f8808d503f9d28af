/**
 * Amazon S3 in a folder, path style: `gateway.register('s3', await createS3({ folder, region }))`.
 *
 * Objects are files named by random ids, their keys stand in an SQLite index, so that a key may contain
 * anything (`../`, NUL, 1,024 bytes of any script) and never becomes a path. A write goes to a file, is
 * synced, and then enters the index in one transaction: it is seen whole or not at all, and a file that the
 * index does not know is removed at the next start.
 */
import { existsSync } from 'node:fs';
import type { AwsService } from '../aws/call.ts';
import { openBlobs } from './blobs.ts';
import { s3Error, translateError } from './errors.ts';
import { indexFile, openIndex } from './index-store.ts';
import { operationOf } from './operations.ts';
import { parseTarget } from './target.ts';

export interface S3Options {
  readonly folder: string;
  readonly region: string;
  readonly now?: () => number;
}

export interface S3 extends AwsService {
  ensureBucket(name: string): void;
  close(): void;
}

export const createS3 = async (options: S3Options): Promise<S3> => {
  const blobs = await openBlobs(options.folder);
  // Beside a new index every blob looks orphaned, also when somebody has removed a damaged one.
  const hadIndex = existsSync(indexFile(options.folder));
  const index = openIndex(options.folder);
  if (hadIndex) await blobs.sweep(index.blobIds());
  const state = { blobs, index, region: options.region, now: options.now ?? Date.now };
  return {
    protocol: 'rest-xml',
    requires: (call) => {
      const target = parseTarget(call);
      return operationOf(call, target).requires(call, target);
    },
    handle: (call) => {
      const target = parseTarget(call);
      const operation = operationOf(call, target);
      if (operation.needsBucket && !index.hasBucket(target.bucket)) {
        throw s3Error('NoSuchBucket', 'The specified bucket does not exist', { BucketName: target.bucket });
      }
      return operation.handle(state, call, target);
    },
    translateError,
    ensureBucket: (name) => index.createBucket(name, state.now()),
    close: () => index.close(),
  };
};
