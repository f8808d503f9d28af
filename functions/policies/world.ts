import type { S3Client } from '@aws-sdk/client-s3';
import type { Clock } from '#shared/ids.ts';
import type { JobWorld } from '#shared/jobs/advance.ts';

/** What the use-cases of this function work with. */
export interface PoliciesWorld extends Clock, JobWorld {
  readonly s3: S3Client;
  readonly bucket: string;
  /** Folder of `policy-page.html` and `policy-run.mjs`. */
  readonly assets: URL;
}

/** What one person may do in an hour. */
export const hourly = { upload: 20, entry: 10 } as const;
