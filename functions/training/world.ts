import type { S3Client } from '@aws-sdk/client-s3';
import type { StartWorld } from '#shared/jobs/start-training.ts';

/** What the use-cases of this function work with. */
export interface TrainingWorld extends StartWorld {
  readonly s3: S3Client;
  readonly bucket: string;
}
