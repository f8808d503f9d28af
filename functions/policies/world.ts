import type { ObjectStore } from '#shared/aws/objects.ts';
import type { Clock } from '#shared/ids.ts';
import type { JobWorld } from '#shared/jobs/advance.ts';

/** What the use-cases of this function work with. */
export interface PoliciesWorld extends Clock, JobWorld {
  readonly objects: ObjectStore;
  /** Folder of `policy-page.html` and `policy-run.mjs`. */
  readonly assets: URL;
}

/** What one person may do in an hour. */
export const hourly = { upload: 20, entry: 10 } as const;
