import type { S3Client } from '@aws-sdk/client-s3';
import type { SchoolSettings } from '#shared/env.ts';
import type { Clock } from '#shared/ids.ts';
import type { JobWorld } from '#shared/jobs/advance.ts';

/** What the use-cases of this function work with. */
export interface TrainingWorld extends Clock, JobWorld {
  readonly settings: SchoolSettings;
  readonly s3: S3Client;
  readonly bucket: string;
  /** An unsigned 32-bit integer, for trainings that come without a seed. */
  readonly newSeed: () => number;
}
