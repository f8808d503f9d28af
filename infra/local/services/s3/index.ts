/** Amazon S3 in a folder: `gateway.register('s3', createS3({ ... }))`. Objects live in `folder`, their index in SQLite. */
import type { AwsService } from '../aws/call.ts';

export interface S3Options {
  readonly folder: string;
  readonly region: string;
  readonly now?: () => number;
}

export interface S3 extends AwsService {
  ensureBucket(name: string): void;
  close(): void;
}

export declare function createS3(options: S3Options): Promise<S3>;
